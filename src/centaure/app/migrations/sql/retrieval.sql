-- The index of passages, and the one function that searches it.
--
-- No role but the owner reads chunk_index: what search says about a passage it says through search(),
-- which applies the rights of the transaction's principal itself (docs/decisions/0002-lexical-search.md).

create table chunk_index (
    chunk_id    bigint primary key references chunk on delete cascade,
    document_id bigint not null references document on delete cascade,
    position    int not null,                   -- of the chunk in its document
    impacts     public.sparsevec not null,      -- term number to BM25 impact: knowledge/retrieval/impacts.py
    embedding   public.halfvec                  -- meaning of the passage; off by default
);
-- Impacts stay in the row, uncompressed, because a question reads thousands of them. Embeddings do not.
alter table chunk_index set (toast_tuple_target = 8160);
alter table chunk_index alter column embedding set storage external;
create index chunk_index_document on chunk_index (document_id);

-- What the index that finds candidates holds of a passage: the number of each term, and that number negated
-- where its impact is high, which is to say where the passage says it more than once. How much a passage can
-- score at most is known far better with the distinction than without.
create function index_terms(impacts public.sparsevec) returns int[]
language sql immutable strict parallel safe
cost 100000  -- always look it up, never compute it for a row
begin atomic
    select coalesce(array_agg(term), cast(array[] as int[]))
    from string_to_table(btrim(split_part(cast(impacts as text), '/', 1), '{}'), ',') as pair,
        lateral cast(split_part(pair, ':', 1) as int) as number,
        lateral unnest(
            case when cast(split_part(pair, ':', 2) as float4) >= 1.2
                then array[number, -number]
                else array[number]
            end
        ) as term
    where pair <> '';
end;

create index chunk_index_terms on chunk_index using gin (index_terms(impacts)) with (fastupdate = off);

-- Which documents a search may show: the rights of the principal, then what was asked for. Written once,
-- inlined by the planner wherever it is called (so: no subquery in it), which lets it use the index on
-- readers. Folders end with '/'.
create function document_matches(
    candidate document, principals int[], clearance smallint,
    sources int[], folders text[], formats text[], languages text[], classifications smallint[],
    modified_from timestamptz, modified_to timestamptz, documents bigint[]
) returns boolean
language sql immutable parallel safe
return candidate.readers operator(pg_catalog.&&) principals
    and not candidate.denied operator(pg_catalog.&&) principals
    and candidate.classification <= clearance
    and (sources is null or candidate.source_id = any (sources))
    and (folders is null or candidate.path ^@ any (folders))
    and (formats is null or candidate.format = any (formats))
    and (languages is null or candidate.language = any (languages))
    and (classifications is null or candidate.classification = any (classifications))
    and (modified_from is null or candidate.modified >= modified_from)
    and (modified_to is null or candidate.modified < modified_to)
    and (documents is null or candidate.id = any (documents));

-- What the planner believes of the tables, made anew after a large synchronisation: until the server does it
-- by itself, a minute later, it takes full tables for empty ones.
create function refresh_statistics() returns void
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    analyze document, chunk, chunk_index;
end;
$$;

-- The ways in which a passage can add up to a score: by a term (or that term said more than once), and by one
-- of some others below it. Each way is two lists of what index_terms gives, as text since lengths differ.
--
-- alternatives and weights: the terms, heaviest first; rest: what the terms from each place on add at most;
-- a term adds at most 1.2 times its weight, or 1.9 times where its impact is high (k1 + 1). After two terms
-- the others are supposed present: the finer question lets fewer passages through and costs more than
-- scoring them.
create function ways_to_score(
    alternatives text[], weights float8[], rest float8[], needed float8,
    out terms text[], out others text[]
)
language plpgsql immutable parallel safe
set search_path = centaure, pg_temp
as $$
declare
    term int[];
    other int[];
    missing float8;
    below int[];
begin
    terms := '{}';
    others := '{}';
    for place in 1..cardinality(weights) loop
        exit when rest[place] < needed;
        term := string_to_array(alternatives[place], '|');
        for high in 0..1 loop
            missing := needed - case high when 0 then 1.2 else 1.9 end * weights[place];
            if high = 1 then
                term := array(select -number from unnest(term) as number);
            end if;
            below := case when missing <= 0 then term else '{}' end;
            for follower in place + 1..cardinality(weights) loop
                exit when missing <= 0 or rest[follower] < missing;
                other := string_to_array(alternatives[follower], '|');
                if 1.2 * weights[follower] + coalesce(rest[follower + 1], 0) < missing then
                    other := array(select -number from unnest(other) as number);
                end if;
                below := below || other;
            end loop;
            if below <> '{}' then
                terms := terms || cast(term as text);
                others := others || cast(below as text);
            end if;
            exit when missing <= 0;
        end loop;
    end loop;
