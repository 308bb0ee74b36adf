package org.skysieve.selection;

import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.classification.AssignmentView;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class StatisticsTest {
    @Inject
    Statistics statistics;

    @Inject
    Selection selection;

    @Inject
    Intake intake;

    @Inject
    Sky sky;

    @Test
    void estimatesRestOnTheEvaluationSampleAlone() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.15, 0));
        List<Long> sample = sky.candidates(workflow, 60, true);
        List<Long> rest = sky.candidates(workflow, 100, false);
        // Of 40 begun: 15 called moving (nearly surely so), 20 called fixed, 3 ambiguous, 2 not finished.
        set(workflow, sample.subList(0, 15), 0.96, "retired");
        set(workflow, sample.subList(15, 35), 0.02, "retired");
        set(workflow, sample.subList(35, 38), 0.5, "ambiguous");
        set(workflow, sample.subList(38, 40), 0.6, "open");
        // Hard ones that were chosen: in none of the estimates.
        set(workflow, rest.subList(0, 50), 0.985, "retired");

        StatisticsView view = statistics.count(workflow);

        assertThat(view.evaluation()).isEqualTo(new StatisticsView.EvaluationSample(60, 40, 38, 40, 40, 0));
        assertThat(view.prevalence().value()).isCloseTo((14.4 + 0.4 + 1.5 + 1.2) / 40, within(1e-9));
        // The two that are not finished will be labelled rightly as often as the rule asks for in the end, .8.
        double coming = 2 * 0.6 * 0.8;
        assertThat(view.purity().value()).isCloseTo((14.4 + coming) / (15 + coming + 2 * 0.4 * 0.2), within(1e-9));
        assertThat(view.completeness().value()).isCloseTo((14.4 + coming) / (14.4 + 0.4 + 1.5 + 1.2), within(1e-9));
        assertThat(view.purity().low()).isLessThan(0.9).isGreaterThan(0.3);
        assertThat(view.purity().high()).isGreaterThan(0.95).isLessThanOrEqualTo(1);
        assertThat(view.purity().n()).isEqualTo(40);
        assertThat(view.purity().reason()).isNull();
        assertThat(view.groups())
                .extracting(StatisticsView.Group::kind)
                .containsExactly("class", "class", "brightness", "brightness", "brightness", "brightness", "season");
        StatisticsView.Group fixed = view.groups().get(1);
        assertThat(fixed.key()).isEqualTo("fixed");
        assertThat(fixed.prevalence().value()).isCloseTo(1 - view.prevalence().value(), within(1e-9));
        assertThat(fixed.purity().value()).isBetween(0.96, 0.98);
        StatisticsView.Group faint = view.groups().get(2);
        assertThat(faint.prevalence().reason()).contains("only 0 candidates");
        StatisticsView.Group month = view.groups().get(6);
        assertThat(month.key()).isEqualTo("2023-02");
        assertThat(month.completeness()).isEqualTo(view.completeness());
        assertThat(view.candidates().total()).isEqualTo(160);
        assertThat(view.candidates().open()).isEqualTo(160 - 15 - 20 - 3 - 50);
        assertThat(view.candidates().retired()).containsEntry("moving", 65L).containsEntry("fixed", 20L);
        assertThat(view.candidates().ambiguous()).isEqualTo(3);
        assertThat(view.candidates().votesPerRetired()).isCloseTo(3, within(1e-9));
    }

    @Test
    void aSmallOrUnfinishedSampleGivesAReasonInsteadOfANumber() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.15, 0));
        List<Long> sample = sky.candidates(workflow, 100, true);
        set(workflow, sample.subList(0, 20), 0.99, "retired");

        StatisticsView few = statistics.count(workflow);
        assertThat(few.prevalence().value()).isNull();
        assertThat(few.prevalence().reason()).contains("only 20 candidates").contains("need 30");

        set(workflow, sample.subList(20, 26), 0.99, "retired");
        set(workflow, sample.subList(26, 100), 0.7, "open");
        StatisticsView unfinished = statistics.count(workflow);
        assertThat(unfinished.prevalence().value()).isNotNull();
        assertThat(unfinished.evaluation().judged()).isEqualTo(28);
        assertThat(unfinished.purity().value()).isNull();
        assertThat(unfinished.purity().reason()).contains("only 28 candidates").contains("need 30");

        set(workflow, sample, 0.01, "retired");
        StatisticsView allFixed = statistics.count(workflow);
        assertThat(allFixed.purity().value()).isNull();
        assertThat(allFixed.purity().reason()).contains("only about 0").contains("labelled so");
        assertThat(allFixed.completeness().value()).isNull();
    }

    @Test
    void votesThatStandAndAgreementWithGoldAreCounted() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(100, 0, 0.9));
        List<Long> gold = sky.candidates(workflow, 40, false);
        sky.candidates(workflow, 20, false);
        sky.gold(workflow, gold, 0);
        long votes = 0;
        long onGold = 0;
        long agreed = 0;
        int recorded = 0;
        for (long person : sky.volunteers(8)) {
            for (AssignmentView assignment :
                    selection.next(workflow.id(), person, 10).assignments()) {
                int answer = recorded % 4 == 0 ? 1 : 0;
                long first = record(workflow, assignment, answer, null);
                recorded++;
                if (recorded == 5) {
                    record(workflow, assignment, null, first);
                    continue;
                }
                votes++;
                if (assignment.strategy().equals("gold")) {
                    onGold++;
                    agreed += answer == 0 ? 1 : 0;
                }
            }
        }

        StatisticsView view = statistics.count(workflow);

        assertThat(view.votes()).isEqualTo(votes);
        assertThat(view.volunteers()).isEqualTo(8);
        assertThat(view.votesPerDay().stream()
                        .mapToLong(StatisticsView.Day::votes)
                        .sum())
                .isEqualTo(votes);
        assertThat(view.goldAgreement().n()).isEqualTo(onGold);
        assertThat(view.goldAgreement().value()).isCloseTo((double) agreed / onGold, within(1e-9));
        assertThat(view.candidates().gold()).isEqualTo(40);
    }

    @Test
    void everybodyMayReadThem() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.15, 0));

        given().get("/api/v1/workflows/" + workflow.id() + "/statistics")
                .then()
                .statusCode(200)
                .body("workflowId", equalTo(Long.toString(workflow.id())))
                .body("votes", equalTo(0))
                .body("purity.value", nullValue())
                .body(
                        "purity.reason",
                        equalTo("only 0 candidates of the sample were begun early enough to be finished, need 30"));
        given().get("/api/v1/workflows/999999999/statistics").then().statusCode(404);
    }

    private void set(WorkflowView workflow, List<Long> ids, double moving, String outcome) {
        ids.forEach(id -> sky.consensus(workflow, id, 3, moving, outcome));
    }

    private long record(WorkflowView workflow, AssignmentView assignment, Integer answer, Long supersedes) {
        return intake.record(
                        new NewClassification(
                                UUID.randomUUID(),
                                workflow.id(),
                                assignment.candidateId(),
                                assignment.id(),
                                answer,
                                supersedes,
                                500),
                        assignment.volunteerId())
                .classification()
                .id();
    }
}
