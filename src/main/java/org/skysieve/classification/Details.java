package org.skysieve.classification;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** What people add to their answers: the values of a workflow's tasks, see {@link TaskValues}. */
@ApplicationScoped
public class Details {
    private final Sql sql;
    private final Workflows workflows;
    private final ObjectMapper json;
    private final Clock clock;

    Details(Sql sql, Workflows workflows, ObjectMapper json, Clock clock) {
        this.sql = sql;
        this.workflows = workflows;
        this.json = json;
        this.clock = clock;
    }

    /**
     * Of one person about one candidate.
     *
     * @param details by task, as {@link TaskValues} has them
     */
    public record Given(long candidateId, long volunteerId, JsonNode details) {}

    private record Entry(long id, long workflowId, int version, int answer) {}

    /**
     * Says what belongs to an answer; saying it again replaces it.
     *
     * @param clientId of the answer
     * @return what is kept
     * @throws Problem 404 without such an answer of this person, 409 for a withdrawal, 400 for a value that does not fit
     */
    public ObjectNode put(long volunteerId, UUID clientId, Map<String, JsonNode> values) {
        Entry entry = sql.first(
                        "SELECT id, workflow_id, workflow_version, coalesce(answer, -1) AS answer FROM classification"
                                + " WHERE volunteer_id = ? AND client_id = ?",
                        row -> new Entry(
                                row.getLong("id"),
                                row.getLong("workflow_id"),
                                row.getInt("workflow_version"),
                                row.getInt("answer")),
                        volunteerId,
                        clientId)
                .orElseThrow(() -> Problem.notFound("no answer of yours has the clientId " + clientId));
        if (entry.answer < 0) {
            throw Problem.conflict("classification " + entry.id + " is a withdrawal: there is nothing to add to it");
        }
        // The version that was answered: tasks may have changed since.
        WorkflowView asked = workflows
                .version(entry.workflowId, entry.version)
                .orElseThrow(
                        () -> Problem.notFound("no version " + entry.version + " of workflow " + entry.workflowId));
        ObjectNode checked = TaskValues.check(
                asked.asks().after(asked.answers().get(entry.answer).key()), values);
        sql.update(
                "INSERT INTO classification_detail (classification_id, details, created_at, changed_at)"
                        + " VALUES (?, ?::jsonb, ?, ?) ON CONFLICT (classification_id)"
                        + " DO UPDATE SET details = excluded.details, changed_at = excluded.changed_at",
                entry.id,
                checked.toString(),
                clock.instant(),
                clock.instant());
        return checked;
    }

    /** What belongs to the standing answers about a candidate, in the order of the answers. */
    public List<Given> of(long workflowId, long candidateId) {
        return sql.query(
                "SELECT c.candidate_id, c.volunteer_id, d.details::text AS details"
                        + " FROM classification c JOIN classification_detail d ON d.classification_id = c.id"
                        + " WHERE c.candidate_id = ? AND c.workflow_id = ? AND c.answer IS NOT NULL"
                        + " AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id)"
                        + " ORDER BY c.id",
                row -> new Given(
                        row.getLong("candidate_id"), row.getLong("volunteer_id"), read(row.getString("details"))),
                candidateId,
                workflowId);
    }

    /**
     * What somebody added to an answer.
     *
     * @param classificationId of the answer
     * @param details by task, as {@link TaskValues} has them
     */
    public record Added(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long classificationId, JsonNode details) {}

    /** All that somebody added, the newest answers first. */
    public List<Added> ofVolunteer(long volunteerId, long before, int limit) {
        return sql.query(
                "SELECT c.id, d.details::text AS details FROM classification c"
                        + " JOIN classification_detail d ON d.classification_id = c.id"
                        + " WHERE c.volunteer_id = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?",
                row -> new Added(row.getLong("id"), read(row.getString("details"))),
                volunteerId,
                before,
                limit);
    }

    private JsonNode read(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unreadable details: " + text, e);
        }
    }
}
