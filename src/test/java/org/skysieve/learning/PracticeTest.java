package org.skysieve.learning;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.classification.Reveals;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class PracticeTest {
    @Inject
    ClassificationFixture fixture;

    @Inject
    Practice practice;

    @Inject
    GoldStandards goldStandards;

    @Inject
    Reveals reveals;

    @Inject
    Intake intake;

    @Inject
    Sql sql;

    @Test
    void halfOfTheUnansweredGoldStandardsAreKeptForTests() {
        WorkflowView workflow = fixture.aWorkflow();
        goldStandards(workflow, 10);
        long person = fixture.aPerson(Role.VOLUNTEER).id();
        SplittableRandom random = new SplittableRandom(7);

        Set<Long> practised = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            long drawn = practice.draw(workflow, OptionalLong.of(person), OptionalLong.empty(), random)
                    .orElseThrow();
            practice.answer(workflow, person, drawn, 0);
            practised.add(drawn);
        }

        assertThat(practised).hasSize(5);
        long votes = sql.one(
                "SELECT count(*) FROM classification WHERE workflow_id = ?", row -> row.getLong(1), workflow.id());
        assertThat(votes).isZero();
    }

    @Test
    void whatWasServedAndNotAnsweredIsATestStill() {
        WorkflowView workflow = fixture.aWorkflow();
        List<Long> gold = goldStandards(workflow, 4);
        long person = fixture.aPerson(Role.VOLUNTEER).id();
        fixture.serve(workflow, gold.get(0), person);
        SplittableRandom random = new SplittableRandom(7);

        for (int i = 0; i < 40; i++) {
            assertThat(practice.draw(workflow, OptionalLong.of(person), OptionalLong.empty(), random))
                    .isNotEqualTo(java.util.Optional.of(gold.get(0)));
        }
        assertThatThrownBy(() -> practice.answer(workflow, person, gold.get(0), 0))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("not for practice");
        assertThat(reveals.shown(workflow.id(), person, gold.get(0))).isFalse();
    }

    @Test
    void aVoteAfterPracticeIsKeptAndCountsForNothing() {
        WorkflowView workflow = fixture.aWorkflow();
        List<Long> gold = goldStandards(workflow, 4);
        long scientist = fixture.aPerson(Role.SCIENTIST).id();
        practice.answer(workflow, scientist, gold.get(1), 0);

        for (long candidate : gold) {
            intake.record(
                    new NewClassification(UUID.randomUUID(), workflow.id(), candidate, null, 0, null, null),
                    scientist,
                    Intake.Reach.ANY);
        }

        Map<Long, Boolean> informed = sql
                .query(
                        "SELECT candidate_id, informed FROM classification WHERE workflow_id = ?",
                        row -> Map.entry(row.getLong(1), row.getBoolean(2)),
                        workflow.id())
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(informed).hasSize(4).containsEntry(gold.get(1), true);
        assertThat(informed.values()).containsOnlyOnce(true);
    }

    @Test
    void theTruthFollowsTheAnswerByRest() {
        WorkflowView workflow = fixture.aWorkflow();
        goldStandards(workflow, 4);
        String token = fixture.aPerson(Role.VOLUNTEER).token();
        String base = "/api/v1/workflows/" + workflow.id() + "/practice";

        String drawn = given().header("Authorization", "Bearer " + token)
                .get(base)
                .then()
                .statusCode(200)
                .extract()
                .path("candidateId");
        given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body("{\"candidateId\": \"" + drawn + "\", \"answer\": \"real\"}")
                .post(base)
                .then()
                .statusCode(200)
                .body("candidateId", equalTo(drawn))
                .body("counted", equalTo(false));
        given().header("Authorization", "Bearer " + token)
                .contentType("application/json")
                .body("{\"candidateId\": \"" + fixture.aCandidate(workflow) + "\", \"answer\": \"real\"}")
                .post(base)
                .then()
                .statusCode(403);
    }

    /** Half of them real. */
    private List<Long> goldStandards(WorkflowView workflow, int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long id = fixture.aCandidate(workflow);
            goldStandards.set(workflow.id(), id, i % 2, "test", OptionalLong.empty());
            ids.add(id);
        }
        return ids;
    }
}
