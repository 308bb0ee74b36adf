package org.skysieve.score;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.model.LabelFeed;
import org.skysieve.model.Measured;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

/**
 * Models of other groups in the loop beside ours: they fetch candidates and labels, and send scores. With a share above
 * 0 their word is mixed into the score in force ({@link ScoreMix}), which orders the queue and is the evidence that the
 * consensus learns to trust or not. Scores may come again and in any order; the newest counts.
 */
@ApplicationScoped
class ExternalModels {
    /** Together; the champion always has a say. */
    static final double MOST_SHARE = 0.9;

    private static final int MOST_MODELS = 20;
    private static final int MOST_JUDGED = 5000;
    private static final int ENOUGH = 20;
    private static final int PAGE = 1000;
    private static final String COLUMNS = "id, workflow_id, name, description, url, share, created_at,"
            + " (SELECT count(*) FROM external_score s WHERE s.external_model_id = external_model.id) AS scored";

    private final Sql sql;
    private final Candidates candidates;
    private final LabelFeed labels;
    private final ScoreMix mix;
    private final Outbox outbox;
    private final Clock clock;

    ExternalModels(Sql sql, Candidates candidates, LabelFeed labels, ScoreMix mix, Outbox outbox, Clock clock) {
        this.sql = sql;
        this.candidates = candidates;
        this.labels = labels;
        this.mix = mix;
        this.outbox = outbox;
        this.clock = clock;
    }

    List<ExternalModelView> all(WorkflowView workflow) {
        return sql
                .query(
                        "SELECT " + COLUMNS + " FROM external_model WHERE workflow_id = ? ORDER BY id",
                        ExternalModels::view,
                        workflow.id())
                .stream()
                .map(model -> withTrial(model, workflow))
                .toList();
    }

    boolean any(long workflowId) {
        return sql.one(
                "SELECT EXISTS (SELECT 1 FROM external_model WHERE workflow_id = ?)",
                row -> row.getBoolean(1),
                workflowId);
    }

    ExternalModelView find(WorkflowView workflow, String name) {
        return withTrial(plain(workflow.id(), name), workflow);
    }

    private ExternalModelView plain(long workflowId, String name) {
        return sql.first(
                        "SELECT " + COLUMNS + " FROM external_model WHERE workflow_id = ? AND name = ?",
                        ExternalModels::view,
                        workflowId,
                        name)
                .orElseThrow(
                        () -> Problem.notFound("workflow " + workflowId + " has no external model \"" + name + "\""));
    }

    /**
     * Makes a model known, or changes what is known of it. A new share holds at once for all that it has scored.
     *
     * @param share in [0, 0.9]; with the other models' at most 0.9
     */
    @Transactional
    void put(WorkflowView workflow, String name, String description, @Nullable String url, double share) {
        // One after the other: the shares of all are bounded together.
        sql.query("SELECT 1 FROM workflow WHERE id = ? FOR NO KEY UPDATE", row -> 1, workflow.id());
        double others = sql.one(
                "SELECT coalesce(sum(share), 0) FROM external_model WHERE workflow_id = ? AND name <> ?",
                row -> row.getDouble(1),
                workflow.id(),
                name);
        if (!(share >= 0 && share + others <= MOST_SHARE + 1e-9)) {
            throw Problem.badField(
                    "share",
                    "got " + share + ", need 0 to " + Math.round((MOST_SHARE - others) * 1000) / 1000.0
                            + ": the shares of all external models are " + MOST_SHARE + " at most");
        }
        Optional<Double> before = sql.first(
                "SELECT share FROM external_model WHERE workflow_id = ? AND name = ?",
                row -> row.getDouble(1),
                workflow.id(),
                name);
        if (before.isEmpty()) {
            int count = sql.one(
                    "SELECT count(*) FROM external_model WHERE workflow_id = ?", row -> row.getInt(1), workflow.id());
            if (count >= MOST_MODELS) {
                throw Problem.conflict("the workflow has " + count + " external models, which is the most it may have");
            }
        }
        sql.update(
                "INSERT INTO external_model (workflow_id, name, description, url, share, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (workflow_id, name) DO UPDATE SET"
                        + " description = excluded.description, url = excluded.url, share = excluded.share",
                workflow.id(),
                name,
                description,
                url,
                share,
                clock.instant());
        if (before.isPresent() && before.get() != share) {
            mixAnew(workflow.id(), plain(workflow.id(), name).id());
        }
    }

    private void mixAnew(long workflowId, long modelId) {
        long after = 0;
        List<Long> page;
        do {
            page = sql.query(
                    "SELECT candidate_id FROM external_score WHERE external_model_id = ? AND candidate_id > ?"
                            + " ORDER BY candidate_id LIMIT " + PAGE,
                    row -> row.getLong(1),
                    modelId,
                    after);
            if (!page.isEmpty()) {
                after = page.get(page.size() - 1);
                inForce(workflowId, page);
            }
        } while (page.size() == PAGE);
    }

