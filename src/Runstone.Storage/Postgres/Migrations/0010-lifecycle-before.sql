-- What a run was when its experiment was deleted, so that it is that again when the experiment comes back.
ALTER TABLE runs ADD COLUMN lifecycle_before bigint;
