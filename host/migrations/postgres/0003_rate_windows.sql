-- The requests of the last minute: who, of which kind, and when each was admitted.
CREATE TABLE rate_windows (
    key      TEXT PRIMARY KEY,
    admitted TEXT NOT NULL,
    used_at  BIGINT NOT NULL
);
CREATE INDEX rate_windows_by_use ON rate_windows (used_at);
