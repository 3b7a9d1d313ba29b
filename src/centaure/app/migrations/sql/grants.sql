-- Who may do what, in one file. {app} is the API and the command line, {indexer} the worker. Neither owns
-- anything nor bypasses row level security. Run again, in the same transaction, after every migration.

-- Nothing by default -----------------------------------------------------------------------------------
revoke all on schema centaure from public;
revoke all on all tables in schema centaure from public, {app}, {indexer};
revoke all on all functions in schema centaure from public, {app}, {indexer};
do $$
declare
    old record;
begin
    for old in select policyname, tablename from pg_policies where schemaname = 'centaure' loop
        execute format('drop policy %I on centaure.%I', old.policyname, old.tablename);
    end loop;
end;
$$;
grant usage on schema centaure to {app}, {indexer};

-- The principal of the transaction, which policies ask for ----------------------------------------------
grant execute on function
    current_principal(), principals_of(int), current_principals(), clearance_of(int), current_clearance(),
    has_role(text)
to {app}, {indexer};

-- Which revision this is, for whoever asks whether all is well.
grant select on alembic_version to {app};

-- Before anybody is signed in: one row for one exact secret or login -------------------------------------
grant execute on function
    find_account(text), find_enabled_account(text), find_session(bytea, interval), find_api_key(text),
    find_invitation(bytea),
    invite_first_administrator(bytea, interval), redeem_invitation(bytea, text, text, text),
    take_sign_in_turn(bytea, int, interval), give_back_sign_in_turn(bytea, int, interval)
to {app};
alter table sign_in_throttle enable row level security;

-- Directory: one sees oneself; curators, auditors and administrators see everybody; nobody reads a
-- password, and only the owner and a one-time link write one ---------------------------------------------
grant select on principal, group_member, clearance_claim to {app}, {indexer};
grant select (principal_id, login, name, roles, has_password, clearance, disabled_at, created_at)
    on user_account to {app}, {indexer};
grant insert (kind, key, label) on principal to {app}, {indexer};
grant insert (principal_id, login, name, roles, clearance) on user_account to {app};
grant update (name, roles, clearance, disabled_at) on user_account to {app};
grant insert (principal_id, login, name), update (name) on user_account to {indexer};
grant update (label), delete on principal to {indexer};
grant insert, update, delete on group_member, clearance_claim to {indexer};
grant select, insert on group_clause to {indexer};

alter table principal enable row level security;
create policy oneself on principal for select to {app} using (
    id = any(cast((select current_principals()) as int[]))
);
create policy directory on principal for select to {app} using (
    (select has_role('administrator') or has_role('curator') or has_role('auditor'))
);
create policy administrators_add_users on principal for insert to {app} with check (
    kind = 'user' and (select has_role('administrator'))
);
create policy worker_reads on principal for select to {indexer} using (true);
create policy worker_adds on principal for insert to {indexer} with check (kind in ('user', 'group'));
create policy worker_changes on principal for update to {indexer} using (kind in ('user', 'group'));
create policy worker_removes_groups on principal for delete to {indexer} using (kind = 'group');

alter table user_account enable row level security;
create policy oneself on user_account for select to {app} using (
    principal_id = (select current_principal()) and disabled_at is null
);
create policy directory on user_account for select to {app} using (
    (select has_role('administrator') or has_role('curator') or has_role('auditor'))
);
create policy administrators_add on user_account for insert to {app} with check (
    (select has_role('administrator'))
);
create policy administrators_change on user_account for update to {app} using (
    (select has_role('administrator')) and principal_id <> (select current_principal())
);
create policy worker on user_account to {indexer} using (true) with check (true);

alter table group_member enable row level security;
create policy directory on group_member for select to {app} using (
    (select has_role('administrator') or has_role('curator') or has_role('auditor'))
);
create policy worker on group_member to {indexer} using (true) with check (true);

alter table group_clause enable row level security;
create policy worker on group_clause to {indexer} using (true) with check (true);

alter table clearance_claim enable row level security;
create policy directory on clearance_claim for select to {app} using (
    (select has_role('administrator') or has_role('curator') or has_role('auditor'))
);
create policy worker on clearance_claim to {indexer} using (true) with check (true);

-- Secrets: everybody has their own; what is kept of one (a hash) is written and never read back ----------
grant select (id, principal_id, created_at, last_seen_at, expires_at) on browser_session to {app};
grant insert (principal_id, token_hash, expires_at), update (last_seen_at), delete
    on browser_session to {app};
