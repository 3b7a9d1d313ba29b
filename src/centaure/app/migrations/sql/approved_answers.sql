-- Answers that somebody stands for: given word for word to a question like theirs. Like a document, each has a class and
-- those who may read it. Its words never change: another answer is another row, and this one ends.
create table approved_answer (
    id              bigint generated always as identity primary key,
    assistant       text not null default '' check (length(assistant) <= 100),
    question        text not null check (length(question) between 1 and 1000),
    phrasings       text[] not null default '{}' check (cardinality(phrasings) <= 50),  -- the same in other words
    answer          text not null check (length(answer) between 1 and 10000),
    language        text not null check (language in ('fr', 'en')),
    stems           text[] not null,                      -- of the question and its phrasings
    wordings        text[] not null,                      -- stems of each of them; empty: in another language
    sources         text not null default '' check (length(sources) <= 1000),   -- what it rests on, for its reader
    classification  smallint not null check (classification between 0 and 3),
    readers         int[] not null check (cardinality(readers) > 0),
    owner           int references principal on delete set null,                -- who stands for it
    valid_from      date not null,
    valid_to        date check (valid_to >= valid_from),                        -- its last day; null: none is known
    review_on       date not null,
    created_by      int references principal on delete set null,
    created_at      timestamptz not null default now()
);
create index approved_answer_stems on approved_answer using gin (stems);

-- The approved answer that an answer of a conversation is; it shows to those who may read that one.
alter table turn add column approved bigint;
