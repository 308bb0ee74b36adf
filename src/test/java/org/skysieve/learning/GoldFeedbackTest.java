package org.skysieve.learning;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.consensus.ConsensusAudit;
import org.skysieve.consensus.ConsensusLabels;
import org.skysieve.consensus.ConsensusProgress;
import org.skysieve.consensus.Reliabilities;
import org.skysieve.consensus.ReliabilityView;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Rules;
import org.skysieve.project.SelectionChange;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class GoldFeedbackTest {
    private static final int REAL = 0;
    private static final int BOGUS = 1;

    @Inject
    ClassificationFixture fixture;

    @Inject
    GoldFeedback feedback;

    @Inject
    GoldStandards goldStandards;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    Intake intake;

    @Inject
    Reliabilities reliabilities;

    @Inject
    ConsensusProgress progress;

    @Inject
    ConsensusLabels labels;

    @Inject
    ConsensusAudit audit;

    @Inject
    Sql sql;

    @Test
    void aNewcomerIsToldWhatAGoldStandardIsAfterTheAnswerAndAsOftenAsTheyAsk() {
        WorkflowView workflow = fixture.aWorkflow();
        long gold = goldStandard(workflow, BOGUS, "a dipole: light beside dark");
        long other = fixture.aCandidate(workflow);
        Person person = fixture.aPerson(Role.VOLUNTEER);
        long wrong = answer(workflow, gold, person, REAL, null);
        long plain = answer(workflow, other, person, REAL, null);

        for (int time = 0; time < 2; time++) {
            given().header("Authorization", "Bearer " + person.token())
                    .post("/api/v1/classifications/" + wrong + "/feedback")
                    .then()
                    .statusCode(200)
                    .body("newcomer", equalTo(true))
                    .body("gold.agreed", equalTo(false))
                    .body("gold.counted", equalTo(true))
                    .body("gold.given", equalTo("real"))
                    .body("gold.answer", equalTo("bogus"))
                    .body("gold.label", equalTo("Bogus"))
                    .body("gold.note", equalTo("a dipole: light beside dark"));
        }
        given().header("Authorization", "Bearer " + person.token())
                .post("/api/v1/classifications/" + plain + "/feedback")
                .then()
                .statusCode(200)
                .body("newcomer", equalTo(true))
                .body("gold", nullValue());
        given().header(
                        "Authorization",
                        "Bearer " + fixture.aPerson(Role.ADMINISTRATOR).token())
                .post("/api/v1/classifications/" + wrong + "/feedback")
                .then()
                .statusCode(404);
        given().post("/api/v1/classifications/" + wrong + "/feedback").then().statusCode(404);
    }

    @Test
    void whoIsNoNewcomerAnyMoreIsToldNothing() {
        WorkflowView workflow = serving(fixture.aWorkflow(), new ServingRules(0, 2, 0));
        long gold = goldStandard(workflow, BOGUS, "");
        Person person = fixture.aPerson(Role.VOLUNTEER);
        assertThat(feedback.awaits(workflow, OptionalLong.empty())).isTrue();
        answer(workflow, fixture.aCandidate(workflow), person, REAL, null);
        assertThat(feedback.awaits(workflow, OptionalLong.of(person.id()))).isTrue();
        answer(workflow, fixture.aCandidate(workflow), person, REAL, null);

        long third = answer(workflow, gold, person, REAL, null);

        assertThat(feedback.awaits(workflow, OptionalLong.of(person.id()))).isFalse();
        assertThat(feedback.on(third, person.id())).isEqualTo(new FeedbackView(third, false, null));
        // Nothing was told, so a correction is worth as much as ever.
        answer(workflow, gold, person, BOGUS, third);
        caughtUp(workflow);
        assertThat(reliability(workflow, person).goldAgreed()).isEqualTo(1);
    }

    @Test
    void aProjectMaySwitchItOff() {
        WorkflowView workflow = serving(fixture.aWorkflow(), new ServingRules(0, 20, 0, false));
        long gold = goldStandard(workflow, BOGUS, "");
        Person person = fixture.aPerson(Role.VOLUNTEER);

        long given = answer(workflow, gold, person, BOGUS, null);

        assertThat(feedback.awaits(workflow, OptionalLong.of(person.id()))).isFalse();
        assertThat(feedback.on(given, person.id()).gold()).isNull();
    }

    @Test
    void anAnswerCorrectedAfterTheTruthWasShownIsNoEvidence() {
        WorkflowView workflow = fixture.aWorkflow();
        long gold = goldStandard(workflow, BOGUS, "");
        Person person = fixture.aPerson(Role.VOLUNTEER);
        long wrong = answer(workflow, gold, person, REAL, null);
        caughtUp(workflow);
        ReliabilityView before = reliability(workflow, person);
        feedback.on(wrong, person.id());

        long corrected = answer(workflow, gold, person, BOGUS, wrong);
        caughtUp(workflow);

        assertThat(before.goldSeen()).isEqualTo(1);
        assertThat(before.goldAgreed()).isZero();
        assertThat(reliability(workflow, person)).isEqualTo(before);
        // It is a right answer now, and it says so, but also that it counts for nothing.
        Truth truth = feedback.on(corrected, person.id()).gold();
        assertThat(truth).isNotNull();
        assertThat(truth.agreed()).isTrue();
        assertThat(truth.counted()).isFalse();

        long withdrawn = answer(workflow, gold, person, null, corrected);
        answer(workflow, gold, person, BOGUS, withdrawn);
        caughtUp(workflow);

        assertThat(reliability(workflow, person)).isEqualTo(before);
        assertThat(labels.find(workflow.id(), gold).orElseThrow().votes()).isEqualTo(1);
        assertThat(audit.verify(workflow.id()).differences()).isZero();
        assertThat(sql.query(
                        "SELECT informed FROM classification WHERE workflow_id = ? ORDER BY id",
                        row -> row.getBoolean(1),
                        workflow.id()))
                .containsExactly(false, true, true, true);
    }

    @Test
    void whoeverReadsTheTraceOfAGoldStandardGivesNoEvidenceAboutItAnyMore() {
        WorkflowView workflow = fixture.aWorkflow();
        long gold = goldStandard(workflow, BOGUS, "");
        Person person = fixture.aPerson(Role.VOLUNTEER);
        long wrong = answer(workflow, gold, person, REAL, null);
        caughtUp(workflow);

        given().header("Authorization", "Bearer " + person.token())
                .get("/api/v1/workflows/" + workflow.id() + "/candidates/" + gold + "/trace")
                .then()
                .statusCode(200);
        answer(workflow, gold, person, BOGUS, wrong);
        caughtUp(workflow);

        assertThat(reliability(workflow, person).goldAgreed()).isZero();
        given().header("Authorization", "Bearer " + person.token())
                .get("/api/v1/workflows/" + workflow.id() + "/candidates/" + gold + "/trace")
                .then()
                .statusCode(200)
                .body("steps[-1].kind", equalTo("edit"))
                .body("steps[-1].note", equalTo("not counted: the truth of this gold standard had been shown before"));
    }

    @Test
    void anUnansweredGoldStandardIsHiddenOnItsPageToo() {
        WorkflowView workflow = fixture.aWorkflow();
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(31).withSurvey("told"));
        candidates.add(workflow.projectId(), List.of(survey.candidate(0).packet()));
        long gold = candidates
                .before(workflow.projectId(), Long.MAX_VALUE, 1)
                .get(0)
                .id();
        goldStandards.set(workflow.id(), gold, BOGUS, "test", OptionalLong.empty());
        Person person = fixture.aPerson(Role.VOLUNTEER);
        caughtUp(workflow);

        String page = given().header("Authorization", "Bearer " + person.token())
                .accept("text/html")
                .get("/candidates/" + gold)
                .asString();

        assertThat(page).contains("data-testid=\"hidden\"").doesNotContain("settled: Bogus");
    }

    @Test
    void othersEntriesAreNotFound() {
        assertThatThrownBy(() -> feedback.on(-1, 1)).isInstanceOf(Problem.class).hasMessageContaining("of yours");
    }

    private WorkflowView serving(WorkflowView workflow, ServingRules rules) {
        return workflows.select(workflow.id(), new SelectionChange(Rules.DEFAULT.mix(), rules, null, null, null));
    }

    private long goldStandard(WorkflowView workflow, int answer, String note) {
        long candidate = fixture.aCandidate(workflow);
        goldStandards.set(workflow.id(), candidate, answer, "test", OptionalLong.empty());
        goldStandards.annotate(workflow.id(), Map.of(candidate, note));
        caughtUp(workflow);
        return candidate;
    }

    private long answer(
            WorkflowView workflow, long candidate, Person person, @Nullable Integer answer, @Nullable Long supersedes) {
        return intake.record(
                        new NewClassification(
                                UUID.randomUUID(), workflow.id(), candidate, null, answer, supersedes, 100),
                        person.id(),
                        Intake.Reach.ANY)
                .classification()
                .id();
    }

    private ReliabilityView reliability(WorkflowView workflow, Person person) {
        return reliabilities.of(workflow.id(), person.id()).orElseThrow();
    }

    private void caughtUp(WorkflowView workflow) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> progress.lag(workflow.id()) == 0);
    }
}