grant select (id, principal_id, label, prefix, scopes, created_at, expires_at, last_used_at, revoked_at)
    on api_key to {app};
grant insert (principal_id, label, prefix, secret_hash, scopes, expires_at),
    update (last_used_at, revoked_at) on api_key to {app};
grant select (id, principal_id, created_at, expires_at, used_at) on invitation to {app};
grant insert (principal_id, token_hash, expires_at), delete on invitation to {app};

alter table browser_session enable row level security;
create policy own on browser_session to {app} using (principal_id = (select current_principal()));

alter table api_key enable row level security;
create policy own on api_key to {app} using (principal_id = (select current_principal()));

alter table invitation enable row level security;
create policy administrators on invitation to {app} using (
    principal_id is not null and (select has_role('administrator'))
);

-- Requests for rights: everybody has their own; a curator decides on those of others. Nobody rewrites one.
grant select, insert (principal, wanted, why, expires_at), update (state, reason, applied_by, decided_by, decided_at)
    on access_request to {app};
grant select (expires_at), delete on access_request to {indexer};

alter table access_request enable row level security;
create policy own on access_request for select to {app} using (principal = (select current_principal()));
create policy own_asked on access_request for insert to {app} with check (
    principal = (select current_principal()) and state = 'waiting'
);
create policy curators on access_request for select to {app} using (
    (select has_role('curator')) and principal <> (select current_principal()) and expires_at > now()
);
create policy curators_decide on access_request for update to {app} using (
    (select has_role('curator')) and principal <> (select current_principal()) and state = 'waiting'
) with check (
    decided_by = (select current_principal()) and decided_at is not null and state <> 'waiting'
);
create policy worker_forgets on access_request to {indexer} using (true);

-- Audit: everybody is recorded, through the one function; auditors read ---------------------------------
grant execute on function audit_append(text, text, text, jsonb) to {app}, {indexer};
grant select on audit_event, audit_head to {app};

alter table audit_event enable row level security;
create policy auditors on audit_event for select to {app} using ((select has_role('auditor')));
alter table audit_head enable row level security;
create policy auditors on audit_head for select to {app} using ((select has_role('auditor')));

-- Knowledge: content ------------------------------------------------------------------------------------
grant select on document, chunk, reading to {app};
grant select, insert, update, delete on document, chunk, reading to {indexer};

alter table document enable row level security;
create policy readers on document for select to {app} using (
    readers && (select current_principals())
    and not denied && (select current_principals())
    and classification <= (select current_clearance())
);
create policy worker on document to {indexer} using (true) with check (true);

-- A passage shows when its document does, on the live side: the policy of document applies inside this one.
alter table chunk enable row level security;
create policy readers on chunk for select to {app} using (
    side = (select live_side()) and exists (select from document where document.id = chunk.document_id)
);
create policy worker on chunk to {indexer} using (true) with check (true);

alter table reading enable row level security;
create policy readers on reading for select to {app} using (
    side = (select live_side()) and exists (select from document where document.id = reading.document_id)
);
create policy worker on reading to {indexer} using (true) with check (true);

-- Knowledge: search. Nobody reads the index: search() does, as its owner, and applies the rights itself.
grant execute on function search(
    public.sparsevec, text[], float8[], int, int[], text[], text[], text[], smallint[], timestamptz,
    timestamptz, bigint[], public.halfvec, int
) to {app};
grant execute on function sources_of(bigint[]), live_model() to {app};
grant insert on chunk_index, document_index, chunk_vector to {indexer};
grant select (chunk_id, model, side), delete on chunk_vector to {indexer};
grant execute on function refresh_statistics(), index_terms(public.sparsevec, smallint),
    copy_reading(bigint, smallint, int, text), rewrite_index(bigint[], text[], bigint, smallint, text),
    plan_embedding(int, smallint), make_vector_index(int, smallint), drop_vector_index(int, smallint),
    recall_of_index(int) to {indexer};
alter table chunk_vector enable row level security;
create policy worker on chunk_vector to {indexer} using (true) with check (true);

-- Knowledge: words of passages, for questions typed wrong.
grant execute on function similar_words(int[]) to {app};
grant insert on vocabulary to {indexer};
grant execute on function forget_words(text, int) to {indexer};

-- Knowledge: generations of the index ---------------------------------------------------------------------
grant execute on function live_side() to {app}, {indexer};
grant select on generation to {app};
grant select (id, name, kind, location, dimensions, highest, problem, created_at) on embedding_model to {app};
grant select, insert, update, delete on generation, embedding_model, embedding_task to {indexer};