    /** Which candidates a model asks for. */
    enum Which {
        /** Open ones that it has not scored. */
        OPEN,
        /** All that it has not scored. */
        UNSCORED,
        ALL
    }

    /** By id, rising. */
    List<ExternalCandidate> toScore(
            WorkflowView workflow, String name, long afterId, int limit, Which which, boolean withCutouts) {
        long model = plain(workflow.id(), name).id();
        List<Long> ids = sql.query(
                "SELECT c.id FROM candidate c LEFT JOIN consensus k ON k.workflow_id = ? AND k.candidate_id = c.id"
                        + " WHERE c.project_id = ? AND c.id > ?"
                        + (which == Which.OPEN ? " AND coalesce(k.outcome, 'open') = 'open'" : "")
                        + " AND (? OR NOT EXISTS (SELECT 1 FROM external_score s WHERE s.external_model_id = ?"
                        + " AND s.candidate_id = c.id)) ORDER BY c.id LIMIT ?",
                row -> row.getLong(1),
                workflow.id(),
                workflow.projectId(),
                afterId,
                which == Which.ALL,
                model,
                limit);
        return describe(ids, withCutouts);
    }

    List<ExternalCandidate> describe(List<Long> ids, boolean withCutouts) {
        Map<Long, CandidateView> views = candidates.byIds(ids);
        Map<Long, CutoutTriplet> cutouts = withCutouts ? candidates.cutouts(ids) : Map.of();
        List<ExternalCandidate> described = new ArrayList<>();
        for (long id : ids) {
            CandidateView view = views.get(id);
            if (view != null) {
                described.add(ExternalCandidate.of(view, cutouts.get(id)));
            }
        }
        return described;
    }

