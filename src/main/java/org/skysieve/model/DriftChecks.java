package org.skysieve.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.narayana.jta.QuarkusTransaction;
import org.jboss.logging.Logger;

import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.Drift;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.model.Population.ScoredOne;
import org.skysieve.model.TrainingLabels.Labelled;
import org.skysieve.model.TrainingSet.Samples;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Looks whether champions have drifted, now and then ({@link TrainingWorker}) and on demand. One look reads the cutouts of a
 * few hundred candidates and at most a thousand labels, whatever the size of the survey. A part that becomes major since
 * the look before makes an event ({@link ModelDrifted}).
 */
@ApplicationScoped
public class DriftChecks {
    private static final Logger LOG = Logger.getLogger(DriftChecks.class);
    private static final int MOST_LABELS = 1000;
    private static final int FEWEST_LABELS = 30;
    private static final int MOST_SHIFTS = 12;

    /** Looks that are kept of a workflow. */
    private static final int KEPT = 200;

    private final ModelRegistry registry;
    private final Population population;
    private final Snapshots snapshots;
    private final TrainingSet trainingSet;
    private final Predictions predictions;
    private final DriftReferences references;
    private final Workflows workflows;
    private final ModelConfig config;
    private final Outbox outbox;
    private final Sql sql;
    private final ObjectMapper json;
    private final Clock clock;
    private final Semaphore atWork = new Semaphore(1);

    @SuppressWarnings("TooManyParameters")
    DriftChecks(
            ModelRegistry registry,
            Population population,
            Snapshots snapshots,
            TrainingSet trainingSet,
            Predictions predictions,
            DriftReferences references,
            Workflows workflows,
            ModelConfig config,
            Outbox outbox,
            Sql sql,
            ObjectMapper json,
            Clock clock) {
        this.registry = registry;
        this.population = population;
        this.snapshots = snapshots;
        this.trainingSet = trainingSet;
        this.predictions = predictions;
        this.references = references;
        this.workflows = workflows;
        this.config = config;
        this.outbox = outbox;
        this.sql = sql;
        this.json = json;
        this.clock = clock;
    }

    /** The looks of a workflow, the newest first. */
    public List<DriftReport> newest(long workflowId, int limit) {
        return sql.query(
                "SELECT report::text FROM drift_check WHERE workflow_id = ? ORDER BY id DESC LIMIT ?",
                row -> read(row.getString(1)),
                workflowId,
                Math.min(limit, KEPT));
    }

