-- Conversations: what somebody asked and was answered, in turns that form a tree.
--
-- What an answer says rests on documents. The rights to these are looked up when it is read, not when it was
-- written or shared: a quote shows with its document, a sentence with every document that it rests on.

create table conversation (
    id               bigint generated always as identity primary key,
    owner            int not null references principal on delete cascade,
    title            text not null default '' check (length(title) <= 200),
    folder           text not null default '' check (length(folder) <= 200),
    pinned           boolean not null default false,
    created_at       timestamptz not null default now(),
    updated_at       timestamptz not null default now(),  -- of the last turn
    erasures         int not null default 0,              -- how often what was read for it was erased
    unique (id, owner)
);
create index conversation_of on conversation (owner, pinned desc, updated_at desc, id desc);
create index conversation_age on conversation (updated_at);

create table conversation_share (
    conversation_id  bigint not null,
    owner            int not null,
    shared_with      text not null check (length(shared_with) between 1 and 400),  -- key of a principal
    label            text not null,                       -- as the owner knows them
    owner_name       text not null,                       -- shown to them
    shared_at        timestamptz not null default now(),
    primary key (conversation_id, shared_with),
    foreign key (conversation_id, owner) references conversation (id, owner) on delete cascade
);
create index conversation_share_with on conversation_share (shared_with);
comment on column conversation_share.shared_with is
    'A key, whether anybody has it or not: who shares learns nothing of who exists.';

create table turn (
    id               bigint generated always as identity primary key,
    conversation_id  bigint not null references conversation on delete cascade,
    parent_id        bigint references turn on delete cascade,  -- an edited question, an answer made again: a sibling
    role             text not null check (role in ('user', 'assistant')),
    shown            boolean not null default true,       -- on the branch that is shown
    at               timestamptz not null default now(),
    text             text not null default '',            -- of a question; an answer is its sentences
    filters          jsonb not null default '{}',         -- which documents a question is narrowed to
    state            text not null default 'done' check (state in ('writing', 'done', 'stopped', 'failed')),
    problem          text not null default '',            -- why it failed, in a sentence
    language         text not null default '',
    answerable       boolean not null default false,
    helped_by        text not null default '',
    model            text not null default '',            -- that wrote it; empty: quotations
    generation       bigint,                              -- the record of its call
    prompt_version   text not null default '',
    fallback         text,                                -- why it is quotations where a model might have written
    stopped          text,                                -- why a model ended early
    warning          boolean not null default false       -- of sentences that are not borne out
);
create index turn_of on turn (conversation_id, id);
create index turn_parent on turn (parent_id) where parent_id is not null;
comment on column turn.state is
    'An answer is written while its state is "writing": who changes that, or removes the turn, ends the writing.';

-- Every document whose words an answer was made from, cited or not, as it was then.
create table turn_document (
    turn_id          bigint not null references turn on delete cascade,
    document_id      bigint not null references document on delete cascade,
    owner            int not null,                        -- for whom the answer was made
    content_hash     bytea not null,                      -- empty: it changed while the answer was made
    classification   smallint not null check (classification between 0 and 3),
    primary key (turn_id, document_id)
);
create index turn_document_of on turn_document (document_id);

create table turn_citation (
    turn_id          bigint not null,
    number           int not null check (number > 0),
    document_id      bigint not null,
    chunk_id         bigint not null,                     -- as the index numbered it then
    page             int,
    sheet            text,
    cells            text,
    heading          text[] not null default '{}',
    quote            text not null,
    primary key (turn_id, number),
    foreign key (turn_id, document_id) references turn_document on delete cascade
);
create index turn_citation_of on turn_citation (turn_id, document_id);

create table turn_sentence (
    turn_id          bigint not null references turn on delete cascade,
    position         int not null check (position >= 0),
    text             text not null,
    citations        int[] not null default '{}',         -- numbers of turn_citation
    rests_on         bigint[] not null default '{}',      -- documents whose words it may repeat
    support          text,                                -- what its passages say of it; null: it is a quotation
    reason           text not null default '',
    primary key (turn_id, position)
);

create function current_keys() returns text[]
language sql stable parallel safe
set search_path = centaure, pg_temp
return (
    select coalesce(array_agg(key), cast(array[] as text[])) from principal
    where id = any(cast((select current_principals()) as int[]))
);
comment on function current_keys() is 'Keys of the principals that the user of the transaction is or belongs to.';

create function no_longer_written(given bigint[]) returns setof bigint
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select one.id from unnest(given) as one(id)
    where not exists (select from turn where turn.id = one.id and turn.state = 'writing');
end;
comment on function no_longer_written(bigint[]) is
    'Which of those answers somebody stopped or removed, asked by the processes that write them.';

-- Sentences that rest on a document that is gone show to nobody any more: the worker removes them.
create function forget_groundless_sentences() returns bigint
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    with gone as (
        delete from turn_sentence
        where exists (
            select from unnest(rests_on) as one(id)
            where not exists (
                select from turn_document known
                where known.turn_id = turn_sentence.turn_id and known.document_id = one.id))
        returning turn_id
    )
    select count(*) from gone;
end;

-- What was said to models and what they said in a conversation goes with it; that they were asked stays on record.
create function erase_what_models_said() returns trigger
language plpgsql security definer
set search_path = centaure, pg_temp
as $$
begin
    delete from model_generation_text
    using model_generation
    where model_generation.id = model_generation_text.generation
        and model_generation.conversation = old.id and model_generation.principal = old.owner;
    return null;
end;
$$;
create trigger erase_what_models_said
after delete on conversation
for each row
execute function erase_what_models_said();

-- A key may open conversations where its owner says so: one that was made to ask does not show what was asked before.
alter table api_key drop constraint api_key_scopes_check;
alter table api_key add constraint api_key_scopes_check check (
    cardinality(scopes) > 0 and array_position(scopes, null) is null
    and scopes <@ array['search', 'ask', 'conversations', 'documents', 'sources', 'administration']
);
