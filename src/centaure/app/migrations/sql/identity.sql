-- Who exists, who belongs to what, and how somebody proves who they are.
--
-- The application role never reads a secret in bulk: what must be known before anybody is signed in comes
-- from the find_* functions, one row for one exact secret or login; everything else is row level security
-- on the principal of the transaction (grants.sql).

create table principal (
    id int generated always as identity primary key,
    kind text not null check (kind in ('everyone', 'user', 'group')),
    key text not null unique check (length(key) between 1 and 400),
    label text not null,
    check ((kind = 'everyone') = (id = 1))
);
comment on table principal is
    'Whom a right can name: everyone (id 1), a user (user:alice), a group of a source (source:3/group:finance).';

create table user_account (
    principal_id int primary key references principal on delete cascade,
    login text not null unique check (login = btrim(login) and length(login) between 1 and 200),
    name text not null check (length(name) between 1 and 200),
    roles text[] not null default array['reader']
        check (roles <@ array['reader', 'curator', 'auditor', 'administrator']
               and array_position(roles, null) is null),
    password_hash text,
    has_password boolean generated always as (password_hash is not null) stored,
    clearance smallint check (clearance between 0 and 3),
    disabled_at timestamptz,
    created_at timestamptz not null default now()
);

create table group_member (
    group_id int not null references principal on delete cascade,
    member_id int not null references principal on delete cascade,
    source_id int,
    primary key (group_id, member_id)
);
create index on group_member (member_id) include (group_id);
create index on group_member (source_id);

create table clearance_claim (
    source_id int not null,
    principal_id int not null references principal on delete cascade,
    level smallint not null check (level between 0 and 3),
    primary key (principal_id, source_id)
);
comment on table clearance_claim is
    'Ceilings that sources set; the effective one is the lowest of these and of the account.';

create table browser_session (
    id bigint generated always as identity primary key,
    principal_id int not null references user_account on delete cascade,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    created_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    expires_at timestamptz not null
);
create index on browser_session (principal_id);

