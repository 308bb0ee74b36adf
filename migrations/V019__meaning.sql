-- Hours of a person's own log, as they stood when the certificate was made; the code is all that it takes to read it.
CREATE TABLE certificate (
    code         text PRIMARY KEY CHECK (code ~ '^[a-z2-7]{20}$'),
    volunteer_id bigint      NOT NULL REFERENCES volunteer,
    name         text        NOT NULL,
    answers      bigint      NOT NULL,
    seconds      bigint      NOT NULL,
    days         int         NOT NULL,
    first_day    date        NOT NULL,
    last_day     date        NOT NULL,
    issued_at    timestamptz NOT NULL
);
CREATE INDEX certificate_volunteer ON certificate (volunteer_id, issued_at);

-- Whether the person's name may stand on the pages of candidates that they were among the first to recognise.
ALTER TABLE volunteer ADD COLUMN credited boolean NOT NULL DEFAULT false;

-- What became of a candidate outside: the last word of a scientist.
CREATE TABLE candidate_outcome (
    candidate_id bigint PRIMARY KEY REFERENCES candidate,
    kind         text        NOT NULL CHECK (kind IN ('spectroscopic', 'tns', 'photometric', 'other')),
    name         text        NOT NULL DEFAULT '' CHECK (length(name) <= 100),
    type         text        NOT NULL DEFAULT '' CHECK (length(type) <= 100),
    url          text        NOT NULL DEFAULT '' CHECK (url = '' OR url ~ '^https://'),
    known_at     timestamptz NOT NULL,
    reported_by  bigint REFERENCES volunteer,
    updated_at   timestamptz NOT NULL,
    CHECK (name <> '' OR type <> '')
);
CREATE INDEX candidate_outcome_latest ON candidate_outcome (updated_at DESC, candidate_id);

CREATE TABLE outcome_notice (
    volunteer_id bigint      NOT NULL REFERENCES volunteer,
    candidate_id bigint      NOT NULL REFERENCES candidate_outcome ON DELETE CASCADE,
    told_at      timestamptz NOT NULL,
    read         boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (volunteer_id, candidate_id)
);
CREATE INDEX outcome_notice_unread ON outcome_notice (volunteer_id) WHERE NOT read;
CREATE INDEX outcome_notice_candidate ON outcome_notice (candidate_id);

-- When somebody last looked at what became of their votes.
CREATE TABLE outcome_visit (
    volunteer_id bigint      NOT NULL REFERENCES volunteer,
    workflow_id  bigint      NOT NULL REFERENCES workflow,
    visited_at   timestamptz NOT NULL,
    PRIMARY KEY (volunteer_id, workflow_id)
);
