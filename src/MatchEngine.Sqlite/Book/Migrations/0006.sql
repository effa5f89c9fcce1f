-- Browsers that are signed in: what is not here is signed out, whatever its cookie says. A change of the account takes all of its away.
CREATE TABLE session (
  id        TEXT PRIMARY KEY,
  account   TEXT NOT NULL REFERENCES account (id),
  -- The key by which it was signed in, and with which it ends.
  key       TEXT REFERENCES api_key (id),
  began     TEXT NOT NULL,
  last_seen TEXT NOT NULL
) STRICT;
CREATE INDEX session_by_account ON session (account);

-- Attempts to sign in. Name and address are HMAC-SHA-256 under the installation's secret, for a name that is no account's may be a password
-- in the wrong field; an address of no bytes stands for all that the account does not know.
CREATE TABLE sign_in_attempt (
  name    BLOB NOT NULL CHECK (length(name) = 32),
  address BLOB NOT NULL,
  count   INTEGER NOT NULL,
  last    TEXT NOT NULL,
  PRIMARY KEY (name, address)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_attempt_by_time ON sign_in_attempt (last);

-- Addresses from which a name was signed in; digests as above.
CREATE TABLE familiar_address (
  name    BLOB NOT NULL CHECK (length(name) = 32),
  address BLOB NOT NULL CHECK (length(address) = 32),
  last    TEXT NOT NULL,
  PRIMARY KEY (name, address)
) STRICT, WITHOUT ROWID;

ALTER TABLE account DROP COLUMN stamp;
ALTER TABLE account DROP COLUMN failures;
ALTER TABLE account DROP COLUMN locked_until;

-- Roles in alphabetical order, separated by spaces; null for all of the account's.
ALTER TABLE api_key ADD COLUMN scopes TEXT;
-- The key by which it was made, and with which it is revoked.
ALTER TABLE api_key ADD COLUMN parent TEXT REFERENCES api_key (id);
