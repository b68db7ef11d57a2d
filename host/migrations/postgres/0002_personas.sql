CREATE TABLE personas (
    id         TEXT COLLATE "C" PRIMARY KEY,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    pod        TEXT,
    client_id  TEXT,
    name       TEXT NOT NULL,
    -- Identity, voice, language and rules, as one JSON document.
    traits     TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX personas_by_client_id ON personas (org, mode, COALESCE(pod, ''), client_id)
    WHERE client_id IS NOT NULL;
CREATE INDEX personas_by_org ON personas (org, mode, id);
