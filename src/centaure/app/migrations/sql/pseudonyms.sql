-- What placeholders of personal data stand for, sealed with a key of the conversation: its owner's alone, even where
-- others may read the conversation, and gone with it.
create table pseudonym (
    conversation_id  bigint not null references conversation on delete cascade,
    placeholder      text not null check (length(placeholder) <= 100),
    sealed           bytea not null check (length(sealed) <= 1000000),
    expires_at       timestamptz not null,
    primary key (conversation_id, placeholder)
);
create index pseudonym_age on pseudonym (expires_at);
