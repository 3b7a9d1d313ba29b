-- The rows that an empty installation begins with.
insert into principal (kind, key, label) values ('everyone', '*', 'Everyone who is signed in');
insert into audit_head (id, hash) values (0, decode(repeat('00', 32), 'hex'));
