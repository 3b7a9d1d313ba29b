-- Whether all vectors of these documents are compared, as a hundred of the documents tell. Up to 25,000 that
-- costs less than their index. Up to 120,000 it costs up to three times as much, and is done where less than a
-- fifth of the documents may be read: there the index, which walks past all the others, misses a tenth.
create or replace function compares_vectors(readable bigint[], asked_model int, live smallint) returns boolean
language plpgsql stable
set search_path = centaure, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    cheap constant int := 25000;
    compared constant int := 120000;
    looked_in constant int := least(cardinality(readable), 100);
    vectors float8;
begin
    if coalesce(cardinality(readable), 0) = 0 then  -- null: more than are listed; none: nothing to compare
        return readable is not null;
    end if;
    select cast(count(*) as float8) * cardinality(readable) / looked_in into vectors
    from generate_series(1, looked_in) as place
    join chunk_vector entry
        on entry.document_id = readable[cast(place as bigint) * cardinality(readable) / looked_in]
        and entry.model = asked_model and entry.side = live;
    return vectors <= cheap or vectors <= compared and 5 * cardinality(readable) < (
        select reltuples from pg_class where oid = cast('document' as regclass)
    );
end;
$$;
