package org.skysieve.consensus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class HiddenLabelsTest {
    @Inject
    HiddenLabels hidden;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Intake intake;

    @Inject
    ConsensusProgress progress;

    @Inject
    Sql sql;

    /** Retires at .92 after two votes at least, gives up after six. */
    private WorkflowView aWorkflow() {
        var project =
                projects.create("hl-" + UUID.randomUUID().toString().substring(0, 12), "Hidden", null, null, null);
        return workflows.create(
                project.id(),
                "moving",
                "Moving?",
                "Does it move?",
                List.of(new AnswerOption("moving", "Moving", null), new AnswerOption("fixed", "Fixed", null)),
                new Rules(0.92, 2, 6, 0.8, 0.15, 0.08, 150, 0.2, 0.9, 10, 0.92, 0.5));
    }

    private List<Long> candidates(WorkflowView workflow, int count) {
        String tag = UUID.randomUUID().toString();
        sql.update(
                "INSERT INTO sky_object (project_id, survey, object_id, ra, dec, evaluation)"
                        + " SELECT ?, 'TEST', ? || '-' || i, 10, 20, true FROM generate_series(1, ?) AS i",
                workflow.projectId(),
                tag,
                count);
        return sql.query(
                "INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband,"
                        + " positive, evaluation) SELECT nextval('candidate_seq'), o.project_id, o.id, 'TEST', o.id,"
                        + " 60000, 10, 20, 'g', true, o.evaluation FROM sky_object o"
                        + " WHERE o.project_id = ? AND o.object_id LIKE ? ORDER BY o.id RETURNING id",
                row -> row.getLong(1),
                workflow.projectId(),
                tag + "-%");
    }

    private void votes(WorkflowView workflow, long candidateId, int... answers) {
        for (int answer : answers) {
            long volunteer = sql.one(
                    "INSERT INTO volunteer (kind, username, display_name) VALUES ('account', ?, 'V') RETURNING id",
                    row -> row.getLong(1),
                    "hl" + UUID.randomUUID());
            intake.record(
                    new NewClassification(UUID.randomUUID(), workflow.id(), candidateId, null, answer, null, null),
                    volunteer,
                    Intake.Reach.ANY);
        }
    }

    private void caughtUp(WorkflowView workflow) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> progress.lag(workflow.id()) == 0);
    }

    @Test
    void labelsAreWhatTheRuleMakesOfTheVotes() {
        WorkflowView workflow = aWorkflow();
        List<Long> ids = candidates(workflow, 5);
        votes(workflow, ids.get(0), 0, 0, 0, 0, 0);
        votes(workflow, ids.get(1), 1, 1, 1, 1, 1);
        votes(workflow, ids.get(2), 0);
        votes(workflow, ids.get(3), 0, 1, 0, 1, 0, 1);
        caughtUp(workflow);

        Map<Long, Integer> labels = hidden.usual(workflow.id(), ids);

        assertThat(labels)
                .containsEntry(ids.get(0), 0)
                .containsEntry(ids.get(1), 1)
                .containsEntry(ids.get(2), HiddenLabels.UNDECIDED)
                .containsEntry(ids.get(3), HiddenLabels.AMBIGUOUS)
                // Nobody has voted on it.
                .doesNotContainKey(ids.get(4));
        // Votes are revealed in an order of the candidate's own.
        assertThat(hidden.usual(workflow.id(), ids)).isEqualTo(labels);
    }

    @Test
    void aGoldStandardIsJudgedAsIfItsClassWereUnknown() {
        WorkflowView workflow = aWorkflow();
        List<Long> ids = candidates(workflow, 3);
        sql.update(
                "INSERT INTO gold_standard (workflow_id, candidate_id, answer, source)"
                        + " SELECT ?, id, 0, 'test' FROM unnest(?) AS id",
                workflow.id(),
                ids);
        // People are wrong about the first, and right about the second.
        votes(workflow, ids.get(0), 1, 1, 1);
        votes(workflow, ids.get(1), 0, 0, 0);
        caughtUp(workflow);

        List<HiddenLabels.Claim> claims = hidden.gold(workflow.id(), 10);

        for (long id : ids.subList(0, 2)) {
            List<HiddenLabels.Claim> ofOne = new ArrayList<>(claims);
            ofOne.removeIf(claim -> claim.candidateId() != id);
            assertThat(ofOne.stream().mapToDouble(HiddenLabels.Claim::weight).sum())
                    .isCloseTo(1, within(1e-12));
            assertThat(ofOne).allSatisfy(claim -> {
                assertThat(claim.truth()).isZero();
                assertThat(claim.posterior()[0] + claim.posterior()[1]).isCloseTo(1, within(1e-9));
                // What the votes say, not what is known: it would be 1 and 0.
                assertThat(claim.posterior()[0] > .5).isEqualTo(id == ids.get(1));
                assertThat(claim.posterior()[0]).isBetween(.001, .999);
            });
        }
        // Without votes there is nothing to judge; the newest come first.
        assertThat(claims).extracting(HiddenLabels.Claim::candidateId).doesNotContain(ids.get(2));
        assertThat(hidden.gold(workflow.id(), 1))
                .extracting(HiddenLabels.Claim::candidateId)
                .containsOnly(ids.get(1));
    }
}
