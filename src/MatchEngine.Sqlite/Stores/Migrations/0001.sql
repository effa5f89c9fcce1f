-- A gallery: one database, named by the folder it lies in. Times are UTC in ISO 8601. Row ids never come back (AUTOINCREMENT), so that an index can tell a removed row
-- from a new one. `change` counts the transactions that altered which templates there are; a process that holds an index reads what is
-- newer than the change it has seen.

CREATE TABLE gallery (
  id           INTEGER PRIMARY KEY CHECK (id = 1),
  model        TEXT    NOT NULL,
  model_digest TEXT    NOT NULL CHECK (length(model_digest) = 64),
  dimension    INTEGER NOT NULL CHECK (dimension > 0),
  created      TEXT    NOT NULL,
  change       INTEGER NOT NULL DEFAULT 0,
  -- 1: the gallery is being deleted, nobody may use it any more; the next start finishes the work.
  deleting     INTEGER NOT NULL DEFAULT 0 CHECK (deleting IN (0, 1)),
  -- 1: rows were removed and the journal may still hold copies of their pages.
  unscrubbed   INTEGER NOT NULL DEFAULT 0 CHECK (unscrubbed IN (0, 1))
) STRICT;

CREATE TABLE subject (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  subject_id TEXT NOT NULL UNIQUE,
  -- A JSON object of strings, in the order in which the keys came.
  biographics TEXT NOT NULL DEFAULT '{}' CHECK (json_type(biographics) = 'object')
) STRICT;

CREATE TABLE encounter (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  encounter_id TEXT    NOT NULL UNIQUE,
  subject      INTEGER NOT NULL REFERENCES subject (id) ON DELETE CASCADE,
  image        TEXT    NOT NULL,
  image_sha256 BLOB    NOT NULL CHECK (length(image_sha256) = 32),
  face         INTEGER NOT NULL CHECK (face >= 1),
  faces_found  INTEGER NOT NULL CHECK (faces_found >= face),
  box_x        REAL    NOT NULL,
  box_y        REAL    NOT NULL,
  box_width    REAL    NOT NULL,
  box_height   REAL    NOT NULL,
  confidence   REAL    NOT NULL,
  image_width  INTEGER NOT NULL,
  image_height INTEGER NOT NULL,
  source_url   TEXT,
  metadata     TEXT    NOT NULL DEFAULT '{}' CHECK (json_type(metadata) = 'object'),
  enrolled     TEXT    NOT NULL,
  change       INTEGER NOT NULL,
  -- Enrolment is idempotent by content: one row for a face of an image under a subject.
  UNIQUE (image_sha256, face, subject)
) STRICT;

CREATE INDEX encounter_by_subject ON encounter (subject);
CREATE INDEX encounter_by_change ON encounter (change);

-- Apart from the encounter, so that reading the one never drags the other's pages in.
CREATE TABLE template (
  encounter INTEGER PRIMARY KEY REFERENCES encounter (id) ON DELETE CASCADE,
  body      BLOB NOT NULL
) STRICT;

-- What is left of a removed encounter: its row id, for indexes that still hold it. Nothing personal.
CREATE TABLE removal (
  encounter INTEGER PRIMARY KEY,
  change    INTEGER NOT NULL
) STRICT;

CREATE INDEX removal_by_change ON removal (change);
