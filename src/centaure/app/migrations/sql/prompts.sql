-- The library of prompts: templates in versions, which their owner may let groups read and use.

create table prompt_template (
    id               bigint generated always as identity primary key,
    owner            int not null references principal on delete cascade,
    owner_name       text not null,                       -- shown to those that it is shared with
    name             text not null check (length(name) between 1 and 200),
    tags             text[] not null default '{}',
    version          int not null default 1 check (version >= 1),  -- the latest, which others read
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),  -- of the last version
    unique (id, owner)
);
create index prompt_template_of on prompt_template (owner, updated_at desc);

-- Never rewritten: what was used keeps its words.
create table prompt_version (
    prompt_id        bigint not null references prompt_template on delete cascade,
    number           int not null check (number >= 1),
    text             text not null check (length(text) between 1 and 20000),
    framework        text not null default '',            -- the form that made it; empty: none
    note             text not null default '' check (length(note) <= 200),
    made_at          timestamptz not null default now(),
    primary key (prompt_id, number)
);

create table prompt_share (
    prompt_id        bigint not null,
    owner            int not null,
    shared_with      text not null check (length(shared_with) between 1 and 400),  -- key of a group
    label            text not null,
    primary key (prompt_id, shared_with),
    foreign key (prompt_id, owner) references prompt_template (id, owner) on delete cascade
);
create index prompt_share_with on prompt_share (shared_with);

-- What somebody found a version worth; who scores again says otherwise.
create table prompt_score (
    id               bigint generated always as identity primary key,
    prompt_id        bigint not null,
    version          int not null,
    model            text not null check (length(model) between 1 and 200),
    temperature      float8 check (temperature between 0 and 2),  -- null: the provider's own
    score            smallint not null check (score between 1 and 5),
    scored_by        int not null references principal on delete cascade,
    scored_at        timestamptz not null default now(),
    unique nulls not distinct (prompt_id, version, model, temperature, scored_by),
    foreign key (prompt_id, version) references prompt_version (prompt_id, number) on delete cascade
);
