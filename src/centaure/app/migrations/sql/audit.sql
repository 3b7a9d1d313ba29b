-- What was done, by whom, in an order that nobody can rewrite unnoticed.
--
-- Each entry's hash covers the entry and the hash before it. The head is kept apart, so that a removed
-- tail is noticed too. Somebody who owns the database can still recompute everything: against them, keep
-- a head outside (`centaure audit verify` prints it and takes it back).

create table audit_event (
    id bigint primary key,
    at timestamptz not null,
    actor int,
    action text not null check (length(action) between 1 and 60),
    object text not null check (length(object) <= 500),
    outcome text not null check (outcome in ('done', 'refused', 'failed')),
    details jsonb not null check (jsonb_typeof(details) = 'object' and length(cast(details as text)) <= 8000),
    previous_hash bytea not null check (octet_length(previous_hash) = 32),
    hash bytea not null check (octet_length(hash) = 32)
);
comment on column audit_event.actor is 'Principal of the transaction; null: nobody signed in, or the local machine.';
create index on audit_event (at);
create index on audit_event (actor, at);

create table audit_head (
    only_one boolean primary key default true check (only_one),
    id bigint not null,
    hash bytea not null
);

-- A field is its length in bytes, a colon and its text, or "-" for null: no two entries encode alike.
create function audit_field(value text) returns text
language sql immutable parallel safe
set search_path = centaure, pg_temp
return coalesce(octet_length(value) || ':' || value, '-');

create function audit_append(new_action text, new_object text, new_outcome text, new_details jsonb)
returns bigint
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    head audit_head;
    entry audit_event;
begin
    -- One chain, one writer: the lock on the head lasts until the caller commits, so that identifiers
    -- have no gap and hashes follow the order of commits. Callers record last.
    select * into strict head from audit_head for update;
    entry.id := head.id + 1;
    entry.at := clock_timestamp();
    entry.actor := case
        when current_setting('centaure.principal', true) ~ '^[0-9]{1,9}$'
        then cast(current_setting('centaure.principal', true) as int)
    end;
    entry.action := new_action;
    entry.object := new_object;
    entry.outcome := new_outcome;
    entry.details := coalesce(new_details, jsonb_build_object());
    entry.previous_hash := head.hash;
    entry.hash := sha256(head.hash || convert_to(
        audit_field(cast(entry.id as text))
        || audit_field(cast(cast(extract(epoch from entry.at) * 1000000 as bigint) as text))
        || audit_field(cast(entry.actor as text))
        || audit_field(entry.action)
        || audit_field(entry.object)
        || audit_field(entry.outcome)
        || audit_field(cast(entry.details as text)),
        'UTF8'
    ));
    insert into audit_event select entry.*;
    update audit_head set id = entry.id, hash = entry.hash;
    return entry.id;
end;
$$;
comment on function audit_append(text, text, text, jsonb) is
    'The one way in: appends an entry for the principal of the transaction and returns its number.';

create function refuse_to_rewrite_audit() returns trigger
language plpgsql
set search_path = centaure, pg_temp
as $$
begin
    raise exception 'The audit is append-only: entries are neither changed nor removed.'
        using errcode = 'insufficient_privilege';
end;
$$;
create trigger append_only before update or delete on audit_event
for each row execute function refuse_to_rewrite_audit();
create trigger append_only_whole before truncate on audit_event
for each statement execute function refuse_to_rewrite_audit();
create trigger never_removed before delete on audit_head
for each row execute function refuse_to_rewrite_audit();
create trigger never_removed_whole before truncate on audit_head
for each statement execute function refuse_to_rewrite_audit();
create trigger only_advances before update on audit_head
for each row when (new.id is distinct from old.id + 1) execute function refuse_to_rewrite_audit();
