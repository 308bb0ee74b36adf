package org.skysieve.model;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.candidate.Placed;
import org.skysieve.engine.context.KnownReal;
import org.skysieve.engine.context.SkyContext;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.PointSourceInjection;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.learn.TrainingSample.Source;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

/**
 * Labels that rules make, as a workflow's policy asks for them (docs/methods/algorithmic-labels.md). Which candidates a
 * training took, and by which rule each, is stored with its run; samples are made from what is stored alone, so that the
 * same run gives the same samples again.
 *
 * <p>Never of the evaluation sample, and never of a candidate that people have labelled.
 */
@ApplicationScoped
class AlgorithmicLabels {
    private static final int PAGE = 500;

    /** How many candidates are looked at, at most, for each one that is wanted. */
    private static final int LOOKED_AT = 20;

    private static final int BATCH = 100;

    /** Injections are set off the middle by at most this, as detections are. */
    private static final double JITTER_PIXELS = .5;

    /** Width of the point-spread function, pixels: where the packet's is missing or absurd, ZTF's typical one. */
    private static final double USUAL_FWHM = 2.25;

    private static final double LEAST_FWHM = 1;
    private static final double MOST_FWHM = 12;

    /** ZTF gives the width of the candidate itself: beyond these it is no point source and says nothing of the seeing. */
    private static final double LEAST_ZTF_FWHM = 1.6;

    private static final double MOST_ZTF_FWHM = 4;

    private final Candidates candidates;
    private final Sql sql;

    AlgorithmicLabels(Candidates candidates, Sql sql) {
        this.candidates = candidates;
        this.sql = sql;
    }

    /** @param rule in words, with its numbers */
    record Labelled(long candidateId, String rule) {}

    /**
     * The labels of one source in one training.
     *
     * @param target class distribution of all of them
     */
    record Group(Source source, double weight, List<Double> target, List<Labelled> labels) {
        Group {
            target = List.copyOf(target);
            labels = List.copyOf(labels);
        }
    }

    /** Picks candidates for a run by the policy, and stores them with it. */
    @Transactional
    void draw(long runId, WorkflowView workflow, LabelPolicy policy) {
        List<Double> real = target(workflow, policy.realAnswer(), 1);
        for (Source source : List.of(Source.MINOR_PLANET, Source.VARIABLE_STAR)) {
            if (policy.weightOf(source) > 0) {
                store(
                        runId,
                        new Group(
                                source,
                                policy.weightOf(source),
                                real,
                                placed(workflow, policy, source, policy.mostOf(source), runId)));
            }
        }
        LabelPolicy.RandomDetections random = policy.randomDetections();
        if (random.weight() > 0) {
            String rule = String.format(
                    Locale.ENGLISH,
                    "drawn uniformly with seed %d; real with probability %.3f",
                    runId,
                    random.contamination());
            store(
                    runId,
                    new Group(
                            Source.RANDOM,
                            random.weight(),
                            mixed(workflow, policy, random.contamination()),
                            withoutPeoples(workflow, candidates.drawn(workflow.projectId(), runId, random.most()))
                                    .stream()
                                    .map(id -> new Labelled(id, rule))
                                    .toList()));
        }
        if (policy.injections().weight() > 0) {
            store(
                    runId,
                    new Group(
                            Source.INJECTED,
                            policy.injections().weight(),
                            real,
                            placed(
                                    workflow,
                                    policy,
                                    Source.INJECTED,
                                    policy.injections().most(),
                                    runId)));
        }
    }

    /** How many candidates a rule would label now, of any weight; counts to {@code most}. */
    int count(WorkflowView workflow, LabelPolicy policy, Source source, int most) {
        return placed(workflow, policy, source, most, 0).size();
    }

    /** What a rule finds by the context of candidates. */
    private List<Labelled> placed(WorkflowView workflow, LabelPolicy policy, Source source, int most, long runId) {
        LabelPolicy.VariableStars stars = policy.variableStars();
        return switch (source) {
            case MINOR_PLANET ->
                placed(
                        workflow,
                        EnumSet.of(SkyContext.Kind.SOLAR_SYSTEM),
                        most,
                        place -> context(place)
                                .flatMap(context -> KnownReal.minorPlanet(
                                        context, policy.minorPlanets().withinArcsec())));
            case VARIABLE_STAR ->
                placed(
                        workflow,
                        EnumSet.of(SkyContext.Kind.VARIABLE_STAR),
                        most,
                        place -> context(place)
                                .flatMap(context -> KnownReal.variableStar(
                                        context, place.surroundings(), stars.withinArcsec(), stars.detections())));
            case INJECTED ->
                placed(
                        workflow,
                        EnumSet.of(SkyContext.Kind.NUCLEAR, SkyContext.Kind.SUPERNOVA),
                        most,
                        place -> Injection.of(runId, place, policy.injections()).map(Injection::rule));
            default -> throw new IllegalArgumentException("labels: " + source.key() + " finds nothing by its context");
        };
    }

