-- The generation that an empty installation begins with: search by words.
insert into generation (side, state, built_at, live_at) values (0, 'live', now(), now());
