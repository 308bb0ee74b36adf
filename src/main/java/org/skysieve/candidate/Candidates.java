package org.skysieve.candidate;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.narayana.jta.QuarkusTransaction;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.context.ContextRules;
import org.skysieve.engine.context.SkyContext;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.PackedTriplet;
import org.skysieve.engine.lightcurve.Fading;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.Passband;
import org.skysieve.platform.Ids;
import org.skysieve.platform.Outbox;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

/** The door to candidates, their objects, cutouts and light curves. */
@ApplicationScoped
public class Candidates {
    private static final String SELECT =
            "SELECT c.*, o.object_id FROM candidate c" + " JOIN sky_object o ON o.id = c.sky_object_id";
    private static final String INSERT_OBJECTS = """
            INSERT INTO sky_object (project_id, survey, object_id, ra, dec, evaluation)
            SELECT r.project_id, r.survey, r.object_id, r.ra, r.dec, r.evaluation
            FROM jsonb_to_recordset(?::jsonb) AS r(project_id bigint, survey text, object_id text,
                 ra double precision, dec double precision, evaluation boolean)
            ORDER BY r.survey COLLATE "C", r.object_id COLLATE "C"
            ON CONFLICT DO NOTHING
            """;
    private static final String LOCK_OBJECTS = """
            SELECT id, survey, object_id, light_curve::text AS light_curve, evaluation FROM sky_object
            WHERE project_id = ? AND (survey, object_id) IN (SELECT * FROM unnest(?::text[], ?::text[]))
            ORDER BY survey COLLATE "C", object_id COLLATE "C" FOR UPDATE
            """;
    private static final String INSERT_CANDIDATES = """
            INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband, mag,
                                   mag_error, snr, positive, fwhm_pixels, pixel_scale_arcsec, survey_score, evaluation,
                                   remarks, context, surroundings)
            SELECT r.* FROM jsonb_to_recordset(?::jsonb) AS r(id bigint, project_id bigint, sky_object_id bigint,
                 survey text, candid bigint, time_mjd double precision, ra double precision, dec double precision,
                 passband text, mag real, mag_error real, snr real, positive boolean, fwhm_pixels real,
                 pixel_scale_arcsec real, survey_score real, evaluation boolean, remarks text[],
                 context jsonb, surroundings jsonb)
            ON CONFLICT (project_id, survey, candid) DO NOTHING
            RETURNING id
            """;
    private static final String KNOWN = """
            SELECT survey, candid FROM candidate
            WHERE project_id = ? AND (survey, candid) IN (SELECT * FROM unnest(?::text[], ?::bigint[]))
            """;
    private static final int MAX_REMARKS = 20;
    private static final int MAX_REMARK = 300;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Sql sql;
    private final Ids ids;
    private final Outbox outbox;
    private final CutoutStore cutouts;
    private final CandidateConfig config;

    Candidates(Sql sql, Ids ids, Outbox outbox, CutoutStore cutouts, CandidateConfig config) {
        this.sql = sql;
        this.ids = ids;
        this.outbox = outbox;
        this.cutouts = cutouts;
        this.config = config;
    }

    /**
     * Adds the candidates of some packets (up to a few hundred) to a project, merges their histories into the light
     * curves of their objects, and publishes {@link CandidatesAdded}, all in the caller's transaction or one of its own.
     * A packet of a candidate that the project has already changes nothing, so that the same file may be read again.
     */
    public Added add(long projectId, List<AlertPacket> packets) {
        Map<Key, AlertPacket> fresh = new LinkedHashMap<>();
        packets.forEach(packet -> fresh.putIfAbsent(Key.of(packet), packet));
        fresh.keySet().removeAll(known(projectId, fresh.keySet()));
        if (fresh.isEmpty()) {
            return new Added(List.of(), packets.size());
        }
        // The expensive part comes before the first write: a transaction that has written holds back readers of the
        // log.
        Map<Key, byte[]> packed = new HashMap<>();
        fresh.entrySet().parallelStream()
                .map(entry -> Map.entry(
                        entry.getKey(),
                        Gzip.compress(PackedTriplet.encode(entry.getValue().cutouts()))))
                .forEachOrdered(entry -> packed.put(entry.getKey(), entry.getValue()));
        List<Long> added =
                QuarkusTransaction.joiningExisting().call(() -> write(projectId, List.copyOf(fresh.values()), packed));
        return new Added(added, packets.size() - added.size());
    }

