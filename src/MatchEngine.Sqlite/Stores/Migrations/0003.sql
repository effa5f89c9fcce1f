-- Whose the gallery is, how it may be used, and how long encounters stay. A gallery that was there before belongs to whoever runs the command, is approved, and keeps everything.

ALTER TABLE gallery ADD COLUMN owner TEXT NOT NULL DEFAULT 'local' CHECK (owner <> '');
ALTER TABLE gallery ADD COLUMN profile TEXT NOT NULL DEFAULT 'default' CHECK (profile <> '');
ALTER TABLE gallery ADD COLUMN approved INTEGER NOT NULL DEFAULT 1 CHECK (approved IN (0, 1));
-- Null: encounters stay until they are removed.
ALTER TABLE gallery ADD COLUMN retention_days INTEGER CHECK (retention_days >= 1);
ALTER TABLE gallery ADD COLUMN retention_basis TEXT NOT NULL DEFAULT 'enrolled' CHECK (retention_basis IN ('enrolled', 'captured'));

CREATE TABLE permission (
  organisation TEXT PRIMARY KEY,
  may_search   INTEGER NOT NULL CHECK (may_search IN (0, 1)),
  -- A JSON array of the keys of biographics that the organisation sees; null: all.
  fields       TEXT CHECK (json_type(fields) = 'array')
) STRICT;
