-- The audit log. Rows are written once: triggers refuse every change, gaps, and every deletion but that of expired events by a purge. Whoever may write the file can drop
-- the triggers; the hashes are for that. AUTOINCREMENT keeps the highest number ever given, so that a tail cut off by DELETE shows.

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

CREATE INDEX event_by_time ON event (time);
CREATE INDEX event_by_actor ON event (actor);
CREATE INDEX event_by_expiry ON event (expires) WHERE expires IS NOT NULL;

-- Holds a row only inside the transaction of a purge: events that expire up to this time may go.
CREATE TABLE purge (
  id     INTEGER PRIMARY KEY CHECK (id = 1),
  up_to  TEXT NOT NULL
) STRICT;

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