end;
$$;

-- Whether a passage can add up to a score in one of those ways, sixteen at most: the planner inlines it and
-- finds the passages by the index.
create function can_score(impacts public.sparsevec, terms text[], others text[]) returns boolean
language sql stable parallel safe
return (index_terms(impacts) operator(pg_catalog.&&) cast(terms[1] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[1] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[2] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[2] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[3] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[3] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[4] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[4] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[5] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[5] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[6] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[6] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[7] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[7] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[8] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[8] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[9] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[9] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[10] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[10] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[11] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[11] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[12] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[12] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[13] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[13] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[14] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[14] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[15] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[15] as int[]))
    or (index_terms(impacts) operator(pg_catalog.&&) cast(terms[16] as int[]) and index_terms(impacts) operator(pg_catalog.&&) cast(others[16] as int[]));

-- The passages that answer best, among those that the principal of the transaction may read.
--
-- question: weight of each term number. alternatives, weights: its terms, heaviest first, the numbers of one
-- term joined by '|'. wanted: most passages. The other parameters filter; null leaves one open.
--
-- Scores are inner products of the question with impacts that depend on their passage alone. Candidates are
-- narrowed by the best scores among readable passages only, and ties are ordered by source, path and
-- position: the answer is a function of the question and of what may be read. Three ways lead to it, chosen
-- by how much may be read: score it all; or look up candidates within it; or look them up everywhere, best
-- first, until enough of them may be read.
create function search(
    question public.sparsevec, alternatives text[], weights float8[], wanted int,
    sources int[] default null, folders text[] default null, formats text[] default null,
    languages text[] default null, classifications smallint[] default null,
    modified_from timestamptz default null, modified_to timestamptz default null,
    documents bigint[] default null
) returns table (chunk_id bigint, document_id bigint, score float8)
language plpgsql stable security definer
set search_path = centaure, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set max_parallel_workers_per_gather = 0
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    -- Passages that are scored one and all, documents that may hold so few, and documents whose passages
    -- are looked up by name.
    small constant int := 4000;
    few constant int := 800;
    listed constant int := 1500;
    -- Terms that find candidates; the others of a long question only add to scores.
    head_count constant int := 8;
    -- How many of the best are made sure of: further down, a passage of one heavy term may be missed.
    sure constant int := least(wanted, 10);
    -- A passage that scores s could nearly always score 1.4 s by the bounds of ways_to_score.
    slack constant float8 := 1.4;
    principals constant int[] := current_principals();
    clearance constant smallint := current_clearance();
    readable bigint[];
    passages int;
    heads text[] := alternatives[:head_count];
    head_weights float8[] := weights[:head_count];
    rest float8[] := '{}';
    -- Scores to look for, as shares of the question's weight: most questions find them at the first.
    levels float8[] := '{1.45, 1.05, 0.7}';
    step int := 1;
    total float8 := 0;
    share float8;
    needed float8;
    terms text[];
    others text[];
    chunks bigint[];
    owners bigint[];
    scores float8[];
    -- What a passage must score to be among those wanted, as far as is known.
    least_score float8 := 0;
    last boolean := false;
