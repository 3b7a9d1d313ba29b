-- Footprints of the answers of everybody, for administrators: one row for a month and a group, as groups are
-- now, and one for a month and all together (group null). Who is in two groups is counted in both.
create function footprint_of_groups(since timestamptz, until timestamptz)
returns table (
    month text, group_name text, calls bigint, estimated bigint, energy_kwh_low float8, energy_kwh_high float8,
    co2e_g_low float8, co2e_g_high float8, water_l_low float8, water_l_high float8
)
language sql stable security definer
set search_path = centaure, pg_temp
begin atomic
    with made as materialized (
        select to_char(one.at at time zone 'UTC', 'YYYY-MM') as month, one.principal, count(*) as calls,
            count(one.co2e_g_high) as estimated, sum(one.energy_kwh_low) as energy_kwh_low,
            sum(one.energy_kwh_high) as energy_kwh_high, sum(one.co2e_g_low) as co2e_g_low,
            sum(one.co2e_g_high) as co2e_g_high, sum(one.water_l_low) as water_l_low,
            sum(one.water_l_high) as water_l_high
        from model_generation one
        where one.at >= since and one.at < until and one.ended in ('done', 'length', 'cancelled', 'cut')
            and (select has_role('administrator'))
        group by 1, 2
    ), belongs as materialized (
        select standing.account, groups.id, groups.label
        from standings_of(array(select distinct made.principal from made where made.principal is not null))
            as standing
        join principal groups on groups.id = any (standing.principals) and groups.kind = 'group'
    ), counted as (
        select made.*, null as group_id, null as label from made
        union all
        select made.*, belongs.id, belongs.label from made join belongs on belongs.account = made.principal
    )
    select counted.month, counted.label, cast(sum(counted.calls) as bigint),
        cast(sum(counted.estimated) as bigint),
        coalesce(sum(counted.energy_kwh_low), 0), coalesce(sum(counted.energy_kwh_high), 0),
        coalesce(sum(counted.co2e_g_low), 0), coalesce(sum(counted.co2e_g_high), 0),
        coalesce(sum(counted.water_l_low), 0), coalesce(sum(counted.water_l_high), 0)
    from counted
    group by counted.month, counted.group_id, counted.label
    order by counted.month desc, counted.label nulls first, counted.group_id;
end;
