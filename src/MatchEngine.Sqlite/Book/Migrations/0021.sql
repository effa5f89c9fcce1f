-- Where organisations are told what happens, and what became of telling them. Secrets are sealed.
CREATE TABLE webhook (
  id           TEXT PRIMARY KEY,
  organisation TEXT NOT NULL REFERENCES organisation (id),
  url          TEXT NOT NULL,
  secret       BLOB NOT NULL,
  added_by     TEXT NOT NULL,
  created      TEXT NOT NULL,
  -- The notifications that were there when it was added are not told.
  notified     INTEGER NOT NULL
) STRICT;
CREATE INDEX webhook_by_organisation ON webhook (organisation);

CREATE TABLE webhook_delivery (
  id       TEXT PRIMARY KEY,
  webhook  TEXT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
  kind     TEXT NOT NULL CHECK (kind IN ('notification', 'operation')),
  -- The notification's or the operation's id, and what kind of it.
  about    TEXT NOT NULL,
  what     TEXT NOT NULL,
  search   TEXT,
  created  TEXT NOT NULL,
  state    TEXT NOT NULL CHECK (state IN ('waiting', 'delivered', 'given-up')),
  attempts INTEGER NOT NULL DEFAULT 0,
  due      TEXT NOT NULL,
  -- The last attempt: the status of the answer, or why there was none.
  status   INTEGER,
  fault    TEXT,
  UNIQUE (webhook, kind, about)
) STRICT;
CREATE INDEX webhook_delivery_by_due ON webhook_delivery (state, due);