create table api_key (
    id bigint generated always as identity primary key,
    principal_id int not null references user_account on delete cascade,
    label text not null check (length(label) between 1 and 200),
    prefix text not null unique,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    scopes text[] not null
        check (cardinality(scopes) > 0 and array_position(scopes, null) is null
               and scopes <@ array['search', 'ask', 'documents', 'sources', 'administration']),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index on api_key (principal_id);

create table invitation (
    id bigint generated always as identity primary key,
    principal_id int references user_account on delete cascade,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz
);
comment on column invitation.principal_id is 'Null: whoever redeems it becomes the first administrator.';
-- At most one open link per account, and one for the first administrator.
create unique index on invitation (coalesce(principal_id, 0)) where used_at is null;

create table sign_in_throttle (
    subject bytea primary key,
    busy_until timestamptz not null
);
comment on table sign_in_throttle is
    'A leaky bucket per digest of a login or address: each attempt adds its share of the window to busy_until.';
create index on sign_in_throttle (busy_until);

-- The principal of the transaction --------------------------------------------------------------------

create function current_principal() returns int
language sql stable parallel safe
set search_path = centaure, pg_temp
return case
    when current_setting('centaure.principal', true) ~ '^[0-9]{1,10}$' then
        case when cast(current_setting('centaure.principal', true) as bigint) <= 2147483647
            then cast(current_setting('centaure.principal', true) as int)
        end
    end;
comment on function current_principal() is
    'Whom this transaction acts for; null when the setting is absent or is not an identifier.';

create function principals_of(account int) returns int[]
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
begin atomic
    with recursive belongs(id) as (
        select unnest(array[principal_id, 1])
        from user_account
        where principal_id = account and disabled_at is null
        union
        select group_member.group_id
        from group_member
        join belongs on group_member.member_id = belongs.id
    )
    select coalesce(array_agg(id order by id), cast(array[] as int[])) from belongs;
end;
comment on function principals_of(int) is
    'The user, everyone and every group they belong to through any nesting; empty for nobody, a group or a '
    'disabled account. UNION drops what was already found, so a cycle of groups ends.';

create function current_principals() returns int[]
language sql stable parallel safe
set search_path = centaure, pg_temp
return principals_of(current_principal());
comment on function current_principals() is
    'Write (select current_principals()) in a policy: once per statement, not once per row.';

create function current_clearance() returns smallint
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
begin atomic
    select cast(coalesce(
        (
            select least(account.clearance, 3, (
                select min(claim.level) from clearance_claim claim
                where claim.principal_id = account.principal_id
            ))
            from user_account account
            where account.principal_id = current_principal() and account.disabled_at is null
        ), -1) as smallint);
end;
comment on function current_clearance() is
    'Highest classification that the user may see: 3 without a ceiling, -1 for nobody or a disabled account.';

create function has_role(wanted text) returns boolean
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
return exists (
    select from user_account
    where principal_id = current_principal() and disabled_at is null and wanted = any(roles)
);

-- Before anybody is signed in ---------------------------------------------------------------------------

create function find_account(wanted_login text)
returns table (principal_id int, password_hash text)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select account.principal_id, account.password_hash
    from user_account account
    where account.login = wanted_login
        and account.disabled_at is null and account.password_hash is not null;
end;

create function find_session(wanted_hash bytea, idle interval)
returns table (
    id bigint, principal_id int, login text, name text, roles text[], last_seen_at timestamptz
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select found.id, account.principal_id, account.login, account.name, account.roles, found.last_seen_at
    from browser_session found
    join user_account account on account.principal_id = found.principal_id
    where found.token_hash = wanted_hash
        and found.expires_at > now() and found.last_seen_at > now() - idle
        and account.disabled_at is null;
end;

create function find_api_key(wanted_prefix text)
returns table (
    id bigint, principal_id int, login text, name text, roles text[], scopes text[],
    secret_hash bytea, last_used_at timestamptz
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select found.id, account.principal_id, account.login, account.name, account.roles, found.scopes,
        found.secret_hash, found.last_used_at
    from api_key found
    join user_account account on account.principal_id = found.principal_id
    where found.prefix = wanted_prefix
        and found.expires_at > now() and found.revoked_at is null and account.disabled_at is null;
end;

create function nobody_has_a_password() returns boolean
language sql stable security definer
set search_path = centaure, pg_temp
return not exists (select from user_account where password_hash is not null);

create function find_invitation(wanted_hash bytea)
returns table (principal_id int, login text)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select found.principal_id, account.login
    from invitation found
    left join user_account account on account.principal_id = found.principal_id
    where found.token_hash = wanted_hash and found.used_at is null and found.expires_at > now()
        and account.disabled_at is null
        and (found.principal_id is not null or nobody_has_a_password());
end;
comment on function find_invitation(bytea) is
    'The account that an open link belongs to; nulls for the link of the first administrator.';

create function invite_first_administrator(new_hash bytea, validity interval) returns boolean
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    if not nobody_has_a_password() then
        return false;
    end if;
    insert into invitation (token_hash, expires_at) values (new_hash, now() + validity)
    on conflict (coalesce(principal_id, 0)) where used_at is null
    do update set token_hash = excluded.token_hash, created_at = now(), expires_at = excluded.expires_at;
    return true;
end;
$$;
comment on function invite_first_administrator(bytea, interval) is
    'Open the one link of the first administrator, in place of an earlier one; false once somebody has a '
    'password.';

create function redeem_invitation(
    wanted_hash bytea, chosen_password_hash text, chosen_login text, chosen_name text
) returns int
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    account int;
begin
    -- The row lock of this update decides between two who come at once: the second finds it used.
    update invitation set used_at = now()
    where token_hash = wanted_hash and used_at is null and expires_at > now()
    returning principal_id into account;
    if not found then
        return null;
    end if;
    if account is not null then
        update user_account
        set password_hash = chosen_password_hash, name = coalesce(chosen_name, name)
        where principal_id = account and disabled_at is null
        returning principal_id into account;
        return account;
    end if;
    if not nobody_has_a_password() then
        return null;
    end if;
    insert into principal (kind, key, label)
    values ('user', 'user:' || chosen_login, coalesce(chosen_name, chosen_login))
    returning id into account;
    insert into user_account (principal_id, login, name, roles, password_hash)
    values (account, chosen_login, coalesce(chosen_name, chosen_login),
        array['reader', 'administrator'], chosen_password_hash);
    return account;
end;
$$;
comment on function redeem_invitation(bytea, text, text, text) is
    'Use a link once: sets the password of its account, or makes the first administrator. Returns the '
    'principal, or null when the link is unknown, used, expired or of a disabled account.';

create function take_sign_in_turn(wanted_subject bytea, allowed int, per interval) returns interval
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    share constant interval := per / allowed;
    wait interval;
begin
    insert into sign_in_throttle as bucket (subject, busy_until)
    values (wanted_subject, clock_timestamp() + share)
    on conflict (subject) do update
    set busy_until = greatest(bucket.busy_until, clock_timestamp()) + share
    where greatest(bucket.busy_until, clock_timestamp()) + share <= clock_timestamp() + per;
    if found then
        delete from sign_in_throttle where subject in (
            select old.subject from sign_in_throttle old
            where old.busy_until < clock_timestamp() limit 10 for update skip locked
        );
        return interval '0';
    end if;
    select busy_until + share - per - clock_timestamp() into wait
    from sign_in_throttle where subject = wanted_subject;
    return greatest(wait, interval '1 second');
end;
$$;
comment on function take_sign_in_turn(bytea, int, interval) is
    'Count an attempt before its password is checked, so that parallel attempts are all counted. Returns '
    'zero, or how long to wait: generic cell rate algorithm (ITU-T I.371), a burst of `allowed` per `per`.';

create function give_back_sign_in_turn(wanted_subject bytea, allowed int, per interval) returns void
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    update sign_in_throttle set busy_until = busy_until - per / allowed where subject = wanted_subject;
end;
comment on function give_back_sign_in_turn(bytea, int, interval) is
    'The attempt succeeded: only failures stay counted.';

-- A changed password or a disabled account ends every other way in, whoever changed it: browser sessions,
-- API keys and open links.
create function end_other_ways_in() returns trigger
language plpgsql security definer
set search_path = centaure, pg_temp
as $$
begin
    delete from browser_session where principal_id = new.principal_id;
    delete from invitation where principal_id = new.principal_id and used_at is null;
    update api_key set revoked_at = now() where principal_id = new.principal_id and revoked_at is null;
    return null;
end;
$$;
create trigger end_other_ways_in
after update of password_hash, disabled_at on user_account
for each row
when (old.password_hash is distinct from new.password_hash or new.disabled_at is not null)
execute function end_other_ways_in();
