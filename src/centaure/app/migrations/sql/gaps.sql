-- Questions that documents answered badly, for those who look after documents. Of a question, its telling words are
-- kept beside its answer, and go with it; its text stays in the conversation. No role reads what others asked: the
-- functions below give curators what three people besides themselves have in common, and what its author sent them.

create table gap (
    id               bigint generated always as identity primary key,
    state            text not null check (state in ('requested', 'resolved', 'out_of_scope')),
    note             text not null default '' check (length(note) <= 500),
    decided_by       int references principal on delete set null,
    decided_at       timestamptz not null default now()
);
comment on table gap is 'What curators made of questions that have words in common; without one, nothing so far.';

create table gap_question (
    turn_id          bigint primary key references turn on delete cascade,      -- the answer
    name             uuid not null default gen_random_uuid(),                   -- to curators: a turn has an author
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

-- The latest questions that still count, for the functions below alone: of each person so many that nobody's flood
-- hides what others asked.
create function gap_asked()
returns table (turn_id bigint, owner int, other boolean, day date, language text, unanswered boolean, disliked boolean,
    sent boolean, gap_id bigint, stems text[], words text[], weights float8[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with counting as (
        select question.turn_id, conversation.owner, conversation.owner <> current_principal() as other, question.day,
            turn.language, not turn.answerable or coalesce(turn.fallback = 'withheld', false) as unanswered,
            coalesce(turn.thumb = 'useless', false) as disliked, question.sent, question.gap_id, question.stems,
            question.words, question.weights,
            row_number() over (partition by conversation.owner order by question.turn_id desc) as nth
        from gap_question question
        join turn on turn.id = question.turn_id
        join conversation on conversation.id = turn.conversation_id
        where has_role('curator') and question.day > current_date - 90
            and (question.sent or not turn.answerable or turn.fallback = 'withheld' or turn.thumb = 'useless')
    )
    select counting.turn_id, counting.owner, counting.other, counting.day, counting.language, counting.unanswered,
        counting.disliked, counting.sent, counting.gap_id, counting.stems, counting.words, counting.weights
    from counting
    where counting.nth <= 50
    order by counting.nth, counting.turn_id desc
    limit 2000;
end;

-- What holds questions together: one word that tells much, or two that tell as much together, asked by so many people
-- besides who looks. Of several, that which most people asked and which tells most.
create function gap_terms(given bigint[], fewest int) returns table (turn_id bigint, terms text[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.* from gap_asked() as found where found.turn_id = any(given)
    ), said as materialized (
        select asked.turn_id, asked.owner, asked.other, word.stem, word.weight
        from asked cross join lateral unnest(asked.stems, asked.weights) as word(stem, weight)
    ), possible as materialized (
        select said.turn_id, said.owner, said.other, array[said.stem] as terms, said.weight
        from said where said.weight >= 4.5
        union all
        select one.turn_id, one.owner, one.other, array[one.stem, two.stem], one.weight + two.weight
        from said one
        join said two on two.turn_id = one.turn_id and one.stem collate "C" < two.stem collate "C"
        where one.weight < 4.5 and two.weight < 4.5 and one.weight + two.weight >= 4.5
    ), worth as (
        select possible.terms, count(distinct possible.owner) * max(possible.weight) as worth
        from possible
        group by possible.terms
        having count(distinct possible.owner) filter (where possible.other) >= fewest
    ), chosen as (
        select distinct on (possible.turn_id) possible.turn_id, possible.owner, possible.other, possible.terms
        from possible join worth on worth.terms = possible.terms
        order by possible.turn_id, worth.worth desc, possible.terms collate "C"
    )
    select chosen.turn_id, chosen.terms
    from chosen
    where chosen.terms in (
        select again.terms from chosen again
        group by again.terms
        having count(distinct again.owner) filter (where again.other) >= fewest);
end;

-- The groups of which nothing was made so far: what three people or more have in common, then what was sent besides,
-- each question alone where it has no telling words.
create function gap_members() returns table (terms text[], turns bigint[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.turn_id, found.sent from gap_asked() as found where found.gap_id is null
    ), together as materialized (
        select found.turn_id, found.terms
        from gap_terms((select array_agg(asked.turn_id) from asked), 3) as found
    ), left_over as materialized (
        select asked.turn_id, question.name
        from asked join gap_question question on question.turn_id = asked.turn_id
        where asked.sent and not exists (select from together where together.turn_id = asked.turn_id)
    ), sent as (
        select left_over.turn_id, coalesce(found.terms, array[cast(left_over.name as text)]) as terms
        from left_over
        left join gap_terms((select array_agg(left_over.turn_id) from left_over), 0) as found
            on found.turn_id = left_over.turn_id
    )
    select every.terms, array_agg(every.turn_id order by every.turn_id)
    from (select together.turn_id, together.terms from together
          union all select sent.turn_id, sent.terms from sent) as every
    group by every.terms;
end;

-- What a curator is told of each group: what three others have in common, and the texts that were sent.
create function gap_groups(given text)
returns table (id bigint, terms text[], words text[], questions bigint, people bigint, unanswered bigint,
    disliked bigint, languages text[], last_day date, sent jsonb, note text, decided_by text, decided_at timestamptz)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with asked as materialized (
        select found.* from gap_asked() as found
    ), found as materialized (
        select cast(null as bigint) as id, members.terms, one.turn_id
        from gap_members() as members cross join lateral unnest(members.turns) as one(turn_id)
        where given = 'open'
        union all
        select gap.id, cast(array[] as text[]), asked.turn_id
        from gap join asked on asked.gap_id = gap.id
        where gap.state = given
    ), member as materialized (
        select dense_rank() over (order by found.id, found.terms collate "C") as place, found.id as settled, found.terms,
            asked.*
        from found join asked on asked.turn_id = found.turn_id
    ), counted as (
        select member.place, member.settled, member.terms, count(*) as questions,
            count(distinct member.owner) as people,
            count(distinct member.owner) filter (where member.other) >= 3 as enough,
            case when count(distinct member.owner) filter (where member.other and member.unanswered) >= 3
                then count(*) filter (where member.unanswered) end as unanswered,
            case when count(distinct member.owner) filter (where member.other and member.disliked) >= 3
                then count(*) filter (where member.disliked) end as disliked,
            max(member.day) as last_day, max(member.day) filter (where member.sent) as last_sent,
            bool_or(member.sent) as any_sent
        from member
        group by member.place, member.settled, member.terms
    ), said as (
        -- Of fewer people, as those wrote them who sent their questions.
        select member.place, word.stem, max(word.weight) as weight,
            case when count(distinct member.owner) filter (where member.other) >= 3
                then mode() within group (order by word.word collate "C")
                else mode() within group (order by word.word collate "C") filter (where member.sent) end as word,
            case when count(distinct member.owner) filter (where member.other) >= 3
                then count(distinct member.owner) else 0 end as people
        from member
        cross join lateral unnest(member.stems, member.words, member.weights) as word(stem, word, weight)
        group by member.place, word.stem
        having count(distinct member.owner) filter (where member.other) >= 3 or bool_or(member.sent)
    ), wording as (
        select said.place,
            (array_agg(said.word order by said.people desc, said.weight desc, said.stem collate "C"))[1:12] as words
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
        select latest.place, jsonb_agg(jsonb_build_object('question', left(question.text, 2000), 'reason', written.reason,
            'comment', written.comment, 'day', latest.day, 'unanswered', latest.unanswered,
            'disliked', latest.disliked) order by latest.day desc, written.name) as sent
        from latest
        join gap_question written on written.turn_id = latest.turn_id
        join turn on turn.id = latest.turn_id
        join turn question on question.id = turn.parent_id
        where latest.nth <= 20
        group by latest.place
    )
    select counted.settled, counted.terms, coalesce(wording.words, cast(array[] as text[])),
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
        case when counted.enough then counted.questions end desc nulls last, counted.terms collate "C", counted.settled
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
    select found.turns into members from gap_members() as found where found.terms = given;
    -- Somebody may settle the same group meanwhile: who comes second finds none of its questions left.
    members := array(
        select turn_id from gap_question where turn_id = any(members) and gap_id is null order by turn_id for update);
    if cardinality(members) = 0 then
        return null;
    end if;
    insert into gap (state, note, decided_by) values (given_state, given_note, current_principal())
    returning id into added;
    update gap_question set gap_id = added where turn_id = any(members);
    return added;
end;
$$;
