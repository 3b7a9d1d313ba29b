drop function if exists similar_words;

-- The words one error away from one with these keys, each beside texts that nearly say it, of passages that the
-- principal of the transaction may read: who asks looks whether a text teaches this very word, and leaves it out
-- where none does. Only bodies of documents of sources teach words; a file of a conversation, a title or a path that
-- says one would tell its author whether it stands in what they may not read. Of a word's passages that may be read,
-- two hundred are looked at, and five given.
create function similar_words(asked int[]) returns table (word text, term int, said text, language text)
language plpgsql stable security definer
set search_path = centaure, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set jit = off
as $$
#variable_conflict use_column
declare
    principals constant int[] := current_principals();
    clearance constant smallint := current_clearance();
    live constant smallint := live_side();
    candidate record;
begin
    if coalesce(cardinality(principals), 0) = 0 or cardinality(asked) > 40 then
        return;
    end if;
    for candidate in
        select entry.word, entry.term from vocabulary entry
        where entry.keys operator(pg_catalog.&&) asked order by entry.word, entry.term
    loop
        return query
            select candidate.word, candidate.term, passage.text, passage.language
            from (
                select chunk.text, chunk.language
                from chunk_index entry
                join document on document.id = entry.document_id
                join chunk on chunk.id = entry.chunk_id
                where index_terms(entry.impacts, entry.side)
                        operator(pg_catalog.&&) array[candidate.term + 1000000000 * live]
                    and document.file_id is null
                    and document_matches(document, principals, clearance,
                        null, null, null, null, null, null, null, null)
                limit 200
            ) as passage
            where strpos(' ' || regexp_replace(folded(passage.text), '[^[:alpha:]]+', ' ', 'g') || ' ',
                ' ' || candidate.word || ' ') > 0
            limit 5;
    end loop;
end;
$$;
