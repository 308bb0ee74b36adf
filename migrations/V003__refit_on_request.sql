-- Somebody (an export) waits for a refit: the ordered consumer makes it once it has applied the log, and clears this.
ALTER TABLE consensus_cursor ADD COLUMN refit_wanted boolean NOT NULL DEFAULT false;
