-- One-time codes beside the password. The secret is sealed under keys that do not lie here.
CREATE TABLE second_factor (
  account   TEXT PRIMARY KEY REFERENCES account (id),
  secret    BLOB NOT NULL,
  -- Whether a code of it was given once; until then none is asked for.
  confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
  -- The step (RFC 6238) of the last code that was used: none of it or an earlier one is good again.
  last_step INTEGER NOT NULL
) STRICT;

-- SHA-256 of codes of 80 random bits, each good once.
CREATE TABLE recovery_code (
  account TEXT NOT NULL REFERENCES second_factor (account) ON DELETE CASCADE,
  hash    BLOB NOT NULL CHECK (length(hash) = 32),
  PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;
