-- Content that nothing referred to and that is about to be removed; no batch may link it until it is released.
CREATE TABLE condemned_blob (
    sha256       TEXT PRIMARY KEY,
    condemned_at INTEGER NOT NULL
) WITHOUT ROWID;

-- An older program would link condemned content, so none may open the store from here on.
INSERT INTO store_info (name, value) VALUES ('oldest_schema', '0003-condemned-blobs')
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