    /** What was drawn for a run, in the order of sources. */
    List<Group> groups(long runId) {
        return sql.query(
                "SELECT source, weight, target, candidate_ids, rules FROM algorithmic_label WHERE training_run_id = ?"
                        + " ORDER BY source",
                AlgorithmicLabels::group,
                runId);
    }

    /** The samples that a run learns from besides people's labels; candidates without usable images are left out. */
    List<TrainingSample> samples(long runId, LabelPolicy policy) {
        CutoutFeatures extractor = new CutoutFeatures();
        return samples(runId, policy, (view, images, target, group) -> {
            double seeing = CutoutFeatures.seeing(view.survey(), view.fwhmPixels());
            return new TrainingSample(
                    view.skyObjectId(),
                    extractor.extract(images, seeing > 0 ? seeing : Double.NaN),
                    target,
                    group.weight(),
                    group.source());
        });
    }

    /** As {@link #samples}, for a net. */
    List<NetSample> netSamples(long runId, LabelPolicy policy) {
        return samples(
                runId,
                policy,
                (view, images, target, group) -> CutoutNet.sample(
                        view.skyObjectId(),
                        images,
                        view.survey(),
                        view.fwhmPixels(),
                        target,
                        group.weight(),
                        group.source()));
    }

    /** Makes a sample of a candidate's images, which may hold an injection. */
    private interface Measuring<T> {
        T measure(CandidateView view, CutoutTriplet images, double[] target, Group group);
    }

    private <T> List<T> samples(long runId, LabelPolicy policy, Measuring<T> measuring) {
        List<T> samples = new ArrayList<>();
        for (Group group : groups(runId)) {
            double[] target =
                    group.target().stream().mapToDouble(Double::doubleValue).toArray();
            List<Long> ids = group.labels().stream().map(Labelled::candidateId).toList();
            for (int from = 0; from < ids.size(); from += BATCH) {
                List<Long> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
                Map<Long, Placed> places = candidates.placed(batch);
                Map<Long, CutoutTriplet> cutouts = candidates.cutouts(batch);
                for (long id : batch) {
                    Placed place = places.get(id);
                    CutoutTriplet stamps = cutouts.get(id);
                    if (place == null || stamps == null) {
                        continue;
                    }
                    Optional<CutoutTriplet> images = group.source() == Source.INJECTED
                            ? Injection.of(runId, place, policy.injections()).flatMap(one -> one.into(stamps, place))
                            : Optional.of(stamps).filter(present -> !present.isEmpty());
                    if (images.isPresent()) {
                        samples.add(measuring.measure(place.candidate(), images.get(), target, group));
                    }
                }
            }
        }
        return samples;
    }

    /** The newest candidates in some contexts for which a rule holds, one of each sky object. */
    private List<Labelled> placed(
            WorkflowView workflow, Set<SkyContext.Kind> kinds, int most, Function<Placed, Optional<String>> rule) {
        Map<Long, Labelled> found = new LinkedHashMap<>();
        Set<Long> objects = new HashSet<>();
        for (SkyContext.Kind kind : kinds) {
            long before = Long.MAX_VALUE;
            // Each kind may fill its share.
            int wanted = found.size() + (most + kinds.size() - 1) / kinds.size();
            for (int seen = 0; seen < LOOKED_AT * most && found.size() < Math.min(most, wanted); seen += PAGE) {
                List<Placed> page = candidates.inContext(workflow.projectId(), kind, before, PAGE);
                if (page.isEmpty()) {
                    break;
                }
                before = page.get(page.size() - 1).candidate().id();
                Set<Long> free = new HashSet<>(withoutPeoples(
                        workflow,
                        page.stream().map(place -> place.candidate().id()).toList()));
                for (Placed place : page) {
                    CandidateView view = place.candidate();
                    if (found.size() >= Math.min(most, wanted) || !free.contains(view.id())) {
                        continue;
                    }
                    Optional<String> why = rule.apply(place);
                    if (why.isPresent() && objects.add(view.skyObjectId())) {
                        found.put(view.id(), new Labelled(view.id(), why.get()));
                    }
                }
            }
        }
        return List.copyOf(found.values());
    }

