-- Photos, crops of faces, and encryption at rest. `key_id` names the key under which a row's value is sealed; null: it is in the clear. Sealed biographics are the JSON object
-- {"sealed": base64}, for the column keeps its check.

ALTER TABLE gallery ADD COLUMN key_id TEXT;
-- Tells this gallery from every other one, a restored copy of it included: what is derived from it belongs to no other.
ALTER TABLE gallery ADD COLUMN identity TEXT NOT NULL DEFAULT '';
UPDATE gallery SET identity = lower(hex(randomblob(16)));
CREATE TRIGGER gallery_has_an_identity AFTER INSERT ON gallery WHEN NEW.identity = ''
BEGIN
  UPDATE gallery SET identity = lower(hex(randomblob(16)));
END;

ALTER TABLE subject ADD COLUMN key_id TEXT;
ALTER TABLE encounter ADD COLUMN key_id TEXT;

-- An image as it was given, once for all the faces that were enrolled from it.
CREATE TABLE photo (
  id           INTEGER PRIMARY KEY,
  image_sha256 BLOB NOT NULL UNIQUE CHECK (length(image_sha256) = 32),
  key_id       TEXT,
  bytes        BLOB NOT NULL
) STRICT;

CREATE TABLE face_crop (
  encounter INTEGER PRIMARY KEY REFERENCES encounter (id) ON DELETE CASCADE,
  key_id    TEXT,
  jpeg      BLOB NOT NULL
) STRICT;

CREATE TRIGGER photo_goes_with_its_last_encounter AFTER DELETE ON encounter
WHEN NOT EXISTS (SELECT 1 FROM encounter WHERE image_sha256 = OLD.image_sha256)
BEGIN
  DELETE FROM photo WHERE image_sha256 = OLD.image_sha256;
END;
