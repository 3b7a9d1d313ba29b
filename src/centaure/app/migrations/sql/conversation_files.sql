-- Files dropped in a conversation: documents that its owner reads in it, and nobody anywhere else.
--
-- Their one reader is the conversation itself, under its number negated. It is among the principals of a
-- transaction that acts for the owner and says that it is within the conversation (the setting centaure.within):
-- whatever else searches, counts, lists or opens documents meets none of them.

create table conversation_file (
    id               bigint generated always as identity primary key,
    conversation_id  bigint not null,
    owner            int not null,
    name             text not null check (length(name) between 1 and 200),
    size             bigint not null check (size > 0),
    content_hash     bytea not null,                      -- sha-256
    classification   smallint not null check (classification between 0 and 3),
    state            text not null default 'waiting' check (state in ('waiting', 'reading', 'read', 'refused')),
    reason           text not null default '',            -- why it was refused, in a sentence
    warnings         text[] not null default '{}',        -- what is doubtful of what was read
    added_at         timestamptz not null default now(),
    foreign key (conversation_id, owner) references conversation (id, owner) on delete cascade
);
create index conversation_file_of on conversation_file (conversation_id, id);
create index conversation_file_unread on conversation_file (added_at) where state in ('waiting', 'reading');

create table conversation_file_piece (
    file_id          bigint not null references conversation_file on delete cascade,
    position         int not null check (position >= 0),
    content          bytea not null,
    primary key (file_id, position)
);
alter table conversation_file_piece alter column content set storage external;

-- With the file goes what was read of it: passages, index entries, vectors, citations.
alter table document add column file_id bigint references conversation_file on delete cascade;
create index document_file on document (file_id) where file_id is not null;
comment on column document.file_id is 'The file of a conversation that it is, or that carries it';

create function with_conversation(principals int[]) returns int[]
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
return case when principals = '{}' then principals else principals || array(
    select cast(-id as int) from conversation
    where owner = current_principal() and id = case
        when current_setting('centaure.within', true) ~ '^[0-9]{1,9}$'
        then cast(current_setting('centaure.within', true) as bigint) end
) end;
comment on function with_conversation(int[]) is
    'The principals, and the conversation that the transaction is within, if it is of whom it acts for.';

create or replace function current_principals() returns int[]
language sql stable parallel safe
set search_path = centaure, pg_temp
return case
    when coalesce(current_setting('centaure.within', true), '') = '' then principals_of(current_principal())
    else with_conversation(principals_of(current_principal()))
end;

-- What models were shown of a file, and said of it, goes with it. So does what a call under way holds of it:
-- write_generation() keeps no prompt that was read before, nor does the queue of moderation. They lock the
-- conversation as well, before or after.
create function erase_what_models_read() returns trigger
language plpgsql security definer
set search_path = centaure, pg_temp
as $$
begin
    perform from conversation where id = old.conversation_id for update;
    update conversation set erasures = erasures + 1 where id = old.conversation_id;
    delete from model_generation_text
    using model_generation
    where model_generation.id = model_generation_text.generation
        and model_generation.conversation = old.conversation_id and model_generation.principal = old.owner;
    delete from held
    where held.conversation_id = old.conversation_id and exists (
        select from unnest(held.documents) as one(id)
        where not exists (
            select from document where document.id = one.id and document.file_id is distinct from old.id));
    return null;
end;
$$;
create trigger erase_what_models_read
after delete on conversation_file
for each row when (old.state = 'read')
execute function erase_what_models_read();
