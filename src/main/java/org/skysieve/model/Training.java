package org.skysieve.model;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
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

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.HistogramForest;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples.Simulated;
import org.skysieve.model.TrainingSet.Samples;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
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
    private static final int FOLDS = 5;

    /** Key space of the advisory locks: "SKTR". */
    private static final int LOCK = 0x534b5452;

    /** With this many labels a simulated candidate weighs half as much as a labelled one. */
    private static final double HALF_WEIGHT_LABELS = 100;

    private final ModelRegistry registry;
    private final TrainingRuns runs;
    private final TrainingSet trainingSet;
    private final TrainingLabels labels;
    private final BuiltinModel builtin;
    private final Workflows workflows;
    private final ModelConfig config;
    private final Doorbell doorbell;
    private final Clock clock;
    private final AgroalDataSource dataSource;
    private final String codeVersion;

    @SuppressWarnings("TooManyParameters")
    Training(
            ModelRegistry registry,
            TrainingRuns runs,
            TrainingSet trainingSet,
            TrainingLabels labels,
            BuiltinModel builtin,
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
        this.builtin = builtin;
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
        workflows.byId(workflowId);
        runs.request(workflowId, cause);
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
                        workflow.id(), trained.classifier(), trained.metrics(), "built in, from the simulated survey");
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
                Optional<Long> run = runs.start(workflowId);
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

    private void run(long runId, WorkflowView workflow) {
        try {
            train(runId, workflow);
        } catch (RuntimeException e) {
            LOG.errorf(e, "Training failed: workflow=%d run=%d", workflow.id(), runId);
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            runs.finish(runId, "failed", 0, message, null);
        }
    }

    private void train(long runId, WorkflowView workflow) {
        Samples labelled = trainingSet.read(workflow.id(), false, config.mostLabels());
        double[] byClass = labelled.byClass(workflow.classes());
        if (labelled.size() < config.fewestLabels()
                || Arrays.stream(byClass).min().orElse(0) < 1) {
            runs.finish(
                    runId,
                    "failed",
                    labelled.size(),
                    "too few labels: got " + labelled.size() + " (by class " + rounded(byClass) + "), need "
                            + config.fewestLabels() + " and one of each class",
                    null);
            return;
        }
        LOG.infof("Training: workflow=%d run=%d labels=%d", workflow.id(), runId, labelled.size());
        List<TrainingSample> samples = new ArrayList<>(labelled.samples());
        if (isRealBogus(workflow)) {
            double weight = 1 / (1 + labelled.size() / HALF_WEIGHT_LABELS);
            for (Simulated simulated : SimulatedSamples.make(0, config.simulated(), weight, done -> {})) {
                samples.add(simulated.sample());
            }
        }
        List<String> classes =
                workflow.answers().stream().map(AnswerOption::key).toList();
        // A run's seed is its id: the same log gives the same models.
        HistogramForest.Options options = CutoutClassifierTrainer.defaultOptions(runId)
                .withTrees(config.trees())
                .withThreads(config.threads());
        CutoutClassifierTrainer trainer = new CutoutClassifierTrainer(classes, options);
        CutoutClassifier challenger = trainer.train(
                samples,
                "consensus labels of workflow " + workflow.id() + " (" + workflow.slug() + ")"
                        + (isRealBogus(workflow) ? " and the simulated survey" : ""),
                codeVersion,
                clock.instant());
        judge(runId, workflow, trainer, samples, labelled, challenger);
    }

    private void judge(
            long runId,
            WorkflowView workflow,
            CutoutClassifierTrainer trainer,
            List<TrainingSample> samples,
            Samples labelled,
            CutoutClassifier challenger) {
        Samples evaluation = trainingSet.read(workflow.id(), true, config.mostLabels());
        List<TrainingSample> judged = new ArrayList<>(evaluation.samples());
        List<Double> snr = new ArrayList<>(evaluation.snr());
        List<double[]> predicted = new ArrayList<>();
        for (TrainingSample sample : judged) {
            predicted.add(challenger.probabilities(sample.features()));
        }
        double rarest =
                Arrays.stream(evaluation.byClass(workflow.classes())).min().orElse(0);
        boolean enough = evaluation.size() >= config.enoughEvaluation() && rarest >= .1 * config.enoughEvaluation();
        String judgedOn = evaluation.size() + " labels of the evaluation sample";
        if (!enough) {
            // The champion may have learned from these labels, the challenger's folds have not: it errs to caution.
            double[] outOfFold = trainer.crossValidate(samples, FOLDS);
            for (int i = 0; i < labelled.size(); i++) {
                predicted.add(Arrays.copyOfRange(outOfFold, i * workflow.classes(), (i + 1) * workflow.classes()));
            }
            judged.addAll(labelled.samples());
            snr.addAll(labelled.snr());
            judgedOn += " and " + labelled.size() + " training labels, each predicted without its object";
        }
        double[] challengers = Trial.flat(predicted);
        Optional<Champion> champion = registry.champion(workflow.id());
        Evaluation judge = trainer.evaluation(judged);
        Evaluation.@Nullable Comparison comparison = champion.map(
                        present -> judge.compare(predictions(present.classifier(), judged), challengers, runId))
                .orElse(null);
        Trial.Verdict verdict = Trial.decide(comparison, workflow.rules().promoteAt(), judgedOn);
        ModelMetrics metrics = ModelMetrics.of(
                enough ? "evaluation" : "cross-validation",
                judge.report(challengers, runId),
                Trial.byBrightness(trainer, judged, snr, challengers),
                comparison == null
                        ? null
                        : ModelMetrics.Comparison.of(
                                champion.map(Champion::version).orElse(0), comparison));
        long modelVersionId =
                registry.register(workflow.id(), challenger, metrics, verdict.promote(), verdict.reason());
        runs.finish(
                runId, verdict.promote() ? "promoted" : "rejected", labelled.size(), verdict.reason(), modelVersionId);
        LOG.infof(
                "Trained: workflow=%d run=%d model=%d promoted=%b reason=\"%s\"",
                workflow.id(), runId, modelVersionId, verdict.promote(), verdict.reason());
    }

    private static double[] predictions(CutoutClassifier classifier, List<TrainingSample> judged) {
        List<double[]> rows = new ArrayList<>(judged.size());
        for (TrainingSample sample : judged) {
            rows.add(classifier.probabilities(sample.features()));
        }
        return Trial.flat(rows);
    }

    private static boolean isRealBogus(WorkflowView workflow) {
        return workflow.answers().stream().map(AnswerOption::key).toList().equals(BuiltinModel.CLASSES);
    }

    private static String rounded(double[] counts) {
        return Arrays.toString(Arrays.stream(counts).mapToLong(Math::round).toArray());
    }
}
