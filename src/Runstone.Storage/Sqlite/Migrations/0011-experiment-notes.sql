-- What people say about an experiment, and the metric by which they look at it in lists.
ALTER TABLE experiment ADD COLUMN notes TEXT NOT NULL DEFAULT '';
ALTER TABLE experiment ADD COLUMN pinned_metric TEXT;
