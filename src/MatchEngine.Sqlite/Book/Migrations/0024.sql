-- What holds for the requests of a key where its client has no word for it.
CREATE TABLE client_setting (
  key     TEXT PRIMARY KEY REFERENCES api_key (id),
  gallery TEXT,
  -- A JSON object.
  purpose TEXT
) STRICT, WITHOUT ROWID;
