-- A workflow mixes up to four strategies: each has its key on the entry. priority is the first that ranks every candidate;
-- the others may leave it unranked. New nullable columns rewrite no rows.
ALTER TABLE queue_entry
    ADD COLUMN rank2        real,
    ADD COLUMN rank3        real,
    ADD COLUMN rank4        real,
    ADD COLUMN showcase     real,  -- likely discoveries, fresh ones first; null for all others
    ADD COLUMN disagreement real,  -- of the volunteers, 0 to 1, the reliable ones counting more; null below two votes
    -- Who should look at it: 'expert' (people disagree, the model is sure), 'both' (neither knows), 'training' (people agree
    -- where the model is unsure); null: anybody.
    ADD COLUMN route        text CHECK (route IN ('expert', 'both', 'training'));
CREATE INDEX queue_rank2 ON queue_entry (workflow_id, rank2 DESC, candidate_id DESC)
    WHERE open AND (NOT evaluation OR votes > 0) AND rank2 IS NOT NULL;
CREATE INDEX queue_rank3 ON queue_entry (workflow_id, rank3 DESC, candidate_id DESC)
    WHERE open AND (NOT evaluation OR votes > 0) AND rank3 IS NOT NULL;
CREATE INDEX queue_rank4 ON queue_entry (workflow_id, rank4 DESC, candidate_id DESC)
    WHERE open AND (NOT evaluation OR votes > 0) AND rank4 IS NOT NULL;
-- The evaluation sample stays out of the showcase: its votes would finish what looks likely first.
CREATE INDEX queue_showcase ON queue_entry (workflow_id, showcase DESC, candidate_id DESC)
    WHERE open AND NOT evaluation AND showcase IS NOT NULL;
CREATE INDEX queue_route ON queue_entry (workflow_id, route, candidate_id) WHERE route IS NOT NULL;

-- How far a queue has come in being ranked anew by other rules; survives a restart.
CREATE TABLE reranking (
    workflow_id bigint PRIMARY KEY REFERENCES workflow,
    version     int     NOT NULL,  -- of the workflow's rules
    after_id    bigint  NOT NULL,  -- candidates up to this id are done
    done        boolean NOT NULL DEFAULT false
);
