package org.skysieve.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.Provenance;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/**
 * The versions of every workflow's model. Versions are immutable but for their state; one at most is the champion.
 * Promotion and its {@link ModelPromoted} event commit together.
 */
@ApplicationScoped
public class ModelRegistry {
    /** Decoded models kept in memory; a forest takes some ten megabytes. */
    private static final int CACHED = 6;

    private static final String COLUMNS = "id, workflow_id, version, state, origin, reason, metrics::text AS metrics,"
            + " provenance::text AS provenance, recipe::text AS recipe, length(artifact) AS bytes, created_at,"
            + " promoted_at";

    static final String TRAINED = "trained";
    static final String BUILT_IN = "built in";
    static final String UPLOADED = "uploaded";

    /** The newest of so many versions are listed. */
    private static final int MOST_LISTED = 1000;

    private final Sql sql;
    private final Outbox outbox;
    private final ObjectMapper json;
    private final Clock clock;

    private final Map<Long, CutoutModel> cache = new LinkedHashMap<>(16, .75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, CutoutModel> eldest) {
            return size() > CACHED;
        }
    };

    ModelRegistry(Sql sql, Outbox outbox, ObjectMapper json, Clock clock) {
        this.sql = sql;
        this.outbox = outbox;
        this.json = json;
        this.clock = clock;
    }

    private record Key(long id, int version) {}

    /** The model that serves the workflow; asks the database each time, so that all processes agree. */
    public Optional<Champion> champion(long workflowId) {
        return sql.first(
                        "SELECT id, version FROM model_version WHERE workflow_id = ? AND state = 'champion'",
                        row -> new Key(row.getLong(1), row.getInt(2)),
                        workflowId)
                .map(key -> new Champion(key.id(), workflowId, key.version(), classifier(key.id())));
    }

    /**
     * A model version, promoted or not.
     *
     * @throws Problem 404 if there is no such version
     */
    public CutoutModel classifier(long modelVersionId) {
        synchronized (cache) {
            CutoutModel cached = cache.get(modelVersionId);
            if (cached != null) {
                return cached;
            }
        }
        byte[] artifact = artifact(modelVersionId);
        CutoutModel classifier = CutoutModel.load(artifact);
        synchronized (cache) {
            cache.put(modelVersionId, classifier);
        }
        return classifier;
    }

    /**
     * The stored bytes of a version.
     *
     * @throws Problem 404 if there is no such version
     */
    byte[] artifact(long modelVersionId) {
        return sql.first("SELECT artifact FROM model_version WHERE id = ?", row -> row.getBytes(1), modelVersionId)
                .orElseThrow(() -> Problem.notFound("no model version " + modelVersionId));
    }

    /** What drift of a version is measured against; empty if none was kept. */
    Optional<DriftReference> reference(long modelVersionId) {
        return sql.first(
                "SELECT reference::text FROM model_version WHERE id = ? AND reference IS NOT NULL",
                row -> read(row.getString(1), DriftReference.class),
                modelVersionId);
    }

    /** Keeps what drift of a version's inputs and scores is measured against from now on. */
    void keepReference(long modelVersionId, DriftReference reference) {
        sql.update("UPDATE model_version SET reference = ?::jsonb WHERE id = ?", write(reference), modelVersionId);
    }

    /** What drift of a version's calibration is measured against; empty if none was kept. */
    Optional<Baseline> baseline(long modelVersionId) {
        return sql.first(
                "SELECT baseline::text FROM model_version WHERE id = ? AND baseline IS NOT NULL",
                row -> read(row.getString(1), Baseline.class),
                modelVersionId);
    }

    /** Keeps what drift of a version's calibration is measured against from now on. */
    void keepBaseline(long modelVersionId, Baseline baseline) {
        sql.update("UPDATE model_version SET baseline = ?::jsonb WHERE id = ?", write(baseline), modelVersionId);
    }

    /**
     * One thing that happened to a version.
     *
     * @param what such as "promoted"
     * @param why in words, with the numbers or the person
     */
    public record Happened(int version, String what, String why, Instant at) {}

    /** What happened to the workflow's versions, the newest first. */
    public List<Happened> history(long workflowId, int limit) {
        return sql.query(
                "SELECT v.version, h.what, h.why, h.at FROM model_history h JOIN model_version v"
                        + " ON v.id = h.model_version_id WHERE h.workflow_id = ? ORDER BY h.id DESC LIMIT ?",
                row -> new Happened(
                        row.getInt("version"), row.getString("what"), row.getString("why"), Sql.instant(row, "at")),
                workflowId,
                limit);
    }

    /** Adds to the history, in the transaction of what happened. */
    void note(long workflowId, long modelVersionId, String what, String why) {
        sql.update(
                "INSERT INTO model_history (workflow_id, model_version_id, what, why, at) VALUES (?, ?, ?, ?, ?)",
                workflowId,
                modelVersionId,
                what,
                why,
                clock.instant());
    }

    /** The workflow's versions, the newest first. */
    public List<ModelVersionView> versions(long workflowId) {
        return sql.query(
                "SELECT " + COLUMNS + " FROM model_version WHERE workflow_id = ? ORDER BY version DESC LIMIT "
                        + MOST_LISTED,
                this::view,
                workflowId);
    }

    /** Whether the workflow has no version at all. */
    boolean isEmpty(long workflowId) {
        return sql.query("SELECT 1 FROM model_version WHERE workflow_id = ? LIMIT 1", row -> 1, workflowId)
                .isEmpty();
    }

    /** @throws Problem 404 if the workflow has no such version */
    public ModelVersionView version(long workflowId, long modelVersionId) {
        return sql.first(
                        "SELECT " + COLUMNS + " FROM model_version WHERE workflow_id = ? AND id = ?",
                        this::view,
                        workflowId,
                        modelVersionId)
                .orElseThrow(() -> Problem.notFound("workflow " + workflowId + " has no model " + modelVersionId));
    }

    /**
     * Makes an earlier (or rejected) version the champion again. Nothing happens if it is already.
     *
     * @param by who asked for it, for the reason
     * @throws Problem 404 if the workflow has no such version, 409 if it waits for its trial
     */
    @Transactional
    public ModelVersionView rollback(long workflowId, long modelVersionId, String by) {
        lock(workflowId);
        ModelVersionView wanted = version(workflowId, modelVersionId);
        if (!wanted.state().equals("champion")) {
            if (wanted.state().equals("waiting")) {
                throw Problem.conflict("model " + modelVersionId + " waits for its trial: nothing is known of it yet");
            }
            promote(workflowId, modelVersionId, "set by " + by + "; before: " + wanted.reason(), "rolled back");
        }
        return version(workflowId, modelVersionId);
    }

    /**
     * A version to be stored.
     *
     * @param state {@code champion} promotes it at once
     * @param recipe null if it was not trained here
     * @param reference null if there is nothing to measure drift against
     */
    record Entry(
            CutoutModel classifier,
            String origin,
            String state,
            String reason,
            ModelMetrics metrics,
            @Nullable ModelRecipe recipe,
            @Nullable DriftReference reference) {}

    /**
     * Stores a version. Its snapshot, if it has a recipe, must be kept already.
     *
     * @return the new version's id
     */
    @Transactional
    long register(long workflowId, Entry entry) {
        lock(workflowId);
        boolean promote = entry.state().equals("champion");
        long id = sql.one(
                "INSERT INTO model_version (workflow_id, version, state, origin, artifact, provenance, metrics, snapshot,"
                        + " recipe, reference, reason, created_at) SELECT ?, coalesce(max(version), 0) + 1, ?, ?, ?,"
                        + " ?::jsonb, ?::jsonb, ?, ?::jsonb, ?::jsonb, ?, ? FROM model_version WHERE workflow_id = ?"
                        + " RETURNING id",
                row -> row.getLong(1),
                workflowId,
                promote ? "rejected" : entry.state(),
                entry.origin(),
                entry.classifier().save(),
                write(provenance(entry.classifier().provenance())),
                write(entry.metrics()),
                entry.recipe() == null ? null : entry.recipe().snapshot(),
                entry.recipe() == null ? null : write(entry.recipe()),
                entry.reference() == null ? null : write(entry.reference()),
                entry.reason(),
                clock.instant(),
                workflowId);
        note(workflowId, id, entry.origin(), entry.reason());
        if (promote) {
            promote(workflowId, id, entry.reason(), "promoted");
        }
        return id;
    }

    /** As {@link #register}, unless the workflow has a version already: another process may be as fast. */
    @Transactional
    void registerFirst(long workflowId, Entry entry) {
        lock(workflowId);
        if (isEmpty(workflowId)) {
            register(workflowId, entry);
        }
    }

    /** Notes how the trial of a stored version went, and promotes it if it won. */
    @Transactional
    void tried(long workflowId, long modelVersionId, ModelMetrics metrics, Trial.Verdict verdict) {
        lock(workflowId);
        sql.update(
                "UPDATE model_version SET metrics = CASE WHEN ? THEN ?::jsonb ELSE metrics END, reason = ?,"
                        + " state = CASE WHEN state = 'waiting' THEN 'rejected' ELSE state END WHERE id = ?",
                metrics.rows() > 0,
                write(metrics),
                verdict.reason(),
                modelVersionId);
        if (verdict.promote()) {
            promote(workflowId, modelVersionId, verdict.reason(), "promoted");
        } else {
            note(workflowId, modelVersionId, "kept back", verdict.reason());
        }
    }

    private void promote(long workflowId, long modelVersionId, String reason, String what) {
        sql.update(
                "UPDATE model_version SET state = 'former' WHERE workflow_id = ? AND state = 'champion'", workflowId);
        sql.update(
                "UPDATE model_version SET state = 'champion', promoted_at = ?, reason = ? WHERE id = ?",
                clock.instant(),
                reason,
                modelVersionId);
        note(workflowId, modelVersionId, what, reason);
        outbox.publish(new ModelPromoted(workflowId, modelVersionId));
    }

    /** Versions of one workflow are numbered, and promoted, one after the other. */
    private void lock(long workflowId) {
        if (sql.query("SELECT 1 FROM workflow WHERE id = ? FOR NO KEY UPDATE", row -> 1, workflowId)
                .isEmpty()) {
            throw Problem.notFound("no workflow " + workflowId);
        }
    }

    private ObjectNode provenance(Provenance provenance) {
        ObjectNode node = json.valueToTree(provenance);
        // 64 bits do not survive a browser's numbers.
        node.put("seed", Long.toString(provenance.seed()));
        return node;
    }

    private ModelVersionView view(ResultSet row) throws SQLException {
        try {
            Instant createdAt = Sql.instant(row, "created_at");
            @Nullable String recipe = row.getString("recipe");
            @Nullable Instant promotedAt = Sql.instantOrNull(row, "promoted_at");
            return new ModelVersionView(
                    row.getLong("id"),
                    row.getLong("workflow_id"),
                    row.getInt("version"),
                    row.getString("state"),
                    row.getString("origin"),
                    row.getString("reason"),
                    json.readValue(row.getString("metrics"), ModelMetrics.class),
                    json.readTree(row.getString("provenance")),
                    recipe == null ? null : json.readValue(recipe, ModelRecipe.class),
                    row.getInt("bytes"),
                    createdAt,
                    promotedAt);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("model version " + row.getLong("id") + ": unreadable metrics", e);
        }
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("unreadable " + type.getSimpleName() + " of a model version", e);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getSimpleName() + " as JSON", e);
        }
    }
}
