-- What programs of runs wrote to their console: docs/formats/console.md.
-- bytes: UTF-8 of all lines with their line feeds. open_line: the first line of the chunks that may still be merged, of which there
-- are open_chunks. merges: how often chunks were replaced.
CREATE TABLE console (
    run_no      bigint PRIMARY KEY,
    lines       bigint NOT NULL,
    bytes       bigint NOT NULL,
    open_line   bigint NOT NULL,
    open_chunks bigint NOT NULL,
    merges      bigint NOT NULL
);

CREATE INDEX console_open ON console (run_no) WHERE open_chunks > 1;

-- What is read to plan stands before the payload.
CREATE TABLE console_chunk (
    run_no     bigint NOT NULL,
    first_line bigint NOT NULL,
    lines      bigint NOT NULL,
    bytes      bigint NOT NULL,
    payload    bytea NOT NULL,
    digest     bytea NOT NULL,
    PRIMARY KEY (run_no, first_line)
);

-- The payload is compressed, and most rows are of small chunks that are merged soon.
ALTER TABLE console_chunk ALTER COLUMN payload SET STORAGE EXTERNAL, ALTER COLUMN digest SET STORAGE PLAIN;
ALTER TABLE console_chunk SET (autovacuum_vacuum_scale_factor = 0.05);
