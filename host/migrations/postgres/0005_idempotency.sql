-- Keys that may read, but change nothing.
ALTER TABLE api_keys ADD COLUMN read_only BIGINT NOT NULL DEFAULT 0;

-- What was answered to a request, for its repetitions.
CREATE TABLE idempotency (
    org         TEXT NOT NULL,
    mode        TEXT NOT NULL,
    -- Empty: of no pod.
    pod         TEXT NOT NULL,
    key         TEXT NOT NULL,
    -- Hash of method, path and body.
    fingerprint TEXT NOT NULL,
    -- Null while the request is being answered.
    status      BIGINT,
    -- Encrypted.
    body        TEXT,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (org, mode, pod, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);
