package org.skysieve.model;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import io.agroal.api.AgroalDataSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples.Simulated;
import org.skysieve.model.TrainingSet.Samples;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ModelKind;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Training runs: asked for here, done one at a time by {@link TrainingWorker}, outside of any transaction.
 *
 * <p>A challenger learns from people's labels and, for real or bogus, from the simulated survey, whose weight falls as
 * labels come in. It is judged on the frozen evaluation sample, which no model ever learns from; while too little of
 * that is labelled, also on the training labels, each predicted without its object. It takes over only if it is surely
 * better than the champion on the same labels.
 */
@ApplicationScoped
public class Training {
    /** The doorbell that wakes the worker. */
    static final String TOPIC = "training";

    private static final Logger LOG = Logger.getLogger(Training.class);
    /** Key space of the advisory locks: "SKTR". */
    private static final int LOCK = 0x534b5452;

    /** Runs of a workflow that may wait at the same time. */
    private static final int MOST_WAITING = 20;

    private final ModelRegistry registry;
    private final TrainingRuns runs;
    private final TrainingSet trainingSet;
    private final TrainingLabels labels;
    private final LabelPolicies policies;
    private final AlgorithmicLabels algorithmic;
    private final Snapshots snapshots;
    private final DriftReferences references;
    private final Predictions predictions;
    private final BuiltinModel builtin;
    private final NetTraining nets;
    private final Workflows workflows;
    private final ModelConfig config;
    private final Doorbell doorbell;
    private final Clock clock;
    private final AgroalDataSource dataSource;
    private final String codeVersion;

    /** Made at the first training and kept: the same each time. */
    private @Nullable List<TrainingSample> simulated;

    @SuppressWarnings("TooManyParameters")
    Training(
            ModelRegistry registry,
            TrainingRuns runs,
            TrainingSet trainingSet,
            TrainingLabels labels,
            LabelPolicies policies,
            AlgorithmicLabels algorithmic,
            Snapshots snapshots,
            DriftReferences references,
            Predictions predictions,
            BuiltinModel builtin,
            NetTraining nets,
            Workflows workflows,
            ModelConfig config,
            Doorbell doorbell,
            Clock clock,
            AgroalDataSource dataSource,
            @ConfigProperty(name = "quarkus.application.version") String codeVersion) {
        this.registry = registry;
        this.runs = runs;
        this.trainingSet = trainingSet;
        this.labels = labels;
        this.policies = policies;
        this.algorithmic = algorithmic;
        this.snapshots = snapshots;
        this.references = references;
        this.predictions = predictions;
        this.builtin = builtin;
        this.nets = nets;
        this.workflows = workflows;
        this.config = config;
        this.doorbell = doorbell;
        this.clock = clock;
        this.dataSource = dataSource;
        this.codeVersion = codeVersion;
    }

    /**
     * Asks for a run, which happens in the background; one that waits already serves for both.
     *
     * @param cause in words, for the list of runs
     * @throws Problem 404 without the workflow
     */
    @Transactional
    public void request(long workflowId, String cause) {
        request(workflowId, null, cause);
    }

    /**
     * As {@link #request(long, String)}.
     *
     * @param kind what to make; null for what the workflow's rules say
     * @throws Problem 404 without the workflow, 409 if it has other answers than a net can tell
     */
    @Transactional
    public void request(long workflowId, @Nullable ModelKind kind, String cause) {
        WorkflowView workflow = workflows.byId(workflowId);
        if (kind == ModelKind.NET && !isRealBogus(workflow)) {
            throw Problem.conflict(
                    "a net tells " + BuiltinModel.CLASSES + ", and workflow " + workflowId + " " + keys(workflow));
        }
        runs.request(workflowId, TrainingRuns.TRAINING, null, kind, cause);
        doorbell.ring(TOPIC);
    }

    /**
     * Asks for the trial of a version that is there already, against the champion on the evaluation sample.
     *
     * @throws Problem 404 without the version, 409 if it is the champion or too much waits already
     */
    @Transactional
    public void requestTrial(long workflowId, long modelVersionId, String cause) {
        if (registry.version(workflowId, modelVersionId).state().equals("champion")) {
            throw Problem.conflict("model " + modelVersionId + " is the champion: there is nobody to try it against");
        }
        requestFor(workflowId, TrainingRuns.TRIAL, modelVersionId, cause);
    }

