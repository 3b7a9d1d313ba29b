-- Every call of a language model, with what is needed to account for it; quotas, and what was used of them.
--
-- The application writes none of this itself: begin_generation(), finish_generation() and refuse_generation()
-- do, for the principal of the transaction, whose groups they derive here.

create table model_generation (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    due timestamptz not null default now(),
    principal int references user_account on delete set null,
    key_id bigint references api_key on delete set null,
    purpose text not null check (length(purpose) between 1 and 40),
    assistant text not null check (length(assistant) <= 200),
    use_case text not null check (length(use_case) <= 200),
    conversation bigint,
    classification smallint not null check (classification between 0 and 3),
    language text not null check (length(language) <= 20),
    prompt_version text not null check (length(prompt_version) <= 200),
    model_id int,
    model_name text,
    model_kind text,
    provider_model text,
    zone text,
    attempt smallint not null check (attempt >= 1),
    follows bigint references model_generation on delete set null,
    follows_as text check (follows_as in ('fallback', 'hedge')),
    parameters jsonb not null check (jsonb_typeof(parameters) = 'object'),
    prompt_characters int not null,
    answer_characters int,
    prompt_tokens int,
    completion_tokens int,
    tokens_counted boolean,
    cost_micro_euros bigint,
    energy_kwh_low float8,
    energy_kwh_high float8,
    co2e_g_low float8,
    co2e_g_high float8,
    water_l_low float8,
    water_l_high float8,
    footprint_method text,
    first_ms int,
    duration_ms int,
    ended text check (ended in ('done', 'length', 'cancelled', 'failed', 'refused', 'cut', 'lost')),
    problem text not null default '' check (length(problem) <= 1000),
    verdicts jsonb not null default '[]' check (jsonb_typeof(verdicts) = 'array')
);
create index on model_generation (at);
create index on model_generation (principal, at);
create index on model_generation (conversation) where conversation is not null;
create index on model_generation (due) where ended is null;
comment on column model_generation.due is 'When the longest call of this kind is over: still open then, it is lost.';
comment on column model_generation.model_id is 'Of the catalogue; no reference, since models leave it and records do not.';
comment on column model_generation.tokens_counted is 'By the provider; false: estimated from the length of the texts.';
comment on column model_generation.cost_micro_euros is 'Null: the price of the model is not known.';

create table model_generation_text (
    generation bigint primary key references model_generation on delete cascade,
    principal int not null references user_account on delete cascade,
    at timestamptz not null default now(),
    prompt jsonb not null,
    answer text
);
create index on model_generation_text (at);
comment on table model_generation_text is
    'What was said, apart from the record: its author alone reads it, and it is erased when it is old. Calls that '
    'are refused have none.';

create table quota (
    id int generated always as identity primary key,
    subject text not null check (subject in ('everybody', 'user', 'group', 'assistant', 'use_case', 'key')),
    principal int references principal on delete cascade,
    name text check (length(name) between 1 and 200),
    key_id bigint references api_key on delete cascade,
    measure text not null check (measure in ('requests', 'tokens', 'euros', 'co2e_g')),
    amount numeric(18, 6) not null check (amount between 0 and 1e11),
    period text not null check (period in ('hour', 'day', 'month')),
    each boolean not null,
    check ((principal is not null) = (subject in ('user', 'group'))),
    check ((name is not null) = (subject in ('assistant', 'use_case'))),
    check ((key_id is not null) = (subject = 'key')),
    check (not each or subject not in ('user', 'key')),
    unique nulls not distinct (subject, principal, name, key_id, measure, period, each)
);
comment on column quota.each is 'Whether every person has the amount to themselves; else all share it.';

-- No reference to quota, here and below: one that is removed leaves nothing to wait for, and the worker
-- clears what is left.
create table quota_use (
    quota int not null,
    member int not null,
    begins timestamptz not null,
    used numeric(20, 6) not null default 0,
    held numeric(20, 6) not null default 0,
    primary key (quota, member, begins)
);
comment on table quota_use is
    'Counters: of one quota, one person (0: all together) and one period. used: by calls that ended; held: for '
    'those that go on.';

create table quota_hold (
    generation bigint not null references model_generation on delete cascade,
    quota int not null,
    member int not null,
    begins timestamptz not null,
    measure text not null,
    amount numeric(20, 6) not null check (amount >= 0),
    primary key (generation, quota)
);
comment on table quota_hold is 'What a call that goes on holds of each counter.';

