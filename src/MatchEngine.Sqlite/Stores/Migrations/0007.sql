-- Partners may enrol where the owner lets them, and what they enrol is theirs: they say with whom it is shared.
ALTER TABLE permission ADD COLUMN may_enrol INTEGER NOT NULL DEFAULT 0 CHECK (may_enrol IN (0, 1));
-- The organisation whose data a subject is; null: the gallery's owner.
ALTER TABLE subject ADD COLUMN provider TEXT CHECK (provider <> '');
CREATE INDEX subject_provider ON subject (provider) WHERE provider IS NOT NULL;

-- With which organisations a provider of data shares what it enrolled here.
CREATE TABLE provider_sharing (
  provider     TEXT NOT NULL CHECK (provider <> ''),
  organisation TEXT NOT NULL CHECK (organisation <> ''),
  PRIMARY KEY (provider, organisation)
) STRICT;
