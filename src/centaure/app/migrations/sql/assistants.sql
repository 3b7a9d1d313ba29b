-- Assistants: what people configured. Each has an owner, who alone changes it, and those whom it is shared with, who use
-- it. It opens nothing: whoever asks through one reads what they may read without it. Those that are shipped are files.

create table assistant (
    id               bigint generated always as identity primary key,
    key              text not null unique check (key ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(key) <= 100),
    owner            int not null references principal on delete cascade,
    version          int not null default 1 check (version > 0),                -- the one in force
    created_at       timestamptz not null default now(),
    changed_at       timestamptz not null default now(),
    unique (id, owner)
);
create index assistant_of on assistant (owner);
comment on column assistant.key is
    'What policies, rules, quotas and records name it by. Its end is random: a key that is taken tells nothing.';

create table assistant_version (
    assistant_id     bigint not null references assistant on delete cascade,
    version          int not null check (version > 0),
    definition       jsonb not null,
    note             text not null default '' check (length(note) <= 200),      -- what changed, in its writer's words
    changed_at       timestamptz not null default now(),
    primary key (assistant_id, version)
);

create table assistant_share (
    assistant_id     bigint not null,
    owner            int not null,
    shared_with      text not null check (length(shared_with) between 1 and 400),  -- key of a principal, or of nobody
    label            text not null,                       -- as the owner knows them
    owner_name       text not null,                       -- shown to them
    shared_at        timestamptz not null default now(),
    primary key (assistant_id, shared_with),
    foreign key (assistant_id, owner) references assistant (id, owner) on delete cascade
);
create index assistant_share_with on assistant_share (shared_with);

-- Which assistant a conversation is with, and which one in which version made an answer; what its reader says of it.
alter table conversation add column assistant text not null default '' check (length(assistant) <= 100);
alter table turn
    add column assistant text not null default '' check (length(assistant) <= 100),
    add column assistant_version int,                     -- null: it is shipped, or none
    add column thumb text check (thumb in ('useful', 'useless'));
create index turn_assistant on turn (assistant, at) where assistant <> '';

-- How an assistant is used, in counts of its owner's alone: no words, and of how many people only from three on.
create function assistant_use(given text)
returns table (month date, answers bigint, unanswered bigint, useful bigint, useless bigint, people bigint)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select cast(date_trunc('month', turn.at, 'UTC') as date),
        count(*),
        count(*) filter (where not turn.answerable),
        count(*) filter (where turn.thumb = 'useful'),
        count(*) filter (where turn.thumb = 'useless'),
        case when count(distinct conversation.owner) >= 3 then count(distinct conversation.owner) end
    from turn
    join conversation on conversation.id = turn.conversation_id
    where turn.assistant = given and turn.role = 'assistant' and turn.state = 'done'
        and exists (
            select from assistant
            where assistant.key = given and assistant.owner = (select current_principal()))
    group by 1
    order by 1 desc
    limit 24;
end;
comment on function assistant_use(text) is
    'Answers of an assistant by month, as conversations still hold them, for its owner; nothing for anybody else.';
