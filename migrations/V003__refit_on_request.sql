-- Somebody (an export) waits for a refit. Who asks draws the next number; the ordered consumer makes the refit once it has
-- applied the log, and notes the number that stood before it read: a later asker is not told done by an earlier fit.
ALTER TABLE consensus_cursor
    ADD COLUMN refit_wanted bigint NOT NULL DEFAULT 0,
    ADD COLUMN refit_done   bigint NOT NULL DEFAULT 0;
