package org.skysieve.classification;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class IntakeTest {
    private static final String PATH = "/api/v1/classifications";

    @Inject
    ClassificationFixture fixture;

    @Inject
    ClassificationLog log;

    @Inject
    Assignments assignments;

    @Inject
    Workflows workflows;

    @Inject
    Sql sql;

    private WorkflowView workflow;
    private long candidate;
    private Person ada;
    private AssignmentView served;

    @BeforeEach
    void serveOneCandidateToAda() {
        workflow = fixture.aWorkflow();
        candidate = fixture.aCandidate(workflow);
        ada = fixture.aPerson(Role.VOLUNTEER);
        served = fixture.serve(workflow, candidate, ada.id());
    }

    private Map<String, Object> body(@Nullable String answer, @Nullable String supersedes) {
        Map<String, Object> body = new HashMap<>();
        body.put("clientId", UUID.randomUUID().toString());
        body.put("workflowId", Long.toString(workflow.id()));
        body.put("candidateId", Long.toString(candidate));
        body.put("answer", answer);
        body.put("supersedes", supersedes);
        body.put("elapsedMs", 850);
        return body;
    }

    private static Response send(Person who, Map<String, Object> body) {
        return given().auth()
                .oauth2(who.token())
                .contentType(ContentType.JSON)
                .body(body)
                .post(PATH);
    }

    private static ValidatableResponse post(Person who, Map<String, Object> body) {
        return send(who, body).then();
    }

    private String record(@Nullable String answer, @Nullable String supersedes) {
        return post(ada, body(answer, supersedes)).statusCode(201).extract().path("id");
    }

    private List<ClassificationRecorded> entries() {
        return log.ofCandidate(workflow.id(), candidate);
    }

    private String stateOfAssignment() {
        return assignments.find(served.id()).orElseThrow().state();
    }

    @Test
    void anAnswerIsRecordedWithItsEvidenceAndClosesTheAssignment() {
        Map<String, Object> body = body("bogus", null);
        body.put("assignmentId", Long.toString(served.id()));

        String id = post(ada, body)
                .statusCode(201)
                .header("Location", containsString(PATH + "/"))
                .body("workflowId", equalTo(Long.toString(workflow.id())))
                .body("workflowVersion", equalTo(1))
                .body("candidateId", equalTo(Long.toString(candidate)))
                .body("volunteerId", equalTo(Long.toString(ada.id())))
                .body("assignmentId", equalTo(Long.toString(served.id())))
                .body("answer", equalTo("bogus"))
                .body("supersedes", nullValue())
                .body("elapsedMs", equalTo(850))
                .body("createdAt", notNullValue())
                .extract()
                .path("id");

        assertThat(entries()).singleElement().satisfies(entry -> {
            assertThat(entry.id()).isEqualTo(Long.parseLong(id));
            assertThat(entry.volunteerId()).isEqualTo(ada.id());
            assertThat(entry.guest()).isFalse();
            assertThat(entry.answer()).isEqualTo(1);
            assertThat(entry.modelProbabilities()).containsExactly(0.75f, 0.25f);
            assertThat(entry.snr()).isEqualTo(7.5f);
            assertThat(entry.elapsedMs()).isEqualTo(850);
        });
        assertThat(stateOfAssignment()).isEqualTo("answered");
        assertThat(assignments.open(workflow.id(), ada.id())).isEmpty();
        assertThat(log.hasClassified(workflow.id(), candidate, ada.id())).isTrue();
        assertThat(log.hasClassified(workflow.id(), candidate, ada.id() + 1)).isFalse();
    }

    @Test
    void theAssignmentIsClosedEvenIfTheClientDoesNotNameIt() {
        record("real", null);

        assertThat(stateOfAssignment()).isEqualTo("answered");
    }

    @Test
    void aRetryGetsTheSameBodyAndIsNotCountedAgain() {
        Map<String, Object> body = body("real", null);
        String first = post(ada, body).statusCode(201).extract().asString();

        ValidatableResponse retry = post(ada, body).statusCode(200).header("Location", containsString(PATH));

        assertThat(retry.extract().asString()).isEqualTo(first);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void aRetryOfAnEditAndOfAWithdrawalIsNotCountedAgain() {
        String first = record("real", null);
        Map<String, Object> edit = body("bogus", first);
        String edited = post(ada, edit).statusCode(201).extract().asString();
        Map<String, Object> undo = body(null, entries().get(1).id() + "");
        String undone = post(ada, undo).statusCode(201).extract().asString();

        assertThat(post(ada, edit).statusCode(200).extract().asString()).isEqualTo(edited);
        assertThat(post(ada, undo).statusCode(200).extract().asString()).isEqualTo(undone);
        assertThat(entries()).hasSize(3);
    }

    @Test
    void manyIdenticalPostsAtOnceMakeOneRow() throws Exception {
        Map<String, Object> body = body("real", null);

        List<Response> responses = atOnce(32, i -> send(ada, body));

        Set<String> bodies = new HashSet<>();
        int created = 0;
        for (Response response : responses) {
            assertThat(response.statusCode()).isIn(200, 201);
            created += response.statusCode() == 201 ? 1 : 0;
            bodies.add(response.asString());
        }
        assertThat(created).isEqualTo(1);
        assertThat(bodies).hasSize(1);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void manyDifferentAnswersAtOnceMakeOneRowAndConflicts() throws Exception {
        List<Response> responses = atOnce(16, i -> send(ada, body(i % 2 == 0 ? "real" : "bogus", null)));

        assertThat(responses.stream().filter(r -> r.statusCode() == 201)).hasSize(1);
        assertThat(responses.stream().filter(r -> r.statusCode() == 409)).hasSize(15);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void manyEditsOfOneEntryAtOnceLeaveOneHead() throws Exception {
        String first = record("real", null);

        List<Response> responses = atOnce(16, i -> send(ada, body(i % 2 == 0 ? "bogus" : null, first)));

        assertThat(responses.stream().filter(r -> r.statusCode() == 201)).hasSize(1);
        assertThat(responses.stream().filter(r -> r.statusCode() == 409)).hasSize(15);
        assertThat(entries()).hasSize(2);
    }

    @Test
    void aSecondFirstAnswerIsAConflictThatNamesTheFirst() {
        String first = record("real", null);

        post(ada, body("bogus", null))
                .statusCode(409)
                .contentType("application/problem+json")
                .body("status", equalTo(409))
                .body("detail", containsString("classification " + first))
                .body("earlierId", equalTo(first));
        assertThat(entries()).hasSize(1);
    }

    @Test
    void aClientIdUsedForSomethingElseIsAConflict() {
        Map<String, Object> body = body("real", null);
        post(ada, body).statusCode(201);
        body.put("answer", "bogus");

        post(ada, body).statusCode(409).body("detail", containsString("make a new one for each act"));
        assertThat(entries()).hasSize(1);
    }

    @Test
    void twoPeopleMayMakeTheSameClientId() {
        Person bea = fixture.aPerson(Role.VOLUNTEER);
        fixture.serve(workflow, candidate, bea.id());
        Map<String, Object> body = body("real", null);

        post(ada, body).statusCode(201);
        post(bea, body).statusCode(201).body("volunteerId", equalTo(Long.toString(bea.id())));
    }

    @Test
    void undoSupersedesAndOpensTheAssignmentAgain() {
        String first = record("real", null);

        post(ada, body(null, first)).statusCode(201).body("answer", nullValue()).body("supersedes", equalTo(first));

        assertThat(entries()).extracting(ClassificationRecorded::withdraws).containsExactly(false, true);
        assertThat(entries().get(1).modelProbabilities()).containsExactly(0.75f, 0.25f);
        assertThat(stateOfAssignment()).isEqualTo("open");
        assertThat(log.hasClassified(workflow.id(), candidate, ada.id())).isTrue();
    }

    @Test
    void afterAnUndoAPersonMayAnswerAgainWithOrWithoutNamingIt() {
        String undo = record(null, record("real", null));
        Map<String, Object> again = body("bogus", null);

        String second = post(ada, again)
                .statusCode(201)
                .body("supersedes", equalTo(undo))
                .extract()
                .path("id");
        String secondUndo = record(null, second);
        record("real", secondUndo);

        post(ada, again).statusCode(200).body("id", equalTo(second));
        assertThat(entries()).extracting(ClassificationRecorded::answer).containsExactly(0, null, 1, null, 0);
        assertThat(stateOfAssignment()).isEqualTo("answered");
    }

    @Test
    void anUndoneAnswerCannotBeUndoneTwice() {
        String first = record("real", null);
        String undo = record(null, first);

        post(ada, body(null, undo)).statusCode(409).body("detail", containsString("withdrawal already"));
        post(ada, body("bogus", first))
                .statusCode(409)
                .body("detail", containsString(undo + " stands now"))
                .body("headId", equalTo(undo));
        assertThat(entries()).hasSize(2);
    }

    @Test
    void nobodyTouchesTheAnswersOfSomebodyElse() {
        String first = record("real", null);
        Person bea = fixture.aPerson(Role.VOLUNTEER);
        fixture.serve(workflow, candidate, bea.id());

        post(bea, body(null, first)).statusCode(404).body("detail", containsString("no classification " + first));
        given().auth().oauth2(bea.token()).get(PATH + "/" + first).then().statusCode(404);
        assertThat(entries()).hasSize(1);
    }

    @Test
    void anEditStaysWithItsCandidate() {
        String first = record("real", null);
        Map<String, Object> body = body("bogus", first);
        body.put("candidateId", Long.toString(fixture.aCandidate(workflow)));

        post(ada, body).statusCode(409).body("detail", containsString("is about candidate " + candidate));
    }

    @Test
    void anAnswerAfterTheLeaseHasEndedOrTheCandidateWasSkippedCounts() {
        long late = fixture.aCandidate(workflow);
        fixture.serve(workflow, late, ada.id(), Instant.now().minus(Duration.ofDays(1)));
        Map<String, Object> body = body("real", null);
        body.put("candidateId", late);

        assertThat(assignments.open(workflow.id(), ada.id()))
                .extracting(AssignmentView::candidateId)
                .containsExactly(candidate);
        post(ada, body).statusCode(201);
        assignments.skip(served.id(), ada.id());
        record("bogus", null);
        assertThat(stateOfAssignment()).isEqualTo("answered");
    }

    @Test
    void aVolunteerAnswersOnlyWhatWasServedToThem() {
        Person bea = fixture.aPerson(Role.VOLUNTEER);

        post(bea, body("real", null)).statusCode(403).body("detail", containsString("was not served to you"));
        given().contentType(ContentType.JSON)
                .body(body("real", null))
                .post(PATH)
                .then()
                .statusCode(403)
                .header("Set-Cookie", nullValue());
        assertThat(entries()).isEmpty();
    }

    @Test
    void aScientistAnswersAnyCandidateOfTheProject() {
        Person sue = fixture.aPerson(Role.SCIENTIST);
        Map<String, Object> elsewhere = body("real", null);
        elsewhere.put("candidateId", fixture.aCandidate(fixture.aWorkflow()));

        post(sue, body("real", null)).statusCode(201).body("assignmentId", nullValue());
        post(sue, elsewhere).statusCode(404).body("detail", containsString("no candidate"));
        assertThat(entries().get(0).modelProbabilities()).isNull();
    }

    @Test
    void anAssignmentThatIsNotTheirsIsNotFound() {
        Person bea = fixture.aPerson(Role.VOLUNTEER);
        AssignmentView other = fixture.serve(workflow, candidate, bea.id());
        Map<String, Object> body = body("real", null);
        body.put("assignmentId", other.id());

        post(ada, body).statusCode(404).body("detail", containsString("no assignment " + other.id()));
        assertThat(entries()).isEmpty();
    }

    @Test
    void aGuestClassifiesWithTheirCookieAndStaysAGuestInTheLogAfterSigningUp() {
        String cookie = UUID.randomUUID().toString();
        long guest = sql.one(
                "INSERT INTO volunteer (kind, display_name, guest_token_hash)"
                        + " VALUES ('guest', 'Guest', sha256(?::text::bytea)) RETURNING id",
                row -> row.getLong(1),
                cookie);
        fixture.serve(workflow, candidate, guest);

        String id = given().cookie("skysieve-guest", cookie)
                .contentType(ContentType.JSON)
                .body(body("real", null))
                .post(PATH)
                .then()
                .statusCode(201)
                .body("volunteerId", equalTo(Long.toString(guest)))
                .extract()
                .path("id");
        sql.update("UPDATE volunteer SET kind = 'account', username = ? WHERE id = ?", "g-" + guest, guest);

        assertThat(log.find(Long.parseLong(id)).orElseThrow().guest()).isTrue();
    }

    @Test
    void anUnknownAnswerIsRefusedNamingTheKnownOnes() {
        post(ada, body("maybe", null))
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", containsString("got \"maybe\", need one of real, bogus"))
                .body("errors.field", contains("answer"));
        post(ada, body(null, null)).statusCode(400).body("detail", containsString("real, bogus"));
    }

    @Test
    void anUnknownWorkflowIsNotFound() {
        Map<String, Object> body = body("real", null);
        body.put("workflowId", "999999999");

        post(ada, body).statusCode(404).body("detail", equalTo("no workflow 999999999"));
    }

    @ParameterizedTest
    @CsvSource({"clientId,", "clientId,nonsense", "workflowId,", "candidateId,twelve", "elapsedMs,-1"})
    void aFieldThatIsMissingOrUnreadableIsNamed(String field, @Nullable String value) {
        Map<String, Object> body = body("real", null);
        body.put(field, value);

        post(ada, body).statusCode(400).contentType("application/problem+json").body("detail", containsString(field));
        assertThat(entries()).isEmpty();
    }

    @Test
    void theVersionOfTheQuestionIsNoted() {
        workflows.newVersion(workflow.id(), "Is it really real?", workflow.answers(), workflow.rules());

        post(ada, body("real", null)).statusCode(201).body("workflowVersion", equalTo(2));
    }

    @Test
    void peopleListTheirOwnAnswersNewestFirstPageByPage() {
        List<String> ids = new ArrayList<>();
        for (long id : fixture.candidates(workflow, 4)) {
            fixture.serve(workflow, id, ada.id());
            Map<String, Object> body = body("real", null);
            body.put("candidateId", id);
            ids.add(0, post(ada, body).statusCode(201).extract().path("id"));
        }
        String undo = record(null, record("real", null));

        String next = given().auth()
                .oauth2(ada.token())
                .queryParam("workflowId", workflow.id())
                .queryParam("limit", 3)
                .get(PATH)
                .then()
                .statusCode(200)
                .body("items", hasSize(3))
                .body("items[0].id", equalTo(undo))
                .body("items[2].id", equalTo(ids.get(0)))
                .extract()
                .path("next");
        given().auth()
                .oauth2(ada.token())
                .queryParam("cursor", next)
                .get(PATH)
                .then()
                .body("items.id", equalTo(ids.subList(1, 4)))
                .body("next", nullValue());
        given().auth()
                .oauth2(ada.token())
                .queryParam("standing", true)
                .get(PATH)
                .then()
                .body("items.id", equalTo(ids));
        given().get(PATH).then().statusCode(200).body("items", hasSize(0));
    }

    @Test
    void anEntryIsReadByItsAuthorAndByScientists() {
        String id = record("real", null);

        for (Person reader : List.of(ada, fixture.aPerson(Role.SCIENTIST))) {
            given().auth()
                    .oauth2(reader.token())
                    .get(PATH + "/" + id)
                    .then()
                    .statusCode(200)
                    .body("id", equalTo(id))
                    .body("answer", equalTo("real"));
        }
        given().get(PATH + "/" + id).then().statusCode(404);
    }

    @Test
    void anAssignmentIsSkippedOrReleasedByItsOwnerUntilAnswered() {
        Person bea = fixture.aPerson(Role.VOLUNTEER);
        String path = "/api/v1/assignments/" + served.id();

        given().auth().oauth2(bea.token()).post(path + "/skip").then().statusCode(404);
        given().delete(path).then().statusCode(404);
        assertThat(stateOfAssignment()).isEqualTo("open");
        given().auth().oauth2(ada.token()).post(path + "/skip").then().statusCode(204);
        assertThat(stateOfAssignment()).isEqualTo("skipped");
        given().auth().oauth2(ada.token()).delete(path).then().statusCode(204);
        assertThat(stateOfAssignment()).isEqualTo("released");
        record("real", null);
        given().auth()
                .oauth2(ada.token())
                .delete(path)
                .then()
                .statusCode(409)
                .body("detail", containsString("is answered"));
        assertThat(stateOfAssignment()).isEqualTo("answered");
    }

    @Test
    void whatIsInTheLogCannotBeDeleted() {
        record("real", null);

        assertThatThrownBy(() -> sql.update("DELETE FROM candidate WHERE id = ?", candidate))
                .hasMessageContaining("candidate " + candidate + " is in the log");
        assertThatThrownBy(() -> sql.update("DELETE FROM workflow WHERE id = ?", workflow.id()))
                .hasMessageContaining("workflow " + workflow.id() + " is in the log");
    }

    @FunctionalInterface
    private interface Call {
        Response run(int index);
    }

    private static List<Response> atOnce(int count, Call call) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(count);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Response>> futures = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                futures.add(threads.submit(() -> {
                    start.await();
                    return call.run(index);
                }));
            }
            start.countDown();
            List<Response> responses = new ArrayList<>();
            for (Future<Response> future : futures) {
                responses.add(future.get());
            }
            return responses;
        } finally {
            threads.shutdownNow();
        }
    }
}
