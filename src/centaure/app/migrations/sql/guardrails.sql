-- What the guardrails of each assistant do; '' is for where no assistant is named. The highest version is in force,
-- and none is ever changed: going back writes an older policy as a new version.
create table guard_policy (
    assistant  text not null check (length(assistant) <= 100),
    version    int not null check (version >= 1),
    policy     jsonb not null check (length(cast(policy as text)) <= 1000000),
    changed_by int references principal on delete set null,   -- null: the owner of the machine
    changed_at timestamptz not null default now(),
    primary key (assistant, version)
);

-- What a process needs to check what is asked. Those who chat may use it and never read it.
create function guard_policies() returns table (assistant text, version int, policy jsonb)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    select distinct on (kept.assistant) kept.assistant, kept.version, kept.policy
    from guard_policy kept
    order by kept.assistant, kept.version desc;
end;
comment on function guard_policies() is 'The policy in force of every assistant, for the guard';
