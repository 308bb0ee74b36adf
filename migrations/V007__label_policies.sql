-- Which sources of labels count how much in a workflow's trainings. Append-only: the newest holds.
CREATE TABLE label_policy (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    workflow_id bigint      NOT NULL REFERENCES workflow,
    policy      jsonb       NOT NULL,
    set_by      text        NOT NULL,
    set_at      timestamptz NOT NULL
);
CREATE INDEX label_policy_newest ON label_policy (workflow_id, id);

-- Labels that rules made for one training: which candidates, and by which rule each. One row for each source.
CREATE TABLE algorithmic_label (
    training_run_id bigint             NOT NULL REFERENCES training_run,
    source          text               NOT NULL,  -- 'minor-planet', 'variable-star', 'random', 'injected'
    weight          double precision   NOT NULL,
    target          double precision[] NOT NULL,  -- class distribution of all of them
    candidate_ids   bigint[]           NOT NULL,
    rules           text[]             NOT NULL,  -- in the order of candidate_ids
    PRIMARY KEY (training_run_id, source)
);
