-- Language models: they say a question otherwise before it is searched. At most one is live.
create table language_model (
    id               int generated always as identity primary key,
    name             text not null unique check (name <> ''),
    kind             text not null,
    location         text not null default '',
    options          jsonb not null default '{}',
    secrets          bytea,                             -- encrypted; the key is not in the database
    highest          smallint not null check (highest between 0 and 3),  -- class of what it may be sent
    live             boolean not null default false,
    problem          text not null default '',          -- why it did not answer, the last time
    created_at       timestamptz not null default now()
);
create unique index language_model_live on language_model (live) where live;

create function live_language_model()
returns table (
    id int, name text, kind text, location text, options jsonb, secrets bytea, highest smallint, problem text
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select id, name, kind, location, options, secrets, highest, problem from language_model where live;
end;
comment on function live_language_model() is 'The language model that searches use; its secrets are encrypted';

-- Those who search see whether it answers; they may say so, and nothing else of it.
create function tell_language_model(told int, said text) returns void
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    update language_model set problem = left(said, 1000) where id = told and live;
end;
