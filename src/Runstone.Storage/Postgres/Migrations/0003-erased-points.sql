-- sealed_points: points of the chunks and packs of the run, which have none twice; a chunk that is lost shows by it. Not indexed.
ALTER TABLE runs ADD COLUMN sealed_points bigint NOT NULL DEFAULT 0;

UPDATE runs r SET sealed_points = c.points
FROM (SELECT run_no, sum(points) AS points FROM metric_chunk GROUP BY run_no) c WHERE c.run_no = r.run_no;

-- kept_summary: the rows of metric_latest stayed, so that tables go on showing what the points said.
ALTER TABLE metric_erasure ADD COLUMN kept_summary bigint NOT NULL DEFAULT 0;

-- An older node would seal without counting.
UPDATE store_info SET value = '0003-erased-points' WHERE name = 'oldest_schema';
