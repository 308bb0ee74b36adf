package org.skysieve.score;

import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ExternalModelsTest {
    private static final int COUNT = 150;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    Scores scores;

    @Inject
    Accounts accounts;

    @Inject
    Sql sql;

    @TestHTTPResource("/")
    URL base;

    /** A workflow whose candidates all have a label and the champion's score. */
    private final class World {
        final WorkflowView workflow;
        final List<Long> ids = new ArrayList<>();
        final Map<Long, Boolean> truth = new HashMap<>();
        final Set<Long> evaluation = new HashSet<>();
        final String token;

        World(int count) {
            ProjectView project = projects.create(
                    "ext-" + UUID.randomUUID().toString().substring(0, 12), "Outside", null, null, null);
            workflow = workflows.create(
                    project.id(),
                    "real",
                    "Real?",
                    "Is it real?",
                    List.of(new AnswerOption("real", "Real", null), new AnswerOption("bogus", "Bogus", null)),
                    Rules.DEFAULT);
            SimulatedSurvey survey =
                    new SimulatedSurvey(SurveySettings.ofSeed(11).withRealShare(.5));
            for (int i = 0; i < count; i++) {
                SimulatedCandidate candidate = survey.candidate(i);
                long id = candidates
                        .add(project.id(), List.of(candidate.packet()))
                        .candidateIds()
                        .get(0);
                ids.add(id);
                truth.put(id, candidate.real());
                if (candidates.find(id).evaluation()) {
                    evaluation.add(id);
                }
                QuarkusTransaction.requiringNew()
                        .run(() -> sql.update(
                                "INSERT INTO training_label (workflow_id, candidate_id, target, source, received_at)"
                                        + " VALUES (?, ?, ?, 'gold', now())",
                                workflow.id(),
                                id,
                                candidate.real() ? new double[] {1, 0} : new double[] {0, 1}));
            }
            token = token(Role.SCIENTIST);
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> scores.byIds(workflow.id(), ids).size() == ids.size());
        }

        String path(String rest) {
            return "/api/v1/workflows/" + workflow.id() + "/external-models" + rest;
        }

        RequestSpecification as(String who) {
            return given().auth().oauth2(who).contentType("application/json");
        }

        void put(String name, double share) {
            as(token)
                    .body(Map.of("description", "test", "share", share))
                    .put(path("/" + name))
                    .then()
                    .statusCode(200)
                    .body("name", equalTo(name));
        }

        Map<String, Object> score(long id, double real, double uncertainty) {
            return Map.of(
                    "candidateId",
                    Long.toString(id),
                    "probabilities",
                    Map.of("real", real, "bogus", 1 - real),
                    "uncertainty",
                    uncertainty);
        }
    }

    private String token(Role role) {
        return accounts.issueToken(accounts.create("ext-" + UUID.randomUUID(), "Vera", null, role), "test")
                .token();
    }

    @Test
    void aModelFetchesWhatItNeedsAndIsJudgedOnWhatItCouldNotLearn() {
        World world = new World(COUNT);
        world.put("oracle", 0);

        Set<Long> labelled = new HashSet<>();
        String cursor = "";
        do {
            var page = world.as(world.token)
                    .get(world.path("/labels?limit=40&cursor=" + cursor))
                    .then()
                    .statusCode(200)
                    .extract()
                    .jsonPath();
            page.getList("items.candidateId", String.class).forEach(id -> labelled.add(Long.valueOf(id)));
            cursor = page.getString("next");
        } while (cursor != null);
        var first = world.as(world.token)
                .get(world.path("/oracle/candidates?limit=50&cutouts=true"))
                .then()
                .statusCode(200)
                .body("items", hasSize(50))
                .body("items[0].cutouts.difference.width", equalTo(63))
                .extract()
                .jsonPath();

        assertThat(world.evaluation).hasSizeBetween(20, 45);
        assertThat(labelled).hasSize(COUNT - world.evaluation.size()).doesNotContainAnyElementsOf(world.evaluation);
        assertThat(first.getString("items[0].cutouts.difference.pixels")).hasSize((63 * 63 * 4 + 2) / 3 * 4);

        List<Map<String, Object>> sent = world.ids.stream()
                .map(id -> world.score(id, world.truth.get(id) ? .97 : .03, .01))
                .toList();
        world.as(world.token)
                .body(Map.of("version", "1", "scores", sent))
                .post(world.path("/oracle/scores"))
                .then()
                .statusCode(200)
                .body("firstTime", equalTo(COUNT));
        world.as(world.token)
                .body(Map.of("version", "1", "scores", sent))
                .post(world.path("/oracle/scores"))
                .then()
                .body("scores", equalTo(COUNT))
                .body("firstTime", equalTo(0));

        world.as(world.token)
                .get(world.path("/oracle/candidates"))
                .then()
                .body("items", hasSize(0))
                .body("next", nullValue());
        var trial = world.as(world.token).get(world.path("")).then().extract().jsonPath();
        assertThat(trial.getInt("[0].trial.rows")).isEqualTo(world.evaluation.size());
        assertThat(trial.getDouble("[0].trial.auc.value")).isCloseTo(1, within(1e-9));
        assertThat(trial.getDouble("[0].trial.logLoss.value")).isCloseTo(-Math.log(.97), within(1e-5));
    }

    @Test
    void itsShareIsItsWordInTheScoreInForceAndWithoutOneTheChampionSpeaksAlone() {
        World world = new World(4);
        long id = world.ids.get(0);
        ScoreView before = scores.find(world.workflow.id(), id).orElseThrow();
        world.put("loud", .5);

        world.as(world.token)
                .body(Map.of("version", "1", "scores", List.of(world.score(id, .25, .1))))
                .post(world.path("/loud/scores"))
                .then()
                .statusCode(200);

        ScoreView mixed = scores.find(world.workflow.id(), id).orElseThrow();
        assertThat(mixed.probabilities()[0])
                .isCloseTo((float) (.5 * before.probabilities()[0] + .5 * .25), within(1e-6f));
        assertThat(mixed.modelVersionId()).isEqualTo(before.modelVersionId());
        double aleatoric = .5 * before.aleatoric() + .5 * (entropy(.25) - .1);
        assertThat((double) mixed.aleatoric()).isCloseTo(aleatoric, within(1e-5));
        assertThat((double) mixed.epistemic()).isCloseTo(entropy(mixed.probabilities()[0]) - aleatoric, within(1e-5));
        // What it has not scored stays the champion's.
        assertThat(scores.find(world.workflow.id(), world.ids.get(1))
                        .orElseThrow()
                        .probabilities()[0])
                .isNotEqualTo(.25f);

        world.put("loud", 0);

        ScoreView after = scores.find(world.workflow.id(), id).orElseThrow();
        assertThat(after.probabilities()).isEqualTo(before.probabilities());
        assertThat(after.epistemic()).isEqualTo(before.epistemic());
    }

    private static double entropy(double p) {
        return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    }

    @Test
    void theSharesOfAllLeaveTheChampionASay() {
        World world = new World(1);
        world.put("one", .6);

        world.as(world.token)
                .body(Map.of("share", .4))
                .put(world.path("/two"))
                .then()
                .statusCode(400)
                .body("detail", containsString("share: got 0.4, need 0 to 0.3"));
        world.put("one", .2);
        world.put("two", .4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'real':0.9,'bogus':0.2}|0|scores[1].probabilities: got a sum of 1.1, need 1",
                "{'real':0.9}|0|scores[1].probabilities.bogus: got null, need a number in [0, 1]",
                "{'real':1.5,'bogus':-0.5}|0|scores[1].probabilities.real: got 1.5",
                "{'real':0.5,'bogus':0.3,'moving':0.2}|0|need the workflow's answers [real, bogus]",
                "{'real':0.99,'bogus':0.01}|0.5|scores[1].uncertainty: got 0.5, need 0 to the entropy"
            })
    void whatDoesNotFitIsNamedAndNothingOfItIsTaken(String probabilities, double uncertainty, String message) {
        World world = new World(2);
        world.put("sloppy", 0);

        world.as(world.token)
                .body(("{'version':'1','scores':[{'candidateId':'" + world.ids.get(0)
                                + "','probabilities':{'real':0.5,'bogus':0.5}},{'candidateId':'" + world.ids.get(1)
                                + "','probabilities':" + probabilities + ",'uncertainty':" + uncertainty + "}]}")
                        .replace('\'', '"'))
                .post(world.path("/sloppy/scores"))
                .then()
                .statusCode(400)
                .body("detail", containsString(message));

        long stored = sql.one(
                "SELECT count(*) FROM external_score WHERE candidate_id = ANY(?)", row -> row.getLong(1), world.ids);
        assertThat(stored).isZero();
    }

    @Test
    void strangersAndStrayRequestsAreTurnedAway() {
        World world = new World(1);
        world.put("known", 0);
        String other = token(Role.VOLUNTEER);

        world.as(other).get(world.path("")).then().statusCode(403);
        world.as(world.token).put(world.path("/No Name")).then().statusCode(400).body("detail", containsString("name"));
        world.as(world.token).get(world.path("/unknown/candidates")).then().statusCode(404);
        world.as(world.token)
                .get(world.path("/known/candidates?limit=101&cutouts=true"))
                .then()
                .statusCode(400)
                .body("detail", containsString("limit"));
        world.as(world.token)
                .get(world.path("/known/candidates?which=some"))
                .then()
                .statusCode(400)
                .body("detail", containsString("need open, unscored or all"));
        world.as(world.token)
                .body(Map.of("version", "1", "scores", List.of(world.score(1, .5, 0))))
                .post(world.path("/known/scores"))
                .then()
                .statusCode(400)
                .body("detail", containsString("scores[0].candidateId: got 1, need a candidate of the workflow"));
    }

    @Test
    void theExampleInTheGuideTakesPart() throws Exception {
        Path python = Path.of("/usr/bin/python3");
        assumeTrue(python.toFile().canExecute(), "skipped: there is no " + python);
        World world = new World(COUNT);
        ProcessBuilder builder = new ProcessBuilder(
                python.toString(),
                "docs/examples/external_model.py",
                base.toString(),
                Long.toString(world.workflow.id()),
                "--share",
                "0.3");
        builder.environment().put("SKYSIEVE_TOKEN", world.token);
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        Process process = builder.redirectErrorStream(true).start();

        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(said).contains("learned from " + (COUNT - world.evaluation.size()) + " labels, scored " + COUNT);
        int right = 0;
        for (long id : world.ids) {
            float[] p = sql.one(
                    "SELECT probabilities FROM external_score WHERE candidate_id = ?",
                    row -> Sql.floatsOrNull(row, "probabilities"),
                    id);
            right += p[0] >= .5 == world.truth.get(id) ? 1 : 0;
        }
        assertThat(right).as("right of " + COUNT).isGreaterThan((int) (.75 * COUNT));
    }
}
