-- What people add beside what is logged: how they arranged pages, what they starred, what they said.
CREATE TABLE saved_view (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment_id INTEGER NOT NULL REFERENCES experiment (id),
    person        TEXT NOT NULL,
    name          TEXT NOT NULL,
    settings      TEXT NOT NULL,
    is_default    INTEGER NOT NULL,
    revision      INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (experiment_id, person, name)
);

CREATE UNIQUE INDEX saved_view_default ON saved_view (experiment_id) WHERE is_default <> 0;

CREATE TABLE workspace (
    id            INTEGER PRIMARY KEY,
    experiment_id INTEGER NOT NULL REFERENCES experiment (id),
    person        TEXT NOT NULL,
    settings      TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (experiment_id, person)
);

-- kind: 0 run, 1 experiment; subject: its id as the API writes it.
CREATE TABLE star (
    id         INTEGER PRIMARY KEY,
    person     TEXT NOT NULL,
    kind       INTEGER NOT NULL,
    subject    TEXT NOT NULL,
    starred_at INTEGER NOT NULL,
    UNIQUE (person, kind, subject)
);

CREATE INDEX star_by_time ON star (person, kind, starred_at DESC, subject);

-- A deleted comment keeps its row without its text.
CREATE TABLE comment (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       INTEGER NOT NULL,
    subject    TEXT NOT NULL,
    person     TEXT NOT NULL,
    text       TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    edited_at  INTEGER,
    deleted_at INTEGER
);

CREATE INDEX comment_by_subject ON comment (kind, subject, id);

-- newest: the number of the newest version, and saved_at its time, for lists.
CREATE TABLE report (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment_id INTEGER REFERENCES experiment (id),
    lifecycle     INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    newest        INTEGER NOT NULL,
    saved_at      INTEGER NOT NULL
);

CREATE INDEX report_by_time ON report (saved_at DESC, id DESC);
CREATE INDEX report_by_experiment ON report (experiment_id, saved_at DESC, id DESC);

CREATE TABLE report_version (
    report_id INTEGER NOT NULL REFERENCES report (id),
    number    INTEGER NOT NULL,
    person    TEXT NOT NULL,
    saved_at  INTEGER NOT NULL,
    title     TEXT NOT NULL,
    body      TEXT NOT NULL,
    PRIMARY KEY (report_id, number)
);