alter table generation enable row level security;
create policy curators on generation for select to {app} using ((select has_role('curator')));
create policy worker on generation to {indexer} using (true) with check (true);
alter table embedding_model enable row level security;
create policy curators on embedding_model for select to {app} using ((select has_role('curator')));
create policy worker on embedding_model to {indexer} using (true) with check (true);
alter table embedding_task enable row level security;
create policy worker on embedding_task to {indexer} using (true) with check (true);

-- Knowledge: other words for those of a question. Searches take them through wordings_for(), which applies the
-- rights itself; a suggestion, made of documents that one curator may read, shows to that curator alone.
grant execute on function wordings_for(text[], text[]) to {app};
grant select, insert, delete, update (state, origin, sources, updated_at) on thesaurus_entry to {app};
grant execute on function note_missed(text[], bytea[]), missed_words(int), forget_missed(text) to {app};
grant select (day), delete on missed_word to {indexer};
grant select on acronym to {app};
grant select, insert, delete on acronym to {indexer};

alter table thesaurus_entry enable row level security;
create policy curators on thesaurus_entry to {app} using (
    (select has_role('curator')) and (origin = 'curator' or created_by = (select current_principal()))
);
alter table missed_word enable row level security;
create policy worker on missed_word to {indexer} using (true);
alter table acronym enable row level security;
create policy readers on acronym for select to {app} using (
    exists (select from document where document.id = acronym.document_id)
);
create policy worker on acronym to {indexer} using (true) with check (true);

-- Knowledge: feedback. Everybody writes and reads their own, on documents that they may read; searches take what
-- all say together through feedback_of(); the worker deletes what is old, and does not see whose it is.
grant select, insert (principal, document_id, term, kind), delete on relevance_vote to {app};
grant select (at), delete on relevance_vote to {indexer};
grant execute on function feedback_of(int[], bigint[]) to {app};

alter table relevance_vote enable row level security;
create policy own on relevance_vote for select to {app} using (principal = (select current_principal()));
create policy own_said on relevance_vote for insert to {app} with check (
    principal = (select current_principal())
    and exists (select from document where document.id = relevance_vote.document_id)
);
create policy own_taken_back on relevance_vote for delete to {app} using (
    principal = (select current_principal())
);
create policy worker on relevance_vote for select to {indexer} using (true);
create policy worker_forgets on relevance_vote for delete to {indexer} using (true);

-- Knowledge: rerankers -----------------------------------------------------------------------------------
grant execute on function live_reranker(), tell_reranker(int, text) to {app};
grant select (id, name, kind, location, highest, live, problem, created_at) on reranker to {app};
grant select, insert, update, delete on reranker to {indexer};
alter table reranker enable row level security;
create policy curators on reranker for select to {app} using ((select has_role('curator')));
create policy worker on reranker to {indexer} using (true) with check (true);

-- Gateway: records of calls, and quotas. Functions write them; their author reads a record and its words, an auditor
-- every record and the words of none, an administrator totals.
grant execute on function begin_generation(jsonb, jsonb, numeric, numeric, numeric),
    finish_generation(bigint, jsonb, text), refuse_generation(jsonb, text), quotas_of_caller(),
    own_usage(timestamptz, timestamptz, text), usage_of_all(timestamptz, timestamptz, text)
to {app};
grant execute on function lose_generations() to {indexer};
grant select on model_generation, quota_use to {app};
grant select on model_generation_text to {app};
grant select (at), delete on model_generation_text to {indexer};
grant select, delete, insert (subject, principal, name, key_id, measure, amount, period, each), update (amount)
    on quota to {app};

grant execute on function footprint_of_groups(timestamptz, timestamptz) to {app};

alter table model_generation enable row level security;
create policy own on model_generation for select to {app} using (principal = (select current_principal()));
create policy auditors on model_generation for select to {app} using ((select has_role('auditor')));
alter table model_generation_text enable row level security;
create policy own on model_generation_text for select to {app} using (principal = (select current_principal()));
create policy worker_forgets on model_generation_text to {indexer} using (true);
alter table quota enable row level security;
create policy administrators on quota to {app} using ((select has_role('administrator')));
alter table quota_use enable row level security;
create policy administrators on quota_use for select to {app} using ((select has_role('administrator')));
alter table quota_hold enable row level security;

-- Gateway: the catalogue and the rules of routing. Calls take them through functions; administrators look after
-- them, and read no secret.
grant execute on function callable_models(), routing_rules(), tell_model(int, text) to {app}, {indexer};
grant select (id, name, kind, location, model, options, highest, lifecycle, type, access, licence, publisher,
    country, host, zone, context, price_in, price_out, parameters_active, parameters_total, languages,
    capabilities, problem, created_at, changed_at), insert, update, delete on model to {app};
