package org.skysieve.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.Quantiles;

/**
 * The distributions that a version was made for, to measure drift against.
 *
 * @param basis what they are of, in words
 * @param names of the features
 * @param inputs one a feature
 * @param scoreBasis what the scores are of, in words
 * @param score probabilities of class 0
 */
public record DriftReference(
        String basis, List<String> names, List<Quantiles> inputs, String scoreBasis, Quantiles score) {
    public DriftReference {
        names = List.copyOf(names);
        inputs = List.copyOf(inputs);
    }

    static DriftReference of(String basis, List<float[]> features, String scoreBasis, double[] positive) {
        List<Quantiles> inputs = new ArrayList<>();
        for (double[] column : columns(features, CutoutFeatures.count())) {
            inputs.add(Quantiles.of(column));
        }
        return new DriftReference(basis, CutoutFeatures.names(), inputs, scoreBasis, Quantiles.of(positive));
    }

    /** Turns rows of features into {@code [feature][row]}; of longer rows the first {@code count} features. */
    static double[][] columns(List<float[]> rows, int count) {
        double[][] columns = new double[count][rows.size()];
        for (int f = 0; f < count; f++) {
            int feature = f;
            Arrays.setAll(columns[f], i -> rows.get(i)[feature]);
        }
        return columns;
    }
}
