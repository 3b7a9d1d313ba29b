-- Who may do what with accounts, secrets and the audit; read together with grants.sql.
revoke all on
    principal, user_account, group_member, clearance_claim, browser_session, api_key, invitation,
    sign_in_throttle, audit_event, audit_head
    from public;
revoke execute on function
    current_principal(), principals_of(int), current_principals(), current_clearance(), has_role(text),
    find_account(text), find_session(bytea, interval), find_api_key(text), nobody_has_a_password(),
    find_invitation(bytea), invite_first_administrator(bytea, interval),
    redeem_invitation(bytea, text, text, text),
    take_sign_in_turn(bytea, int, interval), give_back_sign_in_turn(bytea, int, interval),
    end_browser_sessions(), audit_field(text), audit_append(text, text, text, jsonb),
    refuse_to_rewrite_audit()
    from public;
grant execute on function
    current_principal(), principals_of(int), current_principals(), current_clearance(), has_role(text),
    audit_append(text, text, text, jsonb)
    to {app}, {indexer};
grant execute on function
    find_account(text), find_session(bytea, interval), find_api_key(text), find_invitation(bytea),
    invite_first_administrator(bytea, interval), redeem_invitation(bytea, text, text, text),
    take_sign_in_turn(bytea, int, interval), give_back_sign_in_turn(bytea, int, interval)
    to {app};

grant select on principal, group_member, clearance_claim to {app}, {indexer};
grant select (principal_id, login, name, roles, has_password, clearance, disabled_at, created_at)
    on user_account to {app}, {indexer};
grant insert (kind, key, label) on principal to {app}, {indexer};
grant insert (principal_id, login, name, roles, clearance) on user_account to {app};
grant update (name, roles, clearance, disabled_at) on user_account to {app};
grant insert (principal_id, login, name) on user_account to {indexer};
grant update (name) on user_account to {indexer};
grant update (label), delete on principal to {indexer};
grant insert, update, delete on group_member, clearance_claim to {indexer};
grant select (id, principal_id, created_at, last_seen_at, expires_at) on browser_session to {app};
grant insert (principal_id, token_hash, expires_at), update (last_seen_at), delete
    on browser_session to {app};
grant select (id, principal_id, label, prefix, scopes, created_at, expires_at, last_used_at, revoked_at)
    on api_key to {app};
grant insert (principal_id, label, prefix, secret_hash, scopes, expires_at),
    update (last_used_at, revoked_at) on api_key to {app};
grant select (id, principal_id, created_at, expires_at, used_at) on invitation to {app};
grant insert (principal_id, token_hash, expires_at), delete on invitation to {app};
grant select on audit_event, audit_head to {app};

alter table principal enable row level security;
alter table user_account enable row level security;
alter table group_member enable row level security;
alter table clearance_claim enable row level security;
alter table browser_session enable row level security;
alter table api_key enable row level security;
alter table invitation enable row level security;
alter table sign_in_throttle enable row level security;
alter table audit_event enable row level security;
alter table audit_head enable row level security;

drop policy if exists own_and_directory on principal;
create policy own_and_directory on principal for select to {app} using (
    id = any((select current_principals())::int[])
    or (select has_role('administrator') or has_role('curator') or has_role('auditor')));
drop policy if exists administrator_adds_users on principal;
create policy administrator_adds_users on principal for insert to {app}
    with check (kind = 'user' and (select has_role('administrator')));
drop policy if exists directory on principal;
create policy directory on principal to {indexer}
    using (kind in ('user', 'group')) with check (kind in ('user', 'group'));
drop policy if exists directory_reads on principal;
create policy directory_reads on principal for select to {indexer} using (true);

drop policy if exists own_and_directory on user_account;
create policy own_and_directory on user_account for select to {app} using (
    (principal_id = (select current_principal()) and disabled_at is null)
    or (select has_role('administrator') or has_role('curator') or has_role('auditor')));
drop policy if exists administrator_adds on user_account;
create policy administrator_adds on user_account for insert to {app}
    with check ((select has_role('administrator')));
drop policy if exists administrator_changes on user_account;
create policy administrator_changes on user_account for update to {app}
    using ((select has_role('administrator'))) with check ((select has_role('administrator')));
drop policy if exists directory on user_account;
create policy directory on user_account to {indexer} using (true) with check (true);

drop policy if exists directory_reads on group_member;
create policy directory_reads on group_member for select to {app} using (
    (select has_role('administrator') or has_role('curator') or has_role('auditor')));
drop policy if exists directory on group_member;
create policy directory on group_member to {indexer} using (true) with check (true);

drop policy if exists directory_reads on clearance_claim;
create policy directory_reads on clearance_claim for select to {app} using (
    (select has_role('administrator') or has_role('curator') or has_role('auditor')));
drop policy if exists directory on clearance_claim;
create policy directory on clearance_claim to {indexer} using (true) with check (true);

drop policy if exists own on browser_session;
create policy own on browser_session to {app}
    using (principal_id = (select current_principal()))
    with check (principal_id = (select current_principal()));

drop policy if exists own on api_key;
create policy own on api_key to {app}
    using (principal_id = (select current_principal()))
    with check (principal_id = (select current_principal()));

drop policy if exists administrator_invites on invitation;
create policy administrator_invites on invitation to {app}
    using ((select has_role('administrator')))
    with check (principal_id is not null and (select has_role('administrator')));

drop policy if exists auditor_reads on audit_event;
create policy auditor_reads on audit_event for select to {app} using ((select has_role('auditor')));
drop policy if exists auditor_reads on audit_head;
create policy auditor_reads on audit_head for select to {app} using ((select has_role('auditor')));
