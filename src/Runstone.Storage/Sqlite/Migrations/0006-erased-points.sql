-- sealed_points: points of the chunks and packs of the run, which have none twice; a chunk that is lost shows by it.
ALTER TABLE runs ADD COLUMN sealed_points INTEGER NOT NULL DEFAULT 0;

UPDATE runs SET sealed_points = (SELECT coalesce(sum(c.points), 0) FROM metric_chunk c WHERE c.run_no = runs.run_no) WHERE next_chunk > 0;

-- kept_summary: the rows of metric_latest stayed, so that tables go on showing what the points said.
ALTER TABLE metric_erasure ADD COLUMN kept_summary INTEGER NOT NULL DEFAULT 0;

-- An older program would seal without counting.
INSERT INTO store_info (name, value) VALUES ('oldest_schema', '0006-erased-points')
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
