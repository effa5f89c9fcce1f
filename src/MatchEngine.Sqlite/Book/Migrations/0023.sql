-- Names that were announced for people of whom a gallery has no face yet.
CREATE TABLE announced_subject (
  gallery  TEXT NOT NULL,
  identity TEXT NOT NULL,
  subject  TEXT NOT NULL,
  PRIMARY KEY (gallery, identity, subject)
) STRICT, WITHOUT ROWID;
