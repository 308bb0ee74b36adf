package org.skysieve.score;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.IsolationForest;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.model.ModelPromoted;
import org.skysieve.model.ModelRegistry;
import org.skysieve.platform.Outbox;
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
import static org.skysieve.engine.alert.AlertPackets.anAlert;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ScorerTest {
    /** Three classes: no built-in model comes for those. */
    private static final List<String> CLASSES = List.of("real", "bogus", "moving");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    Scores scores;

    @Inject
    ModelRegistry models;

    @Inject
    AnomalyForests anomalyForests;

    @Inject
    Accounts accounts;

    @Inject
    Outbox outbox;

    @Inject
    Sql sql;

    private long candid = System.nanoTime();

    private List<Long> add(ProjectView project, int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.addAll(candidates
                    .add(project.id(), List.of(anAlert().withCandid(candid++).build()))
                    .candidateIds());
        }
        return ids;
    }

    private long promote(WorkflowView workflow, int version) {
        SplittableRandom random = new SplittableRandom(version);
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            float[] features = new float[CutoutFeatures.count()];
            for (int f = 0; f < features.length; f++) {
                features[f] = (float) random.nextDouble();
            }
            double[] target = new double[3];
            target[i % 3] = 1;
            samples.add(new TrainingSample(i, features, target, 1, TrainingSample.Source.CROWD));
        }
        byte[] artifact = new CutoutClassifierTrainer(
                        CLASSES, CutoutClassifierTrainer.defaultOptions(version).withTrees(20))
                .train(samples, "noise", "test", Instant.EPOCH)
                .save();
        return QuarkusTransaction.requiringNew().call(() -> {
            sql.update(
                    "UPDATE model_version SET state = 'former' WHERE workflow_id = ? AND state = 'champion'",
                    workflow.id());
            long id = sql.one(
                    "INSERT INTO model_version (workflow_id, version, state, artifact, provenance, metrics, reason,"
                            + " created_at) VALUES (?, ?, 'champion', ?, '{}', '{}', 'test', now()) RETURNING id",
                    row -> row.getLong(1),
                    workflow.id(),
                    version,
                    artifact);
            outbox.publish(new ModelPromoted(workflow.id(), id));
            return id;
        });
    }

    private void awaitScores(WorkflowView workflow, List<Long> ids, long model) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(scores.byIds(workflow.id(), ids).values())
                        .hasSize(ids.size())
                        .allMatch(score -> score.modelVersionId() == model));
    }

    @Test
    void newCandidatesAreScoredAndAPromotionScoresTheOpenOnesAnew() {
        ProjectView project =
                projects.create("sc-" + UUID.randomUUID().toString().substring(0, 12), "Scores", null, null, null);
        WorkflowView workflow = workflows.create(
                project.id(),
                "kinds",
                "Kinds",
                "What is it?",
                CLASSES.stream().map(key -> new AnswerOption(key, key, null)).toList(),
                Rules.DEFAULT);
        List<Long> early = add(project, 3);

        long first = promote(workflow, 1);
        awaitScores(workflow, early, first);
        List<Long> late = add(project, 2);
        awaitScores(workflow, late, first);

        ScoreView score = scores.find(workflow.id(), late.get(0)).orElseThrow();
        double[] expected = models.classifier(first)
                .score(
                        candidates.cutouts(late.get(0)),
                        candidates.find(late.get(0)).survey(),
                        candidates.find(late.get(0)).fwhmPixels())
                .probabilities();
        for (int c = 0; c < 3; c++) {
            assertThat(score.probabilities()[c]).isCloseTo((float) expected[c], within(1e-6f));
        }

        sql.update(
                "INSERT INTO consensus (workflow_id, candidate_id, votes, crowd, combined, outcome, answer, updated_at)"
                        + " VALUES (?, ?, 3, '{1,0,0}', '{1,0,0}', 'retired', 0, now())",
                workflow.id(),
                early.get(0));
        long second = promote(workflow, 2);
        List<Long> open = new ArrayList<>(early.subList(1, 3));
        open.addAll(late);
        awaitScores(workflow, open, second);

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(sql.query(
                                "SELECT done FROM rescoring WHERE workflow_id = ?",
                                row -> row.getBoolean(1),
                                workflow.id()))
                        .containsExactly(true));
        assertThat(scores.find(workflow.id(), early.get(0)).orElseThrow().modelVersionId())
                .isEqualTo(first);
        long events = sql.one(
                "SELECT count(*) FROM outbox WHERE event_type = 'ScoresUpdated' AND payload->>'modelVersionId' = ?",
                row -> row.getLong(1),
                Long.toString(second));
        assertThat(events).isPositive();
        assertScoresAreForScientists(workflow, 5);
    }

    @Test
    void whatStandsOutIsScoredBesideTheModelOnceThereAreEnough() {
        ProjectView project =
                projects.create("sc-" + UUID.randomUUID().toString().substring(0, 12), "Odd", null, null, null);
        WorkflowView workflow = workflows.create(
                project.id(),
                "kinds",
                "Kinds",
                "What is it?",
                CLASSES.stream().map(key -> new AnswerOption(key, key, null)).toList(),
                Rules.DEFAULT);
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(5)
                .withSurvey("o" + UUID.randomUUID().toString().substring(0, 6)));
        List<Long> few = add(project, survey, 0, AnomalyForests.LEAST - 10);
        long model = promote(workflow, 1);
        awaitScores(workflow, few, model);
        assertThat(anomalies(workflow)).hasSize(few.size()).containsOnlyNulls();

        List<Long> rest = add(project, survey, few.size(), few.size());
        awaitScores(workflow, rest, model);

        // The early ones get theirs from the forest that they helped to grow.
        List<@Nullable Float> all = anomalies(workflow);
        assertThat(all).hasSize(2 * few.size()).doesNotContainNull().allMatch(score -> score > 0 && score <= 1);
        assertThat(all.stream().mapToDouble(Float::doubleValue).average().orElseThrow())
                .isBetween(.35, .55);
        IsolationForest forest = anomalyForests.find(workflow.id()).orElseThrow();
        long one = rest.get(3);
        float[] features =
                new CutoutFeatures().extract(candidates.cutouts(one), AnomalyForests.seeing(candidates.find(one)));
        assertThat(sql.<Float>one(
                        "SELECT anomaly FROM score WHERE workflow_id = ? AND candidate_id = ?",
                        row -> row.getFloat(1),
                        workflow.id(),
                        one))
                .isEqualTo((float) forest.score(features));
        assertThat(scores.page(workflow.id(), 0, 10)).allMatch(score -> score.anomaly() != null);
        // Grown once it could be, from all that were there.
        assertThat(sql.query(
                        "SELECT candidates FROM anomaly_forest WHERE workflow_id = ?",
                        row -> row.getInt(1),
                        workflow.id()))
                .containsExactly(2 * few.size());
    }

    private List<Long> add(ProjectView project, SimulatedSurvey survey, long from, int count) {
        return List.copyOf(candidates
                .add(
                        project.id(),
                        survey.candidates(from, count).stream()
                                .map(SimulatedCandidate::packet)
                                .toList())
                .candidateIds());
    }

    private List<@Nullable Float> anomalies(WorkflowView workflow) {
        return sql.query(
                "SELECT anomaly FROM score WHERE workflow_id = ? ORDER BY candidate_id",
                row -> (Float) row.getObject(1),
                workflow.id());
    }

    private void assertScoresAreForScientists(WorkflowView workflow, int lines) {
        long scientist = accounts.create("sc-" + UUID.randomUUID(), "Vera", null, Role.SCIENTIST);
        String token = accounts.issueToken(scientist, "test").token();
        String path = "/api/v1/workflows/" + workflow.id() + "/scores";

        String body = given().header("Authorization", "Bearer " + token)
                .get(path)
                .then()
                .statusCode(200)
                .contentType("application/x-ndjson")
                .extract()
                .asString();
        assertThat(body.lines())
                .hasSize(lines)
                .allMatch(line -> line.startsWith("{\"candidateId\":\"") && line.contains("\"probabilities\":["));
        given().get(path).then().statusCode(401);
    }
}
