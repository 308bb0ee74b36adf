-- The texts of a project in other languages than its own; what is missing in them is shown in the original.
CREATE TABLE project_translation (
    project_id bigint      NOT NULL REFERENCES project,
    language   text        NOT NULL CHECK (language ~ '^[a-z]{2,3}$'),
    -- {"title", "tagline", "description", "credit", "workflows": {slug: {"title", "question", "answers": {key: {"label", "help"}}}}}
    texts      jsonb       NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (project_id, language)
);
