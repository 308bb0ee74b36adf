package org.skysieve.effort;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.classification.Reveals;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
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
    Reveals reveals;

    @Inject
    Presence presence;

    @Inject
    Projects projects;

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
            reveals.note(workflow.id(), person.id(), List.of(candidate));
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

    /** Who asks after each of their answers must not learn which of them met a gold standard. */
    @Test
    void goldStandardsThatNobodyWasToldOfCountInFullTensByTheirFirstAnswers() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        List<Long> met = new ArrayList<>();
        for (int i = 1; i <= 25; i++) {
            long candidate = answer(workflow, person, MORNING.plusSeconds(i), 500, i % 5 == 0);
            goldStandards.set(workflow.id(), candidate, 0, "test", OptionalLong.empty());
            met.add(candidate);
            answer(workflow, person, MORNING.plusSeconds(i), 500, false);

            assertThat(judged(workflow, person)).as("after %d", i).containsExactly(i / 10 * 10, i / 10 * 8);
        }

        // Edits and withdrawals of what they guess to be gold tell nothing, whatever was right.
        for (Integer answer : new Integer[] {1, 0, null}) {
            for (long candidate : met.subList(0, 12)) {
                again(workflow, person, candidate, answer);
                assertThat(judged(workflow, person)).containsExactly(20, 16);
            }
        }
        // The consensus takes gold standards for settled: they count no sooner for that, what else is settled at once.
        settled(workflow, met.get(24), 0);
        assertThat(judged(workflow, person)).containsExactly(20, 16);
        settled(workflow, answer(workflow, person, MORNING.plusSeconds(99), 500, true), 0);
        assertThat(judged(workflow, person)).containsExactly(21, 16);
        // So does what they were shown to be gold; it counts in no ten then.
        reveals.note(workflow.id(), person.id(), met.subList(20, 22));
        assertThat(judged(workflow, person)).containsExactly(23, 18);
    }

    private int[] judged(WorkflowView workflow, Person person) {
        List<Efforts.Cell> cells = efforts.skill(workflow.id(), person.id(), 2);
        return new int[] {
            cells.stream().mapToInt(Efforts.Cell::n).sum(),
            cells.stream().mapToInt(Efforts.Cell::right).sum()
        };
    }

    /** The newest entry of a candidate is superseded. */
    private void again(WorkflowView workflow, Person person, long candidate, @Nullable Integer answer) {
        sql.update(
                "INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,"
                        + " answer, supersedes, created_at) SELECT nextval('classification_seq'), ?, ?, 1, ?, ?, ?::smallint,"
                        + " max(id), now() FROM classification WHERE volunteer_id = ? AND candidate_id = ?",
                UUID.randomUUID(),
                workflow.id(),
                candidate,
                person.id(),
                answer == null ? null : answer.toString(),
                person.id(),
                candidate);
    }

    private void settled(WorkflowView workflow, long candidate, int answer) {
        sql.update(
                "INSERT INTO consensus (workflow_id, candidate_id, votes, crowd, combined, outcome, answer, updated_at)"
                        + " VALUES (?, ?, 1, '{1,0}', '{1,0}', 'retired', ?, now()) ON CONFLICT (workflow_id, candidate_id)"
                        + " DO UPDATE SET outcome = 'retired', answer = EXCLUDED.answer",
                workflow.id(),
                candidate,
                answer);
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
    void daysAreByTheReadersClockAndReadOnFromWhereTheyWereKept() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        // 23:50 in London is 0:50 of the next day in Madrid and 5:35 in Kathmandu.
        Instant late = Instant.parse("2020-03-05T23:50:00Z");
        answer(workflow, person, late, 500, false);

        assertThat(presence.all(person.id())).containsExactly(LocalDate.of(2020, 3, 5));
        String kept = "SELECT cardinality(quarters) FROM presence WHERE through_id > 0 AND volunteer_id = ?";
        assertThat(sql.query(kept, row -> row.getInt(1), person.id())).containsExactly(1);
        // What is kept is not read again: an entry that vanished is still there.
        sql.update("DELETE FROM classification WHERE volunteer_id = ?", person.id());
        // One instant throughout: midnight may come while this runs.
        Instant moment = Instant.now();
        Presence then = new Presence(sql, Clock.fixed(moment, ZoneOffset.UTC));
        answer(workflow, person, moment, 500, false);

        LocalDate today = LocalDate.ofInstant(moment, ZoneOffset.UTC);
        assertThat(then.all(person.id())).containsExactly(LocalDate.of(2020, 3, 5), today);
        // The fresh one is not kept yet: others with a lower id may still be under way.
        assertThat(sql.query(kept, row -> row.getInt(1), person.id())).containsExactly(1);
        assertThat(then.of(person.id(), ZoneOffset.UTC)).contains(new DaysHere(today, List.of(today), 1, 1, 1));
        for (String zone : List.of("Europe/Madrid", "Asia/Kathmandu")) {
            given().header("Authorization", "Bearer " + person.token())
                    .queryParam("zone", zone)
                    .get("/api/v1/me/days")
                    .then()
                    .statusCode(200)
                    .body("zone", equalTo(zone))
                    .body("days.ofLastSeven", equalTo(1));
        }
        assertThat(Presence.zone("Europe/Madrid").getId()).isEqualTo("Europe/Madrid");
        for (String none : new String[] {null, "", "Europe/Nowhere", "<b>", "A".repeat(61)}) {
            assertThat(Presence.zone(none)).as("%s", none).isEqualTo(ZoneOffset.UTC);
        }
    }

    @Test
    void midnightIsTheReaders() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        // Two entries of one quarter of an hour each side of midnight in Kathmandu (UTC+5:45), on one day in London.
        answer(workflow, person, Instant.parse("2020-03-05T18:14:00Z"), 500, false);
        answer(workflow, person, Instant.parse("2020-03-05T18:16:00Z"), 500, false);

        assertThat(presence.of(person.id(), ZoneOffset.UTC).orElseThrow().longest())
                .isEqualTo(1);
        assertThat(presence.of(person.id(), ZoneId.of("Asia/Kathmandu"))
                        .orElseThrow()
                        .longest())
                .isEqualTo(2);
    }

    @Test
    void whoSwitchesTheDaysOffIsNotToldOfThemAnywhere() {
        WorkflowView workflow = fixture.aWorkflow();
        Person person = fixture.aPerson(Role.VOLUNTEER);
        String bearer = "Bearer " + person.token();
        String me = "/projects/" + projects.byId(workflow.projectId()).slug() + "/me";
        answer(workflow, person, Instant.now(), 500, false);
        assertThat(given().header("Authorization", bearer).get(me).asString())
                .contains("You were here on 1 of the last 7 days.", "hide-days", "Days by the clock of UTC.");
        assertThat(given().header("Authorization", bearer)
                        .cookie("skysieve-zone", "Asia/Kathmandu")
                        .get(me + "?lang=es")
                        .asString())
                .contains("Estuviste aquí 1 de los últimos 7 días.", "Asia/Kathmandu");
        assertThat(given().header("Authorization", bearer).get(me + "/session").asString())
                .contains("You were here on 1 of the last 7 days.");

        given().header("Authorization", bearer)
                .redirects()
                .follow(false)
                .formParam("shown", "false")
                .post(me + "/days")
                .then()
                .statusCode(303);

        for (String page : List.of(me, me + "/session")) {
            assertThat(given().header("Authorization", bearer).get(page).asString())
                    .doesNotContain("of the last 7 days");
        }
        given().header("Authorization", bearer)
                .get("/api/v1/me/days")
                .then()
                .body("shown", equalTo(false))
                .body("days", equalTo(null));
        given().header("Authorization", bearer)
                .get("/account/settings/data")
                .then()
                .body("daysShown", equalTo(false))
                .body("days", hasSize(1));
        given().header("Authorization", bearer)
                .contentType(ContentType.JSON)
                .body(Map.of("shown", true))
                .put("/api/v1/me/days")
                .then()
                .statusCode(200);
        assertThat(given().header("Authorization", bearer).get(me).asString()).contains("of the last 7 days");
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
