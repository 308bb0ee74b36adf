package org.skysieve.model;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.consensus.CandidateRetired;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ModelKind;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class TrainingTest {
    private static final Rules RULES = new Rules(.98, 2, 12, .8, .15, .08, 60, .2, .9, 10, .98, .5);

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    ModelRegistry registry;

    @Inject
    Training training;

    @Inject
    TrainingRuns runs;

    @Inject
    TrainingLabels labels;

    @Inject
    LabelReceiver receiver;

    @Inject
    GoldStandards goldStandards;

    @Inject
    Accounts accounts;

    @Inject
    Outbox outbox;

    @Inject
    Sql sql;

    @Inject
    AgroalDataSource dataSource;

    @Test
    void aNewRealOrBogusWorkflowStartsWithTheBuiltInModel() {
        WorkflowView workflow = aWorkflow("real", "bogus");

        Champion champion = championOf(workflow);

        assertThat(champion.version()).isEqualTo(1);
        assertThat(champion.classifier().classes()).containsExactly("real", "bogus");
        ModelVersionView view = registry.versions(workflow.id()).get(0);
        assertThat(view.state()).isEqualTo("champion");
        assertThat(view.metrics().basis()).isEqualTo("simulation");
        assertThat(view.metrics().auc().value()).isGreaterThan(.95);
        assertThat(view.metrics().byBrightness()).isNotEmpty();
        assertThat(view.provenance().get("sourceCounts").get("simulated").asInt())
                .isEqualTo(300);
        assertThat(promotions(workflow)).containsExactly(champion.modelVersionId());
    }

    @Test
    void enoughNewLabelsStartARunThatNeverLearnsFromTheEvaluationSample() {
        WorkflowView workflow = aWorkflow("real", "bogus");
        championOf(workflow);
        Map<Long, Boolean> truth = ingest(workflow, 120);
        long trainable = candidates.byIds(truth.keySet()).values().stream()
                .filter(view -> !view.evaluation())
                .count();

        label(workflow, truth, ConsensusLabel.CROWD);

        TrainingRunView run = finishedRun(workflow);
        assertThat(run.state()).isIn("promoted", "rejected");
        assertThat(run.cause()).endsWith("new labels");
        assertThat((long) run.labels()).isEqualTo(trainable);
        ModelVersionView made = registry.version(workflow.id(), run.modelVersionId());
        assertThat(made.version()).isEqualTo(2);
        assertThat(made.metrics().basis()).isEqualTo("cross-validation");
        assertThat(made.metrics().rows()).isEqualTo(120);
        assertThat(made.metrics().auc().value()).isGreaterThan(.9);
        assertThat(made.metrics().comparison()).isNotNull();
        assertThat(made.metrics().comparison().championVersion()).isEqualTo(1);
        assertThat(made.reason()).contains("log loss");
        assertThat(made.provenance().get("sourceCounts").get("crowd").asLong()).isEqualTo(trainable);
        assertThat(made.state()).isEqualTo(run.state().equals("promoted") ? "champion" : "rejected");
    }

    @Test
    void everyVersionHasItsCardAndIsMadeAgainFromItsRecipe() {
        WorkflowView workflow = aWorkflow("real", "bogus");
        Champion builtin = championOf(workflow);
        Map<Long, Boolean> truth = ingest(workflow, 150);
        label(workflow, truth, ConsensusLabel.CROWD);
        ModelVersionView made =
                registry.version(workflow.id(), finishedRun(workflow).modelVersionId());

        ModelRecipe recipe = made.recipe();
        assertThat(recipe).isNotNull();
        assertThat(recipe.snapshot()).matches("[0-9a-f]{64}");
        assertThat(recipe.labels() + recipe.evaluation()).isEqualTo(150);
        assertThat(recipe.labelsBySource().get("crowd").values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(recipe.labels(), within(1e-9));
        assertThat(recipe.challenged()).isEqualTo(builtin.modelVersionId());
        ModelMetrics.Detail detail = made.metrics().detail();
        assertThat(detail.byClass()).extracting(ModelMetrics.OfClass::answer).containsExactly("real", "bogus");
        assertThat(detail.byClass().get(0).completeness().low()).isNotNull();
        assertThat(detail.confusion().stream()
                        .flatMap(List::stream)
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isCloseTo(made.metrics().rows(), within(1e-3));
        assertThat(detail.reliability()).isNotEmpty();
        assertThat(detail.learningCurve())
                .extracting(ModelMetrics.CurvePoint::share)
                .containsExactly(.25, .5, .75, 1.);
        assertThat(made.bytes()).isPositive();

        // Labels that come later change nothing: those of the time are kept.
        sql.update("UPDATE training_label SET target = '{0.5,0.5}' WHERE workflow_id = ?", workflow.id());
        training.requestReproduction(workflow.id(), made.id(), "test");

        TrainingRunView again = finishedRun(workflow, "reproduction");
        assertThat(again.message()).startsWith("the same model, byte by byte");
        assertThat(again.state()).isEqualTo("reproduced");

        sql.update("UPDATE model_version SET recipe = jsonb_set(recipe, '{seed}', '\"99\"') WHERE id = ?", made.id());
        training.requestReproduction(workflow.id(), made.id(), "with another seed");

        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() ->
                        assertThat(runs.list(workflow.id()).get(0).state()).isEqualTo("different"));
        assertThat(runs.list(workflow.id()).get(0).message()).contains("the model itself");
        assertThatThrownBy(() -> training.requestReproduction(workflow.id(), builtin.modelVersionId(), "test"))
                .hasMessageContaining("has no recipe");
    }

    @Test
    void aNetIsTrainedElsewhereJudgedAsAnyOtherAndMadeAgain() {
        onlyWhereThereIsALibtorch();
        WorkflowView workflow = aWorkflow("real", "bogus", RULES.withModelKind(ModelKind.NET));
        championOf(workflow);
        Map<Long, Boolean> truth = ingest(workflow, 100);
        label(workflow, truth, ConsensusLabel.CROWD);

        TrainingRunView run = finishedRun(workflow);

        assertThat(run.cause()).endsWith("new labels");
        assertThat(run.state()).as(run.message()).isIn("promoted", "rejected");
        assertThat(run.modelKind()).isNull();
        ModelVersionView made = registry.version(workflow.id(), run.modelVersionId());
        assertThat(registry.classifier(made.id())).isInstanceOf(CutoutNet.class);
        assertThat(made.provenance().get("settings").get("kind").asText()).isEqualTo("net");
        assertThat(made.provenance().get("sourceCounts").get("crowd").asInt()).isEqualTo(run.labels());
        assertThat(made.recipe().modelKind()).isEqualTo(ModelKind.NET);
        assertThat(made.recipe().simulated()).isZero();
        assertThat(made.metrics().basis()).isEqualTo("cross-validation");
        assertThat(made.metrics().rows()).isEqualTo(100);
        assertThat(made.metrics().auc().value()).isGreaterThan(.9);
        assertThat(made.metrics().comparison().championVersion()).isEqualTo(1);
        assertThat(made.reason()).contains("log loss");

        training.requestReproduction(workflow.id(), made.id(), "test");

        TrainingRunView again = finishedRun(workflow, "reproduction");
        assertThat(again.message()).startsWith("the same model, byte by byte");
        asModerator()
                .contentType("application/json")
                .body("{\"kind\":\"forest\"}")
                .post("/api/v1/workflows/" + workflow.id() + "/trainings")
                .then()
                .statusCode(202)
                .body("[0].modelKind", equalTo("forest"));
        Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(
                                registry.versions(workflow.id()).get(0).recipe().modelKind())
                        .isEqualTo(ModelKind.FOREST));
    }

    @Test
    void aKilledTrainingOfANetLeavesTheChampionAsItWas() {
        onlyWhereThereIsALibtorch();
        WorkflowView workflow = aWorkflow("real", "bogus");
        Champion before = championOf(workflow);
        label(workflow, ingest(workflow, 50), ConsensusLabel.CROWD);

        training.request(workflow.id(), ModelKind.NET, "test");
        ProcessHandle worker = Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () -> ProcessHandle.current()
                                .descendants()
                                .filter(process ->
                                        process.info().command().orElse("").endsWith("java"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
        worker.destroyForcibly();

        TrainingRunView run = finishedRun(workflow);
        assertThat(run.state()).isEqualTo("failed");
        assertThat(run.message()).contains("its process ended with code 137");
        assertThat(championOf(workflow).modelVersionId()).isEqualTo(before.modelVersionId());
        assertThat(registry.versions(workflow.id())).hasSize(1);
    }

    @Test
    void aNetNeedsTheAnswersThatItKnows() {
        WorkflowView workflow = aWorkflow("yes", "no");

        assertThatThrownBy(() -> training.request(workflow.id(), ModelKind.NET, "test"))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.status()).isEqualTo(409))
                .hasMessageContaining("a net tells [real, bogus]");
        // Without a body it is what the rules say.
        asModerator()
                .post("/api/v1/workflows/" + workflow.id() + "/trainings")
                .then()
                .statusCode(202)
                .body("[0].modelKind", equalTo(null));
        asModerator()
                .contentType("application/json")
                .body("{\"kind\":\"oracle\"}")
                .post("/api/v1/workflows/" + workflow.id() + "/trainings")
                .then()
                .statusCode(400);
    }

    private static void onlyWhereThereIsALibtorch() {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("libtorch is packed for Linux on x86-64 alone")
                .isEqualTo("Linux amd64");
    }

    private RequestSpecification asModerator() {
        long account = accounts.create("tt-" + UUID.randomUUID(), "Vera", null, Role.MODERATOR);
        return given().header(
                        "Authorization",
                        "Bearer " + accounts.issueToken(account, "test").token());
    }

    @Test
    void theHistorySaysWhatHappenedAndWhoDidIt() {
        WorkflowView workflow = aWorkflow("real", "bogus");
        Champion first = championOf(workflow);

        assertThat(registry.history(workflow.id(), 10))
                .extracting(ModelRegistry.Happened::what)
                .containsExactly("promoted", "built in");
        assertThat(registry.history(workflow.id(), 10).get(0).version()).isEqualTo(first.version());
    }

    @Test
    void aPromotionInProgressHoldsUpNoVote() throws SQLException {
        WorkflowView workflow = aWorkflow("real", "bogus");
        championOf(workflow);
        long candidate = ingest(workflow, 1).keySet().iterator().next();
        int written = QuarkusTransaction.requiringNew().call(() -> {
            registry.rollback(
                    workflow.id(), registry.versions(workflow.id()).get(0).id(), "Vera");
            workflows.newVersion(workflow.id(), "Other words?", workflow.answers(), RULES);
            // A row that points to the workflow, as a vote does, written by somebody else while both locks are held.
            return CompletableFuture.supplyAsync(() -> pointTo(workflow.id(), candidate))
                    .get(10, TimeUnit.SECONDS);
        });

        assertThat(written).isEqualTo(1);
        assertThat(workflows.byId(workflow.id()).version()).isEqualTo(2);
    }

    @Test
    void aWorkflowOfOtherClassesGetsItsFirstModelFromItsLabels() {
        WorkflowView workflow = aWorkflow("transient", "artefact");
        Map<Long, Boolean> truth = ingest(workflow, 70);
        label(workflow, truth, ConsensusLabel.CROWD);

        training.request(workflow.id(), "test");

        TrainingRunView run = finishedRun(workflow);
        assertThat(run.state()).isEqualTo("promoted");
        assertThat(championOf(workflow).classifier().classes()).containsExactly("transient", "artefact");
        ModelVersionView made = registry.version(workflow.id(), run.modelVersionId());
        assertThat(made.reason()).startsWith("the first model");
        assertThat(made.metrics().comparison()).isNull();
        assertThat(made.provenance().get("sourceCounts").has("simulated")).isFalse();
    }

    @Test
    void tooFewLabelsFailWithBothNumbers() {
        WorkflowView workflow = aWorkflow("yes", "no");

        training.request(workflow.id(), "test");

        TrainingRunView run = finishedRun(workflow);
        assertThat(run.state()).isEqualTo("failed");
        assertThat(run.message()).contains("got 0").contains("need 20");
        assertThat(registry.versions(workflow.id())).isEmpty();
    }

    @Test
    void aRunThatADeadProcessLeftIsMarkedAsFailed() {
        WorkflowView workflow = aWorkflow("yes", "no");
        sql.update(
                "INSERT INTO training_run (workflow_id, cause, state, requested_at, started_at)"
                        + " VALUES (?, 'before the crash', 'running', ?, ?)",
                workflow.id(),
                Instant.now(),
                Instant.now());

        training.request(workflow.id(), "test");

        finishedRun(workflow);
        assertThat(runs.list(workflow.id()))
                .extracting(TrainingRunView::message)
                .anyMatch(message -> message.equals("its process ended"));
    }

    @Test
    void aCrowdLabelNeverReplacesAGoldStandardAndIsWithdrawnAlone() {
        WorkflowView workflow = aWorkflow("yes", "no");
        long candidate = ingest(workflow, 1).keySet().iterator().next();
        ConsensusLabel crowd = new ConsensusLabel(workflow.id(), candidate, List.of(.1, .9), "crowd", false);
        ConsensusLabel gold = new ConsensusLabel(workflow.id(), candidate, List.of(1., 0.), "gold", false);

        assertThat(labels.take(crowd)).isTrue();
        assertThat(labels.take(crowd)).isFalse();
        assertThat(labels.take(gold)).isTrue();
        assertThat(labels.take(crowd)).isFalse();
        assertThat(labels.take(new ConsensusLabel(workflow.id(), candidate, List.of(), "crowd", true)))
                .isFalse();

        List<Double> stored = new ArrayList<>();
        for (boolean evaluation : new boolean[] {true, false}) {
            labels.newest(workflow.id(), evaluation, 10).forEach(row -> stored.add(row.target()[0]));
        }
        assertThat(stored).containsExactly(1.);
        assertThat(labels.take(new ConsensusLabel(workflow.id(), candidate, List.of(), "gold", true)))
                .isTrue();
        assertThat(labels.countSince(workflow.id(), Optional.empty())).isZero();
    }

    @Test
    void labelsOfOneTransactionCountInTheirOrder() {
        WorkflowView workflow = aWorkflow("yes", "no");
        List<Long> ids = List.copyOf(ingest(workflow, 2).keySet());
        ConsensusLabel first = new ConsensusLabel(workflow.id(), ids.get(0), List.of(.1, .9), "crowd", false);
        ConsensusLabel second = new ConsensusLabel(workflow.id(), ids.get(0), List.of(.8, .2), "crowd", false);
        ConsensusLabel other = new ConsensusLabel(workflow.id(), ids.get(1), List.of(.3, .7), "crowd", false);
        ConsensusLabel withdrawn = new ConsensusLabel(workflow.id(), ids.get(1), List.of(), "crowd", true);

        assertThat(labels.take(List.of(first, other, second, withdrawn))).isTrue();

        List<Double> stored = new ArrayList<>();
        for (boolean evaluation : new boolean[] {true, false}) {
            labels.newest(workflow.id(), evaluation, 10).forEach(row -> stored.add(row.target()[0]));
        }
        assertThat(stored).containsExactly(.8);
    }

    @Test
    void retiredCandidatesAndGoldStandardsBecomeLabelsOverTheChannel() {
        WorkflowView workflow = aWorkflow("yes", "no");
        List<Long> ids = List.copyOf(ingest(workflow, 3).keySet());
        QuarkusTransaction.requiringNew().run(() -> {
            outbox.publish(new CandidateRetired(workflow.id(), ids.get(0), 0, List.of(.9, .1), "retired"));
            outbox.publish(new CandidateRetired(workflow.id(), ids.get(1), 1, List.of(.2, .8), "retired"));
            outbox.publish(new CandidateRetired(workflow.id(), ids.get(1), 1, List.of(.5, .5), "open"));
        });
        goldStandards.set(workflow.id(), ids.get(2), 1, "test", OptionalLong.empty());

        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            Map<Long, String> received = new HashMap<>();
            for (boolean evaluation : new boolean[] {true, false}) {
                labels.newest(workflow.id(), evaluation, 10)
                        .forEach(row -> received.put(row.candidateId(), row.source() + " " + row.target()[0]));
            }
            assertThat(received).containsOnly(entry(ids.get(0), "crowd 0.9"), entry(ids.get(2), "gold 0.0"));
        });
    }

    @Test
    void senselessMessagesAreDropped() {
        WorkflowView workflow = aWorkflow("yes", "no");
        long candidate = ingest(workflow, 1).keySet().iterator().next();

        for (String message : List.of(
                "no json",
                "{}",
                "{\"workflowId\":999999999,\"candidateId\":1,\"target\":[1,0],\"source\":\"crowd\"}",
                "{\"workflowId\":" + workflow.id() + ",\"candidateId\":" + candidate
                        + ",\"target\":[1,0,0],\"source\":\"crowd\"}",
                "{\"workflowId\":" + workflow.id() + ",\"candidateId\":" + candidate
                        + ",\"target\":[0.4,0.4],\"source\":\"crowd\"}",
                "{\"workflowId\":" + workflow.id() + ",\"candidateId\":" + candidate
                        + ",\"target\":[1,0],\"source\":\"oracle\"}")) {
            receiver.take(List.of(message));
        }

        assertThat(labels.countSince(workflow.id(), Optional.empty())).isZero();
    }

    @Test
    void anEarlierVersionComesBackByRollback() {
        WorkflowView workflow = aWorkflow("real", "bogus");
        Champion first = championOf(workflow);
        long second = registry.register(
                workflow.id(),
                new ModelRegistry.Entry(
                        first.classifier(),
                        ModelRegistry.TRAINED,
                        "champion",
                        "better",
                        registry.versions(workflow.id()).get(0).metrics(),
                        null,
                        null));
        assertThat(championOf(workflow).modelVersionId()).isEqualTo(second);

        ModelVersionView back = registry.rollback(workflow.id(), first.modelVersionId(), "Vera");

        assertThat(back.state()).isEqualTo("champion");
        assertThat(back.reason()).startsWith("set by Vera");
        assertThat(championOf(workflow).modelVersionId()).isEqualTo(first.modelVersionId());
        assertThat(registry.version(workflow.id(), second).state()).isEqualTo("former");
        assertThat(promotions(workflow)).containsExactly(first.modelVersionId(), second, first.modelVersionId());
        assertThatThrownBy(() -> registry.rollback(workflow.id(), -1, "Vera"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("no model -1");
    }

    @Test
    void everybodyMayReadAndModeratorsMayTrain() {
        WorkflowView workflow = aWorkflow("real", "bogus");
        championOf(workflow);

        given().get("/api/v1/workflows/" + workflow.id() + "/models")
                .then()
                .statusCode(200)
                .body("[0].version", equalTo(1))
                .body("[0].workflowId", equalTo(Long.toString(workflow.id())))
                .body("[0].metrics.basis", equalTo("simulation"));
        given().get("/api/v1/workflows/" + workflow.id() + "/trainings")
                .then()
                .statusCode(200)
                .body("size()", equalTo(0));
        given().post("/api/v1/workflows/" + workflow.id() + "/trainings").then().statusCode(401);
        given().get("/api/v1/workflows/999999999/models").then().statusCode(404);
    }

    private int pointTo(long workflowId, long candidateId) {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '2s'");
            try {
                return statement.executeUpdate(
                        "INSERT INTO training_label (workflow_id, candidate_id, target, source, received_at) VALUES ("
                                + workflowId + ", " + candidateId + ", '{1,0}', 'crowd', now())");
            } finally {
                statement.execute("RESET lock_timeout");
            }
        } catch (SQLException waited) {
            throw new IllegalStateException(waited);
        }
    }

    private WorkflowView aWorkflow(String positive, String negative) {
        return aWorkflow(positive, negative, RULES);
    }

    private WorkflowView aWorkflow(String positive, String negative, Rules rules) {
        ProjectView project = projects.create(
                "m-" + UUID.randomUUID().toString().substring(0, 12), "Nightly transients", null, null, null);
        return workflows.create(
                project.id(),
                "question",
                "A question",
                "What is it?",
                List.of(new AnswerOption(positive, positive, ""), new AnswerOption(negative, negative, "")),
                rules);
    }

    /** Simulated candidates and whether they are real. */
    private Map<Long, Boolean> ingest(WorkflowView workflow, int count) {
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

    private void label(WorkflowView workflow, Map<Long, Boolean> truth, String source) {
        // At once: a run that is due must not begin between two of them.
        QuarkusTransaction.requiringNew()
                .run(() -> truth.forEach((candidate, real) -> labels.take(new ConsensusLabel(
                        workflow.id(), candidate, real ? List.of(.97, .03) : List.of(.03, .97), source, false))));
    }

    private Champion championOf(WorkflowView workflow) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> registry.champion(workflow.id()), Optional::isPresent)
                .orElseThrow();
    }

    private TrainingRunView finishedRun(WorkflowView workflow) {
        return finishedRun(workflow, "training");
    }

    private TrainingRunView finishedRun(WorkflowView workflow, String kind) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(90))
                .until(
                        () -> runs.list(workflow.id()).stream()
                                .filter(run -> run.finishedAt() != null
                                        && run.kind().equals(kind)
                                        && !run.message().equals("its process ended"))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private List<Long> promotions(WorkflowView workflow) {
        return sql.query(
                "SELECT (payload->>'modelVersionId')::bigint FROM outbox WHERE event_type = 'ModelPromoted'"
                        + " AND payload->>'workflowId' = ? ORDER BY id",
                row -> row.getLong(1),
                String.valueOf(workflow.id()));
    }
}
