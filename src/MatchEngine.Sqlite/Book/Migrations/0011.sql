-- Who accounts are at an identity provider. Issuer and subject are compared to the letter.
CREATE TABLE linked_identity (
  id      TEXT PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  issuer  TEXT NOT NULL,
  subject TEXT NOT NULL,
  linked  TEXT NOT NULL,
  UNIQUE (issuer, subject)
) STRICT;
CREATE INDEX linked_identity_by_account ON linked_identity (account);
