-- JSON: what the examiner did to the pictures while looking, and what was marked in them, a line each.
ALTER TABLE examined_candidate ADD COLUMN processing TEXT;
ALTER TABLE first_judgement ADD COLUMN processing TEXT;
