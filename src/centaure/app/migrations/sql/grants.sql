-- Who may do what, in one file. {app} is the API and the command line, {indexer} the worker. Neither owns
-- anything nor bypasses row level security. Run again, in the same transaction, after every migration.

-- Nothing by default -----------------------------------------------------------------------------------
revoke all on schema centaure from public;
revoke all on all tables in schema centaure from public, {app}, {indexer};
revoke all on all functions in schema centaure from public, {app}, {indexer};
do $$
declare
    old record;
begin
    for old in select policyname, tablename from pg_policies where schemaname = 'centaure' loop
        execute format('drop policy %I on centaure.%I', old.policyname, old.tablename);
    end loop;
end;
$$;
grant usage on schema centaure to {app}, {indexer};

-- The principal of the transaction, which policies ask for ----------------------------------------------
grant execute on function
    current_principal(), principals_of(int), current_principals(), current_clearance(), has_role(text)
to {app}, {indexer};

-- Knowledge: content ------------------------------------------------------------------------------------
grant select on document, chunk to {app};
grant select, insert, update, delete on document, chunk to {indexer};

alter table document enable row level security;
create policy readers on document for select to {app} using (
    readers && (select current_principals())
    and not denied && (select current_principals())
    and classification <= (select current_clearance())
);
create policy worker on document to {indexer} using (true) with check (true);

-- A passage shows when its document does: the policy of document applies inside this one.
alter table chunk enable row level security;
create policy readers on chunk for select to {app} using (
    exists (select from document where document.id = chunk.document_id)
);
create policy worker on chunk to {indexer} using (true) with check (true);

-- Knowledge: where content comes from -------------------------------------------------------------------
grant select on source, ledger, sync_run to {app};
grant insert (name, kind, location, manifest, schedule_minutes) on source to {app};
grant insert (source_id, requested_by) on sync_run to {app};
grant select, insert, update, delete on source, ledger, sync_run to {indexer};

-- A source shows to those who can read something in it, and to its curators.
alter table source enable row level security;
create policy readers on source for select to {app} using (
    exists (select from document where document.source_id = source.id)
);
create policy curators on source for select to {app} using ((select has_role('curator')));
create policy curators_add on source for insert to {app} with check ((select has_role('curator')));
create policy worker on source to {indexer} using (true) with check (true);

alter table ledger enable row level security;
create policy curators on ledger for select to {app} using ((select has_role('curator')));
create policy worker on ledger to {indexer} using (true) with check (true);

alter table sync_run enable row level security;
create policy curators on sync_run for select to {app} using ((select has_role('curator')));
create policy curators_ask on sync_run for insert to {app} with check (
    (select has_role('curator')) and requested_by = (select current_principal()) and state = 'queued'
);
create policy worker on sync_run to {indexer} using (true) with check (true);

-- The job queue: the application asks, the worker does ---------------------------------------------------
do $$
declare
    object record;
begin
    for object in
        select format('%I', relname) as name from pg_class
        where relnamespace = 'centaure'::regnamespace and relkind = 'r' and relname like 'procrastinate\_%'
    loop
        execute format('grant select, insert, update, delete on centaure.%s to {indexer}', object.name);
        execute format('grant select, insert on centaure.%s to {app}', object.name);
    end loop;
    for object in
        select oid::regprocedure as name from pg_proc
        where pronamespace = 'centaure'::regnamespace and proname like 'procrastinate\_%' and prokind = 'f'
    loop
        execute format('grant execute on function %s to {indexer}, {app}', object.name);
    end loop;
end;
$$;
grant usage on all sequences in schema centaure to {app}, {indexer};
