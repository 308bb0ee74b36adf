-- Uniform draws from all that the queue holds, not from the evaluation sample alone.
CREATE INDEX queue_variety ON queue_entry (workflow_id, shuffle, candidate_id) WHERE open AND (NOT evaluation OR votes > 0);
