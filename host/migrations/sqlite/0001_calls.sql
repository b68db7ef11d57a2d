-- Ids are ULIDs as text, times are milliseconds since the epoch, money is micro-dollars, documents
-- are JSON as text: the same on every database.

CREATE TABLE organizations (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL UNIQUE,
    plan       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE api_keys (
    id            TEXT PRIMARY KEY,
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
    id          TEXT PRIMARY KEY,
    org         TEXT NOT NULL REFERENCES organizations (id),
    mode        TEXT NOT NULL,
    pod         TEXT,
    client_id   TEXT,
    to_number   TEXT NOT NULL,
    status      TEXT NOT NULL,
    playbook_id TEXT NOT NULL,
    batch       TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    -- When the call wants to be looked at next; null while a node holds it and when it is over.
    wake_at     BIGINT,
    lease_node  TEXT,
    lease_until BIGINT,
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
CREATE INDEX calls_live ON calls (org, lease_until)
    WHERE status IN ('dialing', 'connected', 'in_progress', 'voicemail');
CREATE INDEX calls_leased ON calls (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX calls_held ON calls (lease_node) WHERE lease_node IS NOT NULL;

CREATE TABLE attempts (
    id          TEXT PRIMARY KEY,
    call        TEXT NOT NULL REFERENCES calls (id),
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
    sequence   INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    pod        TEXT,
    call       TEXT,
    batch      TEXT,
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