    /**
     * Takes scores, all or none.
     *
     * @return how many candidates were scored for the first time
     * @throws Problem 400 that names each score that does not fit
     */
    @Transactional
    int take(WorkflowView workflow, String name, ExternalScores sent) {
        ExternalModelView model = plain(workflow.id(), name);
        List<float[]> probabilities = check(workflow, sent);
        List<Long> ids =
                sent.scores().stream().map(ExternalScores.Score::candidateId).toList();
        checkCandidates(workflow, ids);
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.add(new @Nullable Object[] {
                model.id(),
                ids.get(i),
                probabilities.get(i),
                (float) sent.scores().get(i).uncertainty(),
                sent.version(),
                clock.instant()
            });
        }
        int known = sql.one(
                "SELECT count(*) FROM external_score WHERE external_model_id = ? AND candidate_id = ANY(?)",
                row -> row.getInt(1),
                model.id(),
                ids);
        rows.sort((a, b) -> Long.compare((Long) a[1], (Long) b[1]));
        sql.batch(
                "INSERT INTO external_score (external_model_id, candidate_id, probabilities, epistemic, version,"
                        + " received_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (external_model_id, candidate_id) DO UPDATE"
                        + " SET probabilities = excluded.probabilities, epistemic = excluded.epistemic,"
                        + " version = excluded.version, received_at = excluded.received_at",
                rows);
        if (model.share() > 0) {
            inForce(workflow.id(), ids);
        }
        return ids.size() - known;
    }

    private void inForce(long workflowId, List<Long> ids) {
        mix.apply(workflowId, ids);
        sql.first(
                        "SELECT id FROM model_version WHERE workflow_id = ? AND state = 'champion'",
                        row -> row.getLong(1),
                        workflowId)
                .ifPresent(champion -> outbox.publish(new ScoresUpdated(workflowId, champion, ids)));
    }

    private static List<float[]> check(WorkflowView workflow, ExternalScores sent) {
        List<Problem.FieldError> errors = new ArrayList<>();
        if (sent.version().isBlank() || sent.version().length() > 100) {
            errors.add(new Problem.FieldError("version", "got \"" + sent.version() + "\", need 1 to 100 characters"));
        }
        int count = sent.scores().size();
        if (count < 1 || count > ExternalScores.MOST) {
            throw Problem.badField("scores", "got " + count + ", need 1 to " + ExternalScores.MOST);
        }
        List<float[]> all = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < count; i++) {
            ExternalScores.Score score = sent.scores().get(i);
            String at = "scores[" + i + "].";
            float[] probabilities = new float[workflow.classes()];
            double sum = 0;
            double entropy = 0;
            for (int k = 0; k < probabilities.length; k++) {
                String key = workflow.answers().get(k).key();
                Double p = score.probabilities().get(key);
                if (p == null || !(p >= 0 && p <= 1)) {
                    errors.add(new Problem.FieldError(
                            at + "probabilities." + key, "got " + p + ", need a number in [0, 1]"));
                    continue;
                }
                probabilities[k] = p.floatValue();
                sum += p;
                entropy -= p > 0 ? p * Math.log(p) : 0;
            }
            if (score.probabilities().size() > probabilities.length) {
                errors.add(new Problem.FieldError(
                        at + "probabilities",
                        "got " + new java.util.TreeSet<>(score.probabilities().keySet())
                                + ", need the workflow's answers "
                                + workflow.answers().stream()
                                        .map(answer -> answer.key())
                                        .toList()));
            } else if (!(Math.abs(sum - 1) <= 1e-3)) {
                errors.add(new Problem.FieldError(at + "probabilities", "got a sum of " + sum + ", need 1"));
            }
            if (!(score.uncertainty() >= 0 && score.uncertainty() <= entropy + 1e-3)) {
                errors.add(new Problem.FieldError(
                        at + "uncertainty",
                        "got " + score.uncertainty() + ", need 0 to the entropy of the probabilities in nats, "
                                + Math.round(entropy * 1000) / 1000.0));
            }
            if (!seen.add(score.candidateId())) {
                errors.add(new Problem.FieldError(
                        at + "candidateId", "got " + score.candidateId() + " twice, need each candidate once"));
            }
            all.add(probabilities);
            if (errors.size() >= 20) {
                break;
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.badRequest(
                    errors.get(0).field() + ": " + errors.get(0).message(), errors);
        }
        return all;
    }

    private void checkCandidates(WorkflowView workflow, List<Long> ids) {
        Set<Long> there = new HashSet<>(sql.query(
                "SELECT id FROM candidate WHERE project_id = ? AND id = ANY(?)",
                row -> row.getLong(1),
                workflow.projectId(),
                ids));
        for (int i = 0; i < ids.size(); i++) {
            if (!there.contains(ids.get(i))) {
                throw Problem.badField(
                        "scores[" + i + "].candidateId",
                        "got " + ids.get(i) + ", need a candidate of the workflow's project");
            }
        }
    }

    private ExternalModelView withTrial(ExternalModelView model, WorkflowView workflow) {
        Map<Long, LabelFeed.Judged> judged = new HashMap<>();
        for (LabelFeed.Judged label : labels.toJudge(workflow.id(), MOST_JUDGED)) {
            judged.put(label.candidateId(), label);
        }
        List<double[]> targets = new ArrayList<>();
        List<double[]> theirs = new ArrayList<>();
        List<double[]> ours = new ArrayList<>();
        List<Integer> groups = new ArrayList<>();
        sql.query(
                "SELECT e.candidate_id, e.probabilities, coalesce(s.own_probabilities, s.probabilities) AS champion"
                        + " FROM external_score e JOIN score s ON s.workflow_id = ? AND s.candidate_id = e.candidate_id"
                        + " WHERE e.external_model_id = ? AND e.candidate_id = ANY(?) ORDER BY e.candidate_id",
                row -> {
                    LabelFeed.Judged label = judged.get(row.getLong("candidate_id"));
                    double[] their = doubles(row, "probabilities");
                    double[] champion = doubles(row, "champion");
                    if (label != null && their.length == workflow.classes() && champion.length == their.length) {
                        targets.add(label.target());
                        theirs.add(their);
                        ours.add(champion);
                        groups.add(Long.hashCode(label.skyObjectId()));
                    }
                    return 0;
                },
                workflow.id(),
                model.id(),
                judged.keySet());
        if (targets.size() < ENOUGH) {
            return model;
        }
        double[] weights = new double[targets.size()];
        java.util.Arrays.fill(weights, 1);
        Evaluation evaluation = new Evaluation(
                workflow.classes(),
                flat(targets),
                weights,
                groups.stream().mapToInt(Integer::intValue).toArray());
        Evaluation.Report report = evaluation.report(flat(theirs), model.id());
        Evaluation.Report champion = evaluation.report(flat(ours), model.id());
        Evaluation.Comparison comparison = evaluation.compare(flat(ours), flat(theirs), model.id());
        return new ExternalModelView(
                model.id(),
                model.workflowId(),
                model.name(),
                model.description(),
                model.url(),
                model.share(),
                model.scored(),
                model.createdAt(),
                new ExternalModelView.Trial(
                        report.rows(),
                        report.groups(),
                        Measured.of(report.auc()),
                        Measured.of(report.logLoss()),
                        Measured.of(report.accuracy()),
                        Measured.of(report.calibrationError()),
                        Measured.of(champion.logLoss()),
                        Measured.of(comparison.logLossGain()),
                        Measured.of(comparison.aucGain()),
                        comparison.probabilityLogLossBetter()));
    }

    private static double[] flat(List<double[]> rows) {
        return rows.stream().flatMapToDouble(java.util.Arrays::stream).toArray();
    }

    private static double[] doubles(ResultSet row, String column) throws SQLException {
        float[] values = Sql.floatsOrNull(row, column);
        double[] result = new double[values == null ? 0 : values.length];
        for (int i = 0; values != null && i < values.length; i++) {
            result[i] = values[i];
        }
        return result;
    }

    private static ExternalModelView view(ResultSet row) throws SQLException {
        return new ExternalModelView(
                row.getLong("id"),
                row.getLong("workflow_id"),
                row.getString("name"),
                row.getString("description"),
                row.getString("url"),
                row.getDouble("share"),
                row.getLong("scored"),
                Sql.instant(row, "created_at"),
                null);
    }
}
