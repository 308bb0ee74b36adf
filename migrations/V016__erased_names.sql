-- Names of erased accounts, as digests: a session cookie holds a name, and nobody else shall ever come into one of these.
CREATE TABLE erased_name (
    digest    bytea PRIMARY KEY,
    erased_at timestamptz NOT NULL DEFAULT now()
);
