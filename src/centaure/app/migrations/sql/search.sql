-- Search: by words, and by meaning. What it says about a passage it says through these functions, which apply
-- the rights of the transaction's principal themselves (docs/decisions/0002-lexical-search.md).

drop function if exists search, can_score, ways_to_score;
drop index if exists chunk_index_terms;
drop function if exists index_terms;

-- What the index that finds candidates holds of a passage: the number of each term, and that number negated
-- where its impact is high, which is to say where the passage says it more than once. How much a passage can
-- score at most is known far better with the distinction than without. On side 1 terms have other
-- numbers, above 1,000,000,000: a question never meets the passages of the side that is not live.
create function index_terms(impacts public.sparsevec, side smallint) returns int[]
language sql immutable strict parallel safe
cost 100000  -- always look it up, never compute it for a row
begin atomic
    select coalesce(array_agg(term), cast(array[] as int[]))
    from string_to_table(btrim(split_part(cast(impacts as text), '/', 1), '{}'), ',') as pair,
        lateral (select cast(split_part(pair, ':', 1) as int) + 1000000000 * side) as numbered(number),
        lateral unnest(
            case when cast(split_part(pair, ':', 2) as float4) >= 1.2
                then array[number, -number]
                else array[number]
            end
        ) as term
    where pair <> '';
end;

create index chunk_index_terms on chunk_index using gin (index_terms(impacts, side)) with (fastupdate = off);

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
create function can_score(impacts public.sparsevec, side smallint, terms text[], others text[]) returns boolean
language sql stable parallel safe
return (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[1] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[1] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[2] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[2] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[3] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[3] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[4] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[4] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[5] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[5] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[6] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[6] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[7] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[7] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[8] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[8] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[9] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[9] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[10] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[10] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[11] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[11] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[12] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[12] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[13] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[13] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[14] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[14] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[15] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[15] as int[]))
    or (index_terms(impacts, side) operator(pg_catalog.&&) cast(terms[16] as int[]) and index_terms(impacts, side) operator(pg_catalog.&&) cast(others[16] as int[]));

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
    live constant smallint := live_side();
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
                select from unnest(readable) as one(id)
                join chunk_index on document_id = one.id and side = live
                limit small + 1
            ) as limited;
        end if;
        if passages <= small then
            return query
            select entry.chunk_id, entry.document_id, -(entry.impacts operator(public.<#>) question)
            from unnest(readable) as one(id)
            join document on document.id = one.id
            join chunk_index entry on entry.document_id = one.id and entry.side = live
            where (entry.impacts operator(public.<#>) question) < 0
            order by 3 desc, document.source_id, document.path collate "C", entry.position
            limit wanted;
            return;
        end if;
    else
        readable := null;
    end if;

    if live = 1 then
        select array_agg(numbered.term order by place) into heads
        from unnest(heads) with ordinality as head(term, place),
            lateral (
                select string_agg(cast(cast(number as int) + 1000000000 as text), '|') as term
                from string_to_table(head.term, '|') as number
            ) as numbered;
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
                        where can_score(entry.impacts, entry.side, terms, others)
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
                        where can_score(entry.impacts, entry.side, terms, others)
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

-- The passages whose vectors are nearest to that of a question, among those that the principal of the
-- transaction may read; none where the model is not the live one's. Parameters as those of search().
create function search_meaning(
    question public.halfvec, asked_model int, wanted int,
    sources int[] default null, folders text[] default null, formats text[] default null,
    languages text[] default null, classifications smallint[] default null,
    modified_from timestamptz default null, modified_to timestamptz default null,
    documents bigint[] default null
) returns table (chunk_id bigint, document_id bigint, similarity float8)
language plpgsql stable security definer
set search_path = centaure, pg_temp
set max_parallel_workers_per_gather = 0
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    principals constant int[] := current_principals();
    clearance constant smallint := current_clearance();
    live record;
    -- Vectors beyond which comparing them one by one is not worth the wait: words alone answer.
    most constant int := 300000;
begin
    select generation.side, model.dimensions into live
    from generation join embedding_model model on model.id = generation.model
    where generation.state = 'live' and model.id = asked_model;
    if live is null or coalesce(cardinality(principals), 0) = 0 or wanted < 1
        or public.vector_dims(question) <> live.dimensions
        or (select reltuples > most from pg_class where oid = cast('chunk_vector' as regclass))
    then
        return;
    end if;
    select array_agg(case when folder in ('', '/') then '' else rtrim(folder, '/') || '/' end) into folders
    from unnest(folders) as folder;
    return query
    select entry.chunk_id, entry.document_id, -(entry.vector operator(public.<#>) question)
    from document
    join chunk_vector entry
        on entry.document_id = document.id and entry.model = asked_model and entry.side = live.side
    where entry.vector is not null
        and document_matches(document, principals, clearance, sources, folders, formats, languages,
            classifications, modified_from, modified_to, documents)
    order by entry.vector operator(public.<#>) question, document.source_id, document.path collate "C",
        entry.position
    limit wanted;
end;
$$;
