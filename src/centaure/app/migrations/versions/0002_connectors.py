"""Sources of every kind: what a connector is told, what a place says of its items, feeds of changes."""

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
            add column identity text not null default '';
        update ledger set
            version = case when changed_ns > 0 then modified_ns || '.' || changed_ns else '' end,
            identity = coalesce(inode::text, '')
        where modified_ns is not null;
        alter table ledger drop column changed_ns, drop column inode;
        comment on column ledger.version is
            'Another one whenever the bytes may be others; empty: compare the bytes next time';

        alter table sync_run rename column accept_empty to accept_loss;
        comment on column sync_run.accept_loss is 'A person says that what the place lost is truly gone';

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
            primary key (source_id, path)
        );
        create index listing_identity on listing (source_id, identity) where identity <> '';

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
