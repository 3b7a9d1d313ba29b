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

-- How an assistant is used, in counts of its owner's alone: no words, and nothing of a month in which fewer than three
-- others asked, since counts of one or two people tell what each of them did.
create function assistant_use(given text)
returns table (month date, answers bigint, unanswered bigint, useful bigint, useless bigint, people bigint)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with counted as (
        select cast(date_trunc('month', turn.at, 'UTC') as date) as month,
            count(*) as answers,
            count(*) filter (where not turn.answerable) as unanswered,
            count(*) filter (where turn.thumb = 'useful') as useful,
            count(*) filter (where turn.thumb = 'useless') as useless,
            count(distinct conversation.owner) as people,
            count(distinct conversation.owner) filter (where conversation.owner <> current_principal()) >= 3 as enough
        from turn
        join conversation on conversation.id = turn.conversation_id
        where turn.assistant = given and turn.role = 'assistant' and turn.state = 'done'
            and exists (
                select from assistant
                where assistant.key = given and assistant.owner = (select current_principal()))
        group by 1
    )
    select counted.month,
        case when enough then counted.answers end,
        case when enough then counted.unanswered end,
        case when enough then counted.useful end,
        case when enough then counted.useless end,
        case when enough then counted.people end
    from counted
    order by counted.month desc
    limit 24;
end;
comment on function assistant_use(text) is
    'Answers of an assistant by month, as conversations still hold them, for its owner; nothing for anybody else. Null: '
    'fewer than three people besides the owner asked.';
