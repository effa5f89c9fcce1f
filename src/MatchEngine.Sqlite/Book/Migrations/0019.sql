-- Requests that are to be carried out once (Idempotency-Key). Keys and requests stand here as keyed digests, the answer sealed; one without
-- an answer was begun, and what became of it is not known.
CREATE TABLE idempotency_key (
  account TEXT NOT NULL REFERENCES account (id),
  key     BLOB NOT NULL,
  request BLOB NOT NULL,
  begun   TEXT NOT NULL,
  expires TEXT NOT NULL,
  size    INTEGER NOT NULL DEFAULT 0,
  answer  BLOB,
  PRIMARY KEY (account, key)
) STRICT;
CREATE INDEX idempotency_key_by_expiry ON idempotency_key (expires);
