-- Models as training leaves them behind. status: 0 pending, 1 ready, 2 failed. A deleted one keeps all it has.
CREATE TABLE logged_model (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    model_id      TEXT NOT NULL UNIQUE,
    experiment_id INTEGER NOT NULL,
    name          TEXT NOT NULL,
    type          TEXT NOT NULL,
    run_id        TEXT,
    location      TEXT NOT NULL,
    status        INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    deleted_at    INTEGER
);

CREATE INDEX logged_model_by_experiment ON logged_model (experiment_id, created_at);
CREATE INDEX logged_model_by_run ON logged_model (run_id) WHERE run_id IS NOT NULL;

CREATE TABLE logged_model_param (
    model_no INTEGER NOT NULL,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (model_no, key)
) WITHOUT ROWID;

CREATE TABLE logged_model_tag (
    model_no INTEGER NOT NULL,
    key      TEXT NOT NULL,
    value    TEXT NOT NULL,
    PRIMARY KEY (model_no, key)
) WITHOUT ROWID;

CREATE TABLE logged_model_file (
    model_no   INTEGER NOT NULL,
    path       TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    size       INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (model_no, path)
) WITHOUT ROWID;

CREATE INDEX logged_model_file_by_blob ON logged_model_file (sha256);

-- Points of runs that are results of a model, beside the log, which keeps them too. No dataset is the empty text, NaN is NULL.
CREATE TABLE logged_model_metric (
    run_no      INTEGER NOT NULL,
    model_no    INTEGER NOT NULL,
    key_id      INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    step_micros INTEGER NOT NULL,
    dataset     TEXT NOT NULL,
    digest      TEXT NOT NULL,
    value       REAL,
    PRIMARY KEY (run_no, model_no, key_id, time, step, step_micros, dataset, digest)
) WITHOUT ROWID;

-- What a model is searched and ordered by, newest last.
CREATE INDEX logged_model_metric_by_model ON logged_model_metric (model_no, key_id, time, step, value);

-- A program that does not know of files of models would take their content for unused and remove it.
INSERT INTO store_info (name, value) VALUES ('oldest_schema', '0014-logged-models')
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
