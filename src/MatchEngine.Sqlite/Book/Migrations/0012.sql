-- Cases hold searches together: opened by the first search with a number, closed, held, deleted with all of it.
CREATE TABLE case_file (
  id           TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  -- As it stands in the purpose of searches.
  number       TEXT NOT NULL,
  opened       TEXT NOT NULL,
  opened_by    TEXT NOT NULL REFERENCES account (id),
  closed       TEXT,
  closed_by    TEXT REFERENCES account (id),
  -- When its retention ends; null while it is open.
  expires      TEXT,
  held_by      TEXT REFERENCES account (id),
  held         TEXT,
  hold_reason  TEXT,
  UNIQUE (organisation, number),
  CHECK ((closed IS NULL) = (closed_by IS NULL) AND (closed IS NULL) = (expires IS NULL)),
  CHECK ((held IS NULL) = (held_by IS NULL) AND (held IS NULL) = (hold_reason IS NULL))
) STRICT;
CREATE INDEX case_file_by_expiry ON case_file (expires);

-- A search of a case goes with it; one of none goes with its event of the audit.
ALTER TABLE search ADD COLUMN case_file TEXT REFERENCES case_file (id);
CREATE INDEX search_by_case ON search (case_file);

-- Searches that were made before open their cases. Ids as the service makes them: the first 48 bits are the time, in milliseconds.
INSERT INTO case_file (id, organisation, number, opened, opened_by)
SELECT printf('%012x', CAST(round((julianday(min(searched)) - 2440587.5) * 86400000) AS INTEGER)) || '7' || substr(hex, 1, 3)
    || '8' || substr(hex, 4, 15), organisation, number, min(searched), account
FROM (SELECT organisation, searched, account, json_extract(purpose, '$.caseNumber') AS number, lower(hex(randomblob(9))) AS hex
      FROM search WHERE recorded = 1 AND purpose IS NOT NULL)
WHERE number IS NOT NULL
GROUP BY organisation, number;
UPDATE search SET case_file = (
  SELECT c.id FROM case_file c WHERE c.organisation = search.organisation AND c.number = json_extract(search.purpose, '$.caseNumber'))
WHERE recorded = 1 AND purpose IS NOT NULL;
