-- What a candidate's place on the sky tells of it, judged at ingest from the packet alone. Null for candidates that came
-- before; new nullable columns rewrite no rows.
ALTER TABLE candidate
    ADD COLUMN context      jsonb,  -- {"kind": "supernova", "rule": "...", "arcsec": 2.1, "host": {...}}
    ADD COLUMN surroundings jsonb;  -- what the rules looked at: the packet's catalogued neighbours
-- Algorithmic labels pick the newest of a kind; nothing else searches here.
CREATE INDEX candidate_context ON candidate (project_id, (context ->> 'kind'), id)
    WHERE NOT evaluation AND context ->> 'kind' IN ('solar-system', 'variable-star', 'nuclear', 'supernova');
