package org.skysieve.effort;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class EffortsTest {
    private static final Instant MORNING = Instant.parse("2020-03-05T08:00:00Z");

    @Inject
    ClassificationFixture fixture;

    @Inject
    Efforts efforts;

    @Inject
    Certificates certificates;

    @Inject
    GoldStandards goldStandards;

    @Inject
    OwnAccount own;

    @Inject
    Sql sql;

    @Test
    void shortPausesCountAndLongOnesDoNot() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        // The first counts what was measured: 4 s. Then pauses of 30 s and 120 s. After an hour 200 s were measured:
        // 120 s
        // count. After another, nothing was measured: 10 s. On the next day, 1 s.
        answer(workflow, person, MORNING, 4_000, false);
        answer(workflow, person, MORNING.plusSeconds(30), 1_000, false);
        answer(workflow, person, MORNING.plusSeconds(150), 90_000, false);
        answer(workflow, person, MORNING.plusSeconds(3_750), 200_000, false);
        answer(workflow, person, MORNING.plusSeconds(7_350), null, false);
        answer(workflow, person, MORNING.plusSeconds(86_400), 1_000, false);

        Given given = efforts.of(person.id());

        assertThat(given.seconds()).isEqualTo(4 + 30 + 120 + 120 + 10 + 1);
        assertThat(given.answers()).isEqualTo(6);
        assertThat(given.days()).isEqualTo(2);
        assertThat(given.daysThisMonth()).isZero();
        assertThat(given.firstDay()).hasToString("2020-03-05");
        assertThat(given.lastDay()).hasToString("2020-03-06");
        assertThat(efforts.of(fixture.aPerson(Role.VOLUNTEER).id())).isEqualTo(new Given(0, 0, 0, 0, null, null));
    }

    @Test
    void skillIsByClassAndBrightnessWithJeffreysIntervals() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        for (int i = 0; i < 4; i++) {
            // Signal-to-noise 7.5: faint. One of four is answered wrongly.
            long candidate = answer(workflow, person, MORNING.plusSeconds(i), 500, i == 3);
            goldStandards.set(workflow.id(), candidate, 0, "test", OptionalLong.empty());
        }
        long open = answer(workflow, person, MORNING.plusSeconds(9), 500, false);

        Efforts.Cell faint = efforts.skill(workflow.id(), person.id(), 2).stream()
                .filter(cell -> cell.n() > 0)
                .reduce((one, two) -> {
                    throw new AssertionError("more than one cell: " + one + two);
                })
                .orElseThrow();

        assertThat(open).isPositive();
        assertThat(faint.answer()).isZero();
        assertThat(faint.brightness()).isEqualTo(Brightness.FAINT);
        assertThat(faint.n()).isEqualTo(4);
        assertThat(faint.right()).isEqualTo(3);
        assertThat(faint.mean()).isCloseTo(3.5 / 5, within(1e-12));
        // Beta(3.5, 1.5), integrated numerically.
        assertThat(faint.low()).isCloseTo(0.28375, within(1e-4));
        assertThat(faint.high()).isCloseTo(0.97153, within(1e-4));
    }

    @Test
    void aCertificateIsReadByItsCodeAndGoesWithTheAccount() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        String bearer = "Bearer " + person.token();
        given().header("Authorization", bearer)
                .post("/api/v1/me/certificates")
                .then()
                .statusCode(409);
        given().post("/api/v1/me/certificates").then().statusCode(401);
        answer(workflow, person, MORNING, 60_000, false);

        String code = given().header("Authorization", bearer)
                .post("/api/v1/me/certificates")
                .then()
                .statusCode(201)
                .body("seconds", equalTo(60))
                .body("code", matchesPattern("[a-z2-7]{20}"))
                .extract()
                .path("code");
        given().header("Authorization", bearer)
                .post("/api/v1/me/certificates")
                .then()
                .body("code", equalTo(code));
        given().get("/api/v1/certificates/" + code).then().statusCode(200).body("answers", equalTo(1));
        assertThat(given().accept("text/html").get("/certificates/" + code).asString())
                .contains("1 candidate", "1 minute", "on 2020-03-05", code);
        assertThat(given().accept("text/html")
                        .get("/certificates/" + code + "?lang=es")
                        .asString())
                .contains("<html lang=\"es\"", "ha clasificado 1 candidata", "el 2020-03-05");
        given().get("/api/v1/certificates/" + "a".repeat(20)).then().statusCode(404);

        String username = sql.one("SELECT username FROM volunteer WHERE id = ?", row -> row.getString(1), person.id());
        own.erase(person.id(), username);
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> certificates.find(code).isEmpty());
    }

    @Test
    void aSessionCountsWhatCameSinceItsStart() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        answer(workflow, person, MORNING, 500, false);
        long gold = answer(workflow, person, MORNING.plusSeconds(60), 500, false);
        goldStandards.set(workflow.id(), gold, 0, "test", OptionalLong.empty());

        assertThat(efforts.since(workflow.id(), person.id(), MORNING).answered())
                .isEqualTo(2);
        assertThat(efforts.since(workflow.id(), person.id(), MORNING.plusSeconds(1)))
                .isEqualTo(new Efforts.Session(1, 0, 0));
    }

    private long answer(WorkflowView workflow, Person person, Instant at, @Nullable Integer elapsedMs, boolean second) {
        long candidate = fixture.aCandidate(workflow);
        sql.update(
                "INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,"
                        + " answer, elapsed_ms, created_at) VALUES (nextval('classification_seq'), ?, ?, 1, ?, ?, ?, ?, ?)",
                UUID.randomUUID(),
                workflow.id(),
                candidate,
                person.id(),
                second ? 1 : 0,
                elapsedMs,
                at);
        return candidate;
    }
}
