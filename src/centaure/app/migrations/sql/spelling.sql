-- Words of passages, for questions typed wrong: knowledge/retrieval/spelling.py. No role reads the table: a word of
-- a passage that somebody may not read must not be offered to them (similar_words.sql).

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
