-- What runs log to be looked at, by step. The file or the data holds it; the long column stands last, so that reading the others passes it over.
CREATE TABLE media_item (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    run_no      INTEGER NOT NULL,
    key_id      INTEGER NOT NULL,
    step        INTEGER NOT NULL,
    step_micros INTEGER NOT NULL,
    time        INTEGER NOT NULL,
    type        INTEGER NOT NULL,
    path        TEXT,
    caption     TEXT,
    data        TEXT
);

-- Has what the keys of a run are summed up by.
CREATE INDEX media_by_step ON media_item (run_no, key_id, step, step_micros, id, type, time);
