-- Words of passages, for questions typed wrong: knowledge/retrieval/spelling.py. No role reads the table: a word of
-- a passage that somebody may not read must not be offered to them.

create table vocabulary (
    word             text not null,
    term             int not null,                      -- number of its stem
    keys             int[] not null,                    -- hashes of the word, and of it without each letter
    primary key (word, term)
);
create index vocabulary_keys on vocabulary using gin (keys) with (fastupdate = off);

-- A text as knowledge/language/tokens.py folds words, nearly: where they differ a word is not offered.
create function folded(written text) returns text
language sql immutable strict parallel safe
set search_path = pg_catalog, pg_temp
return replace(replace(replace(replace(lower(
    regexp_replace(normalize(written, NFKD), '[\u0300-\u036f]', '', 'g')
), 'œ', 'oe'), 'æ', 'ae'), 'ø', 'o'), 'ł', 'l');

-- The words one error away from one with these keys, among those that stand as such in passages that the principal
-- of the transaction may read: another word of the same stem says nothing of this one. Of a word's passages that
-- may be read, two hundred are looked at.
create function similar_words(asked int[]) returns table (word text, term int)
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
        if exists (
            select
            from (
                select chunk.text, chunk.heading_path, document.title, document.path
                from chunk_index entry
                join document on document.id = entry.document_id
                join chunk on chunk.id = entry.chunk_id
                where index_terms(entry.impacts, entry.side)
                        operator(pg_catalog.&&) array[candidate.term + 1000000000 * live]
                    and document_matches(document, principals, clearance,
                        null, null, null, null, null, null, null, null)
                limit 200
            ) as said
            where strpos(folded(concat_ws(' ', said.text, said.title, said.path,
                array_to_string(said.heading_path, ' '))), candidate.word) > 0
        ) then
            word := candidate.word;
            term := candidate.term;
            return next;
        end if;
    end loop;
end;
$$;

-- Some words, in order after one: those whose stem no passage holds are removed. The last of them, and how many went.
create function forget_words(after text, most int, out last text, out forgotten int)
language plpgsql volatile security definer
set search_path = centaure, pg_temp
set enable_seqscan = off
as $$
begin
    select max(word) into last
    from (select word from vocabulary where word > after order by word limit most) as page;
    delete from vocabulary
    where word > after and word <= last and not exists (
        select from chunk_index entry
        where index_terms(entry.impacts, entry.side)
            operator(pg_catalog.&&) array[vocabulary.term, vocabulary.term + 1000000000]);
    get diagnostics forgotten = row_count;
end;
$$;
