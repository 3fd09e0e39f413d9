-- Times are Unix milliseconds. Texts compare by their UTF-8 bytes. NaN is NULL, which is also how an engine with a NaN keeps it.

CREATE TABLE experiment (
    id                INTEGER PRIMARY KEY,
    name              TEXT NOT NULL UNIQUE,
    artifact_location TEXT,
    lifecycle         INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
);

CREATE TABLE experiment_tag (
    experiment_id INTEGER NOT NULL REFERENCES experiment (id),
    key           TEXT NOT NULL,
    value         TEXT NOT NULL,
    PRIMARY KEY (experiment_id, key)
) WITHOUT ROWID;

-- Names of metrics, params and tags, once each.
CREATE TABLE key_name (
    id   INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- Rewritten with every commit that touches the run (updated_at, next_seq), so it holds nothing long.
CREATE TABLE runs (
    run_no        INTEGER PRIMARY KEY,
    run_id        TEXT NOT NULL UNIQUE,
    experiment_id INTEGER NOT NULL REFERENCES experiment (id),
    name          TEXT NOT NULL,
    user_name     TEXT NOT NULL,
    status        INTEGER NOT NULL,
    start_time    INTEGER NOT NULL,
    end_time      INTEGER,
    lifecycle     INTEGER NOT NULL,
    deleted_at    INTEGER,
    parent_id     TEXT,
    artifact_uri  TEXT,
    updated_at    INTEGER NOT NULL,
    next_seq      INTEGER NOT NULL
);

-- The default order of a search, inside an experiment and over all.
CREATE INDEX runs_by_experiment ON runs (experiment_id, start_time DESC, run_id, lifecycle);
CREATE INDEX runs_by_start ON runs (start_time DESC, run_id, lifecycle);
CREATE INDEX runs_by_parent ON runs (parent_id, start_time) WHERE parent_id IS NOT NULL;

-- A row exists when there are notes or an environment.
CREATE TABLE run_document (
    run_no      INTEGER PRIMARY KEY REFERENCES runs (run_no),
    notes       TEXT NOT NULL,
    environment TEXT
);

-- One row a batch; position is run_no * 2^32 + sequence number, so that a run's rows lie together and in order.
CREATE TABLE metric_log (
    position INTEGER PRIMARY KEY,
    payload  BLOB NOT NULL,
    digest   BLOB NOT NULL
);

-- last, first: NULL is NaN. min_value, max_value: NULL while every value was NaN.
CREATE TABLE metric_latest (
    run_no           INTEGER NOT NULL,
    key_id           INTEGER NOT NULL,
    experiment_id    INTEGER NOT NULL,
    last             REAL,
    last_step        INTEGER NOT NULL,
    last_step_micros INTEGER NOT NULL,
    last_time        INTEGER NOT NULL,
    min_value        REAL,
    max_value        REAL,
    first            REAL,
    count            INTEGER NOT NULL,
    PRIMARY KEY (run_no, key_id)
) WITHOUT ROWID;

CREATE INDEX metric_latest_search ON metric_latest (experiment_id, key_id, last, run_no);

-- number: the value read as a finite number. Long values do not fit an index row of every engine: 128 characters are indexed.
CREATE TABLE params (
    run_no        INTEGER NOT NULL,
    key_id        INTEGER NOT NULL,
    experiment_id INTEGER NOT NULL,
    value         TEXT NOT NULL,
    number        REAL,
    PRIMARY KEY (run_no, key_id)
) WITHOUT ROWID;

CREATE INDEX params_by_text ON params (experiment_id, key_id, substr(value, 1, 128), run_no);
CREATE INDEX params_by_number ON params (experiment_id, key_id, number, run_no) WHERE number IS NOT NULL;

CREATE TABLE tags (
    run_no        INTEGER NOT NULL,
    key_id        INTEGER NOT NULL,
    experiment_id INTEGER NOT NULL,
    value         TEXT NOT NULL,
    number        REAL,
    PRIMARY KEY (run_no, key_id)
) WITHOUT ROWID;

CREATE INDEX tags_by_text ON tags (experiment_id, key_id, substr(value, 1, 128), run_no);
CREATE INDEX tags_by_number ON tags (experiment_id, key_id, number, run_no) WHERE number IS NOT NULL;

CREATE TABLE dataset (
    id            INTEGER PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiment (id),
    name          TEXT NOT NULL,
    digest        TEXT NOT NULL,
    source_type   TEXT NOT NULL,
    source        TEXT NOT NULL,
    schema        TEXT,
    profile       TEXT,
    UNIQUE (experiment_id, name, digest)
);

CREATE TABLE run_input (
    id         INTEGER PRIMARY KEY,
    run_no     INTEGER NOT NULL REFERENCES runs (run_no),
    dataset_id INTEGER NOT NULL REFERENCES dataset (id),
    UNIQUE (run_no, dataset_id)
);

CREATE INDEX run_input_by_dataset ON run_input (dataset_id, run_no);

CREATE TABLE run_input_tag (
    input_id INTEGER NOT NULL REFERENCES run_input (id),
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (input_id, key)
) WITHOUT ROWID;

CREATE TABLE run_model (
    id        INTEGER PRIMARY KEY,
    run_no    INTEGER NOT NULL REFERENCES runs (run_no),
    model_id  TEXT NOT NULL,
    direction INTEGER NOT NULL,
    step      INTEGER NOT NULL,
    UNIQUE (run_no, model_id, direction)
);

CREATE TABLE artifact (
    run_no     INTEGER NOT NULL,
    path       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size       INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (run_no, path)
) WITHOUT ROWID;

CREATE INDEX artifact_by_blob ON artifact (sha256);

-- The greatest number applied of each client process that numbers its batches.
CREATE TABLE ingest_source (
    run_no      INTEGER NOT NULL,
    source      TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    PRIMARY KEY (run_no, source)
) WITHOUT ROWID;

-- Which program wrote the store last, for the message of an older one that refuses it.
CREATE TABLE store_info (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
