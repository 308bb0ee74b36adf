package org.skysieve.classification;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

/** What is asked beyond an answer, by REST: defined, given, summed up and exported. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class DetailsTest {
    private static final String ASKS = """
            {"tasks": [
                {"key": "shape", "kind": "multiple", "question": "What shape?", "after": ["bogus"],
                 "options": [{"key": "dipole", "label": "A dipole"}, {"key": "ghost"}]},
                {"key": "host", "kind": "choice", "question": "Is there a host?", "options": [{"key": "yes"}, {"key": "no"}]},
                {"key": "where", "kind": "points", "question": "Where else?", "most": 2},
                {"key": "trail", "kind": "boxes", "question": "Where is the trail?"},
                {"key": "sure", "kind": "slider", "question": "How sure?", "max": 10, "unit": "of 10"},
                {"key": "words", "kind": "tags", "question": "Any words?", "most": 3}]}
            """;

    @Inject
    ClassificationFixture fixture;

    @Inject
    Workflows workflows;

    private WorkflowView workflow;
    private long candidate;

    @BeforeEach
    void aWorkflowThatAsksMore() {
        WorkflowView plain = fixture.aWorkflow();
        Person scientist = fixture.aPerson(Role.SCIENTIST);
        given().auth()
                .oauth2(scientist.token())
                .contentType(ContentType.JSON)
                .body(
                        "{\"question\": \"Is it real?\", \"answers\": [{\"key\": \"real\"}, {\"key\": \"bogus\"}], \"asks\": "
                                + ASKS + "}")
                .post("/api/v1/workflows/" + plain.id() + "/versions")
                .then()
                .statusCode(201)
                .body("asks.tasks", hasSize(6))
                .body("asks.tasks[4].unit", equalTo("of 10"));
        workflow = workflows.byId(plain.id());
        candidate = fixture.aCandidate(workflow);
    }

    private record Vote(Person by, UUID clientId, String id) {}

    private Vote vote(String answer) {
        Person person = fixture.aPerson(Role.VOLUNTEER);
        fixture.serve(workflow, candidate, person.id());
        UUID clientId = UUID.randomUUID();
        String id = given().auth()
                .oauth2(person.token())
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "clientId", clientId, "workflowId", workflow.id(), "candidateId", candidate, "answer", answer))
                .post("/api/v1/classifications")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
        return new Vote(person, clientId, id);
    }

    private static ValidatableResponse put(Person person, UUID clientId, String details) {
        return given().auth()
                .oauth2(person.token())
                .contentType(ContentType.JSON)
                .body(details)
                .put("/api/v1/details/" + clientId)
                .then();
    }

    @Test
    void whatBelongsToAnAnswerIsKeptOnceAndCanBeSaidAgain() {
        Vote vote = vote("bogus");

        put(vote.by, vote.clientId, "{\"shape\": [\"dipole\"], \"words\": [\"Stripe\", \"été\"]}")
                .statusCode(200)
                .body("words", equalTo(List.of("stripe", "été")));
        put(vote.by, vote.clientId, "{\"shape\": [\"ghost\"], \"host\": null}").statusCode(200);

        summary(vote.by)
                .body("tasks", hasSize(1))
                .body("tasks[0].shares[0].key", equalTo("ghost"))
                .body("tasks[0].shares[0].share", equalTo(1f))
                .body("tasks[0].shares[1].label", equalTo("A dipole"));
    }

    @Test
    void peopleAreSummedUpByWhatTheyAdded() {
        List<Vote> votes = List.of(vote("real"), vote("real"), vote("bogus"), vote("real"));
        put(
                votes.get(0).by,
                votes.get(0).clientId,
                "{\"host\": \"yes\", \"where\": [{\"x\": 10, \"y\": 20}], \"sure\": 9}");
        put(
                votes.get(1).by,
                votes.get(1).clientId,
                "{\"host\": \"yes\", \"where\": [{\"x\": 12, \"y\": 20}], \"sure\": 5}");
        put(
                votes.get(2).by,
                votes.get(2).clientId,
                "{\"host\": \"no\", \"trail\": [{\"x\": 1, \"y\": 2, \"width\": 3, \"height\": 4}], \"sure\": 7}");

        summary(votes.get(3).by)
                .body("tasks.key", equalTo(List.of("host", "where", "trail", "sure")))
                .body("tasks[0].volunteers", equalTo(3))
                .body("tasks[0].shares[0].key", equalTo("yes"))
                .body("tasks[0].shares[0].volunteers", equalTo(2))
                .body("tasks[1].marks", hasSize(1))
                .body("tasks[1].marks[0].volunteers", equalTo(2))
                .body("tasks[1].marks[0].y.toDouble()", closeTo(20, 1e-9))
                .body("tasks[2].marks[0].width.toDouble()", closeTo(3, 1e-9))
                .body("tasks[3].number.median.toDouble()", closeTo(7, 1e-9));
        String csv = given().auth()
                .oauth2(fixture.aPerson(Role.SCIENTIST).token())
                .get("/api/v1/workflows/" + workflow.id() + "/exports/classifications.csv")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(csv).contains("details").contains("\"\"host\"\": \"\"no\"\"");
    }

    private ValidatableResponse summary(Person reader) {
        return given().auth()
                .oauth2(reader.token())
                .get("/api/v1/workflows/" + workflow.id() + "/candidates/" + candidate + "/details")
                .then()
                .statusCode(200);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"shape": ["dipole"]}                                    | shape | not asked after this answer
                    {"host": "maybe"}                                        | host  | need one of [yes, no]
                    {"host": ["yes"]}                                        | host  | need one of [yes, no]
                    {"where": [{"x": 1, "y": 1}, {"x": 2, "y": 2}, {"x": 3, "y": 3}]} | where | a list of at most 2
                    {"where": [{"x": 1}]}                                    | where | need a number for y
                    {"where": [{"x": -3, "y": 1}]}                           | where | x -0.5 or more
                    {"where": [{"x": 1, "y": 1, "z": 1}]}                    | where | no field z
                    {"trail": [{"x": 1, "y": 1, "width": 0, "height": 1}]}   | trail | width above 0
                    {"sure": 11}                                             | sure  | 0.0 to 10.0
                    {"sure": "much"}                                         | sure  | need a number
                    {"words": ["a b"]}                                       | words | letters, digits or dashes
                    {"words": ["a", "A"]}                                    | words | each once
                    {"colour": "red"}                                        | colour | not asked
                    """)
    void whatDoesNotFitIsRefusedWithTheTask(String details, String field, String complaint) {
        Vote vote = vote("real");

        put(vote.by, vote.clientId, details)
                .statusCode(400)
                .body("errors[0].field", equalTo(field))
                .body("errors[0].message", containsString(complaint));
    }

    @Test
    void aTaskKeepsItsKind() {
        given().auth()
                .oauth2(fixture.aPerson(Role.SCIENTIST).token())
                .contentType(ContentType.JSON)
                .body(
                        "{\"question\": \"Is it real?\", \"answers\": [{\"key\": \"real\"}, {\"key\": \"bogus\"}], \"asks\":"
                                + " {\"tasks\": [{\"key\": \"host\", \"kind\": \"tags\", \"question\": \"Which?\"}]}}")
                .post("/api/v1/workflows/" + workflow.id() + "/versions")
                .then()
                .statusCode(409)
                .body("detail", containsString("task \"host\" was choice and cannot become tags"));
    }

    @Test
    void whatWasAddedIsInOnesOwnData() {
        Vote vote = vote("real");
        put(vote.by, vote.clientId, "{\"words\": [\"ring\"]}").statusCode(200);

        given().auth()
                .oauth2(vote.by.token())
                .get("/account/settings/data")
                .then()
                .statusCode(200)
                .body("details[0].classificationId", equalTo(vote.id))
                .body("details[0].details.words[0]", equalTo("ring"));
    }

    @Test
    void nobodyAddsToAnotherPersonsAnswerNorToAWithdrawal() {
        Vote vote = vote("real");
        put(vote.by, vote.clientId, "{\"host\": \"yes\"}").statusCode(200);
        UUID withdrawal = UUID.randomUUID();
        given().auth()
                .oauth2(vote.by.token())
                .contentType(ContentType.JSON)
                .body(Map.of(
                        "clientId",
                        withdrawal,
                        "workflowId",
                        workflow.id(),
                        "candidateId",
                        candidate,
                        "supersedes",
                        vote.id))
                .post("/api/v1/classifications")
                .then()
                .statusCode(201);

        put(fixture.aPerson(Role.VOLUNTEER), vote.clientId, "{\"host\": \"no\"}")
                .statusCode(404);
        put(vote.by, withdrawal, "{\"host\": \"no\"}").statusCode(409);
        // What was taken back counts nothing any more.
        summary(vote.by).body("tasks", hasSize(0));
    }
}
