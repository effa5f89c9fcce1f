-- Examinations of candidate lists. The probe itself lies sealed in a file of its own while one is open (see SealedProbes), never in this database.

-- By these a photo that comes later is known to be the probe of a search, and its face is found again. Keyed by the installation's secret, as the receipt is.
ALTER TABLE use_of_search ADD COLUMN probe_digest TEXT;
-- JSON: x, y, width, height in pixels of the upright photo.
ALTER TABLE use_of_search ADD COLUMN probe_box TEXT;

CREATE TABLE examination (
  id            TEXT PRIMARY KEY,
  search        TEXT NOT NULL REFERENCES use_of_search (search),
  requester     TEXT NOT NULL REFERENCES account (id),
  organisation  TEXT NOT NULL,
  state         TEXT NOT NULL CHECK (state IN ('open', 'taken', 'finished', 'withdrawn', 'expired')),
  note          TEXT,
  requested     TEXT NOT NULL,
  expires       TEXT NOT NULL,
  examiner      TEXT REFERENCES account (id),
  taken         TEXT,
  closed        TEXT,
  comment       TEXT,
  probe_digest  TEXT NOT NULL,
  probe_box     TEXT,
  -- When the sealed probe and its key were gone; null while they are kept, or while their removal has to be done again.
  probe_deleted TEXT,
  CHECK ((state IN ('open', 'taken')) = (closed IS NULL)),
  CHECK (probe_deleted IS NULL OR closed IS NOT NULL)
) STRICT;

-- One at a time: two examiners of one list would be two findings of one question.
CREATE UNIQUE INDEX examination_live ON examination (search) WHERE closed IS NULL;
CREATE INDEX examination_by_organisation ON examination (organisation, state);

CREATE TABLE examined_candidate (
  examination TEXT    NOT NULL REFERENCES examination (id),
  rank        INTEGER NOT NULL,
  gallery     TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  encounter   TEXT    NOT NULL,
  score       REAL    NOT NULL,
  -- Null until the examiner has said something.
  kept        INTEGER CHECK (kept IN (0, 1)),
  level       TEXT CHECK (level IN ('support', 'limited-support', 'no-conclusion')),
  comment     TEXT,
  -- JSON: a note by facial feature.
  features    TEXT,
  PRIMARY KEY (examination, rank),
  CHECK ((level IS NOT NULL) = (kept IS 1))
) STRICT;

-- Links between subjects of one gallery, entered by its owner by hand. Undirected: subject < other.
CREATE TABLE subject_link (
  gallery TEXT NOT NULL,
  subject TEXT NOT NULL,
  other   TEXT NOT NULL,
  note    TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id),
  entered TEXT NOT NULL,
  PRIMARY KEY (gallery, subject, other),
  CHECK (subject < other)
) STRICT, WITHOUT ROWID;

CREATE INDEX subject_link_other ON subject_link (gallery, other);
