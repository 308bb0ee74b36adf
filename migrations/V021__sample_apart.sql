-- Of the evaluation sample exploration alone serves what it has begun, too: votes that the ranked arms spent on finishing
-- it taught no model. So the ranked indexes leave the sample out, and it has two lines of its own.
DROP INDEX queue_priority, queue_exploration, queue_variety, queue_rank2, queue_rank3, queue_rank4;
CREATE INDEX queue_priority ON queue_entry (workflow_id, priority DESC, candidate_id DESC) WHERE open AND NOT evaluation;
CREATE INDEX queue_rank2 ON queue_entry (workflow_id, rank2 DESC, candidate_id DESC)
    WHERE open AND NOT evaluation AND rank2 IS NOT NULL;
CREATE INDEX queue_rank3 ON queue_entry (workflow_id, rank3 DESC, candidate_id DESC)
    WHERE open AND NOT evaluation AND rank3 IS NOT NULL;
CREATE INDEX queue_rank4 ON queue_entry (workflow_id, rank4 DESC, candidate_id DESC)
    WHERE open AND NOT evaluation AND rank4 IS NOT NULL;
-- Uniform draws: what was begun first, what is to be begun, and all that is outside of the sample.
CREATE INDEX queue_begun ON queue_entry (workflow_id, shuffle, candidate_id) WHERE open AND evaluation AND votes > 0;
CREATE INDEX queue_unbegun ON queue_entry (workflow_id, shuffle, candidate_id) WHERE open AND evaluation AND votes = 0;
CREATE INDEX queue_variety ON queue_entry (workflow_id, shuffle, candidate_id) WHERE open AND NOT evaluation;
