-- The service's own book: who may do what, and what waits for whom. Galleries and the audit have databases of their own. Times are UTC in
-- ISO 8601. No photo, no template, no biographics of anybody enrolled.

CREATE TABLE installation (
  id             INTEGER PRIMARY KEY CHECK (id = 1),
  installation   TEXT NOT NULL,
  -- Keys the digests of deletion receipts, so that nobody can look up a photo by its digest without it.
  receipt_secret BLOB NOT NULL CHECK (length(receipt_secret) = 32),
  created        TEXT NOT NULL
) STRICT;

CREATE TABLE organisation (
  id      TEXT PRIMARY KEY,
  name    TEXT NOT NULL,
  created TEXT NOT NULL
) STRICT;

CREATE TABLE account (
  id            TEXT PRIMARY KEY,
  -- Unique without regard to case: nobody signs in as somebody else's look-alike.
  name          TEXT NOT NULL COLLATE NOCASE UNIQUE,
  organisation  TEXT NOT NULL REFERENCES organisation (id),
  -- Roles in alphabetical order, separated by spaces.
  roles         TEXT NOT NULL,
  -- As ASP.NET Core Identity's PasswordHasher writes it; null when the account signs in by keys only.
  password_hash TEXT,
  -- Another one after every change of password, roles or state: older sign-ins end.
  stamp         TEXT NOT NULL,
  disabled      INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)),
  failures      INTEGER NOT NULL DEFAULT 0,
  locked_until  TEXT,
  created       TEXT NOT NULL
) STRICT;

CREATE TABLE api_key (
  id        TEXT PRIMARY KEY,
  account   TEXT NOT NULL REFERENCES account (id),
  name      TEXT NOT NULL,
  -- SHA-256 of a secret of 256 random bits; there is nothing to guess that a slow hash would protect.
  hash      BLOB NOT NULL CHECK (length(hash) = 32),
  created   TEXT NOT NULL,
  expires   TEXT,
  revoked   TEXT,
  last_used TEXT
) STRICT;

CREATE INDEX api_key_by_account ON api_key (account);

CREATE TABLE terms_acceptance (
  account  TEXT NOT NULL REFERENCES account (id),
  terms    TEXT NOT NULL,
  version  TEXT NOT NULL,
  accepted TEXT NOT NULL,
  PRIMARY KEY (account, terms, version)
) STRICT;

-- A supervisor's say before a search. No probe: the agent submits it again with the approval's id.
CREATE TABLE approval (
  id           TEXT PRIMARY KEY,
  requester    TEXT NOT NULL REFERENCES account (id),
  organisation TEXT NOT NULL,
  galleries    TEXT NOT NULL,
  purpose      TEXT NOT NULL,
  reason       TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'refused', 'used')),
  requested    TEXT NOT NULL,
  expires      TEXT,
  decided_by   TEXT REFERENCES account (id),
  decided      TEXT,
  decision     TEXT,
  search       TEXT
) STRICT;

CREATE INDEX approval_by_organisation ON approval (organisation, state);

-- One row a search: whose it was and whether a supervisor has looked at it. What was searched stands in the audit.
CREATE TABLE use_of_search (
  search       TEXT PRIMARY KEY,
  account      TEXT NOT NULL REFERENCES account (id),
  organisation TEXT NOT NULL,
  searched     TEXT NOT NULL,
  audit        INTEGER NOT NULL,
  approval     TEXT REFERENCES approval (id),
  exigent      TEXT,
  reviewed_by  TEXT REFERENCES account (id),
  reviewed     TEXT,
  finding      TEXT CHECK (finding IN ('proper', 'improper', 'follow-up')),
  note         TEXT
) STRICT;

CREATE INDEX use_by_organisation ON use_of_search (organisation, searched);
CREATE INDEX use_by_account ON use_of_search (account, searched);

-- The second request: more of a candidate than the list gave, granted or refused by the gallery's owner.
CREATE TABLE details_request (
  id           TEXT PRIMARY KEY,
  search       TEXT NOT NULL,
  requester    TEXT NOT NULL REFERENCES account (id),
  gallery      TEXT NOT NULL,
  subject      TEXT NOT NULL,
  owner        TEXT NOT NULL,
  reason       TEXT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('pending', 'granted', 'refused')),
  requested    TEXT NOT NULL,
  decided_by   TEXT REFERENCES account (id),
  decided      TEXT,
  decision     TEXT
) STRICT;

CREATE INDEX details_request_by_owner ON details_request (owner, state);

CREATE TABLE notification (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  -- One of the two: a person, or all gallery owners of an organisation.
  account      TEXT REFERENCES account (id),
  organisation TEXT,
  time         TEXT NOT NULL,
  kind         TEXT NOT NULL,
  actor        TEXT NOT NULL,
  search       TEXT,
  gallery      TEXT,
  subject      TEXT,
  CHECK ((account IS NULL) <> (organisation IS NULL))
) STRICT;

CREATE INDEX notification_by_account ON notification (account);
CREATE INDEX notification_by_organisation ON notification (organisation);

CREATE TABLE notification_read (
  notification INTEGER NOT NULL REFERENCES notification (id),
  account      TEXT    NOT NULL REFERENCES account (id),
  PRIMARY KEY (notification, account)
) STRICT;

CREATE TABLE operation (
  id        TEXT PRIMARY KEY,
  kind      TEXT NOT NULL,
  gallery   TEXT NOT NULL,
  account   TEXT NOT NULL REFERENCES account (id),
  request   TEXT NOT NULL,
  state     TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
  created   TEXT NOT NULL,
  finished  TEXT,
  -- JSON: numbers while it runs, the report when it has ended.
  progress  TEXT,
  problem   TEXT
) STRICT;

CREATE INDEX operation_by_state ON operation (state);
