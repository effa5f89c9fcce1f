-- The last event of the audit log that is known here: a log that lacks it was rolled back, replaced, or removed.
CREATE TABLE audit_head (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  sequence INTEGER NOT NULL CHECK (sequence >= 1),
  hash     TEXT    NOT NULL CHECK (length(hash) = 64),
  noted    TEXT    NOT NULL
) STRICT;
