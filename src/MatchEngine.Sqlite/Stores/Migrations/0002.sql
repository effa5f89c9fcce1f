-- How well the face served recognition when it was enrolled, 0 … 100; NULL where nobody assessed it.
ALTER TABLE encounter ADD COLUMN quality REAL CHECK (quality BETWEEN 0 AND 100);
