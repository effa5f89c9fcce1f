-- Who searches among some holds the biographics of all, and then reads what changed: each subject's last change of them, and the rows of
-- subjects that went. Nothing personal.

ALTER TABLE gallery ADD COLUMN subject_change INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subject ADD COLUMN change INTEGER NOT NULL DEFAULT 0;
UPDATE subject SET change = 1;
UPDATE gallery SET subject_change = 1;
CREATE INDEX subject_by_change ON subject (change);

CREATE TABLE subject_removal (
  subject INTEGER PRIMARY KEY,
  change  INTEGER NOT NULL
) STRICT;

CREATE INDEX subject_removal_by_change ON subject_removal (change);

CREATE TRIGGER subject_came AFTER INSERT ON subject
BEGIN
  UPDATE gallery SET subject_change = subject_change + 1;
  UPDATE subject SET change = (SELECT subject_change FROM gallery) WHERE id = NEW.id;
END;

CREATE TRIGGER subject_was_corrected AFTER UPDATE OF biographics ON subject
BEGIN
  UPDATE gallery SET subject_change = subject_change + 1;
  UPDATE subject SET change = (SELECT subject_change FROM gallery) WHERE id = NEW.id;
END;

CREATE TRIGGER subject_went AFTER DELETE ON subject
BEGIN
  UPDATE gallery SET subject_change = subject_change + 1;
  INSERT INTO subject_removal (subject, change) VALUES (OLD.id, (SELECT subject_change FROM gallery));
END;
