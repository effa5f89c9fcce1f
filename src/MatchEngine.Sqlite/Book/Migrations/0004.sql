-- Searches have a table: what is read of a search later is read here, and the audit stays evidence. It goes with the audit's event.
ALTER TABLE use_of_search RENAME TO search;
ALTER TABLE search RENAME COLUMN search TO id;

-- 0: made before there was this table, and not yet filled from the audit's event (see SearchMove).
ALTER TABLE search ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0 CHECK (recorded IN (0, 1));
-- When the retention of the audit's event ends; null: never.
ALTER TABLE search ADD COLUMN expires TEXT;
-- JSON: the names.
ALTER TABLE search ADD COLUMN galleries TEXT NOT NULL DEFAULT '[]';
-- JSON: caseNumber, basis, requester; null where no purpose was demanded.
ALTER TABLE search ADD COLUMN purpose TEXT;
ALTER TABLE search ADD COLUMN list_length INTEGER NOT NULL DEFAULT 0;
ALTER TABLE search ADD COLUMN floor REAL;
ALTER TABLE search ADD COLUMN floor_gave_way INTEGER NOT NULL DEFAULT 0 CHECK (floor_gave_way IN (0, 1));
ALTER TABLE search ADD COLUMN probe_quality REAL;
ALTER TABLE search ADD COLUMN probe_faces INTEGER;
ALTER TABLE search ADD COLUMN probe_encounter TEXT;
ALTER TABLE search ADD COLUMN model TEXT NOT NULL DEFAULT '';
ALTER TABLE search ADD COLUMN path TEXT NOT NULL DEFAULT '';
ALTER TABLE search ADD COLUMN gallery_size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE search ADD COLUMN profile TEXT;
ALTER TABLE search ADD COLUMN disclaimer_version TEXT NOT NULL DEFAULT '';

CREATE INDEX search_unrecorded ON search (id) WHERE recorded = 0;
CREATE INDEX search_by_expiry ON search (expires);

CREATE TABLE search_candidate (
  search    TEXT    NOT NULL REFERENCES search (id),
  rank      INTEGER NOT NULL,
  gallery   TEXT    NOT NULL,
  subject   TEXT    NOT NULL,
  encounter TEXT    NOT NULL,
  -- To four decimals, as in the audit.
  score     REAL    NOT NULL,
  PRIMARY KEY (search, rank)
) STRICT, WITHOUT ROWID;

CREATE INDEX examination_by_search ON examination (search);