    /** Looks where the last look is long enough ago and something was scored since. */
    void checkDue() {
        if (config.driftHours() <= 0) {
            return;
        }
        Instant before = clock.instant().minus(Duration.ofHours(config.driftHours()));
        List<Long> due = sql.query(
                "SELECT w.id FROM workflow w WHERE w.active"
                        + " AND EXISTS (SELECT 1 FROM model_version v WHERE v.workflow_id = w.id AND v.state = 'champion')"
                        + " AND NOT EXISTS (SELECT 1 FROM drift_check d WHERE d.workflow_id = w.id AND d.checked_at > ?)"
                        + " AND (SELECT max(s.candidate_id) FROM score s WHERE s.workflow_id = w.id) >"
                        + " coalesce((SELECT max(d.newest_scored) FROM drift_check d WHERE d.workflow_id = w.id), 0)"
                        + " ORDER BY w.id LIMIT 100",
                row -> row.getLong(1),
                before);
        for (long workflowId : due) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            if (atWork.tryAcquire()) {
                try {
                    look(workflows.byId(workflowId));
                } finally {
                    atWork.release();
                }
            }
        }
    }

    /**
     * Looks now.
     *
     * @throws Problem 404 without the workflow, 409 if no model serves it, 503 while another look is taken
     */
    public DriftReport check(long workflowId) {
        WorkflowView workflow = workflows.byId(workflowId);
        if (!atWork.tryAcquire()) {
            throw Problem.unavailable("another look for drift is being taken: please try again in a few seconds");
        }
        try {
            return look(workflow);
        } finally {
            atWork.release();
        }
    }

    private DriftReport look(WorkflowView workflow) {
        Champion champion = registry.champion(workflow.id())
                .orElseThrow(() -> Problem.conflict("workflow " + workflow.id() + " has no model yet"));
        Optional<DriftReference> reference = registry.reference(champion.modelVersionId());
        List<ScoredOne> newest =
                population.newestScored(workflow.id(), champion.modelVersionId(), false, config.driftWindow());
        List<ScoredOne> honest =
                population.newestScored(workflow.id(), champion.modelVersionId(), true, config.driftWindow());
        String notYet = reference.isPresent() ? "" : keepReference(workflow, champion);
        DriftReport.Part inputs = reference.map(then -> inputs(then, newest)).orElseGet(() -> unmeasured(notYet));
        DriftReport.Part scores = reference.map(then -> scores(then, honest)).orElseGet(() -> unmeasured(notYet));
        DriftReport.Calibration calibration = calibration(workflow, champion);
        List<String> levels = List.of(inputs.level(), scores.level(), calibration.level());
        DriftReport report = new DriftReport(
                workflow.id(),
                champion.modelVersionId(),
                champion.version(),
                clock.instant(),
                worst(levels),
                "Inputs: " + inputs.note() + ". Scores: " + scores.note() + ". Calibration: " + calibration.note()
                        + ".",
                inputs,
                scores,
                calibration);
        long newestScored = newest.isEmpty() ? 0 : newest.get(0).candidateId();
        QuarkusTransaction.requiringNew().run(() -> store(report, newestScored));
        return report;
    }

    /** For a version that came without: what comes in now is what later looks are compared with. */
    private String keepReference(WorkflowView workflow, Champion champion) {
        Optional<DriftReference> made = references.ofPopulation(workflow.id(), champion.classifier());
        made.ifPresent(reference -> registry.keepReference(champion.modelVersionId(), reference));
        return made.isPresent()
                ? "measured from now on, against the newest candidates of the evaluation sample"
                : "not measured, too few candidates of the evaluation sample to measure later ones against";
    }

    private DriftReport.Part inputs(DriftReference then, List<ScoredOne> scored) {
        List<float[]> rows =
                population.features(scored.stream().map(ScoredOne::candidateId).toList());
        return rows.size() < config.driftFewest()
                ? unmeasured(tooFew(rows.size(), "scored candidates"))
                : part(
                        then.basis(),
                        rows.size(),
                        Drift.compare(
                                then.names(),
                                then.inputs(),
                                DriftReference.columns(rows, then.names().size())));
    }

    private DriftReport.Part scores(DriftReference then, List<ScoredOne> scored) {
        double[] positive = scored.stream().mapToDouble(ScoredOne::positive).toArray();
        return positive.length < config.driftFewest()
                ? unmeasured(tooFew(positive.length, "scored candidates of the evaluation sample"))
                : part(
                        then.scoreBasis(),
                        positive.length,
                        Drift.compare(List.of("score"), List.of(then.score()), new double[][] {positive}));
    }

    private String tooFew(int got, String what) {
        return "not measured, got " + got + " " + what + ", need " + config.driftFewest();
    }

    private static DriftReport.Part unmeasured(String note) {
        return new DriftReport.Part(DriftReport.UNMEASURED, "", 0, List.of(), note);
    }

    private static DriftReport.Part part(String basis, int candidates, List<Drift.Shift> shifts) {
        List<Drift.Shift> sorted = shifts.stream()
                .sorted(Comparator.comparing(Drift.Shift::level)
                        .thenComparing(shift -> Double.isNaN(shift.psi()) ? 0 : shift.psi())
                        .reversed())
                .toList();
        long major = shifts.stream().filter(s -> s.level() == Drift.Level.MAJOR).count();
        long moderate =
                shifts.stream().filter(s -> s.level() == Drift.Level.MODERATE).count();
        Drift.Shift largest = sorted.get(0);
        String note = String.format(
                Locale.ROOT,
                "%d of %d shifted majorly and %d moderately over %d candidates against %s; largest %s, PSI %.2f, KS %.2f, p %.1g",
                major,
                shifts.size(),
                moderate,
                candidates,
                basis,
                largest.name(),
                largest.psi(),
                largest.ks(),
                largest.p());
        return new DriftReport.Part(
                largest.level().key(),
                basis,
                candidates,
                sorted.stream().limit(MOST_SHIFTS).map(DriftChecks::shift).toList(),
                note);
    }

    private static DriftReport.Shift shift(Drift.Shift shift) {
        return new DriftReport.Shift(
                shift.name(),
                Measured.orNull(shift.psi()),
                Measured.orNull(shift.ks()),
                Measured.orNull(shift.p()),
                shift.level().key());
    }

    private DriftReport.Calibration calibration(WorkflowView workflow, Champion champion) {
        Optional<Baseline> kept = baseline(workflow, champion);
        Set<Long> seen = new HashSet<>();
        kept.ifPresent(then -> seen.addAll(then.candidates()));
        Snapshot now = snapshots.take(workflow.id(), MOST_LABELS);
        Set<Long> explored = new HashSet<>(now.explored());
        List<Labelled> fresh = new ArrayList<>();
        for (Labelled label : now.evaluation()) {
            if (explored.contains(label.candidateId()) && !seen.contains(label.candidateId())) {
                fresh.add(label);
            }
        }
        Samples samples = trainingSet.of(fresh);
        if (samples.size() < FEWEST_LABELS) {
            return unmeasured(
                    samples.size(),
                    kept,
                    "not measured, got " + samples.size() + " new labels of the exploration sample, need "
                            + FEWEST_LABELS + (kept.isEmpty() ? " to measure later ones against" : ""));
        }
        List<String> classes =
                workflow.answers().stream().map(AnswerOption::key).toList();
        Evaluation.Report report = new CutoutClassifierTrainer(classes, CutoutClassifierTrainer.defaultOptions(1))
                .evaluation(samples.samples())
                .report(predictions.of(champion.classifier(), samples), champion.modelVersionId());
        Measured logLoss = Measured.of(report.logLoss());
        Measured error = Measured.of(report.calibrationError());
        if (kept.isEmpty()) {
            registry.keepBaseline(
                    champion.modelVersionId(),
                    new Baseline("its first labels here", logLoss, error, samples.candidateIds()));
            return new DriftReport.Calibration(
                    DriftReport.UNMEASURED,
                    samples.size(),
                    logLoss,
                    Measured.NOT,
                    error,
                    Measured.NOT,
                    "measured from now on, against the first " + samples.size()
                            + " labels of the exploration sample: log loss " + words(logLoss) + ", calibration error "
                            + words(error));
        }
        Baseline then = kept.get();
        boolean worse = isAbove(logLoss, then.logLoss()) || isAbove(error, then.calibrationError());
        return new DriftReport.Calibration(
                worse ? DriftReport.MAJOR : DriftReport.STABLE,
                samples.size(),
                logLoss,
                then.logLoss(),
                error,
                then.calibrationError(),
                "log loss " + words(logLoss) + " against " + words(then.logLoss()) + " in " + then.basis()
                        + ", calibration error " + words(error) + " against " + words(then.calibrationError()) + ", on "
                        + samples.size() + " new labels of the exploration sample");
    }

    private static DriftReport.Calibration unmeasured(int labels, Optional<Baseline> kept, String note) {
        return new DriftReport.Calibration(
                DriftReport.UNMEASURED,
                labels,
                Measured.NOT,
                kept.map(Baseline::logLoss).orElse(Measured.NOT),
                Measured.NOT,
                kept.map(Baseline::calibrationError).orElse(Measured.NOT),
                note);
    }

    /** Of its trial for a version that was made here, else what was kept at its trial or at an earlier look. */
    private Optional<Baseline> baseline(WorkflowView workflow, Champion champion) {
        ModelVersionView version = registry.version(workflow.id(), champion.modelVersionId());
        ModelRecipe recipe = version.recipe();
        if (recipe == null || version.metrics().rows() == 0) {
            return registry.baseline(champion.modelVersionId());
        }
        List<Long> seen = snapshots.find(recipe.snapshot()).map(Snapshot::evaluation).orElse(List.of()).stream()
                .map(Labelled::candidateId)
                .toList();
        return Optional.of(new Baseline(
                "its trial", version.metrics().logLoss(), version.metrics().calibrationError(), seen));
    }

    /** Whether the two 95 % intervals are apart. */
    private static boolean isAbove(Measured now, Measured then) {
        Double low = now.low();
        Double high = then.high();
        return low != null && high != null && low > high;
    }

    private static String words(Measured measured) {
        return measured.value() == null
                ? "unknown"
                : String.format(Locale.ROOT, "%.3f (%.3f to %.3f)", measured.value(), measured.low(), measured.high());
    }

    private static String worst(List<String> levels) {
        for (String level : List.of(DriftReport.MAJOR, DriftReport.MODERATE, DriftReport.STABLE)) {
            if (levels.contains(level)) {
                return level;
            }
        }
        return DriftReport.UNMEASURED;
    }

    private void store(DriftReport report, long newestScored) {
        Optional<DriftReport> before = newest(report.workflowId(), 1).stream()
                .filter(last -> last.modelVersionId() == report.modelVersionId())
                .findFirst();
        List<String> crossed = new ArrayList<>();
        if (crosses(report.inputs().level(), before.map(last -> last.inputs().level()))) {
            crossed.add("inputs");
        }
        if (crosses(report.scores().level(), before.map(last -> last.scores().level()))) {
            crossed.add("scores");
        }
        if (crosses(
                report.calibration().level(),
                before.map(last -> last.calibration().level()))) {
            crossed.add("calibration");
        }
        sql.update(
                "INSERT INTO drift_check (workflow_id, model_version_id, newest_scored, report, checked_at)"
                        + " VALUES (?, ?, ?, ?::jsonb, ?)",
                report.workflowId(),
                report.modelVersionId(),
                newestScored,
                write(report),
                report.checkedAt());
        sql.update(
                "DELETE FROM drift_check WHERE workflow_id = ? AND id <= (SELECT id FROM drift_check"
                        + " WHERE workflow_id = ? ORDER BY id DESC OFFSET ? LIMIT 1)",
                report.workflowId(),
                report.workflowId(),
                KEPT);
        if (!crossed.isEmpty()) {
            String kinds = String.join(", ", crossed);
            registry.note(report.workflowId(), report.modelVersionId(), "drift of " + kinds, report.reason());
            outbox.publish(new ModelDrifted(report.workflowId(), report.modelVersionId(), kinds, report.reason()));
            LOG.warnf(
                    "A model has drifted: workflow=%d model=%d kinds=\"%s\"",
                    report.workflowId(), report.modelVersionId(), kinds);
        }
    }

    private static boolean crosses(String level, Optional<String> before) {
        return level.equals(DriftReport.MAJOR)
                && !before.map(DriftReport.MAJOR::equals).orElse(false);
    }

    private DriftReport read(String text) {
        try {
            return json.readValue(text, DriftReport.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unreadable report of drift", e);
        }
    }

    private String write(DriftReport report) {
        try {
            return json.writeValueAsString(report);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write a report of drift as JSON", e);
        }
    }
}
