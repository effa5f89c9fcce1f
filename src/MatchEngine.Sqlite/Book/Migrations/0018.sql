-- The conditions by which a search was made among some, a JSON array; null: among everybody.
ALTER TABLE search ADD COLUMN filter TEXT;
