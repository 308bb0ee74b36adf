package org.skysieve.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.TrainingSet.Samples;

/** Asks any kind of model about samples: a forest by their features, others by the cutouts. */
@ApplicationScoped
class Predictions {
    private static final int BATCH = 200;

    private final Candidates candidates;

    Predictions(Candidates candidates) {
        this.candidates = candidates;
    }

    /** @return {@code [sample * classes + class]} */
    double[] of(CutoutModel model, Samples samples) {
        List<double[]> rows = new ArrayList<>(samples.size());
        if (model instanceof CutoutClassifier forest) {
            for (TrainingSample sample : samples.samples()) {
                rows.add(forest.probabilities(sample.features()));
            }
            return Trial.flat(rows);
        }
        Map<Long, double[]> byId = byCutouts(model, samples.candidateIds());
        for (long id : samples.candidateIds()) {
            double[] known = byId.get(id);
            if (known == null) {
                known = new double[model.classes().size()];
                Arrays.fill(known, 1. / known.length);
            }
            rows.add(known);
        }
        return Trial.flat(rows);
    }

    /** Probabilities of class 0 of those candidates that have cutouts. */
    double[] positive(CutoutModel model, List<Long> ids) {
        Map<Long, double[]> said = byCutouts(model, ids);
        return ids.stream()
                .filter(said::containsKey)
                .mapToDouble(id -> said.getOrDefault(id, new double[1])[0])
                .toArray();
    }

    private Map<Long, double[]> byCutouts(CutoutModel model, List<Long> ids) {
        Map<Long, double[]> said = new HashMap<>();
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<Long> batch = ids.subList(from, Math.min(ids.size(), from + BATCH));
            Map<Long, CandidateView> views = candidates.byIds(batch);
            Map<Long, CutoutTriplet> cutouts = candidates.cutouts(batch);
            for (long id : batch) {
                CandidateView view = views.get(id);
                CutoutTriplet triplet = cutouts.get(id);
                if (view != null && triplet != null) {
                    said.put(
                            id,
                            model.score(triplet, view.survey(), view.fwhmPixels())
                                    .probabilities());
                }
            }
        }
        return said;
    }
}
