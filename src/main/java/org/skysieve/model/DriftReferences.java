package org.skysieve.model;

import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.engine.learn.CutoutModel;

/** Makes what drift is measured against, of what comes in. */
@ApplicationScoped
class DriftReferences {
    /** Candidates that a reference is taken from, at most and at least. */
    private static final int MOST = 1000;

    private static final int FEWEST = 200;

    private final Population population;
    private final Predictions predictions;

    DriftReferences(Population population, Predictions predictions) {
        this.population = population;
        this.predictions = predictions;
    }

    /** Of the newest candidates of the evaluation sample, which no model of ours has learned from; empty if they are too few. */
    Optional<DriftReference> ofPopulation(long workflowId, CutoutModel model) {
        List<Long> ids = population.newestOfEvaluation(workflowId, MOST);
        if (ids.size() < FEWEST) {
            return Optional.empty();
        }
        List<float[]> rows = population.features(ids);
        String basis = "the newest candidates of the evaluation sample at the time";
        return rows.size() < FEWEST
                ? Optional.empty()
                : Optional.of(DriftReference.of(basis, rows, basis, predictions.positive(model, ids)));
    }
}
