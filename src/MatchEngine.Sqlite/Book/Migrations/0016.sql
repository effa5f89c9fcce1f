-- Administrators belong to an organisation; whoever was one administered the service, and goes on doing so by name.
UPDATE account SET roles = CASE
    WHEN roles LIKE '%service-auditor%' THEN replace(roles, 'service-auditor', 'service-administrator service-auditor')
    WHEN roles LIKE '%supervisor%' THEN replace(roles, 'supervisor', 'service-administrator supervisor')
    ELSE roles || ' service-administrator' END
  WHERE ' ' || roles || ' ' LIKE '% administrator %';
-- The account by which a key was made, or 'service'; null where that is not known. Of older keys it is known by the key they were made with.
ALTER TABLE api_key ADD COLUMN made_by TEXT;
UPDATE api_key SET made_by = (SELECT p.account FROM api_key p WHERE p.id = api_key.parent) WHERE parent IS NOT NULL;
