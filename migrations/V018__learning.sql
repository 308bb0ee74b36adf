-- Who has been shown the truth of a gold standard: what they answer about it from then on is evidence of nothing.
CREATE TABLE gold_reveal (
    workflow_id  bigint      NOT NULL REFERENCES workflow,
    volunteer_id bigint      NOT NULL REFERENCES volunteer,
    candidate_id bigint      NOT NULL REFERENCES candidate,
    revealed_at  timestamptz NOT NULL,
    PRIMARY KEY (workflow_id, volunteer_id, candidate_id)
);
-- The entry came after its author had been shown the truth of its candidate.
ALTER TABLE classification ADD COLUMN informed boolean NOT NULL DEFAULT false;
-- What tells the class here, for people who have answered.
ALTER TABLE gold_standard ADD COLUMN note text NOT NULL DEFAULT '' CHECK (length(note) <= 500);

-- The field guide: a text for each class, and examples that everybody may see. An example is never a test any more.
CREATE TABLE guide_entry (
    workflow_id bigint   NOT NULL REFERENCES workflow,
    answer      smallint NOT NULL,
    body        text     NOT NULL CHECK (length(body) <= 5000),
    PRIMARY KEY (workflow_id, answer)
);
CREATE TABLE guide_example (
    workflow_id  bigint   NOT NULL REFERENCES workflow,
    candidate_id bigint   NOT NULL REFERENCES candidate,
    answer       smallint NOT NULL,
    position     int      NOT NULL,
    caption      text     NOT NULL DEFAULT '' CHECK (length(caption) <= 300),
    PRIMARY KEY (workflow_id, candidate_id)
);
CREATE TABLE tutorial_step (
    workflow_id  bigint NOT NULL REFERENCES workflow,
    position     int    NOT NULL,
    title        text   NOT NULL CHECK (length(title) BETWEEN 1 AND 120),
    body         text   NOT NULL CHECK (length(body) <= 3000),
    candidate_id bigint REFERENCES candidate,
    PRIMARY KEY (workflow_id, position)
);
