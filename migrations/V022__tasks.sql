-- What a workflow asks beyond its answers: {"tree": {...}, "tasks": [...]}, as docs/api.md has it.
ALTER TABLE workflow_version ADD COLUMN asks jsonb NOT NULL DEFAULT '{}';

-- What somebody added to an answer: {"<task>": value, ...}. It belongs to that entry of the log: an edit has its own.
CREATE TABLE classification_detail (
    classification_id bigint      PRIMARY KEY REFERENCES classification,
    details           jsonb       NOT NULL,
    created_at        timestamptz NOT NULL,
    changed_at        timestamptz NOT NULL
);
