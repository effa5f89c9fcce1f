-- Audit events whose change was made: each noted in the transaction of the change, and taken out when nobody asks for it any more.
CREATE TABLE change_made (
  sequence INTEGER PRIMARY KEY,
  hash     TEXT NOT NULL
) STRICT;

-- Links between two subjects, entered by a person; no score makes one. Undirected: the older row stands first. They go with either subject.
CREATE TABLE subject_link (
  id         INTEGER PRIMARY KEY,
  subject    INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  other      INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  -- What links them, in the words of who entered it; sealed where `key_id` says so.
  note       TEXT NOT NULL,
  key_id     TEXT,
  entered_by TEXT NOT NULL,
  entered    TEXT NOT NULL,
  UNIQUE (subject, other),
  CHECK (subject < other)
) STRICT;

CREATE INDEX subject_link_other ON subject_link (other);
