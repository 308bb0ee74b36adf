package org.skysieve.model;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.OutsideNets;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ModelKind;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Retirement;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;

/** Drift, and models that come and go as files. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class RegistryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    Accounts accounts;

    @Inject
    ModelRegistry registry;

    @Inject
    DriftChecks drift;

    @Inject
    Training training;

    @Inject
    TrainingLabels labels;

    @Inject
    Sql sql;

    @Test
    void strongDriftMakesOneEventAndNoDriftMakesNone() {
        WorkflowView workflow = aWorkflow(false);
        championOf(workflow);
        ingest(workflow, 0, 1300, 0);
        awaitScores(workflow, 1300);

        DriftReport calm = drift.check(workflow.id());

        assertThat(calm.inputs().candidates()).isEqualTo(500);
        assertThat(calm.inputs().level()).as(calm.reason()).isNotIn("major", "unmeasured");
        assertThat(calm.scores().level()).as(calm.reason()).isNotIn("major", "unmeasured");
        assertThat(calm.calibration().level()).isEqualTo("unmeasured");
        assertThat(events(workflow)).isEmpty();

        ingest(workflow, 100_000, 500, 1);
        awaitScores(workflow, 1800);
        DriftReport drifted = drift.check(workflow.id());
        drift.check(workflow.id());

        assertThat(drifted.level()).isEqualTo("major");
        assertThat(drifted.inputs().level()).isEqualTo("major");
        assertThat(drifted.inputs().shifts().get(0).psi()).isGreaterThan(.25);
        assertThat(events(workflow)).hasSize(1);
        assertThat(events(workflow).get(0)).contains("inputs");
        assertThat(training.runs(workflow.id())).isEmpty();
        assertThat(registry.history(workflow.id(), 1).get(0).what()).startsWith("drift of inputs");

        // The same with the rule that wants a training.
        workflows.newVersion(workflow.id(), workflow.question(), workflow.answers(), rules(true));
        sql.update("DELETE FROM drift_check WHERE workflow_id = ?", workflow.id());
        as(Role.MODERATOR)
                .post("/api/v1/workflows/" + workflow.id() + "/drift")
                .then()
                .statusCode(200)
                .body("level", equalTo("major"))
                .body("inputs.shifts[0].level", equalTo("major"));

        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(training.runs(workflow.id()))
                        .extracting(TrainingRunView::cause)
                        .anyMatch(cause -> cause.startsWith("drift of inputs")));
        given().get("/api/v1/workflows/" + workflow.id() + "/drift")
                .then()
                .statusCode(200)
                .body("[0].version", equalTo(1));
    }

    @Test
    void calibrationOfABuiltInModelIsMeasuredAgainstItsFirstLabels() {
        WorkflowView workflow = aWorkflow(false);
        championOf(workflow);
        Map<Long, Boolean> truth = ofEvaluation(ingest(workflow, 0, 800, 0));
        List<Long> ids = truth.keySet().stream().sorted().toList();
        explore(workflow, ids);
        ids.subList(0, 20).forEach(id -> label(workflow, id, truth.get(id)));

        assertThat(drift.check(workflow.id()).calibration().note())
                .contains("got 20 new labels of the exploration sample, need 30 to measure later ones against");

        ids.subList(20, 40).forEach(id -> label(workflow, id, truth.get(id)));
        DriftReport first = drift.check(workflow.id());
        ids.subList(40, 80).forEach(id -> label(workflow, id, truth.get(id)));
        DriftReport calm = drift.check(workflow.id());
        // The question has come to mean the opposite.
        ids.subList(40, 110).forEach(id -> label(workflow, id, !truth.get(id)));
        DriftReport drifted = drift.check(workflow.id());

        assertThat(first.calibration().level()).isEqualTo("unmeasured");
        assertThat(first.calibration().note()).contains("measured from now on, against the first 40 labels");
        assertThat(calm.calibration().level()).as(calm.reason()).isEqualTo("stable");
        assertThat(calm.calibration().labels()).isEqualTo(40);
        assertThat(calm.calibration().logLossThen())
                .isEqualTo(first.calibration().logLoss());
        assertThat(drifted.calibration().level()).as(drifted.reason()).isEqualTo("major");
        assertThat(drifted.calibration().labels()).isEqualTo(70);
        assertThat(events(workflow)).hasSize(1);
        assertThat(events(workflow).get(0)).contains("calibration");
    }

    /** The labels are turned round, but for those of the exploration sample. */
    @Test
    void aChallengerMustWinWhereNothingWasChosen() {
        WorkflowView workflow = aWorkflow(false);
        Champion champion = championOf(workflow);
        Map<Long, Boolean> truth = ingest(workflow, 0, 800, 0);
        List<Long> evaluation = ofEvaluation(truth).keySet().stream().sorted().toList();
        List<Long> explored = evaluation.subList(0, 34);
        explore(workflow, explored);
        truth.forEach((id, real) -> label(workflow, id, explored.contains(id) == real));

        training.request(workflow.id(), "test");

        ModelVersionView beaten = versionAfter(workflow, 1);
        assertThat(beaten.metrics().basis()).isEqualTo("evaluation");
        assertThat(beaten.metrics().comparison().probabilityBetter()).isGreaterThan(.9);
        assertThat(beaten.metrics().exploration().rows()).isEqualTo(34);
        assertThat(beaten.metrics().exploration().probabilityBetter()).isLessThan(.1);
        assertThat(beaten.recipe().explored()).isEqualTo(34);
        assertThat(beaten.state()).isEqualTo("rejected");
        assertThat(beaten.reason())
                .startsWith("not surely better, need P 0.90 where nothing was chosen")
                .contains("on 34 labels of the exploration sample")
                .contains("; yet log loss lower");
        assertThat(championOf(workflow).modelVersionId()).isEqualTo(champion.modelVersionId());

        explored.forEach(id -> label(workflow, id, !truth.get(id)));
        training.request(workflow.id(), "test");

        ModelVersionView winner = versionAfter(workflow, 2);
        assertThat(winner.state()).as(winner.reason()).isEqualTo("champion");
        assertThat(winner.metrics().exploration().probabilityBetter()).isGreaterThan(.9);
        assertThat(winner.reason()).contains("on 34 labels of the exploration sample");
    }

    private ModelVersionView versionAfter(WorkflowView workflow, int version) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> registry.versions(workflow.id()).get(0), newest -> newest.version() > version);
    }

    private Map<Long, Boolean> ofEvaluation(Map<Long, Boolean> truth) {
        Map<Long, Boolean> evaluation = new HashMap<>();
        candidates.byIds(truth.keySet()).values().forEach(view -> {
            if (view.evaluation()) {
                evaluation.put(view.id(), truth.getOrDefault(view.id(), false));
            }
        });
        return evaluation;
    }

    private void label(WorkflowView workflow, long candidate, boolean real) {
        labels.take(new ConsensusLabel(
                workflow.id(), candidate, real ? List.of(.97, .03) : List.of(.03, .97), "crowd", false));
    }

    /** As if uniform exploration had served them. */
    private void explore(WorkflowView workflow, List<Long> ids) {
        long somebody = accounts.create("rt-" + UUID.randomUUID(), "Ada", null, Role.VOLUNTEER);
        sql.update(
                "INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,"
                        + " served_at, lease_until, state) SELECT nextval('assignment_seq'), ?, candidate, ?,"
                        + " 'exploration', 0, .01, now(), now(), 'answered' FROM unnest(?::bigint[]) candidate",
                workflow.id(),
                somebody,
                ids);
    }

    @Test
    void aModelLeavesAndComesBackAsAFileAndIsNeverPromotedWithoutATrial() {
        WorkflowView workflow = aWorkflow(false);
        Champion champion = championOf(workflow);
        String path = "/api/v1/workflows/" + workflow.id() + "/models";
        byte[] file = as(Role.SCIENTIST)
                .get(path + "/" + champion.modelVersionId() + "/file")
                .then()
                .statusCode(200)
                .header("Content-Disposition", containsString("question-1.skcc"))
                .extract()
                .asByteArray();
        assertThat(file).isEqualTo(registry.artifact(champion.modelVersionId()));

        String id = upload(path, file)
                .then()
                .statusCode(201)
                .body("origin", equalTo("uploaded"))
                .extract()
                .path("id");

        ModelVersionView early = tried(workflow, Long.parseLong(id));
        assertThat(early.state()).isEqualTo("rejected");
        assertThat(early.reason())
                .startsWith("too few labels of the evaluation sample")
                .contains("need 60");
        assertThat(championOf(workflow).modelVersionId()).isEqualTo(champion.modelVersionId());

        Map<Long, Boolean> truth = ingest(workflow, 0, 800, 0);
        truth.forEach((candidate, real) -> labels.take(new ConsensusLabel(
                workflow.id(), candidate, real ? List.of(.97, .03) : List.of(.03, .97), "crowd", false)));
        as(Role.MODERATOR).post(path + "/" + id + "/trial").then().statusCode(202);

        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> registry.version(workflow.id(), Long.parseLong(id))
                                .metrics()
                                .rows()
                        >= 60);
        ModelVersionView late = registry.version(workflow.id(), Long.parseLong(id));
        assertThat(late.metrics().basis()).isEqualTo("evaluation");
        // The same model as the champion: better in no resample.
        assertThat(late.state()).isEqualTo("rejected");
        assertThat(late.reason()).startsWith("not surely better").contains("log loss lower by 0.0000");
        assertThat(late.metrics().detail().byClass()).hasSize(2);

        // A net is another kind of model, which is asked by the cutouts.
        String net = upload(path, CutoutNet.builtin().save())
                .then()
                .statusCode(201)
                .body("state", equalTo("waiting"))
                .extract()
                .path("id");
        ModelVersionView judged = tried(workflow, Long.parseLong(net));
        assertThat(judged.metrics().rows()).isEqualTo(late.metrics().rows());
        assertThat(judged.metrics().auc().value()).isGreaterThan(.9);
        assertThat(judged.metrics().comparison().championVersion()).isEqualTo(1);
        assertThat(registry.classifier(judged.id())).isInstanceOf(CutoutNet.class);
        byte[] onnx = as(Role.SCIENTIST)
                .get(path + "/" + net + "/file")
                .then()
                .statusCode(200)
                .header("Content-Disposition", containsString(".onnx"))
                .extract()
                .asByteArray();
        assertThat(onnx).isEqualTo(CutoutNet.builtin().save());
        aNetOfSomebodyElseIsTriedToo(workflow, path);
        theFormsOfThePageDoTheSame(workflow, champion.modelVersionId(), Long.parseLong(id), file);
    }

    private void aNetOfSomebodyElseIsTriedToo(WorkflowView workflow, String path) {
        byte[] file = OutsideNets.byBrightestPixel(Map.of("stamps.values", "sigma", "description", "brightest pixel"));

        String id = upload(path, file)
                .then()
                .statusCode(201)
                .body("provenance.description", equalTo("brightest pixel"))
                .extract()
                .path("id");

        ModelVersionView tried = tried(workflow, Long.parseLong(id));
        assertThat(tried.metrics().rows()).isGreaterThan(60);
        // Bogus candidates are as bright, if not brighter: it is no good, and that is measured.
        assertThat(tried.metrics().auc().value()).isBetween(.05, .85);
        assertThat(tried.metrics().comparison().championVersion())
                .isEqualTo(championOf(workflow).version());
        assertThat(tried.state()).isEqualTo("rejected");
        assertThat(registry.artifact(tried.id())).isEqualTo(file);
        // What drift would be measured against, should it ever serve.
        assertThat(registry.baseline(tried.id()).orElseThrow().candidates())
                .hasSize(tried.metrics().rows());
        upload(path, OutsideNets.byBrightestPixel(Map.of("classes", "star,galaxy")))
                .then()
                .statusCode(400)
                .body("detail", equalTo("the model tells apart [star, galaxy], need [real, bogus]"));
        upload(path, OutsideNets.byBrightestPixel(Map.of("stamps.values", "asinh")))
                .then()
                .statusCode(400)
                .body("detail", containsString("metadata stamps.values: got \"asinh\", need log, sigma or raw"));
    }

    private void theFormsOfThePageDoTheSame(WorkflowView workflow, long first, long uploaded, byte[] file) {
        String page = "/projects/" + workflow.projectSlug() + "/models";
        as(Role.SCIENTIST).post(page + "/" + uploaded + "/rollback").then().statusCode(403);

        as(Role.MODERATOR)
                .redirects()
                .follow(false)
                .post(page + "/" + uploaded + "/rollback")
                .then()
                .statusCode(303);
        assertThat(championOf(workflow).modelVersionId()).isEqualTo(uploaded);
        as(Role.MODERATOR)
                .get(page)
                .then()
                .statusCode(200)
                .body(containsString("rolled back"))
                .body(containsString("set by Vera; before: not surely better"))
                .body(containsString(page + "/" + first + "/rollback"));

        as(Role.MODERATOR)
                .redirects()
                .follow(false)
                .multiPart("file", "again.skcc", file)
                .post(page + "/upload")
                .then()
                .statusCode(303);
        assertThat(registry.versions(workflow.id()).get(0).origin()).isEqualTo("uploaded");
        assertThat(registry.versions(workflow.id())).hasSize(5);
    }

    @Test
    void whatIsNoModelOrOneOfOtherClassesIsRefusedInWords() {
        WorkflowView workflow = aWorkflow(false);
        championOf(workflow);
        String path = "/api/v1/workflows/" + workflow.id() + "/models";

        upload(path, "no model at all".getBytes(StandardCharsets.UTF_8))
                .then()
                .statusCode(400)
                .body("detail", containsString("no model that is taken here"));
        upload(path, otherClasses())
                .then()
                .statusCode(400)
                .body("detail", equalTo("the model tells apart [cat, dog], need [real, bogus]"));
        given().contentType("application/octet-stream")
                .body(new byte[10])
                .post(path)
                .then()
                .statusCode(401);
        as(Role.VOLUNTEER).get(path + "/1/file").then().statusCode(403);
        given().get(path + "/formats").then().statusCode(200).body("suffix", hasItems("skcc", "onnx"));
        assertThat(registry.versions(workflow.id())).hasSize(1);
    }

    private static byte[] otherClasses() {
        SplittableRandom random = new SplittableRandom(1);
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            float[] features = new float[CutoutFeatures.count()];
            features[0] = (float) random.nextDouble();
            samples.add(new TrainingSample(
                    i,
                    features,
                    i % 2 == 0 ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    TrainingSample.Source.CROWD));
        }
        return new CutoutClassifierTrainer(
                        List.of("cat", "dog"),
                        CutoutClassifierTrainer.defaultOptions(1).withTrees(5))
                .train(samples, "pets", "test", Instant.EPOCH)
                .save();
    }

    private io.restassured.response.Response upload(String path, byte[] file) {
        return as(Role.MODERATOR)
                .contentType("application/octet-stream")
                .body(file)
                .post(path);
    }

    private RequestSpecification as(Role role) {
        long account = accounts.create("rt-" + UUID.randomUUID(), "Vera", null, role);
        return given().header(
                        "Authorization",
                        "Bearer " + accounts.issueToken(account, "test").token());
    }

    private ModelVersionView tried(WorkflowView workflow, long id) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () -> registry.version(workflow.id(), id),
                        version -> !version.state().equals("waiting"));
    }

    private List<String> events(WorkflowView workflow) {
        return sql.query(
                "SELECT payload->>'kinds' FROM outbox WHERE event_type = 'ModelDrifted'"
                        + " AND payload->>'workflowId' = ? ORDER BY id",
                row -> row.getString(1),
                String.valueOf(workflow.id()));
    }

    private static Rules rules(boolean retrainOnDrift) {
        return new Rules(
                .98,
                2,
                12,
                .8,
                .15,
                .08,
                100_000,
                .5,
                .9,
                10,
                .98,
                .5,
                Retirement.USUAL,
                retrainOnDrift,
                ModelKind.FOREST,
                Rules.DEFAULT.mix(),
                Rules.DEFAULT.serving());
    }

    private WorkflowView aWorkflow(boolean retrainOnDrift) {
        ProjectView project = projects.create(
                "r-" + UUID.randomUUID().toString().substring(0, 12), "Nightly transients", null, null, null);
        return workflows.create(
                project.id(),
                "question",
                "A question",
                "What is it?",
                List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                rules(retrainOnDrift));
    }

    /** Simulated candidates and whether they are real. */
    private Map<Long, Boolean> ingest(WorkflowView workflow, int from, int count, double drifted) {
        SimulatedSurvey survey = new SimulatedSurvey(
                SurveySettings.ofSeed(workflow.id()).withRealShare(.5).withDrift(drifted));
        List<AlertPacket> packets = new ArrayList<>();
        Map<Long, Boolean> real = new HashMap<>();
        for (SimulatedCandidate candidate : survey.candidates(from, count)) {
            packets.add(candidate.packet());
            real.put(candidate.packet().candid(), candidate.real());
        }
        candidates.add(workflow.projectId(), packets);
        Map<Long, Boolean> truth = new HashMap<>();
        for (CandidateView view : candidates
                .byIds(candidates.idsAfter(workflow.projectId(), 0, 10_000))
                .values()) {
            Boolean known = real.get(view.candid());
            if (known != null) {
                truth.put(view.id(), known);
            }
        }
        return truth;
    }

    private void awaitScores(WorkflowView workflow, int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() ->
                        sql.one("SELECT count(*) FROM score WHERE workflow_id = ?", row -> row.getInt(1), workflow.id())
                                == count);
    }

    private Champion championOf(WorkflowView workflow) {
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> registry.champion(workflow.id()), Optional::isPresent)
                .orElseThrow();
    }
}
