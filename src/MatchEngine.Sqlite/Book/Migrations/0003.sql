-- Audit events whose change in this database was made: each noted in the transaction of the change, and taken out when nobody asks for it any more.
CREATE TABLE change_made (
  sequence INTEGER PRIMARY KEY,
  hash     TEXT NOT NULL
) STRICT;

-- Of the audit's events up to this number it is known whether their changes came about.
ALTER TABLE installation ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;
