-- Generations: a new reading of the documents, or vectors of a new model, are made beside what is searched;
-- one update of one row then says which generation is live, and can say it back.
--
-- A document is read once or twice: each reading, with its passages and their index, is on one side, 0 or 1.
-- A generation is a side and, if any, the model whose vectors are searched with it.

create table embedding_model (
    id               int generated always as identity primary key,
    name             text not null unique check (name <> ''),
    kind             text not null,
    location         text not null default '',
    options          jsonb not null default '{}',
    secrets          bytea,                             -- encrypted; the key is not in the database
    dimensions       int not null check (dimensions between 1 and 4000),
    highest          smallint not null check (highest between 0 and 3),  -- class of what it may be sent
    problem          text not null default '',          -- why it did not answer, the last time
    created_at       timestamptz not null default now()
);

create table generation (
    id               int generated always as identity primary key,
    side             smallint not null check (side in (0, 1)),
    model            int references embedding_model,    -- null: words alone
    state            text not null check (state in ('building', 'ready', 'live', 'kept', 'leaving')),
    switch           boolean not null default true,     -- goes live as soon as it is complete
    read_again       boolean not null default false,    -- whatever versions read a document, read it anew
    problem          text not null default '',          -- what keeps it from being complete
    to_read          int not null default 0,            -- documents that have no reading on its side yet
    to_embed         int not null default 0,            -- documents with passages that have no vector yet
    requested_by     int references principal,
    requested_at     timestamptz not null default now(),
    built_at         timestamptz,
    live_at          timestamptz,                       -- when it went live, the last time
    recall           real,                              -- of the index of its vectors, the last time it was tested
    tested_at        timestamptz,
    widening         real not null default 20           -- vectors held while it is walked, for each one wanted
);
create unique index generation_live on generation (state) where state = 'live';
create unique index generation_building on generation (state) where state = 'building';

-- What one reading made of a document. The live one is copied to the document's row, which search filters.
create table reading (
    document_id      bigint not null references document on delete cascade,
    side             smallint not null check (side in (0, 1)),
    format           text not null,
    title            text not null default '',          -- as shown
    stated           text not null default '',          -- the title that the document states itself
    author           text,
    language         text not null default 'simple',
    modified         timestamptz,
    page_count       int,
    family           text,
    parser_version   text not null,
    chunker_version  text not null,
    language_version text not null,
    indexed_at       timestamptz not null default now(),
    kept             text not null default '',          -- why it was copied from the other side, not read anew
    primary key (document_id, side)
);
comment on table reading is 'Every passage belongs to one: it says which versions made it';
insert into reading (document_id, side, format, title, stated, author, language, modified, page_count,
    family, parser_version, chunker_version, language_version, indexed_at)
select id, 0, format, title,
    case when title = regexp_replace(regexp_replace(path, '.*/', ''), '[.][^.]*$', '') then '' else title end,
    author, language, modified, page_count, family,
    parser_version, chunker_version, language_version, indexed_at
from document;
alter table document drop column parser_version, drop column chunker_version, drop column language_version,
    drop column indexed_at;

alter table chunk add column side smallint not null default 0;
alter table chunk drop constraint chunk_document_id_fkey;
alter table chunk drop constraint chunk_document_id_position_key;
alter table chunk add constraint chunk_reading foreign key (document_id, side)
    references reading on delete cascade;
alter table chunk add constraint chunk_place unique (document_id, side, position);

alter table chunk_index drop column embedding;
alter table chunk_index add column side smallint not null default 0;
drop index chunk_index_document;
create index chunk_index_document on chunk_index (document_id, side);

-- Of documents of several passages: term number to what share of them holds it (knowledge/retrieval/impacts.py).
create table document_index (
    document_id      bigint not null,
    side             smallint not null,
    impacts          public.sparsevec not null,
    primary key (document_id, side),
    foreign key (document_id, side) references reading on delete cascade
);
alter table document_index alter column impacts set storage external;

create table chunk_vector (
    chunk_id         bigint not null references chunk on delete cascade,
    model            int not null references embedding_model,
    document_id      bigint not null,
    side             smallint not null,
    position         int not null,
    vector           public.halfvec,                    -- of length 1; null: the model refuses this passage
    primary key (chunk_id, model)
);
-- In the row, uncompressed: a question reads thousands of them.
alter table chunk_vector alter column vector set storage plain;
create index chunk_vector_document on chunk_vector (model, document_id, side);

-- The index that finds near vectors, one for each model and side: empty when a generation begins, so that
-- nobody waits for it, and written with the vectors from then on (docs/decisions/0007-dense-search.md).
create function vector_index(model int, side smallint) returns text
language sql immutable parallel safe
return format('chunk_vector_near_%s_%s', model, side);

create function make_vector_index(wanted_model int, wanted_side smallint) returns void
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    execute format(
        'create index if not exists %I on chunk_vector'
        ' using hnsw ((cast(vector as public.halfvec(%s))) public.halfvec_ip_ops)'
        ' with (m = 32, ef_construction = 400) where model = %s and side = %s',
        vector_index(wanted_model, wanted_side),
        (select dimensions from embedding_model where id = wanted_model), wanted_model, wanted_side
    );
end;
$$;

