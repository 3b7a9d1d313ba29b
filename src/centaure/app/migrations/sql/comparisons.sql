-- Blind comparisons: one question answered by two settings, and which answer somebody prefers.
--
-- A vote outlasts the words that it is about: these are removed when they are old, and ranks go on.

create table comparison (
    id               bigint generated always as identity primary key,
    principal        int not null references principal on delete cascade,        -- who asks
    kind             text not null check (kind in ('model', 'prompt', 'retrieval')),
    task             text not null check (task in ('fact', 'procedure', 'figure', 'overview', 'other')),
    language         text not null default '',
    state            text not null default 'answering' check (state in ('answering', 'done', 'stopped', 'failed')),
    counts           boolean not null default false,      -- each side is really an answer of its setting
    vote             text check (vote in ('left', 'right', 'equal', 'neither')),
    reasons          text[] not null default '{}',
    consent          boolean not null default false,      -- to be exported as a preference
    asked_at         timestamptz not null default now(),
    voted_at         timestamptz,
    check ((vote is null) = (voted_at is null)),
    check (vote is null or state = 'done'),
    check (not consent or vote is not null)
);
create index comparison_of on comparison (principal, id desc);
create index comparison_counted on comparison (kind) where counts and vote is not null;
create index comparison_open on comparison (asked_at) where vote is null;

create table comparison_side (
    comparison_id    bigint not null references comparison on delete cascade,
    side             text not null check (side in ('left', 'right')),
    player           text not null check (length(player) <= 200),  -- in ranks; empty: in none
    words            text not null default '' check (length(words) <= 2000),  -- of a prompt of one's own
    model            text not null default '',            -- that wrote the answer; empty: quotations
    generation       bigint,                              -- the record of its call
    prompt_version   text not null default '',
    fallback         text,
    primary key (comparison_id, side)
);

create table comparison_text (
    comparison_id    bigint primary key references comparison on delete cascade,
    at               timestamptz not null default now(),
    question         text not null,
    comment          text not null default '' check (length(comment) <= 1000)
);
create index comparison_text_age on comparison_text (at);

create table comparison_answer (
    comparison_id    bigint not null references comparison_text on delete cascade,
    side             text not null check (side in ('left', 'right')),
    answerable       boolean not null,
    sentences        jsonb not null,
    citations        jsonb not null,
    documents        bigint[] not null,                   -- whose words it may repeat
    hashes           bytea[] not null,                    -- of these, as they were; empty: one changed meanwhile
    classification   smallint not null check (classification between 0 and 3),  -- the highest of these
    approved         bigint,                              -- somebody stands for it, and decides who reads it
    primary key (comparison_id, side),
    check (cardinality(documents) = cardinality(hashes))
);

-- What was said in the calls that wrote both answers goes with the comparison. What other calls of it said (judging,
-- rewording, attempts that were given up) is removed with the age of their records.
create function erase_what_sides_said() returns trigger
language plpgsql security definer
set search_path = centaure, pg_temp
as $$
begin
    delete from model_generation_text where generation = old.generation;
    return null;
end;
$$;
create trigger erase_what_sides_said
after delete on comparison_side
for each row
execute function erase_what_sides_said();

-- How often each of two settings was preferred, everybody's votes together; no words, and nobody's name. Of the votes
-- of one person on the same two in a day (UTC), the latest counts: nobody makes a ranking alone.
create function comparison_totals(given_kind text, given_task text, given_language text)
returns table (one text, other text, one_won bigint, other_won bigint, equal bigint, neither bigint)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with voted as (
        select distinct on (comparison.principal, one, other, day)
            least(lefts.player, rights.player) as one, greatest(lefts.player, rights.player) as other,
            cast(comparison.voted_at at time zone 'UTC' as date) as day,
            lefts.player < rights.player as in_order, comparison.vote
        from comparison
        join comparison_side lefts on lefts.comparison_id = comparison.id and lefts.side = 'left'
        join comparison_side rights on rights.comparison_id = comparison.id and rights.side = 'right'
        where comparison.counts and comparison.vote is not null and comparison.kind = given_kind
            and (given_task is null or comparison.task = given_task)
            and (given_language is null or comparison.language = given_language)
            and lefts.player <> '' and rights.player <> '' and lefts.player <> rights.player
            and clearance_of(current_principal()) >= 0
        order by comparison.principal, one, other, day, comparison.voted_at desc, comparison.id desc
    )
    select voted.one, voted.other,
        count(*) filter (where voted.vote = case when voted.in_order then 'left' else 'right' end),
        count(*) filter (where voted.vote = case when voted.in_order then 'right' else 'left' end),
        count(*) filter (where voted.vote = 'equal'),
        count(*) filter (where voted.vote = 'neither')
    from voted
    group by voted.one, voted.other
    order by voted.one, voted.other;
end;
