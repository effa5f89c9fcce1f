-- Who may be enrolled twice: pairs of subjects whose faces are alike, found by a search and waiting for somebody's word. A pair goes with
-- either subject and with either photo. `through` is the last subject that was searched with: a search that was cut off goes on behind it.
CREATE TABLE duplicate_search (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  floor    REAL    NOT NULL CHECK (floor BETWEEN -1 AND 1),
  asked_by TEXT    NOT NULL,
  asked    TEXT    NOT NULL,
  through  TEXT,
  subjects INTEGER NOT NULL DEFAULT 0 CHECK (subjects >= 0),
  state    TEXT    NOT NULL CHECK (state IN ('running', 'done', 'stopped'))
) STRICT;

CREATE TABLE duplicate_pair (
  id              INTEGER PRIMARY KEY,
  subject         INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  other           INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  encounter       INTEGER NOT NULL REFERENCES encounter (id) ON DELETE CASCADE,
  other_encounter INTEGER NOT NULL REFERENCES encounter (id) ON DELETE CASCADE,
  score           REAL    NOT NULL CHECK (score BETWEEN -1 AND 1),
  UNIQUE (subject, other),
  CHECK (subject < other)
) STRICT;

CREATE INDEX duplicate_pair_by_score ON duplicate_pair (score, id);
CREATE INDEX duplicate_pair_other ON duplicate_pair (other);
CREATE INDEX duplicate_pair_encounter ON duplicate_pair (encounter);
CREATE INDEX duplicate_pair_other_encounter ON duplicate_pair (other_encounter);

-- Two people who are alike, by the word of who looked at them: they are not asked for again.
CREATE TABLE kept_apart (
  id         INTEGER PRIMARY KEY,
  subject    INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  other      INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  decided_by TEXT    NOT NULL,
  decided    TEXT    NOT NULL,
  UNIQUE (subject, other),
  CHECK (subject < other)
) STRICT;

CREATE INDEX kept_apart_other ON kept_apart (other);
