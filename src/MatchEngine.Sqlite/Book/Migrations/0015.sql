-- Who has completed which course, as somebody else vouched for: of each account and course the latest.
CREATE TABLE training_certificate (
  account   TEXT NOT NULL REFERENCES account (id),
  course    TEXT NOT NULL,
  -- A day, ISO 8601.
  completed TEXT NOT NULL,
  by        TEXT NOT NULL,
  recorded  TEXT NOT NULL,
  PRIMARY KEY (account, course)
) STRICT;
