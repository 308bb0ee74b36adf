-- On which days somebody classified, as quarters of an hour since 1970: every time zone's midnight is at one. Derived from
-- the log when it is asked for, entry by entry only from the last one on that is in it.
CREATE TABLE presence (
    volunteer_id bigint PRIMARY KEY REFERENCES volunteer,
    through_id   bigint  NOT NULL DEFAULT 0,
    quarters     int[]   NOT NULL DEFAULT '{}',
    -- Whether its person likes to see it.
    shown        boolean NOT NULL DEFAULT true
);
-- Who has seen or skipped the tutorial of a workflow: it does not come by itself again, in whichever browser.
CREATE TABLE tutorial_seen (
    volunteer_id bigint      NOT NULL REFERENCES volunteer,
    workflow_id  bigint      NOT NULL REFERENCES workflow,
    seen_at      timestamptz NOT NULL,
    PRIMARY KEY (volunteer_id, workflow_id)
);
