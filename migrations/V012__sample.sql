-- The begun candidates of the evaluation sample in a random order: of a large sample the first so many are a uniform part,
-- and the dashboard reads no more than these. Nothing else moves an entry on the line.
CREATE INDEX queue_sample ON queue_entry (workflow_id, shuffle, candidate_id) WHERE evaluation AND votes > 0;
