-- What free text is looked for in, but notes: the name and the tag values of a run, with U+001F between, in capitals, in one row, so
-- that a search reads the texts of an experiment one after the other. Triggers keep it, so whatever writes runs and tags need not know
-- of it.
CREATE TABLE run_text (
    experiment_id bigint NOT NULL,
    run_no        bigint NOT NULL,
    text          text COLLATE "C" NOT NULL,
    PRIMARY KEY (experiment_id, run_no)
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);

INSERT INTO run_text (experiment_id, run_no, text)
SELECT r.experiment_id, r.run_no, fold_case(r.name || coalesce(t.texts, ''))
FROM runs r LEFT JOIN (SELECT x.run_no, chr(31) || string_agg(x.value, chr(31)) AS texts FROM tags x GROUP BY x.run_no) t ON t.run_no = r.run_no
ORDER BY r.experiment_id, r.run_no;

CREATE FUNCTION run_text_of_runs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO run_text (experiment_id, run_no, text) SELECT c.experiment_id, c.run_no, fold_case(c.name) FROM changed c;
    RETURN NULL;
END $$;

CREATE FUNCTION run_text_of_removed_runs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM run_text t USING removed d WHERE t.experiment_id = d.experiment_id AND t.run_no = d.run_no;
    RETURN NULL;
END $$;

CREATE FUNCTION run_text_of_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE run_text
    SET text = fold_case(new.name || coalesce((SELECT chr(31) || string_agg(t.value, chr(31)) FROM tags t WHERE t.run_no = new.run_no), ''))
    WHERE experiment_id = new.experiment_id AND run_no = new.run_no;
    RETURN NULL;
END $$;

CREATE FUNCTION run_text_of_new_tags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE run_text t SET text = t.text || c.texts
    FROM (SELECT x.experiment_id, x.run_no, string_agg(chr(31) || fold_case(x.value), '') AS texts FROM changed x GROUP BY x.experiment_id, x.run_no) c
    WHERE t.experiment_id = c.experiment_id AND t.run_no = c.run_no;
    RETURN NULL;
END $$;

CREATE FUNCTION run_text_of_tags() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT DISTINCT c.experiment_id, c.run_no FROM changed c ORDER BY 2 LOOP
        UPDATE run_text
        SET text = fold_case((SELECT r.name FROM runs r WHERE r.run_no = one.run_no)
            || coalesce((SELECT chr(31) || string_agg(t.value, chr(31)) FROM tags t WHERE t.run_no = one.run_no), ''))
        WHERE experiment_id = one.experiment_id AND run_no = one.run_no;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER run_text_of_runs AFTER INSERT ON runs REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION run_text_of_runs();
CREATE TRIGGER run_text_of_removed_runs AFTER DELETE ON runs REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION run_text_of_removed_runs();
CREATE TRIGGER run_text_of_name AFTER UPDATE OF name ON runs FOR EACH ROW WHEN (old.name <> new.name) EXECUTE FUNCTION run_text_of_name();
CREATE TRIGGER run_text_of_new_tags AFTER INSERT ON tags REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION run_text_of_new_tags();
CREATE TRIGGER run_text_of_changed_tags AFTER UPDATE ON tags REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION run_text_of_tags();
CREATE TRIGGER run_text_of_removed_tags AFTER DELETE ON tags REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION run_text_of_tags();

-- Notes are few and stand beside environments, which are long.
CREATE INDEX run_document_with_notes ON run_document (run_no) WHERE notes <> '';
