-- A folder of this machine that an administrator asks for in a browser, and whom it is to be shown to. The application
-- may only ask: the worker looks at the folder again, within the places that its own settings allow, and adds it.
create table folder_request (
    id               bigint generated always as identity primary key,
    requested_by     int not null references principal on delete cascade,
    location         text not null check (length(location) between 1 and 1000),  -- absolute path
    name             text not null check (length(name) between 1 and 200),
    readers          text[] not null default '{}' check (cardinality(readers) <= 200),   -- logins, or '*'
    classification   smallint not null check (classification between 0 and 3),
    state            text not null default 'waiting' check (state in ('waiting', 'added', 'refused')),
    problem          text not null default '' check (length(problem) <= 1000),  -- why it was refused, in words
    source_id        int references source on delete set null,
    requested_at     timestamptz not null default now()
);
create index folder_request_waiting on folder_request (id) where state = 'waiting';
create index folder_request_source on folder_request (source_id) where source_id is not null;
