package org.skysieve.selection;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.awaitility.Awaitility;

import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Makes projects with bare candidates, and people, for tests of the queue. */
@ApplicationScoped
class Sky {
    private final Sql sql;
    private final Projects projects;
    private final Workflows workflows;
    private final Queue queue;

    Sky(Sql sql, Projects projects, Workflows workflows, Queue queue) {
        this.sql = sql;
        this.projects = projects;
        this.workflows = workflows;
        this.queue = queue;
    }

    static Rules rules(int maxVotes, double explorationShare, double goldShare) {
        return rules(maxVotes, explorationShare, goldShare, 0);
    }

    static Rules rules(int maxVotes, double explorationShare, double goldShare, double varietyShare) {
        return new Rules(
                0.98,
                Math.min(2, maxVotes),
                maxVotes,
                0.8,
                explorationShare,
                goldShare,
                150,
                0.2,
                0.9,
                10,
                0.98,
                varietyShare);
    }

    WorkflowView aWorkflow(Rules rules) {
        ProjectView project =
                projects.create("sky-" + UUID.randomUUID().toString().substring(0, 12), "Sky", null, null, null);
        return workflows.create(
                project.id(),
                "moving",
                "Moving?",
                "Does it move?",
                // Not "real" and "bogus": the built-in model would come and score candidates that have no cutouts.
                List.of(new AnswerOption("moving", "Moving", null), new AnswerOption("fixed", "Fixed", null)),
                rules);
    }

    /** Adds candidates, each an object of its own, and queues them. */
    List<Long> candidates(WorkflowView workflow, int count, boolean evaluation) {
        String tag = UUID.randomUUID().toString();
        sql.update(
                "INSERT INTO sky_object (project_id, survey, object_id, ra, dec, evaluation)"
                        + " SELECT ?, 'TEST', ? || '-' || i, 10, 20, ? FROM generate_series(1, ?) AS i",
                workflow.projectId(),
                tag,
                evaluation,
                count);
        List<Long> ids = sql.query(
                "INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband,"
                        + " positive, evaluation) SELECT nextval('candidate_seq'), o.project_id, o.id, 'TEST', o.id,"
                        + " 60000, 10, 20, 'g', true, o.evaluation FROM sky_object o"
                        + " WHERE o.project_id = ? AND o.object_id LIKE ? ORDER BY o.id RETURNING id",
                row -> row.getLong(1),
                workflow.projectId(),
                tag + "-%");
        queue.refresh(workflow.id(), ids);
        return ids;
    }

    /** Gives a candidate a consensus, as the room of that name would. */
    void consensus(WorkflowView workflow, long candidateId, int votes, double moving, String outcome) {
        sql.update(
                "INSERT INTO consensus (workflow_id, candidate_id, votes, crowd, combined, outcome, answer, updated_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, now()) ON CONFLICT (workflow_id, candidate_id) DO UPDATE"
                        + " SET votes = excluded.votes, crowd = excluded.crowd, combined = excluded.combined,"
                        + " outcome = excluded.outcome, answer = excluded.answer",
                workflow.id(),
                candidateId,
                votes,
                new double[] {moving, 1 - moving},
                new double[] {moving, 1 - moving},
                outcome,
                moving >= 0.5 ? 0 : 1);
        queue.refresh(workflow.id(), List.of(candidateId));
    }

    /** A model version that makes nothing. */
    long model(WorkflowView workflow) {
        return sql.one(
                "INSERT INTO model_version (workflow_id, version, state, artifact, provenance, metrics, reason, created_at)"
                        + " VALUES (?, 1, 'former', '', '{}', '{}', 'a test', now()) RETURNING id",
                row -> row.getLong(1),
                workflow.id());
    }

    /** What a model says of a candidate, the two uncertainties in nats. */
    void score(WorkflowView workflow, long model, long candidateId, double moving, double epistemic, double aleatoric) {
        sql.update(
                "INSERT INTO score (workflow_id, candidate_id, model_version_id, probabilities, epistemic, aleatoric)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                workflow.id(),
                candidateId,
                model,
                new float[] {(float) moving, (float) (1 - moving)},
                epistemic,
                aleatoric);
    }

    /** An entry of the log that nobody was told of. */
    void vote(WorkflowView workflow, long volunteerId, long candidateId, int answer) {
        sql.update(
                "INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,"
                        + " answer, created_at) VALUES (nextval('classification_seq'), gen_random_uuid(), ?, 1, ?, ?, ?,"
                        + " now())",
                workflow.id(),
                candidateId,
                volunteerId,
                answer);
    }

    /** Until the live consensus has counted so many votes. */
    void awaitVotesCounted(WorkflowView workflow, int votes) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> sql.one(
                                "SELECT coalesce(sum(votes), 0)::int AS n FROM consensus WHERE workflow_id = ?",
                                row -> row.getInt("n"),
                                workflow.id())
                        >= votes);
    }

    void gold(WorkflowView workflow, List<Long> candidateIds, int answer) {
        for (Long id : candidateIds) {
            sql.update(
                    "INSERT INTO gold_standard (workflow_id, candidate_id, answer, source) VALUES (?, ?, ?, 'test')",
                    workflow.id(),
                    id,
                    answer);
        }
        queue.refresh(workflow.id(), candidateIds);
    }

    long volunteer() {
        return sql.one(
                "INSERT INTO volunteer (kind, display_name) VALUES ('guest', 'Guest') RETURNING id",
                row -> row.getLong(1));
    }

    List<Long> volunteers(int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(volunteer());
        }
        return ids;
    }

    /** Lets the leases of somebody run out. */
    void expire(WorkflowView workflow, long volunteerId) {
        sql.update(
                "UPDATE queue_entry q SET leased_until = now() - interval '1 minute' FROM assignment a"
                        + " WHERE a.workflow_id = ? AND a.volunteer_id = ? AND q.workflow_id = a.workflow_id"
                        + " AND q.candidate_id = a.candidate_id",
                workflow.id(),
                volunteerId);
        sql.update(
                "UPDATE assignment SET lease_until = now() - interval '1 minute'"
                        + " WHERE workflow_id = ? AND volunteer_id = ?",
                workflow.id(),
                volunteerId);
    }
}
