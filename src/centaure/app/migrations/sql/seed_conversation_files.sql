-- Where files that are dropped in conversations are documents of: no connector, curator or schedule knows it.
insert into source (id, name, kind, location, schedule_minutes) overriding system value
values (0, 'Files of this conversation', 'conversation', '', null);