    private Set<Key> known(long projectId, Collection<Key> keys) {
        String[] surveys = new String[keys.size()];
        long[] candids = new long[keys.size()];
        int i = 0;
        for (Key key : keys) {
            surveys[i] = key.survey;
            candids[i++] = key.candid;
        }
        return new HashSet<>(sql.query(
                KNOWN, row -> new Key(row.getString("survey"), row.getLong("candid")), projectId, surveys, candids));
    }

    private List<Long> write(long projectId, List<AlertPacket> packets, Map<Key, byte[]> packed) {
        Map<Name, SkyObject> objects = lockObjects(projectId, packets);
        long[] newIds = ids.next("candidate_seq", packets.size());
        ArrayNode rows = JSON.createArrayNode();
        for (int i = 0; i < newIds.length; i++) {
            rows.add(row(newIds[i], projectId, objectOf(objects, packets.get(i)), packets.get(i)));
        }
        Set<Long> inserted = new TreeSet<>(sql.query(INSERT_CANDIDATES, row -> row.getLong(1), rows.toString()));
        Map<Long, byte[]> blobs = new LinkedHashMap<>();
        for (int i = 0; i < newIds.length; i++) {
            AlertPacket packet = packets.get(i);
            byte[] blob = packed.get(Key.of(packet));
            // Another process may have been faster since we looked.
            if (inserted.contains(newIds[i]) && blob != null) {
                blobs.put(newIds[i], blob);
                SkyObject object = objectOf(objects, packet);
                object.curve = object.curve.merge(packet.history());
            }
        }
        cutouts.put(blobs);
        saveLightCurves(objects.values());
        if (!inserted.isEmpty()) {
            outbox.publish(new CandidatesAdded(projectId, List.copyOf(inserted)));
        }
        return List.copyOf(inserted);
    }

    /**
     * Makes the objects that are new and locks all, in the order of their names: two ingests that share objects queue
     * up instead of waiting for each other in a ring.
     */
    private Map<Name, SkyObject> lockObjects(long projectId, List<AlertPacket> packets) {
        Map<Name, AlertPacket> first = new TreeMap<>();
        packets.forEach(packet -> first.putIfAbsent(Name.of(packet), packet));
        String[] surveys = first.keySet().stream().map(Name::survey).toArray(String[]::new);
        String[] names = first.keySet().stream().map(Name::objectId).toArray(String[]::new);
        Map<Name, SkyObject> objects = readObjects(projectId, surveys, names);
        if (objects.size() < first.size()) {
            ArrayNode rows = JSON.createArrayNode();
            first.forEach((name, packet) -> {
                if (!objects.containsKey(name)) {
                    rows.addObject()
                            .put("project_id", projectId)
                            .put("survey", name.survey)
                            .put("object_id", name.objectId)
                            .put("ra", packet.ra())
                            .put("dec", packet.dec())
                            .put(
                                    "evaluation",
                                    EvaluationSample.contains(name.survey, name.objectId, config.evaluationShare()));
                }
            });
            sql.update(INSERT_OBJECTS, rows.toString());
            objects.putAll(readObjects(projectId, surveys, names));
        }
        return objects;
    }

    private Map<Name, SkyObject> readObjects(long projectId, String[] surveys, String[] names) {
        Map<Name, SkyObject> objects = new HashMap<>();
        sql.query(
                LOCK_OBJECTS,
                row -> objects.put(
                                new Name(row.getString("survey"), row.getString("object_id")),
                                new SkyObject(
                                        row.getLong("id"),
                                        row.getBoolean("evaluation"),
                                        LightCurveJson.read(row.getString("light_curve"))))
                        == null,
                projectId,
                surveys,
                names);
        return objects;
    }

