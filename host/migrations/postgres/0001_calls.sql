-- Ids are ULIDs as text, times are milliseconds since the epoch, money is micro-dollars, documents
-- are JSON as text: the same on every database. Ids sort by their bytes, whatever the collation.

CREATE TABLE organizations (
    id         TEXT COLLATE "C" PRIMARY KEY,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL UNIQUE,
    plan       TEXT NOT NULL,
    settings   TEXT NOT NULL,
    signing_secret TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id            TEXT COLLATE "C" PRIMARY KEY,
    org           TEXT NOT NULL REFERENCES organizations (id),
    pod           TEXT,
    name          TEXT,
    mode          TEXT NOT NULL,
    hash          TEXT NOT NULL UNIQUE,
    last_four     TEXT NOT NULL,
    active        BIGINT NOT NULL,
    pending_until BIGINT,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT
);

CREATE INDEX api_keys_by_org ON api_keys (org);

CREATE TABLE calls (
    id          TEXT COLLATE "C" PRIMARY KEY,
    org         TEXT NOT NULL REFERENCES organizations (id),
    mode        TEXT NOT NULL,
    pod         TEXT,
    client_id   TEXT,
    to_number   TEXT NOT NULL,
    status      TEXT NOT NULL,
    playbook_id TEXT NOT NULL,
    batch       TEXT COLLATE "C",
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    -- When the call wants to be looked at next; null while a node holds it and when it is over.
    wake_at     BIGINT,
    lease_node  TEXT,
    lease_until BIGINT,
    -- It waits for money, and is not looked at.
    paused      BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    spec        TEXT NOT NULL,
    state       TEXT NOT NULL,
    outcome     TEXT NOT NULL
);

-- One call for a client's id, within what that client can see.
CREATE UNIQUE INDEX calls_by_client_id ON calls (org, mode, COALESCE(pod, ''), client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX calls_by_org ON calls (org, mode, id);
CREATE INDEX calls_due ON calls (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX calls_live ON calls (org, mode)
    WHERE status IN ('dialing', 'connected', 'in_progress', 'voicemail');
CREATE INDEX calls_lost ON calls (lease_until)
    WHERE status IN ('dialing', 'connected', 'in_progress', 'voicemail');
CREATE INDEX calls_due_by_org ON calls (org, mode, wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX calls_leased_by_org ON calls (org, mode, lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX calls_by_batch ON calls (batch, id) WHERE batch IS NOT NULL;
CREATE INDEX calls_paused ON calls (org) WHERE paused = 1;
CREATE INDEX calls_leased ON calls (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX calls_held ON calls (lease_node) WHERE lease_node IS NOT NULL;

CREATE TABLE attempts (
    id          TEXT COLLATE "C" PRIMARY KEY,
    call        TEXT COLLATE "C" NOT NULL REFERENCES calls (id),
    number      BIGINT NOT NULL,
    node        TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    answered_at BIGINT,
    ended_at    BIGINT,
    answered_by TEXT,
    reason      TEXT,
    UNIQUE (call, number)
);

CREATE TABLE events (
    sequence   BIGINT PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    id         TEXT COLLATE "C" NOT NULL UNIQUE,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    pod        TEXT,
    call       TEXT COLLATE "C",
    batch      TEXT COLLATE "C",
    event_type TEXT NOT NULL,
    payload    TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE INDEX events_by_org ON events (org, mode, sequence);
CREATE INDEX events_by_call ON events (call, sequence);

-- One row that a health check turns over.
CREATE TABLE pings (
    id   BIGINT PRIMARY KEY,
    beat BIGINT NOT NULL
);

-- Values that all servers of one database share.
CREATE TABLE secrets (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

-- Who ever called, and when the next dial fits their pace.
CREATE TABLE dialers (
    org          TEXT NOT NULL,
    mode         TEXT NOT NULL,
    next_dial_at BIGINT NOT NULL,
    PRIMARY KEY (org, mode)
);

CREATE TABLE batches (
    id           TEXT COLLATE "C" PRIMARY KEY,
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
    number     TEXT COLLATE "C" NOT NULL,
    source     TEXT NOT NULL,
    note       TEXT,
    call       TEXT COLLATE "C",
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
    id              TEXT COLLATE "C" PRIMARY KEY,
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
    id         TEXT COLLATE "C" PRIMARY KEY,
    event      TEXT COLLATE "C" NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    webhook    TEXT COLLATE "C" REFERENCES webhooks (id) ON DELETE CASCADE,
    url        TEXT NOT NULL,
    target     TEXT COLLATE "C" NOT NULL,
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
    delivery TEXT COLLATE "C" NOT NULL REFERENCES deliveries (id) ON DELETE CASCADE,
    number   BIGINT NOT NULL,
    at       BIGINT NOT NULL,
    took_ms  BIGINT NOT NULL,
    status   BIGINT,
    error    TEXT,
    PRIMARY KEY (delivery, number)
);

CREATE INDEX events_by_batch ON events (batch, sequence) WHERE batch IS NOT NULL;
CREATE INDEX events_by_age ON events (created_at);
