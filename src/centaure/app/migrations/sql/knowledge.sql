-- Sources, documents, chunks, the ledger of files and the runs of synchronisation.
-- Rights live on the document row only (readers, denied, classification): one update of one row
-- changes what every chunk, attachment page and index entry of that document shows, at once.

create table source (
    id               int generated always as identity primary key,
    name             text not null unique check (name <> ''),
    kind             text not null default 'folder' check (kind in ('folder')),
    location         text not null,                 -- absolute path of the folder
    manifest         text,                          -- absolute path of rights.yaml; null: nobody reads anything
    manifest_hash    bytea,                         -- sha-256 of the last manifest that was applied
    schedule_minutes int check (schedule_minutes > 0) default 60,   -- null: on demand only
    created_at       timestamptz not null default now(),
    last_sync_at     timestamptz                    -- end of the last run that succeeded
);

create table document (
    id               bigint generated always as identity primary key,
    source_id        int not null references source on delete cascade,
    path             text not null check (path <> ''),       -- posix, relative to the source
    parent_id        bigint references document on delete cascade,  -- the message of an attachment
    format           text not null,
    title            text not null default '',
    author           text,
    language         text not null default 'simple',
    size             bigint not null default 0,
    content_hash     bytea not null,                          -- sha-256 of the file
    modified         timestamptz,
    page_count       int,
    classification   smallint not null check (classification between 0 and 3),
    readers          int[] not null default '{}',             -- principals; empty: nobody
    denied           int[] not null default '{}',
    rule             text,                                    -- path of the rule that applied
    family           text,                                    -- groups the versions of one document
    parser_version   text not null default '',
    chunker_version  text not null default '',
    language_version text not null default '',
    indexed_at       timestamptz not null default now(),
    unique (source_id, path)
);
create index document_parent on document (parent_id) where parent_id is not null;
create index document_content_hash on document (content_hash);
create index document_family on document (source_id, family) where family is not null;
create index document_readers on document using gin (readers);

create table chunk (
    id               bigint generated always as identity primary key,
    document_id      bigint not null references document on delete cascade,
    position         int not null check (position >= 0),
    text             text not null,
    heading_path     text[] not null default '{}',
    kind             text not null default 'text' check (kind in ('text', 'table')),
    page_first       int,
    page_last        int,
    sheet            text,
    cells            text,
    boxes            jsonb not null default '[]',             -- [[page, left, top, right, bottom], ...] in PDF points
    language         text not null default 'simple',
    content_hash     bytea not null,                          -- sha-256 of the text
    unique (document_id, position)
);

-- One row per file that the connector saw, whatever became of it: no file vanishes silently.
create table ledger (
    source_id        int not null references source on delete cascade,
    path             text not null,                           -- undecodable bytes are written \xNN
    parent           text,                                    -- path of the message of an attachment
    status           text not null check (status in (
        'parsed', 'empty', 'protected', 'corrupted', 'unsupported', 'too_large', 'waiting',
        'unreadable', 'ignored', 'rights')),
    reason           text not null default '',                -- a sentence for a person
    warnings         text[] not null default '{}',
    size             bigint,
    modified_ns      bigint,
    changed_ns       bigint,                                  -- change time; 0: compare the bytes next time
    inode            numeric(20),                             -- unsigned 64 bits on some file systems
    content_hash     bytea,
    parser_version   text not null default '',
    chunker_version  text not null default '',
    language_version text not null default '',
    document_id      bigint references document on delete set null,
    updated_at       timestamptz not null default now(),
    primary key (source_id, path)
);
create index ledger_status on ledger (source_id, status);
create index ledger_document on ledger (document_id) where document_id is not null;
create index ledger_parent on ledger (source_id, parent) where parent is not null;

create table sync_run (
    id               bigint generated always as identity primary key,
    source_id        int not null references source on delete cascade,
    state            text not null default 'queued' check (state in (
        'queued', 'running', 'succeeded', 'failed', 'held', 'interrupted')),
    requested_by     int references principal,                -- null: the schedule
    requested_at     timestamptz not null default now(),
    started_at       timestamptz,
    finished_at      timestamptz,
    attempt          int not null default 0,                  -- a worker that lost its place knows it by this
    accept_empty     boolean not null default false,          -- a person says that the folder is truly empty
    phase            text not null default '',
    total            int not null default 0,
    done             int not null default 0,
    counts           jsonb not null default '{}',
    report           jsonb not null default '{}'
);
create index sync_run_source on sync_run (source_id, id desc);
-- Two runs of one source never work at the same time; the lock in the session says it first,
-- this index says it even if that lock was lost with its connection.
create unique index sync_run_one_running on sync_run (source_id) where state = 'running';

-- What the running synchronisation found on disk, kept here so that memory does not grow with the folder.
-- Written anew by every run; losing it in a crash costs a second look at the folder.
create unlogged table listing (
    source_id        int not null references source on delete cascade,
    path             text not null,
    status           text,                                    -- null: a file to read; else as in the ledger
    reason           text not null default '',
    holds_below      boolean not null default false,          -- a folder that could not be listed
    size             bigint,
    modified_ns      bigint,
    changed_ns       bigint,
    inode            numeric(20),
    primary key (source_id, path)
);
