-- Persons' requests for access, correction or deletion, as the gallery's owner wrote them down. Who the person is stands in the owner's
-- files; what is corrected stands in the gallery alone.
CREATE TABLE redress_request (
  id          TEXT PRIMARY KEY,
  gallery     TEXT NOT NULL,
  owner       TEXT NOT NULL,
  subject     TEXT,
  kind        TEXT NOT NULL CHECK (kind IN ('access', 'correction', 'deletion')),
  reference   TEXT NOT NULL,
  statement   TEXT,
  recorded    TEXT NOT NULL,
  recorded_by TEXT NOT NULL REFERENCES account (id),
  due         TEXT NOT NULL,
  granted     INTEGER CHECK (granted IN (0, 1)),
  decided_by  TEXT REFERENCES account (id),
  decided     TEXT,
  decision    TEXT,
  answered_by TEXT REFERENCES account (id),
  answered    TEXT,
  answer      TEXT,
  -- Of how many searches whose lists held the record the searchers were told.
  told        INTEGER,
  CHECK (subject IS NOT NULL OR kind = 'access'),
  CHECK (answered IS NULL OR decided IS NOT NULL)
) STRICT;
CREATE INDEX redress_request_by_owner ON redress_request (owner);

-- Whose lists held a record.
CREATE INDEX search_candidate_by_subject ON search_candidate (gallery, subject);
