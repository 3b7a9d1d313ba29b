"""Sources of every kind: what a connector is told, feeds of changes, the rights that a place has itself."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Items are told apart by the version and the identity that their place gives."""
    op.execute(
        """
        alter table source drop constraint source_kind_check;
        alter table source
            add column options jsonb not null default '{}',
            add column secrets bytea,
            add column feed_token text,
            add column full_sync_at timestamptz;
        comment on column source.location is 'As the connector gave it: an absolute path, an address';
        comment on column source.secrets is 'Encrypted; the key is not in the database';
        comment on column source.feed_token is 'Where the place''s feed of changes goes on';

        alter table ledger
            add column version text not null default '',
            add column identity text not null default '',
            add column access jsonb,
            add column did text not null default '',
            add column read_ms int;
        comment on column ledger.access is 'Whom the place itself lets read; null where it says nothing';
        comment on column ledger.did is 'What was done last: new, changed, moved, rights_changed ...';
        comment on column ledger.read_ms is 'Milliseconds that fetching and reading took, the last time';
        update ledger set
            version = case when changed_ns > 0 then modified_ns || '.' || changed_ns else '' end,
            identity = coalesce(inode::text, '')
        where modified_ns is not null;
        alter table ledger drop column changed_ns, drop column inode;
        comment on column ledger.version is
            'Another one whenever the bytes may be others; empty: compare the bytes next time';

        alter table sync_run rename column accept_empty to accept_loss;
        comment on column sync_run.accept_loss is 'A person says that what the place lost is truly gone';
        alter table sync_run
            add column full_listing boolean not null default false,
            add column phase_at timestamptz;
        comment on column sync_run.full_listing is 'A person asks for a look at everything';
        comment on column sync_run.phase_at is 'When its phase began, from which the pace is told';

        drop table listing;
        -- What the place holds, as it was last listed. Losing it in a crash costs a full listing.
        create unlogged table listing (
            source_id        int not null references source on delete cascade,
            path             text not null,
            status           text,              -- null: a file to read; else as in the ledger
            reason           text not null default '',
            holds_below      boolean not null default false,    -- a folder that could not be listed
            size             bigint,
            modified_ns      bigint,
            version          text not null default '',
            identity         text not null default '',
            access           jsonb,             -- whom the place itself lets read
            primary key (source_id, path)
        );
        create index listing_identity on listing (source_id, identity) where identity <> '';

        create table exclusion (
            source_id        int not null references source on delete cascade,
            path             text not null,
            excluded_at      timestamptz not null default now(),
            primary key (source_id, path)
        );
        comment on table exclusion is 'Files, and folders with all below them, that a person left out';

        create table wish (
            id               bigint generated always as identity primary key,
            source_id        int not null references source on delete cascade,
            decision         text not null check (decision in ('exclude', 'include', 'read_again')),
            path             text not null,
            requested_by     int not null references principal,
            requested_at     timestamptz not null default now()
        );
        create index on wish (source_id, id);
        comment on table wish is 'What curators decided and the worker has not done yet';

        -- Whatever closes or opens a document, its line in the ledger says so.
        create function note_changed_rights() returns trigger
        language plpgsql
        set search_path = centaure, pg_temp
        as $$
        begin
            update ledger set did = 'rights_changed', updated_at = now() where document_id = new.id;
            return null;
        end;
        $$;
        create trigger note_changed_rights
        after update of readers, denied, classification on document
        for each row
        when ((old.readers, old.denied, old.classification)
            is distinct from (new.readers, new.denied, new.classification))
        execute function note_changed_rights();

        -- A group whose members are in every one of several clauses: folders on the way, a space and a page.
        create table group_clause (
            group_id int not null references principal on delete cascade,
            clause smallint not null,
            clauses smallint not null,
            member_id int not null references principal on delete cascade,
            primary key (group_id, clause, member_id)
        );
        create index on group_clause (member_id) include (group_id, clause, clauses);
        comment on column group_clause.clauses is
            'How many the group has, those without any member included: such a group has no members';

        create or replace function principals_of(account int) returns int[]
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
            ), meets(id) as (
                select group_clause.group_id
                from group_clause
                join belongs on group_clause.member_id = belongs.id
                group by group_clause.group_id, group_clause.clauses
                having count(distinct group_clause.clause) = group_clause.clauses
            )
            select coalesce(array_agg(id order by id), cast(array[] as int[]))
            from (select id from belongs union select id from meets) as found;
        end;
        comment on function principals_of(int) is
            'The user, everyone, every group they belong to through any nesting, and every group all of '
            'whose clauses they meet; empty for nobody, a group or a disabled account. UNION drops what was '
            'already found, so a cycle of groups ends.';

        create function place_of(wanted bigint)
        returns table (kind text, location text, options jsonb, secrets bytea)
        language sql stable security definer
        set search_path = centaure, pg_temp
        begin atomic
            select source.kind, source.location, source.options, source.secrets
            from document
            join source on source.id = document.source_id
            where document.id = wanted and document_matches(document, current_principals(),
                current_clearance(), null, null, null, null, null, null, null, null);
        end;
        comment on function place_of(bigint) is
            'Where a document that may be read is fetched from; the secrets are encrypted';
        """
    )