grant select, insert, update, delete on routing_rule to {app};
grant select, insert, update, delete on model, routing_rule to {indexer};
alter table model enable row level security;
create policy administrators on model to {app} using ((select has_role('administrator')));
create policy worker on model to {indexer} using (true) with check (true);
alter table routing_rule enable row level security;
create policy administrators on routing_rule to {app} using ((select has_role('administrator')));
create policy worker on routing_rule to {indexer} using (true) with check (true);

-- Guardrails: policies. Guards take them through a function; administrators look after them, and never rewrite one.
grant execute on function guard_policies() to {app}, {indexer};
grant select, insert (assistant, version, policy, changed_by) on guard_policy to {app}, {indexer};
alter table guard_policy enable row level security;
create policy administrators on guard_policy for select to {app} using ((select has_role('administrator')));
create policy administrators_write on guard_policy for insert to {app} with check (
    (select has_role('administrator')) and changed_by = (select current_principal())
);
create policy worker on guard_policy to {indexer} using (true) with check (changed_by is null);

-- Guardrails: what placeholders stand for is shown to the owner of the conversation alone. The worker removes what has
-- expired, and cannot read it.
grant select, insert, update (sealed, expires_at), delete on pseudonym to {app};
grant select (expires_at), delete on pseudonym to {indexer};
alter table pseudonym enable row level security;
create policy own on pseudonym to {app} using (
    exists (
        select from conversation
        where conversation.id = pseudonym.conversation_id and conversation.owner = (select current_principal()))
);
create policy worker_forgets on pseudonym to {indexer} using (true);

-- Guardrails: what is held back. Whoever asked sees that it is, and its words once they are released. An administrator
-- decides on what others asked, as far as its class and every document whose words it may repeat are theirs to read, and
-- still say what they said: a question is the person's own words.
grant select, insert (principal, conversation_id, assistant, stage, action, rules, classification, documents, versions,
    digest, digests, expires_at), update (state, reason, decided_by, decided_at) on held to {app};
grant select, insert on held_text to {app};
grant select (expires_at), delete on held to {indexer};

alter table held enable row level security;
create policy own on held for select to {app} using (principal = (select current_principal()));
create policy own_held on held for insert to {app} with check (
    principal = (select current_principal()) and state = 'waiting'
    and (conversation_id is null or exists (
        select from conversation
        where conversation.id = held.conversation_id and conversation.owner = (select current_principal())))
);
create policy moderators on held for select to {app} using (
    (select has_role('administrator'))
    and principal <> (select current_principal())
    and classification <= (select current_clearance())
    and expires_at > now()
    and not exists (
        select from unnest(documents, versions) as one(id, version)
        where not exists (
            select from document
            where document.id = one.id and (held.stage = 'input' or document.content_hash = one.version)))
);
create policy moderators_decide on held for update to {app} using (
    (select has_role('administrator')) and principal <> (select current_principal()) and state = 'waiting'
) with check (
    decided_by = (select current_principal()) and decided_at is not null and state <> 'waiting'
);
create policy worker_forgets on held to {indexer} using (true);

alter table held_text enable row level security;
create policy own_released on held_text for select to {app} using (
    exists (
        select from held
        where held.id = held_text.held_id and held.principal = (select current_principal())
            and held.state = 'released'
            and not exists (
                select from unnest(held.documents) as one(id)
                where not exists (select from document where document.id = one.id)))
);
create policy own_held on held_text for insert to {app} with check (
    exists (
        select from held
        where held.id = held_text.held_id and held.principal = (select current_principal())
            and held.state = 'waiting')
);
create policy moderators on held_text for select to {app} using (
    exists (
        select from held
        where held.id = held_text.held_id and held.principal <> (select current_principal()))
);

-- Knowledge: where content comes from -------------------------------------------------------------------
grant select on ledger, sync_run to {app};
grant select (id, name, kind, location, options, manifest, manifest_hash, schedule_minutes, created_at,
    last_sync_at, feed_token, full_sync_at) on source to {app};
grant execute on function place_of(bigint) to {app};
grant insert (source_id, requested_by, accept_loss, full_listing) on sync_run to {app};
grant select, insert, update, delete on source, ledger, sync_run, listing to {indexer};

