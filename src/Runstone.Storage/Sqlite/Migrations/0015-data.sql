-- Versions of data. Objects are what versions are made of (chunks of files, pages of trees and recipes); packs are the blobs that they lie in.
CREATE TABLE data_repository (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    name        TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    lifecycle   INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL
);

-- Ids ascend as versions come, so that a version has a greater one than its parents. The record, which the hash is of, stands last.
CREATE TABLE data_version (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES data_repository (id),
    hash          TEXT NOT NULL,
    root          TEXT NOT NULL,
    author        TEXT NOT NULL,
    made_at       INTEGER NOT NULL,
    message       TEXT NOT NULL,
    run_id        TEXT,
    files         INTEGER NOT NULL,
    bytes         INTEGER NOT NULL,
    received_at   INTEGER NOT NULL,
    record        BLOB NOT NULL,
    UNIQUE (repository_id, hash)
);

CREATE INDEX data_version_by_root ON data_version (root);
CREATE INDEX data_version_by_run ON data_version (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE data_parent (
    version_id INTEGER NOT NULL REFERENCES data_version (id),
    place      INTEGER NOT NULL,
    parent_id  INTEGER NOT NULL REFERENCES data_version (id),
    PRIMARY KEY (version_id, place)
) WITHOUT ROWID;

CREATE TABLE data_branch (
    repository_id INTEGER NOT NULL REFERENCES data_repository (id),
    name          TEXT NOT NULL,
    version_id    INTEGER NOT NULL REFERENCES data_version (id),
    person        TEXT NOT NULL,
    moved_at      INTEGER NOT NULL,
    PRIMARY KEY (repository_id, name)
) WITHOUT ROWID;

CREATE TABLE data_tag (
    repository_id INTEGER NOT NULL REFERENCES data_repository (id),
    name          TEXT NOT NULL,
    version_id    INTEGER NOT NULL REFERENCES data_version (id),
    person        TEXT NOT NULL,
    set_at        INTEGER NOT NULL,
    PRIMARY KEY (repository_id, name)
) WITHOUT ROWID;

-- Where branches pointed; never changed.
CREATE TABLE data_move (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    repository_id INTEGER NOT NULL REFERENCES data_repository (id),
    branch        TEXT NOT NULL,
    from_hash     TEXT,
    to_hash       TEXT,
    person        TEXT NOT NULL,
    moved_at      INTEGER NOT NULL
);

CREATE INDEX data_move_by_branch ON data_move (repository_id, branch, id);

CREATE TABLE data_pack (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256   TEXT NOT NULL UNIQUE,
    size     INTEGER NOT NULL,
    added_at INTEGER NOT NULL
);

CREATE TABLE data_object (
    pack_id INTEGER NOT NULL REFERENCES data_pack (id),
    place   INTEGER NOT NULL,
    sha256  TEXT NOT NULL UNIQUE,
    kind    INTEGER NOT NULL,
    flags   INTEGER NOT NULL,
    length  INTEGER NOT NULL,
    start   INTEGER NOT NULL,
    stored  INTEGER NOT NULL,
    PRIMARY KEY (pack_id, place)
) WITHOUT ROWID;

-- Files whose bytes were read from their chunks and hashed.
CREATE TABLE data_file (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256     TEXT NOT NULL UNIQUE,
    size       INTEGER NOT NULL,
    recipe     TEXT NOT NULL,
    checked_at INTEGER NOT NULL
);

-- A program that does not know of packs would take them for unused and remove them.
INSERT INTO store_info (name, value) VALUES ('oldest_schema', '0015-data')
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