    private void saveLightCurves(Collection<SkyObject> objects) {
        List<Object[]> changed = new ArrayList<>();
        for (SkyObject object : objects) {
            if (!object.curve.equals(object.stored)) {
                changed.add(new Object[] {LightCurveJson.write(object.curve), object.id});
            }
        }
        sql.batch("UPDATE sky_object SET light_curve = ?::jsonb WHERE id = ?", changed);
    }

    private static SkyObject objectOf(Map<Name, SkyObject> objects, AlertPacket packet) {
        SkyObject object = objects.get(Name.of(packet));
        if (object == null) {
            throw new IllegalStateException("sky object " + packet.objectId() + " was made and is not there");
        }
        return object;
    }

    private static ObjectNode row(long id, long projectId, SkyObject object, AlertPacket packet) {
        ObjectNode row = JSON.createObjectNode();
        row.put("id", id);
        row.put("project_id", projectId);
        row.put("sky_object_id", object.id);
        row.put("survey", packet.survey());
        row.put("candid", packet.candid());
        row.put("time_mjd", packet.timeMjd());
        row.put("ra", packet.ra());
        row.put("dec", packet.dec());
        row.put("passband", packet.passband().label());
        putFloat(row, "mag", packet.mag());
        putFloat(row, "mag_error", packet.magError());
        putFloat(row, "snr", packet.snr());
        row.put("positive", packet.positive());
        putFloat(row, "fwhm_pixels", packet.fwhmPixels());
        putFloat(row, "pixel_scale_arcsec", packet.pixelScaleArcsec());
        putFloat(row, "survey_score", packet.surveyScore());
        row.put("evaluation", object.evaluation);
        ArrayNode remarks = row.putArray("remarks");
        packet.remarks().stream()
                .limit(MAX_REMARKS)
                // PostgreSQL's text holds no NUL.
                .map(remark -> remark.replace('\0', '?'))
                .forEach(remark -> remarks.add(remark.substring(0, Math.min(remark.length(), MAX_REMARK))));
        row.set("context", ContextJson.write(ContextRules.classify(packet.surroundings(), packet.mag())));
        row.set("surroundings", ContextJson.write(packet.surroundings()));
        return row;
    }

    /** NULL for what is not measured and for what a real cannot hold. */
    private static void putFloat(ObjectNode row, String column, double value) {
        float narrowed = (float) value;
        boolean fits = Float.isFinite(narrowed) && (narrowed == 0 || Math.abs(narrowed) >= Float.MIN_NORMAL);
        if (fits) {
            row.put(column, narrowed);
        } else {
            row.putNull(column);
        }
    }

    /**
     * The candidate of that id.
     *
     * @throws Problem 404 without one
     */
    public CandidateView find(long id) {
        return sql.first(SELECT + " WHERE c.id = ?", Candidates::view, id)
                .orElseThrow(() -> Problem.notFound("no candidate " + id));
    }

    /** Those that are there, of at most some hundred, by id. */
    public Map<Long, CandidateView> byIds(Collection<Long> candidateIds) {
        Map<Long, CandidateView> found = new HashMap<>();
        for (CandidateView view : sql.query(SELECT + " WHERE c.id = ANY(?)", Candidates::view, candidateIds)) {
            found.put(view.id(), view);
        }
        return found;
    }

    /** As {@link #byIds}, with what lies around them. */
    public Map<Long, Placed> placed(Collection<Long> candidateIds) {
        Map<Long, Placed> found = new HashMap<>();
        for (Placed place : sql.query(SELECT + " WHERE c.id = ANY(?)", Candidates::place, candidateIds)) {
            found.put(place.candidate().id(), place);
        }
        return found;
    }

    /**
     * A project's candidates in one context, the newest first, without the evaluation sample. Only for those contexts that
     * labels are made from: solar system, variable star, nuclear, supernova.
     */
    public List<Placed> inContext(long projectId, SkyContext.Kind kind, long beforeId, int limit) {
        return sql.query(
                SELECT + " WHERE c.project_id = ? AND c.context ->> 'kind' = ? AND NOT c.evaluation"
                        // Said once more for the planner: the index holds these alone.
                        + " AND c.context ->> 'kind' IN ('solar-system', 'variable-star', 'nuclear', 'supernova')"
                        + " AND c.id < ? ORDER BY c.id DESC LIMIT ?",
                Candidates::place,
                projectId,
                kind.key(),
                beforeId,
                limit);
    }

