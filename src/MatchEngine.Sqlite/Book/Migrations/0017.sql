-- What organisations approve for their people, as their vetting units keep it. Nothing is taken out: an organisation that has a row keeps a
-- list, and what is not on it needs a supervisor.
CREATE TABLE vetted_use (
  id           TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  -- Name and identity of a gallery; both null: the service itself.
  gallery      TEXT,
  identity     TEXT,
  -- Null: for every case.
  case_number  TEXT,
  reason       TEXT NOT NULL,
  approved_by  TEXT NOT NULL,
  approved     TEXT NOT NULL,
  until        TEXT,
  withdrawn_by TEXT,
  withdrawn    TEXT,
  CHECK ((gallery IS NULL) = (identity IS NULL)),
  CHECK ((withdrawn IS NULL) = (withdrawn_by IS NULL))
) STRICT;
CREATE INDEX vetted_use_by_organisation ON vetted_use (organisation);
