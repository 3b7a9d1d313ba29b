-- Other words for those of a question. What a reader's question leads to comes from entries for everybody,
-- from entries for a source in which they can read something, and from documents that they can read.

create table thesaurus_entry (
    id               int generated always as identity primary key,
    term             text not null check (length(term) between 1 and 200),
    other            text not null check (length(other) between 1 and 200),
    relation         text not null check (relation in ('equivalent', 'broader', 'narrower', 'translation')),
    language         text not null check (language in ('fr', 'en', 'simple')),
    other_language   text not null check (other_language in ('fr', 'en', 'simple')),
    sources          int[] check (sources <> '{}'),     -- null: everywhere
    state            text not null check (state in ('active', 'suggested', 'refused')),
    origin           text not null check (origin in ('curator', 'mined', 'questions')),
    documents        int not null default 0,            -- what a suggestion rests on: counts, no content
    folders          int not null default 0,
    askers           int not null default 0,            -- or on people whose questions found no answer
    starts           text[] not null,                   -- how the two expressions begin: the key of searches
    created_by       int references principal,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now()
);
comment on column thesaurus_entry.other is 'What it is to the term: as broad, broader, narrower, in another language';
create index thesaurus_entry_starts on thesaurus_entry using gin (starts) with (fastupdate = off)
    where state = 'active';
create unique index thesaurus_entry_active
    on thesaurus_entry (relation, language, other_language, lower(term), lower(other))
    where state = 'active';

-- What documents spell out themselves: "réduction du temps de travail (RTT)".
create table acronym (
    document_id      bigint not null references document on delete cascade,
    acronym          text not null,
    expansion        text not null,
    language         text not null,
    primary key (document_id, acronym, expansion)
);
create index acronym_documents on acronym (acronym, document_id);

-- Words of questions that found no answer, where an installation keeps them (knowledge/retrieval/thesaurus/missed.py).
-- No role reads the table: a word shows to curators once three people asked it.
create table missed_word (
    word             text not null check (length(word) between 3 and 40),
    asker            bytea not null check (length(asker) = 16),     -- keyed digest of the word and of who asked
    day              date not null default current_date,            -- when they asked it last
    primary key (word, asker)
);
create index missed_word_day on missed_word (day);

create function note_missed(given_words text[], askers bytea[]) returns void
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    insert into missed_word (word, asker)
    select given.word, given.asker
    from unnest(given_words[:5], askers[:5]) as given(word, asker)
    where cardinality(current_principals()) > 0
    order by given.word
    on conflict (word, asker) do update set day = current_date;
end;

create function missed_words(most int) returns table (word text, askers int)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select missed_word.word, cast(count(*) as int)
    from missed_word
    where has_role('curator') and missed_word.day > current_date - 90
    group by missed_word.word
    having count(*) >= 3
    order by count(*) desc, missed_word.word collate "C"
    limit most;
end;

create function forget_missed(given text) returns boolean
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    if not exists (select from missed_words(2147483647) as shown where shown.word = given) then
        return false;
    end if;
    delete from missed_word where word = given;
    return true;
end;
$$;

-- What search takes from both for a question, as the principal of the transaction.
--
-- given_starts: how words of the question begin, as thesaurus_entry.starts has it; given_acronyms: its words
-- in capitals. An acronym gives the two expansions that most of the readable documents say, of the first
-- thousand that say one.
create function wordings_for(given_starts text[], given_acronyms text[])
returns table (term text, other text, relation text, language text, other_language text)
language plpgsql stable security definer
set search_path = centaure, pg_temp
set max_parallel_workers_per_gather = 0
set jit = off
as $$
#variable_conflict use_column
declare
    principals constant int[] := current_principals();
    clearance constant smallint := current_clearance();
begin
    if coalesce(cardinality(principals), 0) = 0 then
        return;
    end if;
    return query
    select entry.term, entry.other, entry.relation, entry.language, entry.other_language
    from thesaurus_entry entry
    where entry.state = 'active' and entry.starts && given_starts
        and (entry.sources is null or exists (
            select from unnest(entry.sources) as one(id)
            cross join lateral (
                select from document
                where document.source_id = one.id
                    and document_matches(document, principals, clearance,
                        null, null, null, null, null, null, null, null)
                limit 1
            ) as readable
        ))
    order by entry.id
    limit 200;
    return query
    select counted.acronym, counted.expansion, 'acronym', 'simple', counted.language
    from (
        select said.acronym, min(said.expansion collate "C") as expansion, said.language,
            row_number() over (
                partition by said.acronym
                order by count(*) desc, lower(said.expansion) collate "C", said.language
            ) as place
        from unnest(given_acronyms) as one(word)
        cross join lateral (
            select acronym.acronym, acronym.expansion, acronym.language
            from acronym
            join document on document.id = acronym.document_id
            where acronym.acronym = one.word
                and document_matches(document, principals, clearance,
                    null, null, null, null, null, null, null, null)
            order by acronym.document_id
            limit 1000
        ) as said
        group by said.acronym, lower(said.expansion), said.language
    ) as counted
    where counted.place <= 2
    order by counted.acronym, counted.place;
end;
$$;
