-- The index of passages. No role but the owner reads it: search.sql has the functions that do.

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
