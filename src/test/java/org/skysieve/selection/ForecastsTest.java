package org.skysieve.selection;

import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ForecastsTest {
    @Inject
    Forecasts forecasts;

    @Inject
    Sky sky;

    @Inject
    Sql sql;

    private long position;

    private void step(WorkflowView workflow, long candidateId, double moving, String note) {
        sql.update(
                "INSERT INTO consensus_step (workflow_id, position, candidate_id, kind, crowd, combined, note, created_at)"
                        + " VALUES (?, ?, ?, 'vote', ?, ?, ?, now())",
                workflow.id(),
                ++position,
                candidateId,
                new double[] {moving, 1 - moving},
                new double[] {moving, 1 - moving},
                note);
    }

    /** Each needs two votes; every other one is positive. */
    private void twoVotesEach(WorkflowView workflow, List<Long> ids) {
        for (int i = 0; i < ids.size(); i++) {
            double end = i % 2 == 0 ? .99 : .01;
            step(workflow, ids.get(i), i % 2 == 0 ? .75 : .25, "");
            step(workflow, ids.get(i), end, "retired: posterior reaches 0.98");
            sky.consensus(workflow, ids.get(i), 2, end, "retired");
        }
    }

    @Test
    void whatIsLeftIsLearnedFromTheVotesOfLateWithoutGold() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        // Gold standards take many votes, and tell nothing of the others.
        List<Long> gold = sky.candidates(workflow, 10, false);
        sky.gold(workflow, gold, 0);
        for (long id : gold) {
            for (int vote = 0; vote < 11; vote++) {
                step(workflow, id, .6, "");
            }
        }
        twoVotesEach(workflow, sky.candidates(workflow, 150, false));
        sky.candidates(workflow, 60, false);

        ForecastView view = forecasts.of(workflow.id(), .9, .95);

        assertThat(view.learnedFrom()).isEqualTo(300);
        // Sixty open ones need two votes each; the middle of 400 draws that differ by 18 %.
        assertThat(view.votesLeft()).isNotNull();
        assertThat(view.votesLeft().value()).isCloseTo(120, within(12.0));
        assertThat(view.votesLeft().low()).isLessThan(110).isGreaterThan(60);
        assertThat(view.votesLeft().high()).isGreaterThan(130).isLessThan(240);
        // 75 of about 105 positives are found, and finished work finds .95 of them.
        assertThat(view.completenessNow()).isNotNull();
        assertThat(view.completenessNow().value()).isCloseTo(.95 * 75 / 105, within(.03));
        assertThat(view.completenessAtEnd()).isNotNull();
        assertThat(view.completenessAtEnd().value()).isCloseTo(.95, within(1e-9));
        assertThat(view.votes()).isNotNull();
        assertThat(view.votes().value()).isBetween(50.0, view.votesLeft().value());
        assertThat(view.days()).isNull();
        assertThat(view.reasons())
                .anyMatch(reason -> reason.contains("assumed"))
                .anyMatch(reason -> reason.contains("Nobody has voted"))
                .anyMatch(reason -> reason.contains("purity"));
        // The same basis gives the same numbers.
        assertThat(forecasts.of(workflow.id(), .9, .95)).isEqualTo(view);
    }

    @Test
    void aTargetThatFinishedWorkDoesNotReachIsSaidToBeOut() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        twoVotesEach(workflow, sky.candidates(workflow, 120, false));
        sky.candidates(workflow, 40, false);

        ForecastView view = forecasts.of(workflow.id(), .999, .95);

        assertThat(view.votes()).isNull();
        assertThat(view.votesLeft()).isNotNull();
        assertThat(view.chance()).isLessThan(.3);
        assertThat(view.reasons())
                .anyMatch(reason ->
                        reason.contains("99.9 % is probably not reached") || reason.contains("99.9 % is not reached"));
    }

    @Test
    void withFewVotesThereIsAReasonAndNoNumber() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        twoVotesEach(workflow, sky.candidates(workflow, 3, false));

        given().get("/api/v1/workflows/" + workflow.id() + "/forecast")
                .then()
                .statusCode(200)
                .body("votesLeft", nullValue())
                .body("learnedFrom", equalTo(6))
                .body("reasons[0]", equalTo("Only 6 votes of late to learn from, need 200."));
        given().get("/api/v1/workflows/" + workflow.id() + "/forecast?completeness=1.5")
                .then()
                .statusCode(400);
        assertThatThrownBy(() -> forecasts.of(workflow.id(), .9, 0)).isInstanceOf(Problem.class);
    }
}