-- A source shows to those who can read something in it, and to its curators. That of the files of conversations is
-- nobody's to look after.
alter table source enable row level security;
create policy readers on source for select to {app} using (
    exists (select from document where document.source_id = source.id)
);
create policy curators on source for select to {app} using (
    kind <> 'conversation' and (select has_role('curator'))
);
create policy worker on source to {indexer} using (kind <> 'conversation') with check (kind <> 'conversation');

alter table ledger enable row level security;
-- A curator sees what became of files that are not documents (yet); a document's name only if they may read it.
-- What was left out has no document any more, and perhaps had one that they could not read: who leaves out a
-- folder is not told what was in it.
create policy curators on ledger for select to {app} using (
    (select has_role('curator'))
    and (document_id is null or exists (select from document where document.id = ledger.document_id))
    and not exists (
        select from exclusion
        where exclusion.source_id = ledger.source_id
            and (ledger.path = exclusion.path or starts_with(ledger.path, exclusion.path || '/')))
);
create policy worker on ledger to {indexer} using (true) with check (true);

-- Whoever is told that a part of a document is left out may read that document, and so do curators who are told.
grant select, insert (document_id, content_hash) on planted_notice to {app};
grant select on planted_notice to {indexer};
alter table planted_notice enable row level security;
create policy readers on planted_notice for select to {app} using (
    exists (select from document where document.id = planted_notice.document_id)
);
create policy readers_find on planted_notice for insert to {app} with check (
    exists (
        select from document
        where document.id = planted_notice.document_id and document.content_hash = planted_notice.content_hash)
);
create policy worker on planted_notice for select to {indexer} using (true);

alter table sync_run enable row level security;
create policy curators on sync_run for select to {app} using ((select has_role('curator')));
create policy curators_ask on sync_run for insert to {app} with check (
    (select has_role('curator')) and requested_by = (select current_principal()) and state = 'queued'
);
create policy worker on sync_run to {indexer} using (true) with check (true);

-- Paths as curators wrote them, whether there is such a file or not.
grant select on exclusion to {app};
grant select, insert, delete on exclusion to {indexer};
alter table exclusion enable row level security;
create policy curators on exclusion for select to {app} using ((select has_role('curator')));
create policy worker on exclusion to {indexer} using (true) with check (true);

grant select, insert (source_id, decision, path, requested_by) on wish to {app};
grant select, delete on wish to {indexer};
alter table wish enable row level security;
create policy curators on wish for select to {app} using ((select has_role('curator')));
create policy curators_ask on wish for insert to {app} with check (
    (select has_role('curator')) and requested_by = (select current_principal())
);
create policy worker on wish to {indexer} using (true) with check (true);

alter table listing enable row level security;
create policy worker on listing to {indexer} using (true) with check (true);

-- Answering: conversations. Everybody has their own; those that a conversation is shared with read the branch that
-- is shown. What answers say shows with the documents that it rests on: their policies apply inside these.
grant execute on function current_keys(), no_longer_written(bigint[]) to {app};
grant select, insert (owner, title, folder, assistant, documents), delete,
    update (title, folder, pinned, updated_at, assistant, documents)
    on conversation to {app};
grant select, insert (conversation_id, owner, shared_with, label, owner_name), delete
    on conversation_share to {app};
grant select,
    insert (conversation_id, parent_id, role, text, filters, state, language, assistant, assistant_version),
    update (shown, state, problem, language, answerable, helped_by, model, generation, prompt_version,
        fallback, stopped, warning, held, approved, thumb)
    on turn to {app};
grant select, insert on turn_document, turn_citation, turn_sentence to {app};
grant delete on turn_sentence to {app};
grant select (id, updated_at), delete on conversation to {indexer};
grant execute on function forget_groundless_sentences() to {indexer};

alter table conversation enable row level security;
create policy own on conversation to {app} using (owner = (select current_principal()));
create policy shared on conversation for select to {app} using (
    exists (select from conversation_share where conversation_share.conversation_id = conversation.id)
);
create policy worker on conversation for select to {indexer} using (true);
create policy worker_forgets on conversation for delete to {indexer} using (true);

alter table conversation_share enable row level security;
create policy own on conversation_share to {app} using (owner = (select current_principal()));
create policy with_them on conversation_share for select to {app} using (
    shared_with = any(cast((select current_keys()) as text[]))
);

alter table turn enable row level security;
create policy readers on turn for select to {app} using (
    exists (
        select from conversation
        where conversation.id = turn.conversation_id
            and (turn.shown or conversation.owner = (select current_principal())))
);
create policy own_said on turn for insert to {app} with check (
    exists (
        select from conversation
        where conversation.id = turn.conversation_id and conversation.owner = (select current_principal()))
);
create policy own_changed on turn for update to {app} using (
    exists (
        select from conversation
        where conversation.id = turn.conversation_id and conversation.owner = (select current_principal()))
);

