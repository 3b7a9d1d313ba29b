-- Questions that documents answered badly, for those who look after documents. Of a question, its telling words are
-- kept beside its answer, and go with it; its text stays in the conversation. No role reads what others asked: the
-- functions below give curators what three people besides themselves have in common, and what its author sent them.

create table gap (
    id               bigint generated always as identity primary key,
    state            text not null check (state in ('requested', 'dealt', 'elsewhere')),
    note             text not null default '' check (length(note) <= 500),
    decided_by       int references principal on delete set null,
    decided_at       timestamptz not null default now()
);
comment on table gap is 'What curators made of questions that have words in common; without one, nothing so far.';

create table gap_question (
    turn_id          bigint primary key references turn on delete cascade,      -- the answer
    day              date not null default current_date,
    kept             boolean not null default false,      -- by the installation, without words of its author's
    sent             boolean not null default false,      -- to curators, by its author
    reason           text not null default ''
                     check (reason in ('', 'missing', 'wrong', 'outdated', 'incomplete', 'other')),
    comment          text not null default '' check (length(comment) <= 1000),
    stems            text[] not null,                     -- of its telling words
    words            text[] not null,                     -- as they were written
    weights          float8[] not null,                   -- what each tells, in nats
    gap_id           bigint references gap on delete set null,
    check (kept or sent),
    check (sent or (reason = '' and comment = '')),
    check (cardinality(stems) <= 8 and cardinality(words) = cardinality(stems)
        and cardinality(weights) = cardinality(stems))
);
create index gap_question_day on gap_question (day);
create index gap_question_gap on gap_question (gap_id) where gap_id is not null;