create function drop_vector_index(old_model int, old_side smallint) returns void
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    execute format('drop index if exists %I', vector_index(old_model, old_side));
end;
$$;

-- Documents whose passages wait for vectors, with what a worker claims.
create table embedding_task (
    document_id      bigint not null references document on delete cascade,
    side             smallint not null,
    model            int not null references embedding_model on delete cascade,
    priority         int not null default 0,
    wanted_at        timestamptz not null default now(),
    claim            uuid,
    claimed_until    timestamptz,
    primary key (document_id, side, model)
);
create index embedding_task_order on embedding_task (model, priority desc, wanted_at desc);
create index embedding_task_claim on embedding_task (claim) where claim is not null;

create function live_side() returns smallint
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
begin atomic
    select side from generation where state = 'live';
end;
comment on function live_side() is 'The side whose readings are shown and searched';

create function live_model()
returns table (
    id int, kind text, location text, options jsonb, secrets bytea, dimensions int, highest smallint
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select model.id, model.kind, model.location, model.options, model.secrets, model.dimensions,
        model.highest
    from generation
    join embedding_model model on model.id = generation.model
    where generation.state = 'live';
end;
comment on function live_model() is 'The model that questions are put to; its secrets are encrypted';

-- A reading on the other side, as it is, with its vectors of one model.
create function copy_reading(wanted bigint, target smallint, with_model int, reason text) returns void
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    insert into reading (document_id, side, format, title, stated, author, language, modified, page_count,
        family, parser_version, chunker_version, language_version, indexed_at, kept)
    select document_id, target, format, title, stated, author, language, modified, page_count, family,
        parser_version, chunker_version, language_version, indexed_at, reason
    from reading
    where document_id = wanted and side = 1 - target;
    insert into chunk (document_id, side, position, text, heading_path, kind, page_first, page_last, sheet,
        cells, boxes, language, content_hash)
    select document_id, target, position, text, heading_path, kind, page_first, page_last, sheet,
        cells, boxes, language, content_hash
    from chunk
    where document_id = wanted and side = 1 - target;
    insert into chunk_index (chunk_id, document_id, side, position, impacts)
    select copied.id, wanted, target, entry.position, entry.impacts
    from chunk_index entry
    join chunk copied
        on copied.document_id = wanted and copied.side = target and copied.position = entry.position
    where entry.document_id = wanted and entry.side = 1 - target;
    insert into document_index (document_id, side, impacts)
    select document_id, target, impacts from document_index
    where document_id = wanted and side = 1 - target;
    insert into chunk_vector (chunk_id, model, document_id, side, position, vector)
    select copied.id, entry.model, wanted, target, entry.position, entry.vector
    from chunk_vector entry
    join chunk copied
        on copied.document_id = wanted and copied.side = target and copied.position = entry.position
    where entry.document_id = wanted and entry.side = 1 - target and entry.model = with_model;
end;
$$;

-- What search keeps of passages of a document, and of it as a whole, said again: the name of their file counts.
create function rewrite_index(
    chunk_ids bigint[], entries text[], wanted bigint, wanted_side smallint, whole text
) returns void
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    update chunk_index set impacts = cast(entry.impacts as public.sparsevec)
    from unnest(chunk_ids, entries) as entry(chunk_id, impacts)
    where chunk_index.chunk_id = entry.chunk_id;
    update document_index set impacts = cast(whole as public.sparsevec)
    where document_id = wanted and side = wanted_side and whole is not null;
end;

-- What a model may be sent now and might not before waits for its vectors.
create function want_vectors() returns trigger
language plpgsql security definer
set search_path = centaure, pg_temp
as $$
begin
    insert into embedding_task (document_id, side, model)
    select distinct new.id, reading.side, model.id
    from reading
    join generation on generation.side = reading.side and generation.state <> 'leaving'
    join embedding_model model on model.id = generation.model and new.classification <= model.highest
    where reading.document_id = new.id
    on conflict (document_id, side, model) do update set claim = null, claimed_until = null;
    return null;
end;
$$;
create trigger want_vectors after update of classification, readers on document
for each row when (new.classification < old.classification or old.readers = '{}' and new.readers <> '{}')
execute function want_vectors();

-- Which documents of a side wait for a model's vectors: first those that people open most, then the latest.
create function plan_embedding(wanted_model int, wanted_side smallint) returns void
language sql volatile security definer
set search_path = centaure, pg_temp
begin atomic
    insert into embedding_task (document_id, side, model, priority, wanted_at)
    select reading.document_id, reading.side, wanted_model,
        coalesce(least(opened.times, 999999), 0), coalesce(reading.modified, reading.indexed_at)
    from reading
    left join (
        select object, count(*) as times
        from audit_event
        where action = 'document_open' and at > now() - interval '90 days'
        group by object
    ) as opened on opened.object = 'document:' || reading.document_id
    join document on document.id = reading.document_id
    join embedding_model model on model.id = wanted_model and document.classification <= model.highest
    where reading.side = wanted_side and exists (
        select from chunk
        where chunk.document_id = reading.document_id and chunk.side = reading.side and not exists (
            select from chunk_vector
            where chunk_vector.chunk_id = chunk.id and chunk_vector.model = wanted_model))
    on conflict do nothing;
end;