-- A document that changed since may have lost what it said: others than the owner see only what it still says.
alter table turn_document enable row level security;
create policy readers on turn_document for select to {app} using (
    exists (select from turn where turn.id = turn_document.turn_id)
    and exists (
        select from document
        where document.id = turn_document.document_id
            and (turn_document.owner = (select current_principal())
                or turn_document.content_hash = document.content_hash))
);
create policy own_written on turn_document for insert to {app} with check (
    owner = (select current_principal())
    and exists (
        select from turn join conversation on conversation.id = turn.conversation_id
        where turn.id = turn_document.turn_id and conversation.owner = (select current_principal()))
);

alter table turn_citation enable row level security;
create policy readers on turn_citation for select to {app} using (
    exists (
        select from turn_document
        where turn_document.turn_id = turn_citation.turn_id
            and turn_document.document_id = turn_citation.document_id)
);
create policy own_written on turn_citation for insert to {app} with check (
    exists (
        select from turn join conversation on conversation.id = turn.conversation_id
        where turn.id = turn_citation.turn_id and conversation.owner = (select current_principal()))
);

alter table turn_sentence enable row level security;
create policy readers on turn_sentence for select to {app} using (
    exists (
        select from turn
        where turn.id = turn_sentence.turn_id
            and (turn.approved is null
                or exists (select from approved_answer where approved_answer.id = turn.approved)))
    and not exists (
        select from unnest(rests_on) as one(id)
        where not exists (
            select from turn_document
            where turn_document.turn_id = turn_sentence.turn_id and turn_document.document_id = one.id))
);
create policy own_written on turn_sentence for insert to {app} with check (
    exists (
        select from turn join conversation on conversation.id = turn.conversation_id
        where turn.id = turn_sentence.turn_id and conversation.owner = (select current_principal()))
);
create policy own_replaced on turn_sentence for delete to {app} using (
    exists (
        select from turn join conversation on conversation.id = turn.conversation_id
        where turn.id = turn_sentence.turn_id and conversation.owner = (select current_principal())
            and turn.held is not null)
);

-- Answering: gaps. Everybody has what they sent, and what is kept, of their own questions. Curators read neither: the
-- functions give them what several people have in common, and what was sent to them. The worker removes what is old.
grant execute on function gap_groups(text), settle_gap(text[], text, text) to {app};
grant select (turn_id, kept, sent, reason, comment), insert (turn_id, kept, sent, reason, comment, stems, words, weights),
    update (kept, sent, reason, comment), delete on gap_question to {app};
grant select (day, kept, sent, gap_id), delete on gap_question to {indexer};
grant select, update (state, note, decided_by, decided_at), delete on gap to {app};
grant select (id), delete on gap to {indexer};

alter table gap_question enable row level security;
create policy own on gap_question to {app} using (
    exists (
        select from turn join conversation on conversation.id = turn.conversation_id
        where turn.id = gap_question.turn_id and turn.role = 'assistant'
            and conversation.owner = (select current_principal()))
);
create policy worker on gap_question to {indexer} using (true);
alter table gap enable row level security;
create policy curators on gap for select to {app} using ((select has_role('curator')));
create policy curators_decide on gap for update to {app} using ((select has_role('curator'))) with check (
    decided_by = (select current_principal())
);
create policy curators_reopen on gap for delete to {app} using ((select has_role('curator')));
create policy worker on gap to {indexer} using (true);

-- Answering: approved answers. Readers have those that are theirs to read; curators look after these, those that they
-- stand for and those that they wrote.
grant select, insert (assistant, question, phrasings, answer, language, stems, wordings, sources, classification, readers,
    owner, valid_from, valid_to, review_on, created_by), update (valid_to, review_on) on approved_answer to {app};
alter table approved_answer enable row level security;
create policy readers on approved_answer for select to {app} using (
    readers && (select current_principals()) and classification <= (select current_clearance())
);
create policy curators on approved_answer for select to {app} using (
    (select has_role('curator')) and (select current_principal()) in (owner, created_by)
    and classification <= (select current_clearance())
);
create policy curators_write on approved_answer for insert to {app} with check (
    (select has_role('curator')) and created_by = (select current_principal())
    and classification <= (select current_clearance())
);
create policy curators_review on approved_answer for update to {app} using ((select has_role('curator')));

