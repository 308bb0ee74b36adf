package org.skysieve.selection;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.Route;
import org.skysieve.platform.Sql;
import org.skysieve.project.Workflows;

/** The door to what is doubtful about candidates, and to whom it sends them. Whoever shows it decides who may see it. */
@ApplicationScoped
public class Uncertainties {
    public static final int MOST = 100;

    private static final String SELECT = """
            SELECT q.candidate_id, q.disagreement, q.route, s.epistemic, s.aleatoric
            FROM queue_entry q LEFT JOIN score s ON s.workflow_id = q.workflow_id AND s.candidate_id = q.candidate_id
            WHERE q.workflow_id = ?
            """;

    private final Sql sql;
    private final Workflows workflows;

    Uncertainties(Sql sql, Workflows workflows) {
        this.sql = sql;
        this.workflows = workflows;
    }

    /** Empty where the candidate is not of the workflow's project. */
    public Optional<UncertaintiesView> of(long workflowId, long candidateId) {
        double nats = Math.log(workflows.byId(workflowId).classes());
        return sql.first(SELECT + " AND q.candidate_id = ?", row -> view(row, nats), workflowId, candidateId);
    }

    /** How many candidates are on a route. */
    public int count(long workflowId, Route route) {
        return sql.one(
                "SELECT count(*) FROM queue_entry WHERE workflow_id = ? AND route = ?",
                row -> row.getInt(1),
                workflowId,
                route.key());
    }

    /**
     * The newest candidates on a route.
     *
     * @param unansweredBy only those that this person has not answered; null: all
     * @param limit 1..100
     */
    public List<UncertaintiesView> onRoute(long workflowId, Route route, @Nullable Long unansweredBy, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("route: got limit " + limit + ", need 1.." + MOST);
        }
        double nats = Math.log(workflows.byId(workflowId).classes());
        return sql.query(SELECT + """
                  AND q.route = ?
                  AND NOT EXISTS (SELECT 1 FROM classification c WHERE c.volunteer_id = ?::bigint
                      AND c.workflow_id = q.workflow_id AND c.candidate_id = q.candidate_id AND c.supersedes IS NULL)
                ORDER BY q.candidate_id DESC LIMIT ?
                """, row -> view(row, nats), workflowId, route.key(), unansweredBy, limit);
    }

    private static UncertaintiesView view(ResultSet row, double nats) throws SQLException {
        return new UncertaintiesView(
                row.getLong("candidate_id"),
                share(row, "disagreement", 1),
                share(row, "epistemic", nats),
                share(row, "aleatoric", nats),
                row.getString("route"));
    }

    private static @Nullable Double share(ResultSet row, String column, double whole) throws SQLException {
        double value = Sql.doubleOrNaN(row, column);
        return Double.isNaN(value) ? null : Math.max(0, Math.min(1, value / whole));
    }
}
