package org.skysieve.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class LabelPolicyTest {
    @Inject
    Accounts accounts;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    TrainingLabels labels;

    @Inject
    LabelPolicies policies;

    @Inject
    LabelSources labelSources;

    @Inject
    ModelRegistry registry;

    @Inject
    Training training;

    @Inject
    TrainingRuns runs;

    @Inject
    Sql sql;

    private WorkflowView workflow;

    @BeforeEach
    void aWorkflow() {
        long project = projects.create(unique("lp-"), "Label policies", null, null, null)
                .id();
        workflow = workflows.create(
                project,
                "question",
                "A question",
                "What is it?",
                List.of(
                        new AnswerOption("transient", "Transient", ""),
                        new AnswerOption("variable", "Variable", ""),
                        new AnswerOption("artefact", "Artefact", "")),
                Rules.DEFAULT);
    }

    @Test
    void withoutAPolicyPeopleAloneCount() {
        given().get(path())
                .then()
                .statusCode(200)
                .body("setBy", nullValue())
                .body("policy.crowd", equalTo(1f))
                .body("policy.gold", equalTo(1f))
                .body("policy.realAnswer", equalTo("transient"))
                .body("policy.bogusAnswer", equalTo("artefact"))
                .body("policy.minorPlanets.weight", equalTo(0f))
                .body("policy.variableStars.weight", equalTo(0f))
                .body("policy.randomDetections.weight", equalTo(0f))
                .body("policy.injections.weight", equalTo(0f));
    }

    @Test
    void aScientistSetsIt() {
        String scientist = token(Role.SCIENTIST);

        put(scientist, "{\"crowd\":0.5,\"minorPlanets\":{\"weight\":0.25,\"most\":7},\"realAnswer\":\"variable\"}")
                .statusCode(200)
                .body("policy.crowd", equalTo(.5f))
                .body("policy.minorPlanets.most", equalTo(7))
                .body("policy.minorPlanets.withinArcsec", equalTo(2f));
        put(scientist, "{\"gold\":2}").statusCode(200);

        given().get(path())
                .then()
                .body("policy.gold", equalTo(2f))
                .body("policy.crowd", equalTo(1f))
                .body("policy.minorPlanets.weight", equalTo(0f));
        int kept =
                sql.one("SELECT count(*) FROM label_policy WHERE workflow_id = ?", row -> row.getInt(1), workflow.id());
        assertThat(kept).isEqualTo(2);
        put(token(Role.VOLUNTEER), "{}").statusCode(403);
        given().contentType(ContentType.JSON).body("{}").put(path()).then().statusCode(401);
        given().get("/api/v1/workflows/999999999/label-policy").then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"crowd\":-1} | crowd | got -1, need a number from 0.0 to 10.0",
                "{\"crowd\":\"much\"} | crowd | got \"much\"",
                "{\"crowd\":0,\"gold\":0} | crowd | a training needs labels from people",
                "{\"minorPlanets\":{\"withinArcsec\":0}} | minorPlanets.withinArcsec | above 0.0 and at most 5.0",
                "{\"minorPlanets\":3} | minorPlanets | got number, need an object",
                "{\"variableStars\":{\"detections\":1.5}} | variableStars.detections | need a whole number",
                "{\"randomDetections\":{\"contamination\":0.5}} | randomDetections.contamination | 0.499",
                "{\"injections\":{\"snrFrom\":20,\"snrTo\":10}} | injections.snrFrom | at most snrTo = 10.0",
                "{\"injections\":{\"most\":20001}} | injections.most | from 1 to 20000",
                "{\"injection\":{}} | injection | unknown, need one of",
                "{\"injections\":{\"snr\":5}} | injections.snr | unknown, need one of [most, snrFrom, snrTo, weight]",
                "{\"realAnswer\":\"real\"} | realAnswer | need one of [transient, variable, artefact]",
                "{\"realAnswer\":\"artefact\"} | bogusAnswer | need another answer than realAnswer",
                "[] | policy | need an object",
            })
    void whatCannotBeIsToldWithItsField(String body, String field, String message) {
        put(token(Role.SCIENTIST), body)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("errors[0].field", equalTo(field))
                .body("errors[0].message", containsString(message));
    }

    @Test
    void allThatIsWrongIsToldAtOnce() {
        put(token(Role.SCIENTIST), "{\"crowd\":11,\"gold\":-1,\"x\":1}")
                .statusCode(400)
                .body("errors", hasSize(3));
    }

    @Test
    void aTrainingLearnsFromRulesAsThePolicySaysAndTellsWhich() {
        WorkflowView realBogus = workflows.create(
                workflow.projectId(),
                "real-bogus",
                "Real?",
                "Is it real?",
                List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                Rules.DEFAULT);
        Map<Long, Boolean> truth = ingest(260);
        Map<Long, CandidateView> views = candidates.byIds(truth.keySet());
        Set<Long> byPeople = new HashSet<>();
        truth.forEach((id, real) -> {
            if (byPeople.size() < 70) {
                byPeople.add(id);
                labels.take(new ConsensusLabel(
                        realBogus.id(), id, real ? List.of(.95, .05) : List.of(.05, .95), ConsensusLabel.CROWD, false));
            }
        });
        String scientist = token(Role.SCIENTIST);
        put(
                        realBogus,
                        scientist,
                        "{\"minorPlanets\":{\"weight\":0.5},\"variableStars\":{\"weight\":0.5,\"detections\":1},"
                                + "\"randomDetections\":{\"weight\":0.1,\"contamination\":0.25,\"most\":20},"
                                + "\"injections\":{\"weight\":0.5,\"most\":10}}")
                .statusCode(200);

        List<LabelSources.Contribution> foreseen =
                labelSources.of(realBogus, policies.of(realBogus).policy());
        training.request(realBogus.id(), "test");

        TrainingRunView run = finishedRun(realBogus, "training");
        assertThat(run.state()).as(run.message()).isIn("promoted", "rejected");
        ModelVersionView made = registry.version(realBogus.id(), run.modelVersionId());
        assertThat(made.recipe().labelPolicy().randomDetections().contamination())
                .isEqualTo(.25);
        assertThat(made.recipe().policy()).contains("minor planets with weight 0.5");
        // Judged on people's labels alone, those of the evaluation sample among them.
        assertThat(made.metrics().rows()).isEqualTo(70);

        List<Map<String, Object>> sources = given().auth()
                .oauth2(scientist)
                .get("/api/v1/workflows/" + realBogus.id() + "/algorithmic-labels/" + run.id())
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("");
        assertThat(sources)
                .extracting(source -> source.get("source"))
                .containsExactly("injected", "minor-planet", "random", "variable-star");
        assertThat(sources)
                .extracting(source -> ((Number) ((List<?>) source.get("target")).get(0)).doubleValue())
                .containsExactly(1., 1., .25, 1.);
        for (Map<String, Object> source : sources) {
            List<?> items = (List<?>) source.get("labels");
            assertThat(items).isNotEmpty().hasSize((Integer) source.get("count"));
            assertThat(made.provenance()
                            .get("sourceCounts")
                            .get((String) source.get("source"))
                            .asInt())
                    .isBetween(1, items.size());
            for (Object item : items) {
                Map<?, ?> label = (Map<?, ?>) item;
                long id = Long.parseLong((String) label.get("candidateId"));
                assertThat(views.get(id).evaluation()).isFalse();
                assertThat(byPeople).doesNotContain(id);
                assertThat((String) label.get("rule")).isNotBlank();
                if (source.get("source").equals("minor-planet")) {
                    assertThat(truth.get(id)).isTrue();
                }
            }
        }
        assertThat(sources.get(0).get("count")).isEqualTo(10);
        // What the page had said that each source would bring.
        assertThat(foreseen)
                .extracting(LabelSources.Contribution::source)
                .containsExactly("crowd", "gold", "minorPlanets", "variableStars", "randomDetections", "injections");
        assertThat(foreseen)
                .extracting(LabelSources.Contribution::candidates)
                .containsExactly(
                        made.recipe().labels(),
                        0,
                        (Integer) sources.get(1).get("count"),
                        (Integer) sources.get(3).get("count"),
                        20,
                        10);
        assertThat((String) ((Map<?, ?>) ((List<?>) sources.get(0).get("labels")).get(0)).get("rule"))
                .startsWith("point source of S/N ");
        given().auth()
                .oauth2(token(Role.VOLUNTEER))
                .get("/api/v1/workflows/" + realBogus.id() + "/algorithmic-labels/" + run.id())
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(scientist)
                .get("/api/v1/workflows/" + workflow.id() + "/algorithmic-labels/" + run.id())
                .then()
                .statusCode(404);

        // Another policy and new labels change nothing about how this version was made.
        put(realBogus, scientist, "{}").statusCode(200);
        training.requestReproduction(realBogus.id(), made.id(), "test");
        TrainingRunView again = finishedRun(realBogus, "reproduction");
        assertThat(again.state()).as(again.message()).isEqualTo("reproduced");
    }

    @Test
    void theFormShowsWhatCountsAndSavesOrSaysWhatIsWrong() {
        String page = "/projects/" + workflow.projectSlug() + "/label-policy";
        String scientist = token(Role.SCIENTIST);
        given().auth().oauth2(token(Role.VOLUNTEER)).get(page).then().statusCode(403);
        String shown = given().auth()
                .oauth2(scientist)
                .get(page)
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(shown)
                .contains("Nobody has changed it")
                .contains("data-testid=\"source-crowd\"")
                .contains("name=\"injections.snrTo\"")
                .contains("<option value=\"artefact\" selected>Artefact</option>");

        String wrong = given().auth()
                .oauth2(scientist)
                .contentType(ContentType.URLENC)
                .formParam("crowd", "much")
                .formParam("minorPlanets.weight", "-1")
                .formParam("variableStars.most", "2.5")
                .formParam("bogusAnswer", "transient")
                .post(page)
                .then()
                .statusCode(400)
                .contentType(ContentType.HTML)
                .extract()
                .asString();
        assertThat(wrong)
                .contains("Nothing was saved: 4 fields are wrong")
                .contains("value=\"much\"")
                .contains("data-testid=\"error-crowd\">got &quot;much&quot;, need a number from 0.0 to 10.0")
                .contains("data-testid=\"error-minorPlanets.weight\">got -1.0, need a number from 0.0 to 10.0")
                .contains("data-testid=\"error-variableStars.most\">got 2.5, need a whole number from 1 to 20000")
                .contains("data-testid=\"error-bogusAnswer\">got &quot;transient&quot;, need another answer");
        given().get(path()).then().body("setBy", nullValue());

        given().auth()
                .oauth2(scientist)
                .redirects()
                .follow(false)
                .contentType(ContentType.URLENC)
                .formParam("crowd", "0.5")
                .formParam("injections.weight", " 0.25 ")
                .formParam("injections.most", "1e2")
                .formParam("realAnswer", "variable")
                .post(page)
                .then()
                .statusCode(303);
        given().get(path())
                .then()
                .body("policy.crowd", equalTo(.5f))
                .body("policy.gold", equalTo(1f))
                .body("policy.injections.weight", equalTo(.25f))
                .body("policy.injections.most", equalTo(100))
                .body("policy.realAnswer", equalTo("variable"));
    }

    private Map<Long, Boolean> ingest(int count) {
        SimulatedSurvey survey =
                new SimulatedSurvey(SurveySettings.ofSeed(workflow.id()).withRealShare(.5));
        List<AlertPacket> packets = new ArrayList<>();
        Map<Long, Boolean> real = new HashMap<>();
        for (SimulatedCandidate candidate : survey.candidates(0, count)) {
            packets.add(candidate.packet());
            real.put(candidate.packet().candid(), candidate.real());
        }
        candidates.add(workflow.projectId(), packets);
        Map<Long, Boolean> truth = new HashMap<>();
        for (CandidateView view : candidates
                .byIds(candidates.idsAfter(workflow.projectId(), 0, count))
                .values()) {
            truth.put(view.id(), real.get(view.candid()));
        }
        return truth;
    }

    private TrainingRunView finishedRun(WorkflowView of, String kind) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(180))
                .until(
                        () -> runs.list(of.id()).stream()
                                .filter(run -> run.kind().equals(kind) && run.finishedAt() != null)
                                .findFirst(),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private ValidatableResponse put(String token, String body) {
        return put(workflow, token, body);
    }

    private static ValidatableResponse put(WorkflowView of, String token, String body) {
        return given().auth()
                .oauth2(token)
                .contentType(ContentType.JSON)
                .body(body)
                .put("/api/v1/workflows/" + of.id() + "/label-policy")
                .then();
    }

    private String path() {
        return "/api/v1/workflows/" + workflow.id() + "/label-policy";
    }

    private String token(Role role) {
        long id = accounts.create(unique("u-"), null, null, role);
        return accounts.issueToken(id, "test").token();
    }

    private static String unique(String prefix) {
        return prefix + UUID.randomUUID().toString().substring(0, 13);
    }
}