    /**
     * Asks for a version to be made again from its recipe and compared, number by number.
     *
     * @throws Problem 404 without the version, 409 if it has no recipe or too much waits already
     */
    @Transactional
    public void requestReproduction(long workflowId, long modelVersionId, String cause) {
        if (registry.version(workflowId, modelVersionId).recipe() == null) {
            throw Problem.conflict("model " + modelVersionId + " has no recipe: it was not trained here");
        }
        requestFor(workflowId, TrainingRuns.REPRODUCTION, modelVersionId, cause);
    }

    private void requestFor(long workflowId, String kind, long modelVersionId, String cause) {
        int waiting = runs.countWaiting(workflowId);
        if (waiting >= MOST_WAITING) {
            throw Problem.conflict(waiting + " runs of workflow " + workflowId + " wait already, which is the most");
        }
        runs.request(workflowId, kind, modelVersionId, null, cause);
        doorbell.ring(TOPIC);
    }

    /** The workflow's runs, the newest first. */
    public List<TrainingRunView> runs(long workflowId) {
        return runs.list(workflowId);
    }

    /** Gives every real-or-bogus workflow without a model the built-in one. */
    void installBuiltin() {
        if (!config.builtin()) {
            return;
        }
        for (WorkflowView workflow : workflows.active()) {
            if (isRealBogus(workflow) && registry.isEmpty(workflow.id())) {
                BuiltinModel.Trained trained = builtin.get();
                registry.registerFirst(
                        workflow.id(),
                        new ModelRegistry.Entry(
                                trained.classifier(),
                                ModelRegistry.BUILT_IN,
                                "champion",
                                "built in, from the simulated survey",
                                trained.metrics(),
                                null,
                                trained.reference()));
                LOG.infof("Installed the built-in model: workflow=%d", workflow.id());
            }
        }
    }

    /** Asks for a run where enough new labels have come in. */
    void requestDue() {
        for (WorkflowView workflow : workflows.active()) {
            int fresh = labels.countSince(workflow.id(), runs.newest(workflow.id()));
            if (fresh >= workflow.rules().retrainEvery()) {
                runs.request(workflow.id(), fresh + " new labels");
            }
        }
    }

