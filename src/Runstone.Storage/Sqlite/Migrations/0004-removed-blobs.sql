-- When condemned content was gone. The mark stays for writers that sent the same content just before and have yet to link it.
ALTER TABLE condemned_blob ADD COLUMN removed_at INTEGER;
