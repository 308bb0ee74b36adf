-- What a training is to make; null: what the workflow's rules say when it runs.
ALTER TABLE training_run ADD COLUMN model_kind text CHECK (model_kind IN ('forest', 'net'));
DROP INDEX training_run_queued;
CREATE UNIQUE INDEX training_run_queued ON training_run (workflow_id, kind, coalesce(subject_id, 0), coalesce(model_kind, ''))
    WHERE state = 'queued';

-- How well a version's probabilities held on labels of the workflow, and which labels those were: what calibration drift of
-- versions without a recipe is measured against.
ALTER TABLE model_version ADD COLUMN baseline jsonb;