    /**
     * A uniform sample of a project's candidates that no catalogue explains, without the evaluation sample; the same for the
     * same seed, as long as none comes in. Reads all of them.
     */
    public List<Long> drawn(long projectId, long seed, int limit) {
        return sql.query(
                "SELECT id FROM candidate WHERE project_id = ? AND NOT evaluation"
                        + " AND coalesce(context ->> 'kind', '') NOT IN ('solar-system', 'variable-star')"
                        + " ORDER BY md5(id::text || ':' || ?::text), id LIMIT ?",
                row -> row.getLong(1),
                projectId,
                Long.toString(seed),
                limit);
    }

    /** The id of a survey's detection in a project. */
    public OptionalLong byCandid(long projectId, String survey, long candid) {
        Optional<Long> id = sql.first(
                "SELECT id FROM candidate WHERE project_id = ? AND survey = ? AND candid = ?",
                row -> row.getLong(1),
                projectId,
                survey,
                candid);
        return id.isPresent() ? OptionalLong.of(id.get()) : OptionalLong.empty();
    }

    /** The ids of a survey's detections in a project, by candid; those that the project has not are left out. */
    public Map<Long, Long> byCandids(long projectId, String survey, Collection<Long> candids) {
        Map<Long, Long> found = new HashMap<>();
        sql.query(
                "SELECT candid, id FROM candidate WHERE project_id = ? AND survey = ? AND candid = ANY(?)",
                row -> found.put(row.getLong(1), row.getLong(2)) == null,
                projectId,
                survey,
                candids);
        return found;
    }

    /** The next ids of a project, rising; start with {@code afterId} = 0. */
    public List<Long> idsAfter(long projectId, long afterId, int limit) {
        return sql.query(
                "SELECT id FROM candidate WHERE project_id = ? AND id > ? ORDER BY id LIMIT ?",
                row -> row.getLong(1),
                projectId,
                afterId,
                limit);
    }

    /** A project's candidates, the newest first. */
    public List<CandidateView> before(long projectId, long beforeId, int limit) {
        return sql.query(
                SELECT + " WHERE c.project_id = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?",
                Candidates::view,
                projectId,
                beforeId,
                limit);
    }

    /** The other candidates of the same sky object, in order of time; at most 200. */
    public List<CandidateView> ofObject(long skyObjectId) {
        return sql.query(
                SELECT + " WHERE c.sky_object_id = ? ORDER BY c.time_mjd, c.id LIMIT 200",
                Candidates::view,
                skyObjectId);
    }

    /** All candidates of sky objects, by the id of the object. */
    public Map<Long, List<Long>> idsOfObjects(Collection<Long> skyObjectIds) {
        Map<Long, List<Long>> ids = new LinkedHashMap<>();
        sql.query(
                "SELECT sky_object_id, id FROM candidate WHERE sky_object_id = ANY(?) ORDER BY id",
                row -> ids.computeIfAbsent(row.getLong(1), object -> new ArrayList<>())
                        .add(row.getLong(2)),
                skyObjectIds);
        return ids;
    }

    /** The sky objects of a project after an id, in order of ids. */
    public List<SkyPosition> positions(long projectId, long afterId, int limit) {
        return sql.query(
                "SELECT id, object_id, ra, dec FROM sky_object WHERE project_id = ? AND id > ? ORDER BY id LIMIT ?",
                row -> new SkyPosition(
                        row.getLong("id"), row.getString("object_id"), row.getDouble("ra"), row.getDouble("dec")),
                projectId,
                afterId,
                limit);
    }

    /** How many candidates a project has. */
    public long count(long projectId) {
        return sql.one("SELECT count(*) FROM candidate WHERE project_id = ?", row -> row.getLong(1), projectId);
    }

    /**
     * The cutouts as a gzipped SKC1 blob (docs/formats.md).
     *
     * @throws Problem 404 without the candidate
     */
    public byte[] packedCutouts(long id) {
        byte[] packed = cutouts.find(List.of(id)).get(id);
        if (packed == null) {
            throw Problem.notFound("no candidate " + id);
        }
        return packed;
    }

