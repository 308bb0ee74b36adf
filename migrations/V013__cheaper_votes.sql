-- Only an edit or an undo supersedes an entry: the index of a NULL for every first answer served nobody.
ALTER TABLE classification DROP CONSTRAINT classification_supersedes_key;
CREATE UNIQUE INDEX classification_successor ON classification (supersedes) WHERE supersedes IS NOT NULL;

-- Every vote and every assignment locked the one row of its workflow, and its candidate's, for foreign keys that the
-- statements which write them have checked already: a third of their time, and many lockers at once make multixacts. The
-- same is guarded from the other side, where nothing ever happens: what is pointed at cannot be deleted. An assignment's
-- candidate, a vote's assignment and everybody's volunteer are foreign keys as before.
ALTER TABLE classification
    DROP CONSTRAINT classification_workflow_id_fkey,
    DROP CONSTRAINT classification_candidate_id_fkey;
ALTER TABLE assignment DROP CONSTRAINT assignment_workflow_id_fkey;

CREATE FUNCTION refuse_while_logged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_TABLE_NAME = 'workflow' THEN
        IF EXISTS (SELECT FROM classification WHERE workflow_id = OLD.id)
                OR EXISTS (SELECT FROM assignment WHERE workflow_id = OLD.id) THEN
            RAISE foreign_key_violation USING MESSAGE = 'workflow ' || OLD.id || ' is in the log of classifications';
        END IF;
    ELSIF EXISTS (SELECT FROM classification WHERE candidate_id = OLD.id) THEN
        RAISE foreign_key_violation USING MESSAGE = 'candidate ' || OLD.id || ' is in the log of classifications';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER workflow_is_logged BEFORE DELETE OR UPDATE OF id ON workflow
    FOR EACH ROW EXECUTE FUNCTION refuse_while_logged();
CREATE TRIGGER candidate_is_logged BEFORE DELETE OR UPDATE OF id ON candidate
    FOR EACH ROW EXECUTE FUNCTION refuse_while_logged();
