-- Batches, the meter, the do-not-call list, webhooks and their deliveries.

ALTER TABLE organizations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}';
ALTER TABLE organizations ADD COLUMN signing_secret TEXT NOT NULL DEFAULT '';
-- An organization of before gets a secret that nobody knows; rotate it to use it.
UPDATE organizations SET signing_secret = 'whsec_' || lower(hex(randomblob(24)));

-- Values that all servers of one database share.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Calls that wait for money are not looked at.
ALTER TABLE calls ADD COLUMN paused BIGINT NOT NULL DEFAULT 0;
CREATE INDEX calls_paused ON calls (org) WHERE paused = 1;
DROP INDEX calls_live;
CREATE INDEX calls_live ON calls (org, mode)
    WHERE status IN ('dialing', 'connected', 'in_progress', 'voicemail');
CREATE INDEX calls_lost ON calls (lease_until)
    WHERE status IN ('dialing', 'connected', 'in_progress', 'voicemail');
CREATE INDEX calls_due_by_org ON calls (org, mode, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX calls_leased_by_org ON calls (org, mode, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX calls_by_batch ON calls (batch, id) WHERE batch IS NOT NULL;

-- Who ever called, and when the next dial fits their pace.
CREATE TABLE dialers (
    org          TEXT NOT NULL,
    mode         TEXT NOT NULL,
    next_dial_at BIGINT NOT NULL,
    PRIMARY KEY (org, mode)
);
INSERT INTO dialers (org, mode, next_dial_at) SELECT DISTINCT org, mode, 0 FROM calls;

CREATE TABLE batches (
    id           TEXT PRIMARY KEY,
    org          TEXT NOT NULL REFERENCES organizations (id),
    mode         TEXT NOT NULL,
    pod          TEXT,
    total        BIGINT NOT NULL,
    open         BIGINT NOT NULL,
    webhook_url  TEXT,
    created_at   BIGINT NOT NULL,
    completed_at BIGINT
);

-- What a month's calls came to.
CREATE TABLE usage (
    org            TEXT NOT NULL,
    mode           TEXT NOT NULL,
    month          TEXT NOT NULL,
    billed_seconds BIGINT NOT NULL,
    billed_calls   BIGINT NOT NULL,
    cost           BIGINT NOT NULL,
    PRIMARY KEY (org, mode, month)
);

CREATE TABLE do_not_call (
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    -- Empty: the whole organization.
    pod        TEXT NOT NULL,
    number     TEXT NOT NULL,
    source     TEXT NOT NULL,
    note       TEXT,
    call       TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (org, mode, number, pod)
);

CREATE TABLE tickets (
    hash       TEXT PRIMARY KEY,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    pod        TEXT,
    expires_at BIGINT NOT NULL
);

CREATE TABLE webhooks (
    id              TEXT PRIMARY KEY,
    org             TEXT NOT NULL REFERENCES organizations (id),
    mode            TEXT NOT NULL,
    pod             TEXT,
    url             TEXT NOT NULL,
    event_types     TEXT NOT NULL,
    client_id       TEXT,
    secret          TEXT NOT NULL,
    previous_secret TEXT,
    previous_until  BIGINT,
    active          BIGINT NOT NULL,
    disabled_reason TEXT,
    failing_since   BIGINT,
    created_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX webhooks_by_client_id ON webhooks (org, mode, COALESCE(pod, ''), client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX webhooks_by_org ON webhooks (org, mode);

CREATE TABLE deliveries (
    id         TEXT PRIMARY KEY,
    event      TEXT NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    webhook    TEXT REFERENCES webhooks (id) ON DELETE CASCADE,
    url        TEXT NOT NULL,
    target     TEXT NOT NULL,
    state      TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    -- When it is tried next; null when it is settled.
    next_at    BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_by_target ON deliveries (target, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_by_webhook ON deliveries (webhook, id);
CREATE INDEX deliveries_by_event ON deliveries (event);

CREATE TABLE delivery_attempts (
    delivery TEXT NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    took_ms  BIGINT NOT NULL,
    status   BIGINT,
    error    TEXT,
    PRIMARY KEY (delivery, number)
);

CREATE INDEX events_by_batch ON events (batch, sequence) WHERE batch IS NOT NULL;
CREATE INDEX events_by_age ON events (created_at);