-- Answering: files of conversations, which are their owner's alone: the application adds and removes them, the worker
-- reads them and says what became of them.
grant execute on function with_conversation(int[]) to {app}, {indexer};
grant select, insert (conversation_id, owner, name, size, content_hash, classification), delete
    on conversation_file to {app};
grant select, insert on conversation_file_piece to {app};
grant select, update (state, reason, warnings) on conversation_file to {indexer};
grant select on conversation_file_piece to {indexer};

alter table conversation_file enable row level security;
create policy own on conversation_file to {app} using (owner = (select current_principal()));
create policy worker on conversation_file to {indexer} using (true);

alter table conversation_file_piece enable row level security;
create policy own on conversation_file_piece to {app} using (
    exists (select from conversation_file where conversation_file.id = conversation_file_piece.file_id)
);
create policy worker on conversation_file_piece for select to {indexer} using (true);

-- Answering: assistants. The owner writes and shares; those whom one is shared with see the version in force.
grant execute on function assistant_use(text) to {app};
grant select, insert (key, owner), update (version, changed_at), delete on assistant to {app};
grant select, insert (assistant_id, version, definition, note) on assistant_version to {app};
grant select, insert (assistant_id, owner, shared_with, label, owner_name), delete on assistant_share to {app};

alter table assistant enable row level security;
create policy own on assistant to {app} using (owner = (select current_principal()));
create policy shared on assistant for select to {app} using (
    exists (select from assistant_share where assistant_share.assistant_id = assistant.id)
);

alter table assistant_version enable row level security;
create policy readers on assistant_version for select to {app} using (
    exists (
        select from assistant
        where assistant.id = assistant_version.assistant_id
            and (assistant.owner = (select current_principal()) or assistant.version = assistant_version.version))
);
create policy own_written on assistant_version for insert to {app} with check (
    exists (
        select from assistant
        where assistant.id = assistant_version.assistant_id and assistant.owner = (select current_principal()))
);

alter table assistant_share enable row level security;
create policy own on assistant_share to {app} using (owner = (select current_principal()));
create policy with_them on assistant_share for select to {app} using (
    shared_with = any(cast((select current_keys()) as text[]))
);

-- Answering: the library of prompts. Everybody has their own; groups that one is shared with read and score its latest
-- version.
grant select, insert (owner, owner_name, name, tags), update (name, tags, version, updated_at), delete on prompt_template to {app};
grant select, insert (prompt_id, number, text, framework, note) on prompt_version to {app};
grant select, insert, delete on prompt_share to {app};
grant select, insert (prompt_id, version, model, temperature, score, scored_by), update (score, scored_at)
    on prompt_score to {app};

alter table prompt_share enable row level security;
create policy own on prompt_share to {app} using (owner = (select current_principal()));
create policy with_them on prompt_share for select to {app} using (
    shared_with = any(cast((select current_keys()) as text[]))
);

alter table prompt_template enable row level security;
create policy own on prompt_template to {app} using (owner = (select current_principal()));
create policy shared on prompt_template for select to {app} using (
    exists (select from prompt_share where prompt_share.prompt_id = prompt_template.id)
);

alter table prompt_version enable row level security;
create policy readers on prompt_version for select to {app} using (
    exists (
        select from prompt_template
        where prompt_template.id = prompt_version.prompt_id
            and (prompt_template.owner = (select current_principal())
                or prompt_template.version = prompt_version.number))
);
create policy own_written on prompt_version for insert to {app} with check (
    exists (
        select from prompt_template
        where prompt_template.id = prompt_version.prompt_id
            and prompt_template.owner = (select current_principal()))
);

alter table prompt_score enable row level security;
create policy readers on prompt_score for select to {app} using (
    exists (
        select from prompt_version
        where prompt_version.prompt_id = prompt_score.prompt_id
            and prompt_version.number = prompt_score.version)
);
create policy readers_score on prompt_score for insert to {app} with check (
    scored_by = (select current_principal())
    and exists (
        select from prompt_version
        where prompt_version.prompt_id = prompt_score.prompt_id
            and prompt_version.number = prompt_score.version)
);
create policy own_changed on prompt_score for update to {app} using (scored_by = (select current_principal()));

-- Feedback: comparisons. Everybody has their own, and reads the settings of one only once they have voted. What was
-- answered shows with the documents that it rests on; an administrator reads what its author lets be exported, as far
-- as they may read both answers. Totals of votes are everybody's, through the function.
grant execute on function comparison_totals(text, text, text) to {app};
grant select, insert (principal, kind, task),
    update (state, language, counts, vote, reasons, consent, voted_at), delete on comparison to {app};
