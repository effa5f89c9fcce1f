-- JSON: what was done to the photo before it was searched with.
ALTER TABLE search ADD COLUMN preparation TEXT;
-- JSON: the floor of each gallery, where they have different ones.
ALTER TABLE search ADD COLUMN floors TEXT;