begin
    -- What could fail on a row fails here instead, whatever the rows.
    question := cast(question as public.sparsevec(1000000000));
    if cardinality(alternatives) <> cardinality(weights)
        or exists (select from unnest(alternatives) as term where (term ~ '^(1000000000|[0-9]{1,9})([|](1000000000|[0-9]{1,9}))*$') is not true)
        or exists (select from unnest(weights) as weight where (weight between 1e-9 and 1e9) is not true)
    then
        raise exception 'A search needs a positive weight for each term, and terms that are numbers.'
            using errcode = 'invalid_parameter_value';
    end if;
    if coalesce(cardinality(principals), 0) = 0 or coalesce(cardinality(weights), 0) = 0 or wanted < 1 then
        return;
    end if;

    select array_agg(case when folder in ('', '/') then '' else rtrim(folder, '/') || '/' end) into folders
    from unnest(folders) as folder;
    select array_agg(id) into readable
    from (
        select id from document
        where document_matches(document, principals, clearance, sources, folders, formats, languages,
            classifications, modified_from, modified_to, documents)
        limit listed + 1
    ) as limited;
    if readable is null then
        return;
    end if;
    if cardinality(readable) <= listed then
        if cardinality(readable) <= few then
            select count(*) into passages
            from (
                select from unnest(readable) as one(id) join chunk_index on document_id = one.id
                limit small + 1
            ) as limited;
        end if;
        if passages <= small then
            return query
            select entry.chunk_id, entry.document_id, -(entry.impacts operator(public.<#>) question)
            from unnest(readable) as one(id)
            join document on document.id = one.id
            join chunk_index entry on entry.document_id = one.id
            where (entry.impacts operator(public.<#>) question) < 0
            order by 3 desc, document.source_id, document.path collate "C", entry.position
            limit wanted;
            return;
        end if;
    else
        readable := null;
    end if;

    for place in reverse cardinality(head_weights)..1 loop
        total := total + head_weights[place];
        rest := array_prepend(1.9 * total, rest);
    end loop;
    share := total / (select sum(weight) from unnest(weights) as weight);
    if readable is not null then
        levels := '{1.35, 0.9}';
    end if;
    needed := levels[1] * total;
    loop
        if needed is null then
            -- No passage holds most of the question: those that hold one of its heaviest terms.
            last := step > cardinality(levels) + 1;
            terms := array['{' || replace(array_to_string(heads[:case when last then head_count else 3 end], ','), '|', ',') || '}'];
            others := terms;
        else
            select way.terms, way.others into terms, others
            from ways_to_score(heads, head_weights, rest, needed) as way;
        end if;
        if terms = '{}' then
            chunks := null;
        elsif readable is not null then
            select array_agg(c), array_agg(d), array_agg(s) into chunks, owners, scores
            from (
                select found.chunk_id c, found.document_id d, found.score s
                from (
                    select candidate.*
                    from (
                        select entry.chunk_id, entry.document_id, entry.position,
                            -(entry.impacts operator(public.<#>) question) as score
                        from chunk_index entry
                        where can_score(entry.impacts, terms, others)
                            and entry.document_id = any (readable)
                        offset 0
                    ) as candidate
                    where candidate.score >= least_score
                    order by candidate.score desc
                    offset 0
                ) as found
                join document on document.id = found.document_id
                order by found.score desc, document.source_id, document.path collate "C", found.position
                limit wanted
            ) as best;
        else
            select array_agg(c), array_agg(d), array_agg(s) into chunks, owners, scores
            from (
                select found.chunk_id c, found.document_id d, found.score s
                from (
                    select candidate.*
                    from (
                        select entry.chunk_id, entry.document_id, entry.position,
                            -(entry.impacts operator(public.<#>) question) as score
                        from chunk_index entry
                        where can_score(entry.impacts, terms, others)
                        offset 0
                    ) as candidate
                    where candidate.score >= least_score
                    order by candidate.score desc
                    offset 0
                ) as found
                join document on document.id = found.document_id
                where document_matches(document, principals, clearance, sources, folders, formats,
                    languages, classifications, modified_from, modified_to, documents)
                order by found.score desc, document.source_id, document.path collate "C", found.position
                limit wanted
            ) as best;
        end if;
        exit when last;
        if coalesce(cardinality(chunks), 0) < wanted then
            step := step + 1;
            needed := levels[step] * total;
        else
            exit when needed is null or scores[sure] * share * slack >= needed;
            needed := scores[sure] * share * slack;
            last := true;
            least_score := scores[wanted];
        end if;
    end loop;
    return query select * from unnest(chunks, owners, scores);
end;
$$;

-- The names of the sources of those documents, among the ones given, that the principal may read. The policy
-- of source says the same by looking for any readable document, which costs more than a whole search.
create function sources_of(documents bigint[]) returns table (id int, name text)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with reader(principals, clearance) as materialized (select current_principals(), current_clearance())
    select source.id, source.name
    from source
    where source.id in (
        select document.source_id
        from reader
        cross join unnest(documents) as one(id)
        join document on document.id = one.id
        where document_matches(document, reader.principals, reader.clearance,
            null, null, null, null, null, null, null, null)
    );
end;
