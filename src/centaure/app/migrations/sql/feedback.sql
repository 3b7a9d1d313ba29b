-- What people say of documents for the words of their questions, and what that is worth to the ranking.

-- No text of a question is here: only the numbers of its words (knowledge/retrieval/terms.py), which are hashes.
create table relevance_vote (
    principal        int not null references principal on delete cascade,
    document_id      bigint not null references document on delete cascade,
    term             int not null check (term between 1 and 1000000000),
    kind             text not null check (kind in ('useful', 'useless', 'opened')),
    at               timestamptz not null default now(),
    primary key (principal, document_id, term)
);
create index relevance_vote_latest on relevance_vote (document_id, term, at desc) include (principal, kind);
create index relevance_vote_age on relevance_vote (at);

create function clearance_of(account int) returns smallint
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
begin atomic
    select cast(coalesce(
        (
            select least(found.clearance, 3, (
                select min(claim.level) from clearance_claim claim
                where claim.principal_id = found.principal_id
            ))
            from user_account found
            where found.principal_id = account and found.disabled_at is null
        ), -1) as smallint);
end;
comment on function clearance_of(int) is
    'Highest classification that an account may see: 3 without a ceiling, -1 for nobody or a disabled one.';

create or replace function current_clearance() returns smallint
language sql stable parallel safe
set search_path = centaure, pg_temp
return clearance_of(current_principal());

-- What principals_of() and clearance_of() say of each of many accounts, at the price of few; a disabled account
-- has no row.
create function standings_of(accounts int[])
returns table (account int, principals int[], clearance smallint)
language sql stable parallel safe security definer
set search_path = centaure, pg_temp
begin atomic
    with recursive belongs(account, id) as (
        select found.principal_id, own.id
        from user_account found
        cross join lateral unnest(array[found.principal_id, 1]) as own(id)
        where found.principal_id = any (accounts) and found.disabled_at is null
        union
        select belongs.account, group_member.group_id
        from belongs
        join group_member on group_member.member_id = belongs.id
    ), meets as (
        select belongs.account, group_clause.group_id as id
        from belongs
        join group_clause on group_clause.member_id = belongs.id
        group by belongs.account, group_clause.group_id, group_clause.clauses
        having count(distinct group_clause.clause) = group_clause.clauses
    ), ceiling as (
        select claim.principal_id, min(claim.level) as level
        from clearance_claim claim
        where claim.principal_id = any (accounts)
        group by claim.principal_id
    )
    select found.principal_id, together.ids, cast(least(found.clearance, 3, ceiling.level) as smallint)
    from (
        select every.account, array_agg(every.id) as ids
        from (select account, id from belongs union all select account, id from meets) as every
        group by every.account
    ) as together
    join user_account found on found.principal_id = together.account
    left join ceiling on ceiling.principal_id = found.principal_id;
end;

-- What people say of each of those documents for each of those terms, from -0.5 to 0.5, among the documents
-- that the principal of the transaction may read.
--
-- Each person has one vote on a document and a term: their thumb (1 or -1), else that they opened it (0.3), halved
-- every 180 days. The sum is divided by the number of people and five more, so that few say little; under
-- three people nothing is said, and whoever asks is none of them. Who may not read the document any more is not
-- counted. Of the votes on a document and a term the latest eight are looked at: the time of a search is bounded.
create function feedback_of(given_terms int[], given_documents bigint[])
returns table (document_id bigint, terms int[], worths float8[])
language plpgsql stable security definer
set search_path = centaure, pg_temp
as $$
#variable_conflict use_column
declare
    voted bigint[];
    instant constant float8 := date_part('epoch', now());
begin
    select array_agg(one.id) into voted
    from unnest(given_documents) as one(id)
    where exists (select from relevance_vote vote where vote.document_id = one.id);
    if voted is null then
        return;
    end if;
    return query
    with readable as materialized (
        select document.id
        from (select current_principals() as principals, current_clearance() as clearance offset 0) as reader,
            unnest(voted) as one(id)
            join document on document.id = one.id
        where document_matches(document, reader.principals, reader.clearance,
            null, null, null, null, null, null, null, null)
    ), said as materialized (
        select readable.id, wanted.term, vote.principal,
            cast(case vote.kind when 'useful' then float8 '1e6' when 'useless' then float8 '-1e6' else float8 '3e5' end
                * power(float8 '0.5', floor((instant - date_part('epoch', vote.at)) / 86400) / 180) as int) as worth
        from readable
        cross join unnest(given_terms) as wanted(term)
        cross join lateral (
            select latest.principal, latest.kind, latest.at
            from relevance_vote latest
            where latest.document_id = readable.id and latest.term = wanted.term
                and latest.at > now() - interval '400 days' and latest.principal <> current_principal()
            order by latest.at desc
            limit 8
        ) as vote
    ), pair as materialized (  -- rights: once for a person, and once for a person and a document
        select distinct said.id, said.principal from said
    ), still as materialized (
        select pair.id, pair.principal
        from standings_of((select array_agg(distinct pair.principal) from pair)) as voter
        join pair on pair.principal = voter.account
        join document on document.id = pair.id
        where document_matches(document, voter.principals, voter.clearance,
            null, null, null, null, null, null, null, null)
    ), worth as (
        select said.id, said.term,
            greatest(float8 '-0.5', least(float8 '0.5', sum(said.worth) / (float8 '1e6' * (count(*) + 5)))) as worth
        from said
        join still on still.id = said.id and still.principal = said.principal
        group by said.id, said.term
        having count(*) >= 3
    )
    select worth.id, array_agg(worth.term order by worth.term),
        array_agg(worth.worth order by worth.term)
    from worth
    group by worth.id;
end;
$$;
