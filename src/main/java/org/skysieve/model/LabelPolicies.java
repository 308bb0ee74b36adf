package org.skysieve.model;

import java.time.Clock;
import java.time.Instant;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

/** The label policies of the workflows; every one that ever held is kept. */
@ApplicationScoped
public class LabelPolicies {
    private final Sql sql;
    private final ObjectMapper json;
    private final Clock clock;

    LabelPolicies(Sql sql, ObjectMapper json, Clock clock) {
        this.sql = sql;
        this.json = json;
        this.clock = clock;
    }

    /**
     * A policy and who set it.
     *
     * @param setBy null where nobody has set one and the usual one holds
     */
    public record Held(
            LabelPolicy policy,
            @Nullable String setBy,
            @Nullable Instant setAt) {}

    /** What holds now. */
    public Held of(WorkflowView workflow) {
        return sql.first(
                        "SELECT policy::text AS policy, set_by, set_at FROM label_policy WHERE workflow_id = ?"
                                + " ORDER BY id DESC LIMIT 1",
                        row -> new Held(
                                read(row.getString("policy")), row.getString("set_by"), Sql.instant(row, "set_at")),
                        workflow.id())
                .orElseGet(() -> new Held(LabelPolicyReader.usual(workflow), null, null));
    }

    /**
     * Replaces the policy from the next training on.
     *
     * @param body as PUT .../label-policy takes it
     * @throws Problem 400 for a policy that cannot be, with an error for each wrong field
     */
    public Held set(WorkflowView workflow, @Nullable JsonNode body, String by) {
        if (body == null) {
            throw Problem.badRequest("policy: got nothing, need an object");
        }
        LabelPolicy policy = LabelPolicyReader.read(body, workflow);
        if (!of(workflow).policy().equals(policy)) {
            sql.update(
                    "INSERT INTO label_policy (workflow_id, policy, set_by, set_at) VALUES (?, ?::jsonb, ?, ?)",
                    workflow.id(),
                    write(policy),
                    by,
                    clock.instant());
        }
        return of(workflow);
    }

    /** As one line of JSON. */
    String write(LabelPolicy policy) {
        try {
            return json.writeValueAsString(policy);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + policy + " as JSON", e);
        }
    }

    private LabelPolicy read(String stored) {
        try {
            return json.readValue(stored, LabelPolicy.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored label policy is unreadable: " + stored, e);
        }
    }
}