grant select, insert on comparison_side to {app};
grant select, insert (comparison_id, question), update (comment) on comparison_text to {app};
grant select, insert on comparison_answer to {app};
grant select (vote, asked_at), delete on comparison to {indexer};
grant select (at), delete on comparison_text to {indexer};
grant select (documents), delete on comparison_answer to {indexer};

alter table comparison enable row level security;
create policy own on comparison to {app} using (principal = (select current_principal()));
create policy exported on comparison for select to {app} using (
    consent and vote in ('left', 'right') and (select has_role('administrator'))
);
create policy worker_forgets on comparison to {indexer} using (true);

alter table comparison_side enable row level security;
create policy own_voted on comparison_side for select to {app} using (
    exists (
        select from comparison
        where comparison.id = comparison_side.comparison_id and comparison.vote is not null
            and comparison.principal = (select current_principal()))
);
create policy own_answered on comparison_side for insert to {app} with check (
    exists (
        select from comparison
        where comparison.id = comparison_side.comparison_id and comparison.vote is null
            and comparison.principal = (select current_principal()))
    and (generation is null or exists (
        select from model_generation
        where model_generation.id = comparison_side.generation
            and model_generation.principal = (select current_principal())))
);

alter table comparison_answer enable row level security;
create policy readers on comparison_answer for select to {app} using (
    exists (select from comparison where comparison.id = comparison_answer.comparison_id)
    and classification <= (select current_clearance())
    and (approved is null or exists (select from approved_answer where approved_answer.id = approved))
    and not exists (
        select from unnest(documents, hashes) as one(id, content_hash)
        where not exists (
            select from document
            where document.id = one.id
                and (document.content_hash = one.content_hash
                    or exists (
                        select from comparison
                        where comparison.id = comparison_answer.comparison_id
                            and comparison.principal = (select current_principal())))))
);
create policy own_answered on comparison_answer for insert to {app} with check (
    exists (
        select from comparison
        where comparison.id = comparison_answer.comparison_id and comparison.vote is null
            and comparison.principal = (select current_principal()))
);
create policy worker_forgets on comparison_answer to {indexer} using (true);

alter table comparison_text enable row level security;
create policy own on comparison_text to {app} using (
    exists (
        select from comparison
        where comparison.id = comparison_text.comparison_id
            and comparison.principal = (select current_principal()))
);
create policy exported on comparison_text for select to {app} using (
    2 = (
        select count(*) from comparison_answer
        where comparison_answer.comparison_id = comparison_text.comparison_id)
);
create policy worker_forgets on comparison_text to {indexer} using (true);

-- Folders that administrators ask for in a browser: each sees what they asked for, and how far its reading is.
grant select, insert (requested_by, location, name, readers, classification) on folder_request to {app};
grant select, update (state, problem, source_id) on folder_request to {indexer};
alter table folder_request enable row level security;
create policy own on folder_request for select to {app} using (
    requested_by = (select current_principal()) and (select has_role('administrator'))
);
create policy administrators_ask on folder_request for insert to {app} with check (
    requested_by = (select current_principal()) and (select has_role('administrator')) and state = 'waiting'
);
create policy worker on folder_request to {indexer} using (true);
create policy who_asked_for_the_folder on sync_run for select to {app} using (
    exists (select from folder_request where folder_request.source_id = sync_run.source_id)
);

-- The game: whoever is signed in plays, and reads the board.
grant select, insert, update (questions) on game_best to {app};
alter table game_best enable row level security;
create policy players on game_best to {app} using ((select current_principal()) is not null)
    with check ((select current_principal()) is not null);

-- The job queue: the application asks, the worker does ---------------------------------------------------
do $$
declare
    object record;
begin
    for object in
        select format('%I', relname) as name from pg_class
        where relnamespace = 'centaure'::regnamespace and relkind = 'r' and relname like 'procrastinate\_%'
    loop
        execute format('grant select, insert, update, delete on centaure.%s to {indexer}', object.name);
        execute format('grant select, insert on centaure.%s to {app}', object.name);
    end loop;
    for object in
        select oid::regprocedure as name from pg_proc
        where pronamespace = 'centaure'::regnamespace and proname like 'procrastinate\_%' and prokind = 'f'
    loop
        execute format('grant execute on function %s to {indexer}, {app}', object.name);
    end loop;
end;
$$;
grant usage on all sequences in schema centaure to {app}, {indexer};
