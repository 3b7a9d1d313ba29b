-- What somebody asks to be able to read, in their own words, and what a person decided. Nothing is looked up when it is
-- asked, and a decision opens nothing: rights are those of the source.
create table access_request (
    id               bigint generated always as identity primary key,
    principal        int not null references principal on delete cascade,        -- who asks
    wanted           text not null check (length(wanted) between 1 and 200),     -- as they name it, whether it exists or not
    why              text not null check (length(why) between 1 and 500),
    state            text not null default 'waiting' check (state in ('waiting', 'approved', 'refused')),
    reason           text not null default '' check (length(reason) <= 500),     -- of the decision
    applied_by       text not null default '' check (length(applied_by) <= 200), -- who is to open it, where it is kept
    decided_by       int references principal on delete set null,
    decided_at       timestamptz,
    asked_at         timestamptz not null default now(),
    expires_at       timestamptz not null,
    check ((state = 'waiting') = (decided_at is null)),
    check ((state = 'approved') = (applied_by <> ''))
);
create unique index access_request_once on access_request (principal, wanted) where state = 'waiting';
create index access_request_waiting on access_request (asked_at) where state = 'waiting';
create index access_request_age on access_request (expires_at);
