-- A point that comes again brings its text again, which is kept once; a page of a history finds the texts of its steps.
DROP INDEX metric_text_by_series;
CREATE UNIQUE INDEX metric_text_by_point ON metric_text (run_no, key_id, step, step_micros, time, value, text);