    /** Those that people have not labelled: their word counts. */
    private List<Long> withoutPeoples(WorkflowView workflow, List<Long> ids) {
        Set<Long> labelled = new HashSet<>(sql.query(
                "SELECT candidate_id FROM training_label WHERE workflow_id = ? AND candidate_id = ANY(?)",
                row -> row.getLong(1),
                workflow.id(),
                ids));
        return ids.stream().filter(id -> !labelled.contains(id)).toList();
    }

    private static Optional<SkyContext> context(Placed place) {
        return Optional.ofNullable(place.candidate().context());
    }

    /** One class has {@code probability}; the others share the rest, if there is one. */
    private static List<Double> target(WorkflowView workflow, String answer, double probability) {
        int classes = workflow.classes();
        int index = workflow.answerOf(answer)
                .orElseThrow(() -> new IllegalStateException(
                        "label policy: workflow " + workflow.id() + " has no answer \"" + answer + "\""));
        List<Double> target = new ArrayList<>();
        for (int k = 0; k < classes; k++) {
            target.add(k == index ? probability : (1 - probability) / (classes - 1));
        }
        return target;
    }

    private static List<Double> mixed(WorkflowView workflow, LabelPolicy policy, double contamination) {
        List<Double> bogus = target(workflow, policy.bogusAnswer(), 1);
        List<Double> real = target(workflow, policy.realAnswer(), 1);
        List<Double> target = new ArrayList<>();
        for (int k = 0; k < bogus.size(); k++) {
            target.add((1 - contamination) * bogus.get(k) + contamination * real.get(k));
        }
        return target;
    }

    private void store(long runId, Group group) {
        sql.update(
                "INSERT INTO algorithmic_label (training_run_id, source, weight, target, candidate_ids, rules)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                runId,
                group.source().key(),
                group.weight(),
                group.target().stream().mapToDouble(Double::doubleValue).toArray(),
                group.labels().stream().mapToLong(Labelled::candidateId).toArray(),
                group.labels().stream().map(Labelled::rule).toArray(String[]::new));
    }

    private static Group group(ResultSet row) throws SQLException {
        Long[] ids = (Long[]) row.getArray("candidate_ids").getArray();
        String[] rules = (String[]) row.getArray("rules").getArray();
        List<Labelled> labels = new ArrayList<>(ids.length);
        for (int i = 0; i < ids.length; i++) {
            labels.add(new Labelled(ids[i], rules[i]));
        }
        List<Double> target = new ArrayList<>();
        for (double share : Sql.doubles(row, "target")) {
            target.add(share);
        }
        return new Group(Source.ofKey(row.getString("source")), row.getDouble("weight"), target, labels);
    }

    /**
     * A point source to be set into the stamps of a candidate: the same for the same run and candidate.
     *
     * @param x from the middle of the stamp, pixels
     */
    private record Injection(double snr, double x, double y, double fwhmPixels, SkyContext.Host host, long seed) {
        /** Empty if the candidate has no host. */
        static Optional<Injection> of(long runId, Placed place, LabelPolicy.Injections settings) {
            SkyContext context = place.candidate().context();
            SkyContext.Host host = context == null ? null : context.host();
            if (host == null) {
                return Optional.empty();
            }
            long seed = runId * 0x9e3779b97f4a7c15L ^ place.candidate().id();
            SplittableRandom random = new SplittableRandom(seed);
            double snr = settings.snrFrom() * Math.pow(settings.snrTo() / settings.snrFrom(), random.nextDouble());
            double x = random.nextDouble(-JITTER_PIXELS, JITTER_PIXELS);
            double y = random.nextDouble(-JITTER_PIXELS, JITTER_PIXELS);
            return Optional.of(new Injection(snr, x, y, width(place.candidate()), host, seed));
        }

        private static double width(CandidateView candidate) {
            boolean ztf = candidate.survey().equals("ztf");
            double fwhm = candidate.fwhmPixels();
            return fwhm >= (ztf ? LEAST_ZTF_FWHM : LEAST_FWHM) && fwhm <= (ztf ? MOST_ZTF_FWHM : MOST_FWHM)
                    ? fwhm
                    : USUAL_FWHM;
        }

        String rule() {
            return String.format(
                    Locale.ENGLISH,
                    "point source of S/N %.1f and FWHM %.2f px set at (%+.2f, %+.2f) px from the middle, %.2f″ from a %s galaxy,"
                            + " seed %d",
                    snr,
                    fwhmPixels,
                    x,
                    y,
                    host.arcsec(),
                    host.catalogue(),
                    seed);
        }

        Optional<CutoutTriplet> into(CutoutTriplet stamps, Placed place) {
            return PointSourceInjection.inject(
                    stamps, place.candidate().positive(), fwhmPixels, snr, x, y, new SplittableRandom(seed ^ 1));
        }
    }
}
