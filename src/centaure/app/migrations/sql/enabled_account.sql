-- Whose account a login is, for somebody whom the identity provider vouches for.

create function find_enabled_account(wanted_login text)
returns table (principal_id int, login text, name text, roles text[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select account.principal_id, account.login, account.name, account.roles
    from user_account account
    where account.login = wanted_login and account.disabled_at is null;
end;
comment on function find_enabled_account(text) is
    'Before anybody is signed in: the account with exactly this login, unless it is disabled.';
