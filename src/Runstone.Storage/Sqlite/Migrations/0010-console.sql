-- What programs of runs wrote to their console: docs/formats/console.md.
-- bytes: UTF-8 of all lines with their line feeds. open_line: the first line of the chunks that may still be merged, of which there
-- are open_chunks. merges: how often chunks were replaced.
CREATE TABLE console (
    run_no      INTEGER PRIMARY KEY,
    lines       INTEGER NOT NULL,
    bytes       INTEGER NOT NULL,
    open_line   INTEGER NOT NULL,
    open_chunks INTEGER NOT NULL,
    merges      INTEGER NOT NULL
);

CREATE INDEX console_open ON console (run_no) WHERE open_chunks > 1;

-- What is read to plan stands before the payload.
CREATE TABLE console_chunk (
    run_no     INTEGER NOT NULL,
    first_line INTEGER NOT NULL,
    lines      INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    payload    BLOB NOT NULL,
    digest     BLOB NOT NULL,
    PRIMARY KEY (run_no, first_line)
);
