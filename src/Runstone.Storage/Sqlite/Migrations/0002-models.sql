-- Registered models, their versions, aliases and tags. last_version counts up only: a number is never used again.

CREATE TABLE registered_model (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    description  TEXT,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    last_version INTEGER NOT NULL
);

CREATE TABLE registered_model_tag (
    model_id INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (model_id, key)
);

CREATE INDEX registered_model_tag_by_text ON registered_model_tag (key, substr(value, 1, 128), model_id);

-- stage: 0 none, 1 staging, 2 production, 3 archived.
CREATE TABLE model_version (
    id          INTEGER PRIMARY KEY,
    model_id    INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    source      TEXT NOT NULL,
    location    TEXT,
    run_id      TEXT,
    run_link    TEXT,
    description TEXT,
    stage       INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (model_id, number)
);

CREATE INDEX model_version_by_stage ON model_version (model_id, stage, number);
CREATE INDEX model_version_by_run ON model_version (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE model_version_tag (
    version_id INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    key        TEXT NOT NULL,
    value      TEXT NOT NULL,
    PRIMARY KEY (version_id, key)
);

CREATE INDEX model_version_tag_by_text ON model_version_tag (key, substr(value, 1, 128), version_id);

CREATE TABLE model_alias (
    model_id   INTEGER NOT NULL REFERENCES registered_model (id) ON DELETE CASCADE,
    alias      TEXT NOT NULL,
    version_id INTEGER NOT NULL REFERENCES model_version (id) ON DELETE CASCADE,
    PRIMARY KEY (model_id, alias)
);

CREATE INDEX model_alias_by_version ON model_alias (version_id);
