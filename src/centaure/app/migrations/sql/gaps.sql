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

-- What a curator is told of each group: what three others have in common, and the texts that were sent.
create function gap_groups(given text)
returns table (id bigint, heart text[], words text[], questions bigint, people bigint, unanswered bigint,
    disliked bigint, languages text[], last_day date, sent jsonb, note text, decided_by text, decided_at timestamptz)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.* from gap_asked() as found
    ), found as materialized (
        select cast(null as bigint) as id, members.heart, one.turn_id
        from gap_members() as members cross join lateral unnest(members.turns) as one(turn_id)
        where given = 'open'
        union all
        select gap.id, cast(array[] as text[]), asked.turn_id
        from gap join asked on asked.gap_id = gap.id
        where gap.state = given
    ), member as materialized (
        select dense_rank() over (order by found.id, found.heart collate "C") as place, found.id as settled, found.heart,
            asked.*
        from found join asked on asked.turn_id = found.turn_id
    ), counted as (
        select member.place, member.settled, member.heart, count(*) as questions,
            count(distinct member.owner) as people,
            count(distinct member.owner) filter (where member.other) >= 3 as enough,
            case when count(distinct member.owner) filter (where member.other and member.unanswered) >= 3
                then count(*) filter (where member.unanswered) end as unanswered,
            case when count(distinct member.owner) filter (where member.other and member.disliked) >= 3
                then count(*) filter (where member.disliked) end as disliked,
            max(member.day) as last_day, max(member.day) filter (where member.sent) as last_sent,
            bool_or(member.sent) as any_sent
        from member
        group by member.place, member.settled, member.heart
    ), said as (
        select member.place, word.stem, mode() within group (order by word.word collate "C") as word,
            count(distinct member.owner) as people, max(word.weight) as weight
        from member
        cross join lateral unnest(member.stems, member.words, member.weights) as word(stem, word, weight)
        group by member.place, word.stem
        having count(distinct member.owner) filter (where member.other) >= 3 or bool_or(member.sent)
    ), wording as (
        select said.place,
            array_agg(said.word order by said.people desc, said.weight desc, said.stem collate "C") as words
        from said group by said.place
    ), spoken as (
        select member.place, member.language from member
        where member.language <> ''
        group by member.place, member.language
        having count(distinct member.owner) filter (where member.other) >= 3 or bool_or(member.sent)
    ), speech as (
        select spoken.place, array_agg(spoken.language order by spoken.language) as languages
        from spoken group by spoken.place
    ), latest as (
        select member.place, member.turn_id, member.day, member.unanswered, member.disliked,
            row_number() over (partition by member.place order by member.turn_id desc) as nth
        from member where member.sent
    ), texts as (
        select latest.place, jsonb_agg(jsonb_build_object('question', question.text, 'reason', written.reason,
            'comment', written.comment, 'day', latest.day, 'unanswered', latest.unanswered,
            'disliked', latest.disliked) order by latest.turn_id desc) as sent
        from latest
        join gap_question written on written.turn_id = latest.turn_id
        join turn on turn.id = latest.turn_id
        join turn question on question.id = turn.parent_id
        where latest.nth <= 20
        group by latest.place
    )
    select counted.settled, counted.heart, coalesce(wording.words, cast(array[] as text[])),
        case when counted.enough then counted.questions end,
        case when counted.enough then counted.people end,
        counted.unanswered, counted.disliked, coalesce(speech.languages, cast(array[] as text[])),
        case when counted.enough then counted.last_day else counted.last_sent end,
        coalesce(texts.sent, cast('[]' as jsonb)),
        coalesce(gap.note, ''), coalesce(user_account.name, ''), gap.decided_at
    from counted
    left join wording on wording.place = counted.place
    left join speech on speech.place = counted.place
    left join texts on texts.place = counted.place
    left join gap on gap.id = counted.settled
    left join user_account on user_account.principal_id = gap.decided_by
    where counted.enough or counted.any_sent
    order by gap.decided_at desc nulls first, case when counted.enough then counted.people end desc nulls last,
        case when counted.enough then counted.questions end desc nulls last, counted.heart collate "C", counted.settled
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
