-- The index of passages, and the one function that searches it.
--
-- No role but the owner reads chunk_index: what search says about a passage it says through search(),
-- which applies the rights of the transaction's principal itself (docs/decisions/0002-lexical-search.md).

create table chunk_index (
    chunk_id    bigint primary key references chunk on delete cascade,
    document_id bigint not null references document on delete cascade,
    position    int not null,                       -- of the chunk in its document
    impacts     public.sparsevec not null,          -- term number to BM25 impact, knowledge/retrieval/impacts.py
    embedding   public.halfvec                      -- meaning of the passage; off by default
);
-- Impacts stay in the row, uncompressed: a question reads thousands of them. Embeddings do not.
alter table chunk_index set (toast_tuple_target = 8160);
alter table chunk_index alter column embedding set storage external;
create index chunk_index_document on chunk_index (document_id);

-- A passage's terms, for the index that finds candidates: the number of each term, and 'h' and the number
-- where its impact is high. Two thirds of the terms come once in their passage and are not high, so the
-- most that a passage can score is known much better with the distinction than without.
create function index_terms(impacts public.sparsevec) returns tsvector
language sql immutable strict parallel safe
begin atomic
    select array_to_tsvector(coalesce(array_agg(term), cast(array[] as text[])))
    from string_to_table(btrim(split_part(cast(impacts as text), '/', 1), '{}'), ',') as pair,
        lateral unnest(
            case when cast(split_part(pair, ':', 2) as float4) >= 1.2
                then array[split_part(pair, ':', 1), 'h' || split_part(pair, ':', 1)]
                else array[split_part(pair, ':', 1)]
            end
        ) as term
    where pair <> '';
end;

create index chunk_index_terms on chunk_index using gin (index_terms(impacts)) with (fastupdate = off);
