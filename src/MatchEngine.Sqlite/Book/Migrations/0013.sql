-- Examinations by the examiners of one organisation, a second blind one where a profile wants it, a supervisor's say where they differ, and
-- levels for different people. The tables are made anew, for a CHECK cannot be changed.
CREATE TABLE examination_of (
  id             TEXT PRIMARY KEY,
  search         TEXT NOT NULL REFERENCES search (id),
  requester      TEXT NOT NULL REFERENCES account (id),
  organisation   TEXT NOT NULL,
  -- The organisation whose examiners do it.
  examiners      TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('open', 'taken', 'disputed', 'finished', 'withdrawn', 'expired')),
  note           TEXT,
  requested      TEXT NOT NULL,
  expires        TEXT NOT NULL,
  examiner       TEXT REFERENCES account (id),
  taken          TEXT,
  closed         TEXT,
  comment        TEXT,
  probe_digest   TEXT NOT NULL,
  probe_box      TEXT,
  -- When the sealed probe and its key were gone; null while they are kept, or while their removal has to be done again.
  probe_deleted  TEXT,
  -- Whether a second examiner, who does not see what the first one said, examines it too.
  second         INTEGER NOT NULL DEFAULT 0 CHECK (second IN (0, 1)),
  -- Who examined it first, when a second one does or did; and the words on the whole.
  first_examiner TEXT REFERENCES account (id),
  first_comment  TEXT,
  resolved_by    TEXT REFERENCES account (id),
  resolution     TEXT,
  CHECK ((state IN ('open', 'taken', 'disputed')) = (closed IS NULL)),
  CHECK (probe_deleted IS NULL OR closed IS NOT NULL),
  CHECK (first_examiner IS NULL OR second = 1)
) STRICT;
INSERT INTO examination_of (id, search, requester, organisation, examiners, state, note, requested, expires, examiner, taken, closed, comment,
  probe_digest, probe_box, probe_deleted)
SELECT id, search, requester, organisation, organisation, state, note, requested, expires, examiner, taken, closed, comment,
  probe_digest, probe_box, probe_deleted FROM examination;

CREATE TABLE examined_candidate_of (
  examination TEXT    NOT NULL REFERENCES examination_of (id),
  rank        INTEGER NOT NULL,
  gallery     TEXT    NOT NULL,
  subject     TEXT    NOT NULL,
  encounter   TEXT    NOT NULL,
  score       REAL    NOT NULL,
  -- Null until the examiner has said something.
  kept        INTEGER CHECK (kept IN (0, 1)),
  level       TEXT,
  comment     TEXT,
  -- JSON: a note by facial feature.
  features    TEXT,
  PRIMARY KEY (examination, rank),
  CHECK (CASE WHEN kept IS NULL THEN level IS NULL
    WHEN kept = 1 THEN level IS NOT NULL AND level IN ('support', 'limited-support', 'no-conclusion')
    ELSE level IS NULL OR level IN ('limited-support-different', 'support-different') END)
) STRICT;
INSERT INTO examined_candidate_of SELECT examination, rank, gallery, subject, encounter, score, kept, level, comment, features
FROM examined_candidate;
DROP TABLE examined_candidate;
DROP TABLE examination;
ALTER TABLE examination_of RENAME TO examination;
ALTER TABLE examined_candidate_of RENAME TO examined_candidate;

-- One of an organisation at a time: two examinations of one list would be two findings of one question.
CREATE UNIQUE INDEX examination_live ON examination (search, examiners) WHERE closed IS NULL;
CREATE INDEX examination_by_organisation ON examination (organisation, state);
CREATE INDEX examination_by_examiners ON examination (examiners, state);
CREATE INDEX examination_by_search ON examination (search);

-- What the first examiner said, out of the second one's sight.
CREATE TABLE first_judgement (
  examination TEXT    NOT NULL REFERENCES examination (id) ON DELETE CASCADE,
  rank        INTEGER NOT NULL,
  kept        INTEGER NOT NULL CHECK (kept IN (0, 1)),
  level       TEXT,
  comment     TEXT,
  features    TEXT,
  PRIMARY KEY (examination, rank)
) STRICT;

-- JSON: the galleries whose candidates are told only after the examination; null where none is held.
ALTER TABLE search ADD COLUMN held TEXT;
