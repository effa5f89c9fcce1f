-- Exigent use has a supervisor's yes before it, by a deadline, and a review after it. What was made before without a yes stays to be looked
-- at.
ALTER TABLE approval ADD COLUMN exigent INTEGER NOT NULL DEFAULT 0 CHECK (exigent IN (0, 1));
-- Until when a supervisor can say yes; null: as long as it takes.
ALTER TABLE approval ADD COLUMN decide_by TEXT;
-- Until when a search that could not wait is to be reviewed; null: no review is demanded.
ALTER TABLE search ADD COLUMN review_due TEXT;
UPDATE search SET review_due = searched WHERE exigent IS NOT NULL;
