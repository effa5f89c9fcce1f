-- A supervisor approves of comparisons too; what was approved before is a search.
ALTER TABLE approval ADD COLUMN use TEXT NOT NULL DEFAULT 'search' CHECK (use IN ('search', 'comparison'));
