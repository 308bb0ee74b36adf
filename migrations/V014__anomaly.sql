-- How much a candidate stands out from the others of its project, in (0, 1]; null without images, or where it was scored before.
ALTER TABLE score ADD COLUMN anomaly real;

-- The isolation forest that says so, one a workflow; kept, so that all processes say the same. It can be grown anew at any time.
CREATE TABLE anomaly_forest (
    workflow_id      bigint PRIMARY KEY REFERENCES workflow,
    model_version_id bigint      NOT NULL REFERENCES model_version,  -- the champion of that day
    candidates       int         NOT NULL,                           -- looked at
    fitted_at        timestamptz NOT NULL,
    forest           bytea                                            -- null while too few candidates have images
);
