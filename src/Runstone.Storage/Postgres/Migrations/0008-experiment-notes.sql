-- What people say about an experiment, and the metric by which they look at it in lists.
ALTER TABLE experiment ADD COLUMN notes text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE experiment ADD COLUMN pinned_metric text COLLATE "C";
