-- Searches that are answered later. Requests, probes and answers are sealed; of a photo nothing is here until its templates are made.
CREATE TABLE search_batch (
  id       TEXT PRIMARY KEY,
  kind     TEXT NOT NULL CHECK (kind IN ('search', 'search-batch', 'submission')),
  account  TEXT NOT NULL REFERENCES account (id),
  request  BLOB NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  created  TEXT NOT NULL,
  finished TEXT,
  expires  TEXT NOT NULL
) STRICT;
CREATE INDEX search_batch_by_account ON search_batch (account);
CREATE INDEX search_batch_by_expiry ON search_batch (expires);

CREATE TABLE batch_probe (
  batch  TEXT NOT NULL REFERENCES search_batch (id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  state  TEXT NOT NULL CHECK (state IN ('photo', 'ready', 'done', 'failed', 'resend')),
  size   INTEGER NOT NULL DEFAULT 0,
  probe  BLOB,
  answer BLOB,
  PRIMARY KEY (batch, number)
) STRICT;
CREATE INDEX batch_probe_by_state ON batch_probe (batch, state, number);
