-- The log is sealed into sorted chunks: docs/design/accepted/0008-sealed-chunks.md.
-- tail_points: points of the rows of the log that are left. sealed_seq: the number of the first of them. next_chunk: the next
-- metric_chunk.no and metric_rollup.no of the run; it changes with every change of its chunks.
ALTER TABLE runs ADD COLUMN tail_points INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN sealed_seq INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN next_chunk INTEGER NOT NULL DEFAULT 0;

-- Runs with rows in the log, or whose small chunks are to be merged because they ended.
CREATE TABLE unsealed_run (
    run_no INTEGER PRIMARY KEY
);

-- Points of older rows are not counted anywhere; a row has at least one.
UPDATE runs SET tail_points = next_seq WHERE next_seq > 0;
INSERT INTO unsealed_run (run_no) SELECT run_no FROM runs WHERE next_seq > 0;

-- slot: the key id of a chunk, -1 - (key id >> 6) of a pack. What is read to plan stands before the payload.
CREATE TABLE metric_chunk (
    run_no     INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    first_step INTEGER NOT NULL,
    no         INTEGER NOT NULL,
    last_step  INTEGER NOT NULL,
    points     INTEGER NOT NULL,
    summary    BLOB NOT NULL,
    payload    BLOB NOT NULL,
    digest     BLOB NOT NULL,
    PRIMARY KEY (run_no, slot, first_step, no)
);

CREATE TABLE metric_rollup (
    run_no     INTEGER NOT NULL,
    slot       INTEGER NOT NULL,
    first_step INTEGER NOT NULL,
    no         INTEGER NOT NULL,
    last_step  INTEGER NOT NULL,
    points     INTEGER NOT NULL,
    payload    BLOB NOT NULL,
    PRIMARY KEY (run_no, slot, first_step, no)
);

-- Integers that no double holds, as the client wrote them; the point itself is in the log with the nearest double.
CREATE TABLE metric_text (
    id          INTEGER PRIMARY KEY,
    run_no      INTEGER NOT NULL,
    key_id      INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    step_micros INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    value       REAL,
    text        TEXT NOT NULL
);

CREATE INDEX metric_text_by_series ON metric_text (run_no, key_id);

-- What was removed on purpose: key_id is NULL for all series of the run.
CREATE TABLE metric_erasure (
    id        INTEGER PRIMARY KEY,
    run_no    INTEGER NOT NULL,
    key_id    INTEGER,
    points    INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    erased_at INTEGER NOT NULL
);

CREATE INDEX metric_erasure_by_run ON metric_erasure (run_no);

-- An older program would not find sealed points, so none may open the store from here on.
INSERT INTO store_info (name, value) VALUES ('oldest_schema', '0005-sealed-chunks')
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
