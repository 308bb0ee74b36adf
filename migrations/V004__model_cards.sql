-- The labels that a model version learned from and was judged on, as they were then: by their SHA-256, so that versions of
-- the same labels share them.
CREATE TABLE training_snapshot (
    hash       text PRIMARY KEY,
    rows       int         NOT NULL,
    content    bytea       NOT NULL,
    created_at timestamptz NOT NULL
);

ALTER TABLE model_version
    ADD COLUMN origin    text NOT NULL DEFAULT 'trained' CHECK (origin IN ('trained', 'built in', 'uploaded')),
    ADD COLUMN snapshot  text REFERENCES training_snapshot,
    ADD COLUMN recipe    jsonb,  -- all settings that are needed to make it again
    ADD COLUMN reference jsonb,  -- distributions of features and scores that drift is measured against
    DROP CONSTRAINT model_version_state_check,
    -- waiting: uploaded, its trial is still to come
    ADD CONSTRAINT model_version_state_check CHECK (state IN ('champion', 'rejected', 'former', 'waiting'));

-- What happened to the versions, and who did it; append-only.
CREATE TABLE model_history (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow_id      bigint      NOT NULL REFERENCES workflow,
    model_version_id bigint      NOT NULL REFERENCES model_version,
    what             text        NOT NULL,
    why              text        NOT NULL,
    at               timestamptz NOT NULL
);
CREATE INDEX model_history_workflow ON model_history (workflow_id, id);

-- Besides trainings: the trial of a version that is there already, and making a version again from its recipe.
ALTER TABLE training_run
    ADD COLUMN kind       text NOT NULL DEFAULT 'training' CHECK (kind IN ('training', 'trial', 'reproduction')),
    ADD COLUMN subject_id bigint REFERENCES model_version,
    DROP CONSTRAINT training_run_state_check,
    ADD CONSTRAINT training_run_state_check
        CHECK (state IN ('queued', 'running', 'promoted', 'rejected', 'failed', 'reproduced', 'different'));
DROP INDEX training_run_queued;
CREATE UNIQUE INDEX training_run_queued ON training_run (workflow_id, kind, coalesce(subject_id, 0)) WHERE state = 'queued';

-- Which candidates exploration has begun: the unbiased sample that a challenger must win on, too.
CREATE INDEX assignment_exploration ON assignment (workflow_id, candidate_id) WHERE strategy = 'exploration';

CREATE TABLE drift_check (
    id               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow_id      bigint      NOT NULL REFERENCES workflow,
    model_version_id bigint      NOT NULL REFERENCES model_version,
    newest_scored    bigint      NOT NULL,  -- the newest candidate that was looked at
    report           jsonb       NOT NULL,
    checked_at       timestamptz NOT NULL
);
CREATE INDEX drift_check_workflow ON drift_check (workflow_id, id);
