-- Conversations about some documents: no others are searched in them, whatever else is asked for.

alter table conversation
    add column documents bigint[] not null default '{}' check (cardinality(documents) <= 100);
comment on column conversation.documents is
    'Empty: all. No foreign key: what is removed stays named here, so that a conversation about nothing that is left '
    'does not become one about everything.';
