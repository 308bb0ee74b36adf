package org.skysieve.cli;

import java.util.HashMap;
import java.util.Map;

import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;

/** The features of simulated candidates, each measured once. */
final class SampleRows {
    private final CutoutFeatures features = new CutoutFeatures();
    private final Map<Long, float[]> known = new HashMap<>();

    float[] of(SimulatedCandidate candidate) {
        return known.computeIfAbsent(candidate.packet().candid(), candid -> measure(candidate));
    }

    /** @param target P(class), real first */
    TrainingSample sample(SimulatedCandidate candidate, double[] target) {
        return new TrainingSample(candidate.packet().candid(), of(candidate), target, 1, TrainingSample.Source.CROWD);
    }

    private float[] measure(SimulatedCandidate candidate) {
        double seeing = CutoutFeatures.seeing(
                candidate.packet().survey(), candidate.packet().fwhmPixels());
        return features.extract(candidate.packet().cutouts(), seeing > 0 ? seeing : Double.NaN);
    }
}
