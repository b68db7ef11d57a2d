-- Components, each once, however many playbooks share it.
CREATE TABLE playbook_code (
    digest TEXT PRIMARY KEY,
    bytes  BYTEA NOT NULL
);

CREATE TABLE playbooks (
    id         TEXT COLLATE "C" PRIMARY KEY,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    pod        TEXT,
    client_id  TEXT,
    -- The newest.
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Kept for the calls that were made with it.
    deleted_at BIGINT
);
CREATE UNIQUE INDEX playbooks_by_client_id ON playbooks (org, mode, COALESCE(pod, ''), client_id)
    WHERE client_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX playbooks_by_org ON playbooks (org, mode, id);

CREATE TABLE playbook_versions (
    playbook TEXT COLLATE "C" NOT NULL REFERENCES playbooks (id),
    number   BIGINT NOT NULL,
    -- SHA-256 of the component file, and of its code without the settings.
    digest   TEXT NOT NULL,
    code     TEXT NOT NULL REFERENCES playbook_code (digest),
    -- As they stand in the file.
    settings TEXT,
    -- What lists show of it, as one JSON document.
    about    TEXT NOT NULL,
    made_at  BIGINT NOT NULL,
    PRIMARY KEY (playbook, number)
);
