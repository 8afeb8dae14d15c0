CREATE TABLE ab_assignments (
	test_id BIGINT NOT NULL, 
	lead_id TEXT NOT NULL, 
	variant INTEGER NOT NULL, 
	arrived_at BIGINT NOT NULL, 
	assigned_at BIGINT NOT NULL, 
	CONSTRAINT pk_ab_assignments PRIMARY KEY (test_id, lead_id), 
	CONSTRAINT fk_ab_assignments_test_id FOREIGN KEY(test_id) REFERENCES ab_tests (test_id), 
	CONSTRAINT fk_ab_assignments_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id)
);
CREATE TABLE ab_tests (
	test_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name TEXT NOT NULL, 
	design TEXT NOT NULL, 
	started_at BIGINT NOT NULL, 
	started_by TEXT NOT NULL, 
	ended_at BIGINT, 
	ending TEXT, 
	CONSTRAINT uq_ab_tests_name UNIQUE (name)
);
CREATE TABLE ad_spend (
	channel TEXT NOT NULL, 
	month DATE NOT NULL, 
	amount_usd BIGINT NOT NULL, 
	saved_at BIGINT NOT NULL, 
	saved_by TEXT NOT NULL, 
	CONSTRAINT pk_ad_spend PRIMARY KEY (channel, month)
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0018');
CREATE TABLE api_keys (
	key_id INTEGER NOT NULL, 
	name TEXT NOT NULL, 
	digest BLOB NOT NULL, 
	prefix TEXT NOT NULL, 
	scope TEXT NOT NULL, 
	made_at BIGINT NOT NULL, 
	made_by TEXT NOT NULL, 
	last_used_at BIGINT, 
	revoked_at BIGINT, 
	CONSTRAINT pk_api_keys PRIMARY KEY (key_id), 
	CONSTRAINT uq_api_keys_digest UNIQUE (digest)
);
CREATE TABLE area_places (
	area TEXT NOT NULL, 
	latitude DOUBLE NOT NULL, 
	longitude DOUBLE NOT NULL, 
	placed_at BIGINT NOT NULL, 
	placed_by TEXT NOT NULL, 
	CONSTRAINT pk_area_places PRIMARY KEY (area)
);
CREATE TABLE audit (
	audit_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	happened_at BIGINT NOT NULL, 
	actor TEXT NOT NULL, 
	action TEXT NOT NULL, 
	subject TEXT NOT NULL, 
	details TEXT NOT NULL
);
CREATE TABLE claude_spending (
	day DATE NOT NULL, 
	calls BIGINT NOT NULL, 
	micro_usd BIGINT NOT NULL, 
	CONSTRAINT pk_claude_spending PRIMARY KEY (day)
);
CREATE TABLE cluster_members (
	lead_id TEXT NOT NULL, 
	clustering_id BIGINT NOT NULL, 
	cluster INTEGER NOT NULL, 
	CONSTRAINT pk_cluster_members PRIMARY KEY (lead_id), 
	CONSTRAINT fk_cluster_members_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id), 
	CONSTRAINT fk_cluster_members_clustering_id FOREIGN KEY(clustering_id) REFERENCES clusterings (clustering_id)
);
CREATE TABLE clusterings (
	clustering_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	made_at BIGINT NOT NULL, 
	made_by TEXT NOT NULL, 
	model_version TEXT NOT NULL, 
	report TEXT NOT NULL
);
CREATE TABLE commission_plans (
	plan_id INTEGER NOT NULL, 
	agent TEXT, 
	valid_from DATE NOT NULL, 
	terms TEXT NOT NULL, 
	made_at BIGINT NOT NULL, 
	made_by TEXT NOT NULL, 
	CONSTRAINT pk_commission_plans PRIMARY KEY (plan_id)
);
CREATE TABLE counters (
	name TEXT NOT NULL, 
	n BIGINT NOT NULL, 
	CONSTRAINT pk_counters PRIMARY KEY (name)
);
INSERT INTO "counters" VALUES('version',0);
INSERT INTO "counters" VALUES('feed_seq',0);
INSERT INTO "counters" VALUES('escalated_to',0);
CREATE TABLE crm_events (
	event_no INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	webhook_id TEXT NOT NULL, 
	event_type TEXT NOT NULL, 
	state TEXT NOT NULL, 
	sent_at BIGINT NOT NULL, 
	received_at BIGINT NOT NULL, 
	reason TEXT, 
	payload TEXT, 
	CONSTRAINT uq_crm_events_webhook_id UNIQUE (webhook_id)
);
CREATE TABLE crm_known (
	contact_id TEXT NOT NULL, 
	kind TEXT NOT NULL, 
	entity_id TEXT NOT NULL, 
	known TEXT NOT NULL, 
	CONSTRAINT pk_crm_known PRIMARY KEY (contact_id, kind, entity_id)
);
CREATE TABLE crm_names (
	kind TEXT NOT NULL, 
	name_id TEXT NOT NULL, 
	name TEXT, 
	example TEXT, 
	CONSTRAINT pk_crm_names PRIMARY KEY (kind, name_id)
);
CREATE TABLE crm_people (
	contact_id TEXT NOT NULL, 
	lead_id TEXT NOT NULL, 
	score_due BIGINT NOT NULL, 
	deleted_at BIGINT, 
	next_write_at BIGINT, 
	write_tries INTEGER NOT NULL, 
	write_problem TEXT, 
	written_at BIGINT, 
	written_probability DOUBLE, 
	written_tier TEXT, 
	CONSTRAINT pk_crm_people PRIMARY KEY (contact_id)
);
CREATE TABLE day_counters (
	day DATE NOT NULL, 
	name TEXT NOT NULL, 
	n BIGINT NOT NULL, 
	CONSTRAINT pk_day_counters PRIMARY KEY (day, name)
);
CREATE TABLE interactions (
	interaction_id INTEGER NOT NULL, 
	lead_id TEXT NOT NULL, 
	occurred_at BIGINT NOT NULL, 
	digest BLOB NOT NULL, 
	kind TEXT NOT NULL, 
	direction TEXT NOT NULL, 
	subject TEXT, 
	text TEXT, 
	response_time_hours DOUBLE, 
	message_length INTEGER, 
	questions_asked INTEGER, 
	listing_price_usd BIGINT, 
	listing_area TEXT, 
	CONSTRAINT pk_interactions PRIMARY KEY (interaction_id), 
	CONSTRAINT uq_interactions_lead_id_occurred_at_digest UNIQUE (lead_id, occurred_at, digest), 
	CONSTRAINT fk_interactions_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id)
);
CREATE TABLE lead_latest (
	lead_id TEXT NOT NULL, 
	name TEXT, 
	name_key TEXT, 
	email TEXT, 
	phone TEXT, 
	search TEXT NOT NULL, 
	source TEXT, 
	agent TEXT, 
	stage TEXT NOT NULL, 
	area TEXT, 
	created_at BIGINT, 
	last_activity_at BIGINT, 
	scored_at BIGINT, 
	model_version TEXT, 
	tier TEXT, 
	probability DOUBLE, 
	confidence DOUBLE, 
	escalation_recommended BOOLEAN NOT NULL, 
	sale_price_usd BIGINT, 
	commission_usd BIGINT, 
	override_tier TEXT, 
	override_expires_at BIGINT, stage_at BIGINT, side TEXT DEFAULT 'buyer' NOT NULL, closing_probability DOUBLE, 
	CONSTRAINT pk_lead_latest PRIMARY KEY (lead_id), 
	CONSTRAINT fk_lead_latest_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id)
);
CREATE TABLE leads (
	lead_id TEXT NOT NULL, 
	name TEXT, 
	email TEXT, 
	phone TEXT, 
	source TEXT, 
	agent TEXT, 
	side TEXT, 
	stage TEXT, 
	stage_at BIGINT, 
	created_at BIGINT, 
	budget_range TEXT, 
	price_min_usd BIGINT, 
	price_max_usd BIGINT, 
	location_preference TEXT, 
	timeline TEXT, 
	financing TEXT, 
	pre_approval TEXT, 
	listing_price_usd BIGINT, 
	listing_address TEXT, 
	message TEXT, 
	tags TEXT, 
	insights TEXT, 
	measured TEXT, stage_told TEXT, 
	CONSTRAINT pk_leads PRIMARY KEY (lead_id)
);
CREATE TABLE model_files (
	version TEXT NOT NULL, 
	name TEXT NOT NULL, 
	digest TEXT NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_model_files PRIMARY KEY (version, name), 
	CONSTRAINT fk_model_files_version FOREIGN KEY(version) REFERENCES model_versions (version)
);
CREATE TABLE model_trials (
	trial_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	champion TEXT NOT NULL, 
	challenger TEXT NOT NULL, 
	design TEXT NOT NULL, 
	started_at BIGINT NOT NULL, 
	started_by TEXT NOT NULL, 
	ended_at BIGINT, 
	ending TEXT
);
CREATE TABLE model_versions (
	version TEXT NOT NULL, 
	registered_at BIGINT NOT NULL, 
	manifest TEXT NOT NULL, 
	CONSTRAINT pk_model_versions PRIMARY KEY (version)
);
CREATE TABLE opinions (
	opinion_id INTEGER NOT NULL, 
	lead_id TEXT NOT NULL, 
	score_id BIGINT NOT NULL, 
	asked_because TEXT NOT NULL, 
	status TEXT NOT NULL, 
	queued_at BIGINT NOT NULL, 
	queued_by TEXT, 
	heard_until BIGINT, 
	not_before BIGINT, 
	tries INTEGER NOT NULL, 
	asked_at BIGINT, 
	answered_at BIGINT, 
	batch_id TEXT, 
	claude_model TEXT, 
	request_id TEXT, 
	simulated BOOLEAN NOT NULL, 
	low DOUBLE, 
	high DOUBLE, 
	answer TEXT, 
	error TEXT, 
	tokens_in INTEGER, 
	tokens_cached INTEGER, 
	tokens_out INTEGER, 
	took_ms DOUBLE, 
	reserved_micro_usd BIGINT, 
	cost_micro_usd BIGINT, 
	decided_by TEXT, 
	decided_at BIGINT, 
	decision TEXT, 
	CONSTRAINT pk_opinions PRIMARY KEY (opinion_id), 
	CONSTRAINT fk_opinions_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id), 
	CONSTRAINT fk_opinions_score_id FOREIGN KEY(score_id) REFERENCES scores (score_id)
);
CREATE TABLE outbox (
	outbox_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	feed_seq BIGINT, 
	event_id TEXT NOT NULL, 
	created_at BIGINT NOT NULL, 
	payload TEXT NOT NULL, 
	CONSTRAINT uq_outbox_feed_seq UNIQUE (feed_seq)
);
CREATE TABLE outcomes (
	outcome_id INTEGER NOT NULL, 
	lead_id TEXT NOT NULL, 
	stage TEXT NOT NULL, 
	occurred_at BIGINT NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	actor TEXT, 
	sale_price_usd BIGINT, 
	reason TEXT, 
	CONSTRAINT pk_outcomes PRIMARY KEY (outcome_id), 
	CONSTRAINT uq_outcomes_lead_id_occurred_at_stage UNIQUE (lead_id, occurred_at, stage), 
	CONSTRAINT fk_outcomes_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id)
);
CREATE TABLE overrides (
	override_id INTEGER NOT NULL, 
	lead_id TEXT NOT NULL, 
	tier TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	actor TEXT NOT NULL, 
	made_at BIGINT NOT NULL, 
	expires_at BIGINT, 
	CONSTRAINT pk_overrides PRIMARY KEY (override_id), 
	CONSTRAINT fk_overrides_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id)
);
CREATE TABLE people (
	email TEXT NOT NULL, 
	name TEXT, 
	role TEXT NOT NULL, 
	agent TEXT, 
	from_claim BOOLEAN NOT NULL, 
	made_at BIGINT NOT NULL, 
	made_by TEXT NOT NULL, 
	claimed_at BIGINT, 
	signed_in_at BIGINT, 
	revoked_at BIGINT, 
	CONSTRAINT pk_people PRIMARY KEY (email)
);
CREATE TABLE scores (
	score_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	lead_id TEXT NOT NULL, 
	scored_at BIGINT NOT NULL, 
	model_version TEXT NOT NULL, 
	via TEXT NOT NULL, 
	probability DOUBLE NOT NULL, 
	raw_probability DOUBLE NOT NULL, 
	confidence DOUBLE NOT NULL, 
	tier TEXT NOT NULL, 
	base_value DOUBLE NOT NULL, 
	closing_probability DOUBLE, 
	timeline_probability DOUBLE, 
	features BLOB NOT NULL, 
	contributions BLOB NOT NULL, 
	sale_price_usd BIGINT, 
	price_basis TEXT, 
	rate TEXT NOT NULL, 
	commission_usd BIGINT, 
	reasons TEXT NOT NULL, 
	escalation_recommended BOOLEAN NOT NULL, trial_id BIGINT, trial_arm INTEGER, 
	CONSTRAINT fk_scores_lead_id FOREIGN KEY(lead_id) REFERENCES leads (lead_id)
);
CREATE TABLE segments (
	name TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	saved_at BIGINT NOT NULL, 
	saved_by TEXT NOT NULL, 
	CONSTRAINT pk_segments PRIMARY KEY (name)
);
CREATE TABLE shadow_scores (
	model_version TEXT NOT NULL, 
	score_id BIGINT NOT NULL, 
	probability DOUBLE NOT NULL, 
	CONSTRAINT pk_shadow_scores PRIMARY KEY (model_version, score_id), 
	CONSTRAINT fk_shadow_scores_score_id FOREIGN KEY(score_id) REFERENCES scores (score_id)
);
CREATE TABLE stream_entries (
	entry_key TEXT NOT NULL, 
	scored_at BIGINT NOT NULL, 
	CONSTRAINT pk_stream_entries PRIMARY KEY (entry_key)
);
CREATE TABLE workspace (
	"key" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_workspace PRIMARY KEY ("key")
);
CREATE INDEX ix_outcomes_stage ON outcomes (stage, lead_id);
CREATE INDEX ix_scores_lead_id_scored_at ON scores (lead_id, scored_at);
CREATE INDEX ix_scores_scored_at ON scores (scored_at, tier, escalation_recommended);
CREATE INDEX ix_overrides_lead_id_made_at ON overrides (lead_id, made_at);
CREATE INDEX ix_lead_latest_probability ON lead_latest (probability, lead_id);
CREATE INDEX ix_lead_latest_created_at ON lead_latest (created_at, lead_id);
CREATE INDEX ix_lead_latest_last_activity_at ON lead_latest (last_activity_at, lead_id);
CREATE INDEX ix_lead_latest_scored_at ON lead_latest (scored_at, lead_id);
CREATE TRIGGER scores_no_update BEFORE UPDATE ON scores BEGIN SELECT RAISE(ABORT, 'scores are append-only: a row is never changed'); END;
CREATE TRIGGER scores_no_delete BEFORE DELETE ON scores WHEN NOT EXISTS (SELECT 1 FROM counters WHERE name = 'clearing') BEGIN SELECT RAISE(ABORT, 'scores are append-only: rows go only when the workspace is cleared'); END;
CREATE UNIQUE INDEX ix_api_keys_living_name ON api_keys (name) WHERE revoked_at IS NULL;
CREATE INDEX ix_stream_entries_scored_at ON stream_entries (scored_at);
CREATE INDEX ix_opinions_lead_id_queued_at ON opinions (lead_id, queued_at);
CREATE INDEX ix_opinions_status_queued_at ON opinions (status, queued_at);
CREATE INDEX ix_opinions_queued_at ON opinions (queued_at);
CREATE INDEX ix_opinions_asked_at ON opinions (asked_at);
CREATE INDEX ix_opinions_score_id ON opinions (score_id);
CREATE INDEX ix_audit_happened_at ON audit (happened_at);
CREATE INDEX ix_shadow_scores_score_id ON shadow_scores (score_id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE INDEX ix_ab_assignments_lead_id ON ab_assignments (lead_id);
CREATE INDEX ix_crm_events_state_event_no ON crm_events (state, event_no);
CREATE INDEX ix_crm_events_received_at ON crm_events (received_at);
CREATE INDEX ix_crm_people_lead_id ON crm_people (lead_id);
CREATE INDEX ix_crm_people_score_due ON crm_people (score_due);
CREATE INDEX ix_crm_people_next_write_at ON crm_people (next_write_at);
CREATE INDEX ix_interactions_ours ON interactions (lead_id, occurred_at) WHERE direction = 'outbound' AND kind <> 'note';
CREATE INDEX ix_interactions_theirs ON interactions (lead_id, occurred_at, kind) WHERE direction = 'inbound' AND kind <> 'note';
CREATE INDEX ix_scores_trial ON scores (trial_id, lead_id, scored_at) WHERE trial_id IS NOT NULL;
CREATE INDEX ix_lead_latest_agent_source_area ON lead_latest (agent, source, area);
CREATE INDEX ix_crm_known_opportunity ON crm_known (entity_id) WHERE kind = 'opportunity';
DELETE FROM "sqlite_sequence";
