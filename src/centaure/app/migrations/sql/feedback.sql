-- What people say of documents for the words of their questions, and what that is worth to the ranking.

-- No text of a question is here: only the numbers of its words (knowledge/retrieval/terms.py), which are hashes.
create table relevance_vote (
    principal        int not null references principal on delete cascade,
    document_id      bigint not null references document on delete cascade,
    term             int not null check (term between 1 and 1000000000),
    kind             text not null check (kind in ('useful', 'useless', 'opened')),
    at               timestamptz not null default now(),
    primary key (principal, document_id, term, kind)
);
create index relevance_vote_latest on relevance_vote (document_id, term, at desc);
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

-- What people say of each of those documents for each of those terms, from -0.5 to 0.5, among the documents
-- that the principal of the transaction may read.
--
-- Each person counts once for a document and a term: their thumb (1 or -1), else that they opened it (0.3), halved
-- every 180 days. The sum is divided by the number of people and five more, so that few say little; under
-- three people nothing is said. Who may not read the document any more is not counted. Of the votes on a
-- document and a term the latest 20 are looked at: the time of a search is bounded.
create function feedback_of(given_terms int[], given_documents bigint[])
returns table (document_id bigint, terms int[], worths float8[])
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with readable as materialized (
        select document.id
        from (select current_principals() as principals, current_clearance() as clearance offset 0) as reader,
            unnest(given_documents) as one(id)
            join document on document.id = one.id
        where exists (select from relevance_vote where relevance_vote.document_id = one.id)
            and document_matches(document, reader.principals, reader.clearance,
                null, null, null, null, null, null, null, null)
    ), said as materialized (
        select distinct on (readable.id, wanted.term, vote.principal)
            readable.id, wanted.term, vote.principal,
            case vote.kind when 'useful' then float8 '1' when 'useless' then float8 '-1' else float8 '0.3' end
                * power(float8 '0.5', (current_date - cast(vote.at as date)) / float8 '180') as worth
        from readable
        cross join (select distinct unnest(given_terms)) as wanted(term)
        cross join lateral (
            select latest.principal, latest.kind, latest.at
            from relevance_vote latest
            where latest.document_id = readable.id and latest.term = wanted.term
                and latest.at > now() - interval '400 days'
            order by latest.at desc
            limit 20
        ) as vote
        order by readable.id, wanted.term, vote.principal, vote.kind = 'opened', vote.at desc
    ), heard as materialized (
        select counted.id, counted.term, counted.principal, counted.worth
        from (select said.*, count(*) over (partition by id, term) as people from said) as counted
        where counted.people >= 3
    ), voter as materialized (
        select one.principal, principals_of(one.principal) as principals,
            clearance_of(one.principal) as clearance
        from (select distinct heard.principal from heard) as one
    ), still as materialized (  -- once for a person and a document, whatever the terms
        select said.id, said.principal
        from (select distinct heard.id, heard.principal from heard) as said
        join voter on voter.principal = said.principal
        join document on document.id = said.id
        where document_matches(document, voter.principals, voter.clearance,
            null, null, null, null, null, null, null, null)
    ), worth as (
        select heard.id, heard.term,
            greatest(float8 '-0.5', least(float8 '0.5',
                sum(heard.worth order by heard.principal) / (count(*) + 5))) as worth
        from heard
        join still on still.id = heard.id and still.principal = heard.principal
        group by heard.id, heard.term
        having count(*) >= 3
    )
    select worth.id, array_agg(worth.term order by worth.term),
        array_agg(worth.worth order by worth.term)
    from worth
    group by worth.id;
end;
