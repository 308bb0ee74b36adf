package org.skysieve.project;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.instanceOf;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ProjectResourceTest {
    private static final List<Map<String, String>> REAL_OR_BOGUS =
            List.of(Map.of("key", "real", "label", "Real"), Map.of("key", "bogus", "label", "Bogus"));

    @Inject
    Accounts accounts;

    @Inject
    GoldStandards gold;

    @Inject
    Workflows workflows;

    @Inject
    Sql sql;

    private final String slug = "p-" + UUID.randomUUID().toString().substring(0, 12);

    private RequestSpecification as(Role role) {
        long id = accounts.create("u" + UUID.randomUUID().toString().substring(0, 13), null, null, role);
        return given().header(
                        "Authorization",
                        "Bearer " + accounts.issueToken(id, "test").token())
                .contentType(ContentType.JSON);
    }

    private String aWorkflow() {
        as(Role.SCIENTIST)
                .body(Map.of("slug", slug, "title", "Nightly transients", "tagline", "Is it real?"))
                .post("/api/v1/projects")
                .then()
                .statusCode(201);
        return as(Role.SCIENTIST)
                .body(Map.of(
                        "slug",
                        "real-bogus",
                        "title",
                        "Real or bogus",
                        "question",
                        "Is it real?",
                        "answers",
                        REAL_OR_BOGUS,
                        "rules",
                        Map.of("maxVotes", 7)))
                .post("/api/v1/projects/" + slug + "/workflows")
                .then()
                .statusCode(201)
                .body("rules.maxVotes", equalTo(7))
                .body("rules.minVotes", equalTo(2))
                .extract()
                .path("id");
    }

    @Test
    void whatAScientistMadeAnybodyReads() {
        String workflow = aWorkflow();

        given().get("/api/v1/projects").then().statusCode(200).body("items.slug", hasItem(slug));
        given().get("/api/v1/projects/" + slug)
                .then()
                .statusCode(200)
                .body("title", equalTo("Nightly transients"))
                .body("id", instanceOf(String.class))
                .body("workflows[0].id", equalTo(workflow))
                .body("workflows[0].answers.key", equalTo(List.of("real", "bogus")));
        given().get("/api/v1/workflows/" + workflow).then().statusCode(200).body("question", equalTo("Is it real?"));
        given().get("/api/v1/projects/none-such").then().statusCode(404);
        given().get("/api/v1/workflows/0").then().statusCode(404);
    }

    @Test
    void volunteersAndGuestsCannotMakeProjects() {
        Map<String, String> project = Map.of("slug", slug, "title", "Mine");

        given().contentType(ContentType.JSON)
                .body(project)
                .post("/api/v1/projects")
                .then()
                .statusCode(401);
        as(Role.VOLUNTEER).body(project).post("/api/v1/projects").then().statusCode(403);
    }

    @Test
    void rulesOutOfRangeNameTheField() {
        String workflow = aWorkflow();

        as(Role.SCIENTIST)
                .body(Map.of("question", "Real?", "answers", REAL_OR_BOGUS, "rules", Map.of("retireAt", 1.5)))
                .post("/api/v1/workflows/" + workflow + "/versions")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("rules"))
                .body("errors[0].message", equalTo("retireAt: got 1.5, need (0.5, 1)"));
        // Rules left out stay as they were.
        as(Role.SCIENTIST)
                .body(Map.of("question", "Real?", "answers", REAL_OR_BOGUS))
                .post("/api/v1/workflows/" + workflow + "/versions")
                .then()
                .statusCode(201)
                .body("version", equalTo(2))
                .body("rules.maxVotes", equalTo(7));
    }

    @Test
    void aRetirementIsSavedAsAVersionOfItsOwn() {
        String workflow = "/api/v1/workflows/" + aWorkflow();
        Map<String, Object> change = Map.of(
                "minVotes",
                3,
                "retirement",
                Map.of("rule", "expectedLoss", "costs", Map.of("real", 10), "atMost", 0.1));

        as(Role.VOLUNTEER).body(change).post(workflow + "/retirement").then().statusCode(403);
        as(Role.SCIENTIST)
                .body(change)
                .post(workflow + "/retirement")
                .then()
                .statusCode(201)
                .body("version", equalTo(2));
        given().get(workflow)
                .then()
                .body("rules.minVotes", equalTo(3))
                .body("rules.maxVotes", equalTo(7))
                .body("rules.retirement.rule", equalTo("expectedLoss"))
                .body("rules.retirement.costs.real", equalTo(10f))
                .body("rules.retirement.atMost", equalTo(0.1f));
        // The same once more is no version.
        as(Role.SCIENTIST)
                .body(change)
                .post(workflow + "/retirement")
                .then()
                .statusCode(200)
                .body("version", equalTo(2));
        assertThat(workflows.version(Long.parseLong(workflow.substring(workflow.lastIndexOf('/') + 1)), 1))
                .map(old -> old.rules().retirement())
                .contains(Retirement.USUAL);
    }

    @Test
    void aRetirementThatCannotBeNamesTheField() {
        String workflow = "/api/v1/workflows/" + aWorkflow();

        as(Role.SCIENTIST)
                .body(Map.of("retirement", Map.of("thresholds", Map.of("nova", 0.9))))
                .post(workflow + "/retirement")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("rules.retirement"))
                .body("errors[0].message", equalTo("got answer \"nova\", need one of [real, bogus]"));
        as(Role.SCIENTIST)
                .body(Map.of("retirement", Map.of("rule", "stability", "votes", 99)))
                .post(workflow + "/retirement")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("retirement"))
                .body("errors[0].message", equalTo("votes: got 99, need 1..20"));
        as(Role.SCIENTIST)
                .body(Map.of("minVotes", 8))
                .post(workflow + "/retirement")
                .then()
                .statusCode(400)
                .body("detail", equalTo("minVotes: got 8, need 1..maxVotes"));
        as(Role.SCIENTIST)
                .body(Map.of(
                        "question",
                        "Real?",
                        "answers",
                        REAL_OR_BOGUS,
                        "rules",
                        Map.of("retirement", Map.of("rule", "expectedLoss", "costs", Map.of("nova", 2)))))
                .post(workflow + "/versions")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("rules.retirement"));
        given().get(workflow).then().body("version", equalTo(1));
    }

    @Test
    void goldIsSetOnceAndAnnouncedOnceForEachChange() {
        long workflow = Long.parseLong(aWorkflow());
        long candidate = aCandidate(workflows.byId(workflow).projectId());

        assertThat(gold.set(workflow, candidate, 0, "catalogue", OptionalLong.empty()))
                .isTrue();
        assertThat(gold.set(workflow, candidate, 0, "catalogue again", OptionalLong.empty()))
                .isFalse();
        assertThat(gold.set(workflow, candidate, 1, "a closer look", OptionalLong.empty()))
                .isTrue();

        assertThat(gold.answer(workflow, candidate)).hasValue(1);
        assertThat(gold.all(workflow)).isEqualTo(Map.of(candidate, 1));
        assertThat(gold.answer(workflow, candidate + 1)).isEmpty();
        List<String> announced = sql.query(
                "SELECT payload->>'answer' FROM outbox WHERE event_type = 'GoldStandardSet'"
                        + " AND payload->>'candidateId' = ? ORDER BY id",
                row -> row.getString(1),
                String.valueOf(candidate));
        assertThat(announced).containsExactly("0", "1");
        assertThatThrownBy(() -> gold.set(workflow, candidate, 2, "x", OptionalLong.empty()))
                .isInstanceOf(Problem.class)
                .hasMessage("answer: got class 2, need 0..1");
    }

    private long aCandidate(long project) {
        long object = sql.one(
                "INSERT INTO sky_object (project_id, survey, object_id, ra, dec, evaluation)"
                        + " VALUES (?, 'test', 'one', 0, 0, false) RETURNING id",
                row -> row.getLong(1),
                project);
        return sql.one(
                "INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband,"
                        + " positive, evaluation) VALUES (nextval('candidate_seq'), ?, ?, 'test', 1, 0, 0, 0, 'g', true,"
                        + " false) RETURNING id",
                row -> row.getLong(1),
                project,
                object);
    }

    @Test
    void projectsAndWorkflowsChangeWithoutAnotherVersion() {
        String workflow = aWorkflow();

        as(Role.SCIENTIST)
                .body(Map.of("title", "Nightly changes", "language", "pt-BR"))
                .patch("/api/v1/projects/" + slug)
                .then()
                .statusCode(200)
                .body("title", equalTo("Nightly changes"))
                .body("tagline", equalTo("Is it real?"))
                .body("language", equalTo("pt-BR"));
        as(Role.SCIENTIST)
                .body(Map.of("language", "Portuguese"))
                .patch("/api/v1/projects/" + slug)
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("language"));
        as(Role.SCIENTIST)
                .body(Map.of("title", "Or not", "active", false))
                .patch("/api/v1/workflows/" + workflow)
                .then()
                .statusCode(200)
                .body("title", equalTo("Or not"))
                .body("active", equalTo(false))
                .body("version", equalTo(1));
        as(Role.VOLUNTEER)
                .body(Map.of("active", true))
                .patch("/api/v1/workflows/" + workflow)
                .then()
                .statusCode(403);
    }

    @Test
    void tasksAndTreesAreTranslatedByWhatTheySay() {
        String workflow = aWorkflow();
        Map<String, Object> asks = Map.of(
                "tree",
                Map.of(
                        "question",
                        "Anything there?",
                        "branches",
                        List.of(Map.of("label", "Yes", "answer", "real"), Map.of("label", "No", "answer", "bogus"))),
                "tasks",
                List.of(Map.of(
                        "key",
                        "host",
                        "kind",
                        "choice",
                        "question",
                        "Is there a host?",
                        "options",
                        List.of(Map.of("key", "yes", "label", "Yes"), Map.of("key", "no", "label", "Nothing")))));
        as(Role.SCIENTIST)
                .body(Map.of("question", "Is it real?", "answers", REAL_OR_BOGUS, "asks", asks))
                .post("/api/v1/workflows/" + workflow + "/versions")
                .then()
                .statusCode(201);
        Map<String, String> texts = Map.of(
                "Is there a host?", "¿Hay anfitriona?", "Yes", "Sí", "Anything there?", "¿Hay algo?", "Gone", "Ya no");
        as(Role.MODERATOR)
                .body(Map.of("workflows", Map.of("real-bogus", Map.of("texts", texts))))
                .put("/api/v1/projects/" + slug + "/translations/es")
                .then()
                .statusCode(200)
                .body("workflows.real-bogus.texts.Yes", equalTo("Sí"));

        String page = given().get("/projects/" + slug + "/classify?lang=es").asString();
        assertThat(page).contains("¿Hay anfitriona?", "lang=\"es\" dir=\"ltr\">Sí</span>", "Nothing");
        assertThat(page).contains("<legend lang=\"es\" dir=\"ltr\">¿Hay algo?", "lang=\"en\" dir=\"ltr\">No</span>");
        as(Role.MODERATOR)
                .body(Map.of(
                        "workflows",
                        Map.of("real-bogus", Map.of("texts", Map.of("Is there a host?", "x".repeat(301))))))
                .put("/api/v1/projects/" + slug + "/translations/es")
                .then()
                .statusCode(400);
        as(Role.MODERATOR)
                .body(Map.of())
                .put("/api/v1/projects/" + slug + "/translations/en")
                .then()
                .statusCode(400);
    }
}