-- Quotas that a call by the principal of the transaction meets, each with its counter of now. Periods are of UTC.
create function quotas_met(given_assistant text, given_use_case text, given_keys bigint[])
returns table (
    quota int, subject text, name text, measure text, amount numeric, period text, each boolean, member int,
    begins timestamptz, renews timestamptz
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select met.id, met.subject, coalesce(met.name, named.label, ''), met.measure, met.amount, met.period, met.each,
        case when met.each then current_principal() else 0 end,
        date_trunc(met.period, now(), 'UTC'),
        date_add(date_trunc(met.period, now(), 'UTC'), cast('1 ' || met.period as interval), 'UTC')
    from quota met
    left join principal named on named.id = met.principal
    where case met.subject
        when 'everybody' then true
        when 'user' then met.principal = current_principal()
        when 'group' then met.principal = any (cast((select current_principals()) as int[]))
        when 'assistant' then met.name = given_assistant
        when 'use_case' then met.name = given_use_case
        when 'key' then met.key_id = any (given_keys)
    end;
end;

create function write_generation(facts jsonb, prompt jsonb, new_ended text, new_problem text) returns bigint
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    made bigint;
    held constant bigint := cast(facts ->> 'conversation' as bigint);
begin
    if held is not null then
        -- What is said for a conversation goes with it, or with a file of it: neither is removed before this is
        -- there to go too, and what was read before a file was removed is not kept.
        perform from conversation
        where id = held and owner = current_principal()
            and erasures = coalesce(cast(facts ->> 'erasures' as int), 0)
        for key share;
        if not found then
            prompt := null;
        end if;
    end if;
    insert into model_generation (due, principal, key_id, purpose, assistant, use_case, conversation,
        classification, language, prompt_version, model_id, model_name, model_kind, provider_model, zone, attempt,
        follows, follows_as, parameters, prompt_characters, verdicts, ended, problem)
    select now() + make_interval(secs => given.longest_s), current_principal(), given.key_id, given.purpose,
        given.assistant, given.use_case, given.conversation, given.classification, given.language,
        given.prompt_version, given.model_id, given.model_name, given.model_kind, given.provider_model, given.zone,
        given.attempt, given.follows, given.follows_as, given.parameters, given.prompt_characters, given.verdicts,
        new_ended, new_problem
    from jsonb_to_record(facts) as given(
        longest_s float8, key_id bigint, purpose text, assistant text, use_case text, conversation bigint,
        classification smallint, language text, prompt_version text, model_id int, model_name text,
        model_kind text, provider_model text, zone text, attempt smallint, follows bigint, follows_as text,
        parameters jsonb, prompt_characters int, verdicts jsonb
    )
    returning id into made;
    if prompt is not null then
        insert into model_generation_text (generation, principal, prompt)
        values (made, current_principal(), prompt);
    end if;
    return made;
end;
$$;

-- Records a call that begins, and holds what it may take of every quota that it meets: all or none. Counters are
-- locked last and in the order of their quotas, so that calls wait shortly for each other and never in a circle.
-- Where a quota does not suffice the record becomes one of a refusal, and the row tells of the quota that is
-- renewed last. No row: there is no such account any more.
create function begin_generation(facts jsonb, prompt jsonb, tokens numeric, euros numeric, co2e_g numeric)
returns table (
    generation bigint, quota int, subject text, name text, measure text, amount numeric, period text,
    each boolean, taken numeric, wanted numeric, renews timestamptz, wait_s float8
)
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
#variable_conflict use_column
declare
    met record;
    counter record;
    needed numeric;
    holds quota_hold[] := array[]::quota_hold[];
begin
    if clearance_of(current_principal()) < 0 then
        return;
    end if;
    generation := write_generation(facts, prompt, null, '');
    renews := '-infinity';
    for met in
        select one.* from quotas_met(
            facts ->> 'assistant', facts ->> 'use_case', array[cast(facts ->> 'key_id' as bigint)]
        ) as one
        order by one.quota
    loop
        needed := case met.measure
            when 'requests' then 1 when 'tokens' then tokens when 'euros' then euros when 'co2e_g' then co2e_g
        end;
        needed := greatest(round(needed, 6), 0);
        insert into quota_use (quota, member, begins) values (met.quota, met.member, met.begins)
        on conflict do nothing;
        select found.used + found.held as taken into counter
        from quota_use found
        where found.quota = met.quota and found.member = met.member and found.begins = met.begins
        for update;
        if counter.taken + needed > met.amount and met.renews > renews then
            quota := met.quota;
            subject := met.subject;
            name := met.name;
            measure := met.measure;
            amount := met.amount;
            period := met.period;
            each := met.each;
            taken := counter.taken;
            wanted := needed;
            renews := met.renews;
        end if;
        holds := holds || row(generation, met.quota, met.member, met.begins, met.measure, needed)::quota_hold;
    end loop;
    if quota is not null then
        wait_s := extract(epoch from renews - now());
        update model_generation made set ended = 'refused', problem = format('Quota %s did not suffice.', quota)
        where made.id = generation;
        delete from model_generation_text kept where kept.generation = begin_generation.generation;
        return next;
        return;
    end if;
    if cardinality(holds) > 0 then
        update quota_use counted set held = counted.held + one.amount
        from unnest(holds) as one
        where counted.quota = one.quota and counted.member = one.member and counted.begins = one.begins;
        insert into quota_hold select one.* from unnest(holds) as one;
    end if;
    renews := null;
    return next;
end;
$$;

create function refuse_generation(facts jsonb, problem text) returns bigint
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    if clearance_of(current_principal()) < 0 then
        return null;
    end if;
    return write_generation(facts, null, 'refused', problem);
end;
$$;

-- Gives back what these calls, which ended, held, and counts what they used. A request is a call whose
-- answer began; a lost call counts nothing, since nobody knows what it used.
create function settle_quotas(given bigint[]) returns void
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    if not exists (select from quota_hold hold where hold.generation = any (given)) then
        return;
    end if;
    perform from quota_use
    where (quota, member, begins) in (
        select hold.quota, hold.member, hold.begins from quota_hold hold where hold.generation = any (given)
    )
    order by quota, member, begins
    for no key update;
    with settled as (
        delete from quota_hold hold using model_generation made
        where hold.generation = any (given) and made.id = hold.generation
        returning hold.quota, hold.member, hold.begins, hold.amount, round(case
            when made.ended = 'lost' then 0
            when hold.measure = 'requests' then
                cast(made.first_ms is not null and made.ended not in ('failed', 'refused') as int)
            when hold.measure = 'tokens' then coalesce(made.prompt_tokens, 0) + coalesce(made.completion_tokens, 0)
            when hold.measure = 'euros' then coalesce(made.cost_micro_euros, 0) / 1000000.0
            when hold.measure = 'co2e_g' then coalesce(cast(made.co2e_g_high as numeric), 0)
        end, 6) as counted
    ), together as (
        select settled.quota, settled.member, settled.begins, sum(settled.amount) as amount,
            sum(settled.counted) as counted
        from settled
        group by settled.quota, settled.member, settled.begins
    )
    update quota_use
    set held = quota_use.held - together.amount, used = quota_use.used + together.counted
    from together
    where quota_use.quota = together.quota and quota_use.member = together.member
        and quota_use.begins = together.begins;
end;
$$;

create function finish_generation(given bigint, facts jsonb, new_answer text) returns boolean
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
begin
    update model_generation made
    set ended = told.ended, problem = told.problem, answer_characters = told.answer_characters,
        prompt_tokens = told.prompt_tokens, completion_tokens = told.completion_tokens,
        tokens_counted = told.tokens_counted, cost_micro_euros = told.cost_micro_euros,
        energy_kwh_low = told.energy_kwh_low, energy_kwh_high = told.energy_kwh_high,
        co2e_g_low = told.co2e_g_low, co2e_g_high = told.co2e_g_high,
        water_l_low = told.water_l_low, water_l_high = told.water_l_high,
        footprint_method = told.footprint_method, first_ms = told.first_ms, duration_ms = told.duration_ms,
        verdicts = told.verdicts
    from jsonb_to_record(facts) as told(
        ended text, problem text, answer_characters int, prompt_tokens int, completion_tokens int,
        tokens_counted boolean, cost_micro_euros bigint, energy_kwh_low float8, energy_kwh_high float8,
        co2e_g_low float8, co2e_g_high float8, water_l_low float8, water_l_high float8, footprint_method text,
        first_ms int, duration_ms int, verdicts jsonb
    )
    where made.id = given and made.ended is null and made.principal = current_principal();
    if not found then
        return false;
    end if;
    if facts ->> 'ended' = 'refused' then
        delete from model_generation_text where generation = given;
    else
        update model_generation_text set answer = new_answer where generation = given;
    end if;
    perform settle_quotas(array[given]);
    return true;
end;
$$;
comment on function finish_generation(bigint, jsonb, text) is
    'Closes the record of a call and settles what it held; false: it is not open, or of somebody else.';

create function lose_generations() returns int
language plpgsql volatile security definer
set search_path = centaure, pg_temp
as $$
declare
    lost bigint[];
begin
    -- Not a stronger lock: a call that begins may refer to one of these while it holds counters.
    select array_agg(overdue.id) into lost
    from (
        select id from model_generation where ended is null and due < now()
        order by due limit 1000 for no key update skip locked
    ) as overdue;
    update model_generation set ended = 'lost', problem = 'The process that called the model was gone.'
    where id = any (lost);
    perform settle_quotas(lost);
    delete from quota_use counted
    where counted.held = 0 and (
        counted.begins < now() - interval '400 days'
        or not exists (select from quota where quota.id = counted.quota)
    );
    return coalesce(cardinality(lost), 0);
end;
$$;
comment on function lose_generations() is
    'Closes the records of calls that nobody will finish any more, gives back what they held, and clears old '
    'counters; how many were lost (1,000 at most in one go).';

-- What the principal of the transaction may still ask for.
create function quotas_of_caller()
returns table (
    quota int, subject text, name text, measure text, amount numeric, period text, each boolean, used numeric,
    held numeric, renews timestamptz
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select met.quota, met.subject, met.name, met.measure, met.amount, met.period, met.each,
        coalesce(counted.used, 0), coalesce(counted.held, 0), met.renews
    from quotas_met(null, null, array(
        select own.id from api_key own where own.principal_id = current_principal() and own.revoked_at is null
    )) as met
    left join quota_use counted
        on counted.quota = met.quota and counted.member = met.member and counted.begins = met.begins
    where clearance_of(current_principal()) >= 0
    order by met.quota;
end;

create type usage_total as (
    part text, calls bigint, refused bigint, failed bigint, prompt_tokens bigint, completion_tokens bigint,
    estimated bigint, cost_micro_euros bigint, unpriced bigint, energy_kwh_low float8, energy_kwh_high float8,
    co2e_g_low float8, co2e_g_high float8, water_l_low float8, water_l_high float8, unmeasured bigint
);

-- Totals of calls that ended, of one account or (null) of all: one row for all together (part null), and one
-- for each day, month, user, model, purpose, assistant or use case. The application has the two functions below.
create function totals_of_usage(since timestamptz, until timestamptz, by text, account int)
returns setof usage_total
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with counted as (
        select made.*, made.ended not in ('refused', 'failed', 'lost') as answered, case by
            when 'day' then to_char(made.at at time zone 'UTC', 'YYYY-MM-DD')
            when 'month' then to_char(made.at at time zone 'UTC', 'YYYY-MM')
            when 'user' then coalesce(person.login, '')
            when 'model' then coalesce(made.model_name, '')
            when 'purpose' then made.purpose
            when 'assistant' then made.assistant
            when 'use_case' then made.use_case
        end as divided
        from model_generation made
        left join user_account person on person.principal_id = made.principal
        where made.at >= since and made.at < until and made.ended is not null
            and (account is null or made.principal = account)
    )
    select counted.divided, count(*), count(*) filter (where counted.ended = 'refused'),
        count(*) filter (where counted.ended in ('failed', 'lost')),
        coalesce(sum(counted.prompt_tokens), 0), coalesce(sum(counted.completion_tokens), 0),
        count(*) filter (where counted.answered and not counted.tokens_counted),
        cast(coalesce(sum(counted.cost_micro_euros), 0) as bigint),
        count(*) filter (where counted.answered and counted.cost_micro_euros is null),
        coalesce(sum(counted.energy_kwh_low), 0), coalesce(sum(counted.energy_kwh_high), 0),
        coalesce(sum(counted.co2e_g_low), 0), coalesce(sum(counted.co2e_g_high), 0),
        coalesce(sum(counted.water_l_low), 0), coalesce(sum(counted.water_l_high), 0),
        count(*) filter (where counted.answered and counted.co2e_g_high is null)
    from counted
    group by grouping sets ((), (counted.divided))
    order by grouping(counted.divided) desc, counted.divided;
end;

create function own_usage(since timestamptz, until timestamptz, by text)
returns setof usage_total
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select total.*
    from (select current_principal() as id) as caller
    cross join lateral totals_of_usage(since, until, by, caller.id) as total
    where caller.id is not null;
end;

create function usage_of_all(since timestamptz, until timestamptz, by text)
returns setof usage_total
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select total.* from totals_of_usage(since, until, by, null) as total where has_role('administrator');
end;
