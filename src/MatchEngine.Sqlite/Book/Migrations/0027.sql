-- What somebody wrote down of a case; it goes with the case.
CREATE TABLE case_note (
  id        TEXT PRIMARY KEY,
  case_file TEXT NOT NULL REFERENCES case_file (id),
  account   TEXT NOT NULL REFERENCES account (id),
  written   TEXT NOT NULL,
  text      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX case_note_by_case ON case_note (case_file);
