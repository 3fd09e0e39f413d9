-- What free text is looked for in, but notes: the name and the tag values of a run, with U+001F between, in one row, so that a search
-- reads the texts of an experiment one after the other. Triggers keep it, so whatever writes runs and tags need not know of it.
-- plain: ASCII alone.
CREATE TABLE run_text (
    experiment_id INTEGER NOT NULL,
    run_no        INTEGER NOT NULL,
    plain         INTEGER NOT NULL AS (length(text) = octet_length(text)) STORED,
    text          TEXT NOT NULL,
    PRIMARY KEY (experiment_id, run_no)
) WITHOUT ROWID;

INSERT INTO run_text (experiment_id, run_no, text)
SELECT r.experiment_id, r.run_no, r.name || coalesce((SELECT char(31) || group_concat(t.value, char(31)) FROM tags t WHERE t.run_no = r.run_no), '')
FROM runs r ORDER BY r.experiment_id, r.run_no;

CREATE TRIGGER run_text_of_run AFTER INSERT ON runs BEGIN
    INSERT INTO run_text (experiment_id, run_no, text) VALUES (new.experiment_id, new.run_no, new.name);
END;

CREATE TRIGGER run_text_of_removed_run AFTER DELETE ON runs BEGIN
    DELETE FROM run_text WHERE experiment_id = old.experiment_id AND run_no = old.run_no;
END;

CREATE TRIGGER run_text_of_name AFTER UPDATE OF name ON runs WHEN old.name <> new.name BEGIN
    UPDATE run_text
    SET text = new.name || coalesce((SELECT char(31) || group_concat(t.value, char(31)) FROM tags t WHERE t.run_no = new.run_no), '')
    WHERE experiment_id = new.experiment_id AND run_no = new.run_no;
END;

CREATE TRIGGER run_text_of_tag AFTER INSERT ON tags BEGIN
    UPDATE run_text SET text = text || char(31) || new.value WHERE experiment_id = new.experiment_id AND run_no = new.run_no;
END;

CREATE TRIGGER run_text_of_changed_tag AFTER UPDATE OF value ON tags WHEN old.value <> new.value BEGIN
    UPDATE run_text
    SET text = (SELECT r.name FROM runs r WHERE r.run_no = new.run_no)
            || coalesce((SELECT char(31) || group_concat(t.value, char(31)) FROM tags t WHERE t.run_no = new.run_no), '')
    WHERE experiment_id = new.experiment_id AND run_no = new.run_no;
END;

CREATE TRIGGER run_text_of_removed_tag AFTER DELETE ON tags BEGIN
    UPDATE run_text
    SET text = (SELECT r.name FROM runs r WHERE r.run_no = old.run_no)
            || coalesce((SELECT char(31) || group_concat(t.value, char(31)) FROM tags t WHERE t.run_no = old.run_no), '')
    WHERE experiment_id = old.experiment_id AND run_no = old.run_no;
END;

-- Notes are few and stand beside environments, which are long.
CREATE INDEX run_document_with_notes ON run_document (run_no) WHERE notes <> '';
