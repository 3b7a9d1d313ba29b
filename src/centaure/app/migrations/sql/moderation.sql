-- What a policy holds back until a person has decided: a question that reaches no model, or an answer, or the rest of
-- one, that nobody was shown. It is kept for a time only, its words sealed.
create table held (
    id               bigint generated always as identity primary key,
    principal        int not null references principal on delete cascade,      -- who asked
    conversation_id  bigint references conversation on delete cascade,
    assistant        text not null default '' check (length(assistant) <= 100),
    stage            text not null check (stage in ('input', 'document', 'output')),
    action           text not null check (action in ('moderate', 'hand-over')),
    rules            text[] not null,                                          -- names with versions
    classification   smallint not null check (classification between 0 and 3),
    documents        bigint[] not null default '{}',                           -- whose words it may repeat
    versions         bytea[] not null default '{}',                            -- their content_hash; empty: not known
    digest           text not null check (length(digest) between 1 and 64),    -- keyed, of the words and those before
    digests          text[] not null default '{}',                             -- after fewer and fewer of these
    state            text not null default 'waiting' check (state in ('waiting', 'released', 'refused')),
    reason           text not null default '' check (length(reason) <= 500),
    decided_by       int references principal on delete set null,
    decided_at       timestamptz,
    held_at          timestamptz not null default now(),
    expires_at       timestamptz not null,
    check ((state = 'waiting') = (decided_at is null)),
    check (cardinality(versions) = cardinality(documents))
);
create unique index held_once on held (principal, stage, digest) where state = 'waiting';
create index held_waiting on held (id) where state = 'waiting';
create index held_age on held (expires_at);

create table held_text (
    held_id  bigint primary key references held on delete cascade,
    sealed   bytea not null check (length(sealed) <= 4000000)
);

-- An answer of which something is held back; null: nothing is, or it has come.
alter table turn add column held bigint;
create index turn_held on turn (conversation_id) where held is not null;
