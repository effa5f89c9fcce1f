-- Sharing needs two: what the owner permits takes effect when the other organisation accepts it. A permission that was there before was in
-- effect, and stays so.
ALTER TABLE permission ADD COLUMN state TEXT NOT NULL DEFAULT 'accepted' CHECK (state IN ('offered', 'accepted', 'declined'));
