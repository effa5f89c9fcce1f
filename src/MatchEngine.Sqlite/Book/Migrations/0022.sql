-- Credentials of clients that sign their requests. The secret is sealed under keys that do not lie here: a signature can be checked by
-- nothing else, so that a hash would not do.
CREATE TABLE signing_credential (
  id        TEXT PRIMARY KEY,
  account   TEXT NOT NULL REFERENCES account (id),
  name      TEXT NOT NULL,
  secret    BLOB NOT NULL,
  created   TEXT NOT NULL,
  expires   TEXT NOT NULL,
  revoked   TEXT,
  last_used TEXT,
  scopes    TEXT,
  parent    TEXT REFERENCES api_key (id),
  -- A JSON object: what searches are made for where a request says nothing.
  purpose   TEXT
) STRICT;

CREATE INDEX signing_credential_by_account ON signing_credential (account);
