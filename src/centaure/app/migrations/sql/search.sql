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

-- The passages that answer best by words, among those that may be read.
--
-- question: weight of each term number. alternatives, weights: its terms, heaviest first, the numbers of one
-- term joined by '|'. readable: the documents that may be read, null where they are many.
--
-- Scores are inner products of the question with impacts that depend on their passage alone. Candidates are
-- narrowed by the best scores among readable passages only, and ties are ordered by source, path and
-- position: the answer is a function of the question and of what may be read. Three ways lead to it, chosen
-- by how much may be read: score it all; or look up candidates within it; or look them up everywhere, best
-- first, until enough of them may be read.
create function search_words(
    question public.sparsevec, alternatives text[], weights float8[], wanted int, readable bigint[],
    principals int[], clearance smallint, live smallint,
    sources int[], folders text[], formats text[], languages text[], classifications smallint[],
    modified_from timestamptz, modified_to timestamptz, documents bigint[]
) returns table (chunk_id bigint, document_id bigint, score float8)
language plpgsql stable
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
    -- Passages that are scored one and all, and documents that may hold so few.
    small constant int := 4000;
    few constant int := 800;
    -- Terms that find candidates; the others of a long question only add to scores.
    head_count constant int := 8;
    -- How many of the best are made sure of: further down, a passage of one heavy term may be missed.
    sure constant int := least(wanted, 10);
    -- A passage that scores s could nearly always score 1.4 s by the bounds of ways_to_score.
    slack constant float8 := 1.4;
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
    if coalesce(cardinality(weights), 0) = 0 then
        return;
    end if;

    if readable is not null then
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

