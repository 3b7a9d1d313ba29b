-- The catalogue: every language model that may be asked, what is known of it, and what it may be sent.
create table model (
    id                int generated always as identity primary key,
    name              text not null unique check (name = btrim(name) and length(name) between 1 and 100),
    kind              text not null check (kind in ('openai', 'anthropic', 'google', 'bedrock', 'extractive')),
    location          text not null default '',          -- address of the service; empty: the provider's own
    model             text not null default '',          -- as the provider names it
    options           jsonb not null default '{}',
    secrets           bytea,                             -- encrypted; the key is not in the database
    highest           smallint not null check (highest between 0 and 3),  -- class of what it may be sent
    lifecycle         text not null check (lifecycle in ('trial', 'approved', 'deprecated', 'retired')),
    type              text not null default 'general'
        check (type in ('general', 'reasoning', 'code', 'multimodal', 'specialised')),
    access            text not null default ''
        check (access in ('', 'open source', 'open weights', 'proprietary')),
    licence           text not null default '',
    publisher         text not null default '',
    country           text not null default '',          -- of the publisher, ISO 3166-1 alpha-2
    host              text not null default '',          -- who runs it
    zone              text not null default '',          -- of the electricity, ISO 3166-1 alpha-3
    context           int check (context > 0),           -- tokens of prompt and answer together
    price_in          float8 check (price_in >= 0),      -- euros per million tokens
    price_out         float8 check (price_out >= 0),
    parameters_active float8 check (parameters_active > 0),  -- billions
    parameters_total  float8 check (parameters_total >= parameters_active),
    languages         text[] not null default '{}',
    capabilities      text[] not null default '{}',
    problem           text not null default '',          -- why it did not answer, the last time
    created_at        timestamptz not null default now(),
    changed_at        timestamptz not null default now()
);

-- Rules of routing: the first whose conditions hold decides. An empty condition holds for every request.
create table routing_rule (
    position          int primary key check (position >= 1),
    name              text not null check (length(name) between 1 and 100),
    classes           smallint[] not null default '{}',
    purposes          text[] not null default '{}',
    assistants        text[] not null default '{}',
    languages         text[] not null default '{}',
    capabilities      text[] not null default '{}',      -- that the request needs, all of them
    longer_than       int,                               -- tokens of the prompt
    models            text[] not null default '{}',      -- names of those preferred; empty: all
    exclusive         boolean not null default false,    -- no model but these
    by                text not null default 'written' check (by in ('written', 'cost', 'carbon')),
    hedge_s           float8 check (hedge_s > 0)
);

-- What a process needs to call a model. Those who chat may use it and never read it.
create function callable_models() returns setof model
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select * from model order by id;
end;
comment on function callable_models() is 'Every model, its secrets encrypted, for the gateway';

create function routing_rules() returns setof routing_rule
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select * from routing_rule order by position;
end;

-- Those who ask see whether it answers; they may say so, and nothing else of it.
create function tell_model(told int, said text) returns void
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    update model set problem = left(said, 1000) where id = told;
end;
