-- What a project's own texts are written in, as the attribute lang has it; it need not be one that the pages speak.
ALTER TABLE project ADD COLUMN language text NOT NULL DEFAULT 'en'
    CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