-- The passages whose vectors are nearest to a question's, among those that may be read: each is compared.
create function compare_vectors(
    question public.halfvec, asked_model int, wanted int, readable bigint[],
    principals int[], clearance smallint, live smallint,
    sources int[], folders text[], formats text[], languages text[], classifications smallint[],
    modified_from timestamptz, modified_to timestamptz, documents bigint[]
) returns table (chunk_id bigint, document_id bigint, similarity float8)
language plpgsql stable
set search_path = centaure, pg_temp
set plan_cache_mode = force_generic_plan
set max_parallel_workers_per_gather = 0
set jit = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
begin
    if readable is null then
        readable := array(
            select id from document
            where document_matches(document, principals, clearance, sources, folders, formats, languages,
                classifications, modified_from, modified_to, documents)
        );
    end if;
    return query
    select near.chunk_id, near.document_id, -near.distance
    from (
        select entry.chunk_id, entry.document_id, entry.position,
            entry.vector operator(public.<#>) question as distance
        from chunk_vector entry
        where entry.model = asked_model and entry.side = live and entry.document_id = any (readable)
            and entry.vector is not null
        order by distance
        fetch first wanted rows with ties
    ) as near
    join document on document.id = near.document_id
    order by near.distance, document.source_id, document.path collate "C", near.position
    limit wanted;
end;
$$;

-- The same by the index of these vectors, of which `looked_at` are held while it walks to the nearest: the more,
-- the surer. Where too few of those may be read it goes on, to twenty thousand; then fewer than wanted come.
create function find_vectors(
    question public.halfvec, asked_model int, wanted int, looked_at int, dimensions int,
    principals int[], clearance smallint, live smallint,
    sources int[], folders text[], formats text[], languages text[], classifications smallint[],
    modified_from timestamptz, modified_to timestamptz, documents bigint[]
) returns table (chunk_id bigint, document_id bigint, similarity float8)
language plpgsql stable
set search_path = centaure, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_sort = off
set max_parallel_workers_per_gather = 0
set jit = off
as $$
#variable_conflict use_column
declare
    -- Planned for this model, whose index is partial, and without the filters that are open.
    nearest constant text := format(
        $query$
        select array_agg(chunk_id), array_agg(document_id), array_agg(-distance)
        from (
            select *
            from (
                select entry.chunk_id, entry.document_id, entry.position, document.source_id, document.path,
                    cast(entry.vector as public.halfvec(%1$s)) operator(public.<#>) $1 as distance
                from chunk_vector entry
                join document on document.id = entry.document_id
                where entry.model = %2$s and entry.side = %3$s
                    and document_matches(document, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                order by distance
                limit %4$s
            ) as near
            order by distance, source_id, path collate "C", position
        ) as near
        $query$,
        dimensions, asked_model, live, wanted
    );
    way text;
    chunks bigint[];
    owners bigint[];
    similarities float8[];
begin
    perform set_config('hnsw.ef_search', cast(least(greatest(looked_at, wanted, 40), 1000) as text), true),
        set_config('hnsw.max_scan_tuples', '20000', true),
        set_config('hnsw.scan_mem_multiplier', '8', true);
    -- Going on costs a third more from its beginning.
    foreach way in array array['off', 'relaxed_order'] loop
        perform set_config('hnsw.iterative_scan', way, true);
        execute nearest into chunks, owners, similarities
        using question, principals, clearance, sources, folders, formats, languages, classifications,
            modified_from, modified_to, documents;
        exit when cardinality(chunks) = wanted;
    end loop;
    return query select * from unnest(chunks, owners, similarities);
end;
$$;

-- The documents that may be searched; null where they are too many to be named one by one, which depends on
-- them alone. Only the way to them is guessed from the first documents: one after the other where most of those
-- may be read, else by the index on readers.
create function readable_documents(
    principals int[], clearance smallint,
    sources int[], folders text[], formats text[], languages text[], classifications smallint[],
    modified_from timestamptz, modified_to timestamptz, documents bigint[]
) returns bigint[]
language plpgsql stable
set search_path = centaure, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    listed constant int := 8000;
    sample constant int := 100;
    many boolean;
    readable bigint[];
begin
    many := count(*) >= sample / 2
        from (select * from document order by id limit sample) as document
        where document_matches(document, principals, clearance, sources, folders, formats, languages,
            classifications, modified_from, modified_to, documents);
    if many then
        readable := array(
            select id from (select * from document order by id offset 0) as document
            where document_matches(document, principals, clearance, sources, folders, formats, languages,
                classifications, modified_from, modified_to, documents)
            limit listed + 1
        );
    else
        readable := array(
            select id from document
            where document_matches(document, principals, clearance, sources, folders, formats, languages,
                classifications, modified_from, modified_to, documents)
            limit listed + 1
        );
    end if;
    return case when cardinality(readable) <= listed then readable end;
end;
$$;

-- The passages that answer best by words and by meaning, among those that the principal of the transaction
-- may read: those that words find, best first, then those whose vectors are near. A question without terms
-- has no words; without a vector, or with one of a model that is not live, it has no meaning.
--
-- whole: what the question scores in the document as a whole; null for a document of one passage.
--
-- wanted: most passages of each. The other parameters filter; null leaves one open.
create function search(
    question public.sparsevec, alternatives text[], weights float8[], wanted int,
    sources int[] default null, folders text[] default null, formats text[] default null,
    languages text[] default null, classifications smallint[] default null,
    modified_from timestamptz default null, modified_to timestamptz default null,
    documents bigint[] default null,
    vector public.halfvec default null, asked_model int default null
) returns table (
    chunk_id bigint, document_id bigint, score float8, similarity float8, by_words boolean, by_meaning boolean,
    whole float8, source_name text
)
language plpgsql stable security definer
set search_path = centaure, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set jit = off
as $$
#variable_conflict use_column
declare
    -- Without an index, the most vectors that are compared.
    most constant int := 300000;
    principals constant int[] := current_principals();
    clearance constant smallint := current_clearance();
    live record;
    readable bigint[];
    indexed boolean;
    near bigint[];
    near_owners bigint[];
    similarities float8[];
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
    if coalesce(cardinality(principals), 0) = 0 or wanted < 1 then
        return;
    end if;
    select generation.side, model.id as model, model.dimensions, generation.widening into live
    from generation left join embedding_model model on model.id = generation.model
    where generation.state = 'live';
    select array_agg(case when folder in ('', '/') then '' else rtrim(folder, '/') || '/' end) into folders
    from unnest(folders) as folder;
    readable := readable_documents(principals, clearance, sources, folders, formats, languages,
        classifications, modified_from, modified_to, documents);
    if readable = '{}' then
        return;
    end if;
    if live.model is distinct from asked_model or public.vector_dims(vector) <> live.dimensions then
        vector := null;
    end if;
    if vector is not null then
        indexed := to_regclass(vector_index(live.model, live.side)) is not null;
        if indexed and not compares_vectors(readable, live.model, live.side) then
            select array_agg(found.chunk_id), array_agg(found.document_id), array_agg(found.similarity)
            into near, near_owners, similarities
            from find_vectors(vector, live.model, wanted, cast(ceil(wanted * live.widening) as int),
                live.dimensions, principals, clearance, live.side, sources, folders, formats, languages,
                classifications, modified_from, modified_to, documents) as found;
        end if;
        if coalesce(cardinality(near), 0) < wanted and (indexed
            or (select reltuples <= most from pg_class where oid = cast('chunk_vector' as regclass)))
        then
            select array_agg(found.chunk_id), array_agg(found.document_id), array_agg(found.similarity)
            into near, near_owners, similarities
            from compare_vectors(vector, live.model, wanted, readable, principals, clearance, live.side,
                sources, folders, formats, languages, classifications, modified_from, modified_to,
                documents) as found;
        end if;
    end if;
    return query
    select found.chunk_id, found.document_id,
        coalesce(found.score, (
            select -(entry.impacts operator(public.<#>) question)
            from chunk_index entry where entry.chunk_id = found.chunk_id
        ), 0),
        coalesce(found.similarity, case when vector is not null then (
            select -(entry.vector operator(public.<#>) search.vector)
            from chunk_vector entry where entry.chunk_id = found.chunk_id and entry.model = live.model
        ) end),
        found.place is not null, found.near_place is not null,
        (
            select -(entry.impacts operator(public.<#>) question)
            from document_index entry where entry.document_id = found.document_id and entry.side = live.side
        ),
        (
            select source.name from document join source on source.id = document.source_id
            where document.id = found.document_id
        )
    from (
        select coalesce(word.chunk_id, meant.chunk_id) as chunk_id,
            coalesce(word.document_id, meant.document_id) as document_id,
            word.score, meant.similarity, word.place, meant.near_place
        from search_words(question, alternatives, weights, wanted, readable, principals, clearance, live.side,
            sources, folders, formats, languages, classifications, modified_from, modified_to, documents)
            with ordinality as word(chunk_id, document_id, score, place)
        full join unnest(near, near_owners, similarities)
            with ordinality as meant(chunk_id, document_id, similarity, near_place)
            on meant.chunk_id = word.chunk_id
    ) as found
    order by found.place, found.near_place;
end;
$$;

-- Part of the vectors nearest to that of a stored passage, taken at random, that the index finds for the
-- principal of the transaction; null where search would not use it.
create function recall_of_index(wanted int) returns float8
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    principals constant int[] := current_principals();
    clearance constant smallint := current_clearance();
    live record;
    asked public.halfvec;
    near bigint[];
begin
    select generation.side, model.id as model, model.dimensions, generation.widening into live
    from generation join embedding_model model on model.id = generation.model
    where generation.state = 'live';
    if to_regclass(vector_index(live.model, live.side)) is null or compares_vectors(
        readable_documents(principals, clearance, null, null, null, null, null, null, null, null),
        live.model, live.side)
    then
        return null;
    end if;
    select vector into asked
    from chunk_vector
    where chunk_id >= (select random() * max(chunk_id) from chunk_vector)
        and model = live.model and side = live.side and vector is not null
    order by chunk_id limit 1;
    select array_agg(chunk_id) into near
    from compare_vectors(asked, live.model, wanted, null, principals, clearance, live.side,
        null, null, null, null, null, null, null, null);
    return (
        select cast(count(*) as float8) / cardinality(near)
        from find_vectors(asked, live.model, wanted, cast(ceil(wanted * live.widening) as int), live.dimensions,
            principals, clearance, live.side, null, null, null, null, null, null, null, null)
        where chunk_id = any (near)
    );
end;
$$;