-- The latest questions that still count, for the functions below alone.
create function gap_asked()
returns table (turn_id bigint, owner int, other boolean, day date, language text, unanswered boolean, disliked boolean,
    sent boolean, gap_id bigint, stems text[], words text[], weights float8[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select question.turn_id, conversation.owner, conversation.owner <> current_principal(), question.day,
        turn.language, not turn.answerable or coalesce(turn.fallback = 'withheld', false),
        coalesce(turn.thumb = 'useless', false), question.sent, question.gap_id, question.stems, question.words,
        question.weights
    from gap_question question
    join turn on turn.id = question.turn_id
    join conversation on conversation.id = turn.conversation_id
    where has_role('curator') and question.day > current_date - 90
        and (question.sent or not turn.answerable or turn.fallback = 'withheld' or turn.thumb = 'useless')
    order by question.turn_id desc
    limit 5000;
end;

-- What holds questions together: one word that tells much, or two that tell as much together, asked by so many people
-- besides who looks. Of several, that which most people asked and which tells most.
create function gap_hearts(given bigint[], fewest int) returns table (turn_id bigint, heart text[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.* from gap_asked() as found where found.turn_id = any(given)
    ), said as materialized (
        select asked.turn_id, asked.owner, asked.other, word.stem, word.weight
        from asked cross join lateral unnest(asked.stems, asked.weights) as word(stem, weight)
    ), possible as materialized (
        select said.turn_id, said.owner, said.other, array[said.stem] as heart, said.weight
        from said where said.weight >= 4.5
        union all
        select one.turn_id, one.owner, one.other, array[one.stem, two.stem], one.weight + two.weight
        from said one
        join said two on two.turn_id = one.turn_id and one.stem collate "C" < two.stem collate "C"
        where one.weight < 4.5 and two.weight < 4.5 and one.weight + two.weight >= 4.5
    ), worth as (
        select possible.heart, count(distinct possible.owner) * max(possible.weight) as worth
        from possible
        group by possible.heart
        having count(distinct possible.owner) filter (where possible.other) >= fewest
    ), chosen as (
        select distinct on (possible.turn_id) possible.turn_id, possible.owner, possible.other, possible.heart
        from possible join worth on worth.heart = possible.heart
        order by possible.turn_id, worth.worth desc, possible.heart collate "C"
    )
    select chosen.turn_id, chosen.heart
    from chosen
    where chosen.heart in (
        select again.heart from chosen again
        group by again.heart
        having count(distinct again.owner) filter (where again.other) >= fewest);
end;

-- The groups of which nothing was made so far: what three people or more have in common, then what was sent besides.
create function gap_members() returns table (heart text[], turns bigint[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.turn_id, found.sent from gap_asked() as found where found.gap_id is null
    ), together as materialized (
        select found.turn_id, found.heart
        from gap_hearts((select array_agg(asked.turn_id) from asked), 3) as found
    ), left_over as materialized (
        select asked.turn_id from asked
        where asked.sent and not exists (select from together where together.turn_id = asked.turn_id)
    ), sent as (
        select left_over.turn_id, coalesce(found.heart, cast(array[] as text[])) as heart
        from left_over
        left join gap_hearts((select array_agg(left_over.turn_id) from left_over), 0) as found
            on found.turn_id = left_over.turn_id
    )
    select every.heart, array_agg(every.turn_id order by every.turn_id)
    from (select together.turn_id, together.heart from together
          union all select sent.turn_id, sent.heart from sent) as every
    group by every.heart;
end;

-- What a curator is told of some questions: what three others have in common, and the texts that were sent.
create function gap_summary(given bigint[])
returns table (words text[], questions bigint, people bigint, unanswered bigint, disliked bigint, languages text[],
    last_day date, sent jsonb)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.* from gap_asked() as found where found.turn_id = any(given)
    ), said as (
        select word.stem, mode() within group (order by word.word collate "C") as word,
            count(distinct asked.owner) as people, max(word.weight) as weight
        from asked cross join lateral unnest(asked.stems, asked.words, asked.weights) as word(stem, word, weight)
        group by word.stem
        having count(distinct asked.owner) filter (where asked.other) >= 3 or bool_or(asked.sent)
    ), spoken as (
        select asked.language from asked where asked.language <> ''
        group by asked.language
        having count(distinct asked.owner) filter (where asked.other) >= 3 or bool_or(asked.sent)
    ), texts as (
        select asked.turn_id, asked.day, question.text, sent.reason, sent.comment, asked.unanswered, asked.disliked
        from asked
        join gap_question sent on sent.turn_id = asked.turn_id
        join turn on turn.id = asked.turn_id
        join turn question on question.id = turn.parent_id
        where asked.sent
        order by asked.turn_id desc
        limit 20
    ), counted as (
        select count(*) as questions, count(distinct asked.owner) as people,
            count(distinct asked.owner) filter (where asked.other) >= 3 as enough,
            case when count(distinct asked.owner) filter (where asked.other and asked.unanswered) >= 3
                then count(*) filter (where asked.unanswered) end as unanswered,
            case when count(distinct asked.owner) filter (where asked.other and asked.disliked) >= 3
                then count(*) filter (where asked.disliked) end as disliked,
            max(asked.day) as last_day, max(asked.day) filter (where asked.sent) as last_sent
        from asked
    )
    select
        (select coalesce(array_agg(said.word order by said.people desc, said.weight desc, said.stem collate "C"),
            cast(array[] as text[])) from said),
        case when counted.enough then counted.questions end,
        case when counted.enough then counted.people end,
        counted.unanswered,
        counted.disliked,
        (select coalesce(array_agg(spoken.language order by spoken.language), cast(array[] as text[])) from spoken),
        case when counted.enough then counted.last_day else counted.last_sent end,
        (select coalesce(jsonb_agg(jsonb_build_object('question', texts.text, 'reason', texts.reason, 'comment',
            texts.comment, 'day', texts.day, 'unanswered', texts.unanswered, 'disliked', texts.disliked)
            order by texts.turn_id desc), cast('[]' as jsonb)) from texts)
    from counted;
end;

create function gap_groups(given text)
returns table (id bigint, heart text[], words text[], questions bigint, people bigint, unanswered bigint,
    disliked bigint, languages text[], last_day date, sent jsonb, note text, decided_by text, decided_at timestamptz)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with found as (
        select cast(null as bigint) as id, members.heart, members.turns, cast('' as text) as note,
            cast('' as text) as decided_by, cast(null as timestamptz) as decided_at
        from gap_members() as members
        where given = 'open'
        union all
        select gap.id, cast(array[] as text[]), settled.turns, gap.note, coalesce(user_account.name, ''), gap.decided_at
        from gap
        join (select asked.gap_id, array_agg(asked.turn_id) as turns from gap_asked() as asked group by asked.gap_id)
            as settled on settled.gap_id = gap.id
        left join user_account on user_account.principal_id = gap.decided_by
        where gap.state = given
    )
    select found.id, found.heart, told.words, told.questions, told.people, told.unanswered, told.disliked,
        told.languages, told.last_day, told.sent, found.note, found.decided_by, found.decided_at
    from found cross join lateral gap_summary(found.turns) as told
    where told.people is not null or told.sent <> cast('[]' as jsonb)
    order by found.decided_at desc nulls first, told.people desc nulls last, told.questions desc nulls last,
        told.last_day desc, found.heart collate "C", found.id
    limit 200;
end;
comment on function gap_groups(text) is
    'Groups of questions that documents answered badly, for curators; nothing for anybody else. Counts are null where '
    'fewer than three people besides who looks asked, and words, languages and days are then those that were sent.';

-- A curator says what is made of a group that shows to them; null: there is none.
create function settle_gap(given text[], given_state text, given_note text) returns bigint
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    members bigint[];
    added bigint;
begin
    select found.turns into members from gap_members() as found where found.heart = given;
    if members is null then
        return null;
    end if;
    insert into gap (state, note, decided_by) values (given_state, given_note, current_principal())
    returning id into added;
    update gap_question set gap_id = added where turn_id = any(members);
    return added;
end;
$$;
