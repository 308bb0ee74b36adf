package org.skysieve.classification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Projects, candidates, people and assignments for tests; every call makes new ones. */
@ApplicationScoped
public class ClassificationFixture {
    private static final List<AnswerOption> REAL_OR_BOGUS =
            List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", ""));

    /** Somebody with an account and a bearer token. */
    public record Person(long id, String token) {}

    private final Projects projects;
    private final Workflows workflows;
    private final Accounts accounts;
    private final Sql sql;

    ClassificationFixture(Projects projects, Workflows workflows, Accounts accounts, Sql sql) {
        this.projects = projects;
        this.workflows = workflows;
        this.accounts = accounts;
        this.sql = sql;
    }

    static String unique(String prefix) {
        return prefix + UUID.randomUUID().toString().substring(0, 13);
    }

    public WorkflowView aWorkflow() {
        long project = projects.create(unique("p-"), "Test", null, null, null).id();
        return workflows.create(project, "real-bogus", "Real?", "Is it real?", REAL_OR_BOGUS, Rules.DEFAULT);
    }

    /** A candidate with signal-to-noise ratio 7.5. */
    public long aCandidate(WorkflowView workflow) {
        return aCandidate(workflow, unique("ZTF"));
    }

    public long aCandidate(WorkflowView workflow, String objectId) {
        return sql.one("""
                WITH o AS (INSERT INTO sky_object (project_id, survey, object_id, ra, dec, evaluation)
                           VALUES (?, 'ztf', ?, 10.5, -3.25, false) RETURNING id, project_id),
                     k AS (SELECT nextval('candidate_seq') AS id)
                INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband, mag,
                                       snr, positive, evaluation)
                SELECT k.id, o.project_id, o.id, 'ztf', 1000000000000000000 + k.id, 60000.5, 10.5, -3.25, 'g', 19.5,
                       7.5, true, false FROM o, k
                RETURNING id
                """, row -> row.getLong(1), workflow.projectId(), objectId);
    }

    public List<Long> candidates(WorkflowView workflow, int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(aCandidate(workflow));
        }
        return ids;
    }

    public Person aPerson(Role role) {
        long id = accounts.create(unique("u-"), null, null, role);
        return new Person(id, accounts.issueToken(id, "test").token());
    }

    /** Serves a candidate with model probabilities 0.75 and 0.25 under a lease of ten minutes. */
    public AssignmentView serve(WorkflowView workflow, long candidateId, long volunteerId) {
        return serve(workflow, candidateId, volunteerId, Instant.now().plus(Duration.ofMinutes(10)));
    }

    public AssignmentView serve(WorkflowView workflow, long candidateId, long volunteerId, Instant leaseUntil) {
        return sql.one(
                "INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,"
                        + " model_probabilities, served_at, lease_until)"
                        + " VALUES (nextval('assignment_seq'), ?, ?, ?, 'exploration', .5, .125, ?, ?, ?) RETURNING "
                        + Assignments.COLUMNS,
                Assignments::read,
                workflow.id(),
                candidateId,
                volunteerId,
                new float[] {0.75f, 0.25f},
                leaseUntil.minus(Duration.ofMinutes(10)),
                leaseUntil);
    }

    static NewClassification answer(WorkflowView workflow, long candidateId, int answer) {
        return act(workflow, candidateId, answer, null);
    }

    static NewClassification act(
            WorkflowView workflow, long candidateId, @Nullable Integer answer, @Nullable Long supersedes) {
        return new NewClassification(UUID.randomUUID(), workflow.id(), candidateId, null, answer, supersedes, 1234);
    }
}