    /** Does all waiting runs that no other process is at. */
    void runWaiting() {
        for (long workflowId : runs.waiting()) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            underLock(workflowId);
        }
    }

    private void underLock(long workflowId) {
        // The lock lives in this session: it ends with the connection, so with the process too.
        try (Connection connection = dataSource.getConnection()) {
            if (!lock(connection, "pg_try_advisory_lock", workflowId)) {
                return;
            }
            try {
                Optional<TrainingRuns.Started> run = runs.start(workflowId);
                if (run.isPresent()) {
                    run(run.get(), workflows.byId(workflowId));
                }
            } finally {
                lock(connection, "pg_advisory_unlock", workflowId);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("training: no lock for workflow " + workflowId, e);
        }
    }

    private static boolean lock(Connection connection, String function, long workflowId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + function + "(?, ?)")) {
            statement.setInt(1, LOCK);
            statement.setInt(2, Long.hashCode(workflowId));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private void run(TrainingRuns.Started run, WorkflowView workflow) {
        try {
            Long subject = run.modelVersionId();
            if (subject == null) {
                train(
                        run.id(),
                        workflow,
                        Optional.ofNullable(run.modelKind())
                                .orElse(workflow.rules().modelKind()));
            } else if (run.kind().equals(TrainingRuns.TRIAL)) {
                tryAgain(run.id(), workflow, subject);
            } else {
                reproduce(run.id(), workflow, subject);
            }
        } catch (RuntimeException e) {
            LOG.errorf(e, "Training failed: workflow=%d run=%d", workflow.id(), run.id());
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            runs.finish(run.id(), "failed", 0, message, run.modelVersionId());
        }
    }

    private void train(long runId, WorkflowView workflow, ModelKind kind) {
        Snapshot snapshot = snapshots.take(
                workflow.id(),
                kind == ModelKind.NET ? Math.min(config.mostLabels(), config.mostNetLabels()) : config.mostLabels());
        LabelPolicy policy = policies.of(workflow).policy();
        Samples labelled = trainingSet.of(snapshot.training()).weighted(policy);
        double[] byClass = labelled.byClass(workflow.classes());
        if (labelled.size() < config.fewestLabels()
                || Arrays.stream(byClass).min().orElse(0) < 1) {
            runs.finish(
                    runId,
                    "failed",
                    labelled.size(),
                    "too few labels: got " + labelled.size() + " (by class " + Challenge.rounded(byClass) + "), need "
                            + config.fewestLabels() + " and one of each class",
                    null);
            return;
        }
        LOG.infof("Training: workflow=%d run=%d kind=%s labels=%d", workflow.id(), runId, kind.key(), labelled.size());
        Optional<Champion> champion = registry.champion(workflow.id());
        // A run's seed is its id: the same log gives the same models.
        ModelRecipe recipe = recipe(workflow, kind, snapshot, policy, champion, runId);
        algorithmic.draw(runId, workflow, policy);
        Challenge.Outcome outcome = make(workflow, recipe, policy, snapshot, labelled, champion.orElse(null));
        Challenge.Judgement judgement = outcome.judgement();
        Trial.Verdict verdict = judgement.verdict();
        snapshots.keep(snapshot);
        long modelVersionId = registry.register(
                workflow.id(),
                new ModelRegistry.Entry(
                        outcome.challenger(),
                        ModelRegistry.TRAINED,
                        verdict.promote() ? "champion" : "rejected",
                        verdict.reason(),
                        judgement.metrics(),
                        recipe,
                        reference(workflow.id(), outcome, labelled)));
        runs.finish(
                runId, verdict.promote() ? "promoted" : "rejected", labelled.size(), verdict.reason(), modelVersionId);
        LOG.infof(
                "Trained: workflow=%d run=%d model=%d promoted=%b reason=\"%s\"",
                workflow.id(), runId, modelVersionId, verdict.promote(), verdict.reason());
    }

    /** Makes and judges what a recipe says; by a run's own number rules have labelled what is stored under it. */
    private Challenge.Outcome make(
            WorkflowView workflow,
            ModelRecipe recipe,
            LabelPolicy policy,
            Snapshot snapshot,
            Samples labelled,
            @Nullable Champion champion) {
        long runId = recipe.seed();
        if (recipe.isNet()) {
            return challenge(workflow, recipe, snapshot, labelled, List.of())
                    .makeNet(
                            trainingSet.withImages(labelled),
                            algorithmic.netSamples(runId, policy),
                            (samples, folds) ->
                                    nets.fineTune(recipe, keys(workflow), samples, folds, description(workflow)),
                            champion);
        }
        return challenge(workflow, recipe, snapshot, labelled, algorithmic.samples(runId, policy))
                .make(simulated(recipe.simulated()), description(workflow), champion);
    }

    private ModelRecipe recipe(
            WorkflowView workflow,
            ModelKind kind,
            Snapshot snapshot,
            LabelPolicy policy,
            Optional<Champion> champion,
            long seed) {
        boolean net = kind == ModelKind.NET;
        boolean simulation = isRealBogus(workflow) && !net;
        return new ModelRecipe(
                snapshot.hash(),
                snapshot.training().size(),
                snapshot.evaluation().size(),
                snapshot.explored().size(),
                snapshot.counts(keys(workflow)),
                policy.inWords()
                        + (simulation ? "; simulated candidates with the weight that the labels bear out" : "")
                        + (net ? "; beginning with the net of the simulated survey" : ""),
                policy,
                simulation ? config.simulated() : 0,
                kind,
                net ? 0 : config.trees(),
                seed,
                config.enoughEvaluation(),
                config.enoughExploration(),
                workflow.rules().promoteAt(),
                champion.map(Champion::modelVersionId).orElse(null),
                codeVersion,
                // As the database keeps it.
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    private Challenge challenge(
            WorkflowView workflow,
            ModelRecipe recipe,
            Snapshot snapshot,
            Samples labelled,
            List<TrainingSample> ruled) {
        Samples evaluation = trainingSet.of(snapshot.evaluation());
        return new Challenge(
                recipe,
                keys(workflow),
                labelled,
                ruled,
                evaluation,
                snapshot.explored(),
                snapshots.control(workflow.id(), labelled.candidateIds()),
                config.threads(),
                predictions::of);
    }

    /** Of what comes in, if there is enough of it, as the model sees it that has learned from none of it. */
    private DriftReference reference(long workflowId, Challenge.Outcome outcome, Samples labelled) {
        Optional<DriftReference> ofPopulation = references.ofPopulation(workflowId, outcome.challenger());
        if (ofPopulation.isEmpty()) {
            return DriftReference.of(
                    "the labels that it learned from",
                    labelled.samples().stream().map(TrainingSample::features).toList(),
                    "the labels that it was judged on",
                    outcome.judgement().positive());
        }
        return ofPopulation.get();
    }

    private void tryAgain(long runId, WorkflowView workflow, long modelVersionId) {
        Optional<Champion> champion = registry.champion(workflow.id());
        if (champion.isPresent() && champion.get().modelVersionId() == modelVersionId) {
            runs.finish(runId, "failed", 0, "it has become the champion meanwhile", modelVersionId);
            return;
        }
        Snapshot snapshot = snapshots.take(workflow.id(), config.mostLabels());
        ModelRecipe recipe = recipe(
                workflow, ModelKind.FOREST, snapshot, policies.of(workflow).policy(), champion, runId);
        Challenge.Judgement judgement = challenge(workflow, recipe, snapshot, Samples.NONE, List.of())
                .judge(registry.classifier(modelVersionId), champion.orElse(null));
        CutoutModel model = registry.classifier(modelVersionId);
        if (registry.version(workflow.id(), modelVersionId).recipe() == null
                && judgement.metrics().rows() > 0) {
            registry.keepBaseline(
                    modelVersionId,
                    new Baseline(
                            "its trial",
                            judgement.metrics().logLoss(),
                            judgement.metrics().calibrationError(),
                            snapshot.evaluation().stream()
                                    .map(TrainingLabels.Labelled::candidateId)
                                    .toList()));
            references
                    .ofPopulation(workflow.id(), model)
                    .ifPresent(reference -> registry.keepReference(modelVersionId, reference));
        }
        registry.tried(workflow.id(), modelVersionId, judgement.metrics(), judgement.verdict());
        runs.finish(
                runId,
                judgement.verdict().promote() ? "promoted" : "rejected",
                0,
                judgement.verdict().reason(),
                modelVersionId);
    }

    private void reproduce(long runId, WorkflowView workflow, long modelVersionId) {
        ModelVersionView version = registry.version(workflow.id(), modelVersionId);
        ModelRecipe recipe = version.recipe();
        if (recipe == null) {
            throw new IllegalStateException("model " + modelVersionId + " has no recipe: it was not trained here");
        }
        Snapshot snapshot = snapshots
                .find(recipe.snapshot())
                .orElseThrow(() -> new IllegalStateException("the snapshot " + recipe.snapshot() + " is not there"));
        LabelPolicy policy = recipe.labelPolicy() == null ? LabelPolicyReader.usual(workflow) : recipe.labelPolicy();
        Samples labelled = trainingSet.of(snapshot.training()).weighted(policy);
        Challenge.Outcome again =
                make(workflow, recipe, policy, snapshot, labelled, champion(workflow.id(), recipe.challenged()));
        List<String> differences = new ArrayList<>();
        if (!Arrays.equals(again.challenger().save(), registry.artifact(modelVersionId))) {
            differences.add("the model itself");
        }
        if (!again.judgement().metrics().equals(version.metrics())) {
            differences.add(
                    "its metrics: AUC " + again.judgement().metrics().auc().value() + " against "
                            + version.metrics().auc().value() + ", log loss "
                            + again.judgement().metrics().logLoss().value() + " against "
                            + version.metrics().logLoss().value());
        }
        boolean same = differences.isEmpty();
        String words = same
                ? "the same model, byte by byte, and the same metrics from snapshot "
                        + recipe.snapshot().substring(0, 12) + " and seed " + recipe.seed()
                : "not the same: " + String.join("; ", differences)
                        + (recipe.codeVersion().equals(codeVersion)
                                ? ""
                                : "; it was made by version " + recipe.codeVersion() + ", this is " + codeVersion);
        runs.finish(runId, same ? "reproduced" : "different", labelled.size(), words, modelVersionId);
    }

    private @Nullable Champion champion(long workflowId, @Nullable Long modelVersionId) {
        return modelVersionId == null
                ? null
                : new Champion(
                        modelVersionId,
                        workflowId,
                        registry.version(workflowId, modelVersionId).version(),
                        registry.classifier(modelVersionId));
    }

    private List<TrainingSample> simulated(int count) {
        List<TrainingSample> kept = simulated;
        if (kept == null || kept.size() != count) {
            kept = SimulatedSamples.make(0, count, 1, done -> {}).stream()
                    .map(Simulated::sample)
                    .toList();
            simulated = kept;
        }
        return kept;
    }

    private static String description(WorkflowView workflow) {
        return "consensus labels of workflow " + workflow.id() + " (" + workflow.slug() + ")"
                + (isRealBogus(workflow) ? " and the simulated survey" : "");
    }

    private static List<String> keys(WorkflowView workflow) {
        return workflow.answers().stream().map(AnswerOption::key).toList();
    }

    private static boolean isRealBogus(WorkflowView workflow) {
        return keys(workflow).equals(BuiltinModel.CLASSES);
    }
}
