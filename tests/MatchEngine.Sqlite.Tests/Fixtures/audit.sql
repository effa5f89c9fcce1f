-- As the version before the ports wrote it: the dump of a database of synthetic templates.
PRAGMA application_id = 1296392565;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE event (
  sequence      INTEGER PRIMARY KEY AUTOINCREMENT,
  time          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  actor         TEXT NOT NULL,
  organisation  TEXT,
  -- Canonical JSON (RFC 8785), an object.
  payload       TEXT NOT NULL CHECK (json_type(payload) = 'object'),
  -- From when on a purge may remove it; null: never.
  expires       TEXT,
  previous_hash TEXT NOT NULL CHECK (length(previous_hash) = 64),
  hash          TEXT NOT NULL UNIQUE CHECK (length(hash) = 64)
) STRICT;
INSERT INTO "event" VALUES(1,'2026-11-30T01:10:22.506Z','test','writer-0',NULL,'{"number":0}','2033-11-30T01:10:22.506Z','0000000000000000000000000000000000000000000000000000000000000000','43ea2973fd7a7f1a59420dac6c71967b51c9f9f67d3fac21c7c4f7f7c9120e2c');
INSERT INTO "event" VALUES(2,'2026-11-30T01:10:22.681Z','test','writer-0',NULL,'{"number":1}','2033-11-30T01:10:22.681Z','43ea2973fd7a7f1a59420dac6c71967b51c9f9f67d3fac21c7c4f7f7c9120e2c','71a40c7b002efd8efdf6ac9b1e47c7f7c9e847cf61b19938139cb6f7a5d9341b');
INSERT INTO "event" VALUES(3,'2026-11-30T01:10:22.687Z','test','writer-0',NULL,'{"number":2}','2033-11-30T01:10:22.687Z','71a40c7b002efd8efdf6ac9b1e47c7f7c9e847cf61b19938139cb6f7a5d9341b','ac78e8ea21bbcf1b34d091f1b7f62a0100f5010512709b57f160e862be528130');
INSERT INTO "event" VALUES(4,'2026-11-30T01:10:22.690Z','test','writer-0',NULL,'{"number":3}','2033-11-30T01:10:22.690Z','ac78e8ea21bbcf1b34d091f1b7f62a0100f5010512709b57f160e862be528130','8ab0cf66dcf95a081a5439a9c83274ab2185ac1ac1337cad5df6e72f43c1ce55');
CREATE TABLE purge (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  up_to  TEXT NOT NULL
) STRICT;
CREATE INDEX event_by_time ON event (time);
CREATE INDEX event_by_actor ON event (actor);
CREATE INDEX event_by_expiry ON event (expires) WHERE expires IS NOT NULL;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only: an event is never changed');
END;
CREATE TRIGGER event_goes_by_purge_alone BEFORE DELETE ON event
WHEN OLD.expires IS NULL OR NOT EXISTS (SELECT 1 FROM purge WHERE up_to >= OLD.expires)
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only: only a purge removes events, and only expired ones');
END;
CREATE TRIGGER event_follows_the_last BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE sequence >= NEW.sequence)
  OR NEW.previous_hash <> ifnull((SELECT hash FROM event ORDER BY sequence DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN
  SELECT RAISE(ABORT, 'the audit log is append-only: an event follows the last one');
END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('event',4);
COMMIT;
