-- Numbers to call from, and what groups the calls between one of them and one number.

CREATE TABLE lines (
    id         TEXT PRIMARY KEY,
    org        TEXT NOT NULL,
    mode       TEXT NOT NULL,
    pod        TEXT,
    number     TEXT NOT NULL UNIQUE,
    country    TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
CREATE INDEX lines_by_org ON lines (org, mode, id);

CREATE TABLE conversations (
    -- Derived from what it groups; see `conversation_id`.
    id           TEXT PRIMARY KEY,
    org          TEXT NOT NULL,
    mode         TEXT NOT NULL,
    pod          TEXT,
    line         TEXT,
    number       TEXT NOT NULL,
    created_at   INTEGER NOT NULL,
    last_call_at INTEGER NOT NULL
);
CREATE INDEX conversations_by_org ON conversations (org, mode, last_call_at, id);
CREATE INDEX conversations_by_line ON conversations (line);

ALTER TABLE calls ADD COLUMN conversation TEXT;
CREATE INDEX calls_by_conversation ON calls (conversation, id) WHERE conversation IS NOT NULL;