    /**
     * @throws Problem 404 without the candidate
     */
    public CutoutTriplet cutouts(long id) {
        return PackedTriplet.decode(Gzip.expand(packedCutouts(id)));
    }

    /** The cutouts of those that are there, of at most some hundred. */
    public Map<Long, CutoutTriplet> cutouts(Collection<Long> candidateIds) {
        Map<Long, CutoutTriplet> found = new HashMap<>();
        cutouts.find(candidateIds).forEach((id, packed) -> found.put(id, PackedTriplet.decode(Gzip.expand(packed))));
        return found;
    }

    /**
     * Everything known of the candidate's sky object, from all its packets.
     *
     * @throws Problem 404 without the candidate
     */
    public LightCurve lightCurve(long id) {
        return sql.first(
                        "SELECT o.light_curve::text FROM sky_object o JOIN candidate c ON c.sky_object_id = o.id"
                                + " WHERE c.id = ?",
                        row -> LightCurveJson.read(row.getString(1)),
                        id)
                .orElseThrow(() -> Problem.notFound("no candidate " + id));
    }

    /** How fast candidates' objects fade, in mag a day ({@link Fading}); those of which nothing tells are absent. */
    public Map<Long, Double> fades(Collection<Long> candidateIds) {
        Map<Long, Double> fades = new HashMap<>();
        sql.query(
                "SELECT c.id, o.light_curve::text AS light_curve FROM candidate c"
                        + " JOIN sky_object o ON o.id = c.sky_object_id WHERE c.id = ANY(?)",
                row -> {
                    double fade = Fading.magPerDay(LightCurveJson.read(row.getString("light_curve")));
                    if (!Double.isNaN(fade)) {
                        fades.put(row.getLong("id"), fade);
                    }
                    return fade;
                },
                candidateIds);
        return fades;
    }

    private static CandidateView view(ResultSet row) throws SQLException {
        return new CandidateView(
                row.getLong("id"),
                row.getLong("project_id"),
                row.getLong("sky_object_id"),
                row.getString("survey"),
                row.getLong("candid"),
                row.getString("object_id"),
                row.getDouble("time_mjd"),
                row.getDouble("ra"),
                row.getDouble("dec"),
                Passband.valueOf(row.getString("passband").toUpperCase(Locale.ROOT)),
                Sql.floatOrNaN(row, "mag"),
                Sql.floatOrNaN(row, "mag_error"),
                Sql.floatOrNaN(row, "snr"),
                row.getBoolean("positive"),
                Sql.floatOrNaN(row, "fwhm_pixels"),
                Sql.floatOrNaN(row, "pixel_scale_arcsec"),
                Sql.floatOrNaN(row, "survey_score"),
                row.getBoolean("evaluation"),
                List.of((String[]) row.getArray("remarks").getArray()),
                ContextJson.context(row.getString("context")),
                Sql.instant(row, "ingested_at"));
    }

    private static Placed place(ResultSet row) throws SQLException {
        return new Placed(view(row), ContextJson.surroundings(row.getString("surroundings")));
    }

    /** What makes a candidate one and the same. */
    private record Key(String survey, long candid) {
        static Key of(AlertPacket packet) {
            return new Key(packet.survey(), packet.candid());
        }
    }

    private record Name(String survey, String objectId) implements Comparable<Name> {
        static Name of(AlertPacket packet) {
            return new Name(packet.survey(), packet.objectId());
        }

        @Override
        public int compareTo(Name other) {
            int bySurvey = survey.compareTo(other.survey);
            return bySurvey != 0 ? bySurvey : objectId.compareTo(other.objectId);
        }
    }

    /** A locked row. */
    private static final class SkyObject {
        private final long id;
        private final boolean evaluation;
        private final LightCurve stored;
        private LightCurve curve;

        SkyObject(long id, boolean evaluation, LightCurve stored) {
            this.id = id;
            this.evaluation = evaluation;
            this.stored = stored;
            this.curve = stored;
        }
    }
}
