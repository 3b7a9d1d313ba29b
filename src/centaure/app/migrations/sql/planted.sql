-- In which versions of documents something was found that speaks to an assistant and not to a reader: told to curators
-- in the ledger, once for each version.
create table planted_notice (
    document_id    bigint not null references document on delete cascade,
    content_hash   bytea not null,
    found_at       timestamptz not null default now(),
    primary key (document_id, content_hash)
);

-- Of which documents a part was left out of an answer for that.
alter table turn_document add column left_out boolean not null default false;
