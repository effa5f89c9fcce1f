-- An organisation is told through those who hold certain roles in it, not through its gallery owners alone. Roles in alphabetical order,
-- separated by spaces; null where an account is told.
ALTER TABLE notification ADD COLUMN roles TEXT;
UPDATE notification SET roles = 'gallery-owner' WHERE organisation IS NOT NULL;
