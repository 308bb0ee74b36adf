package org.skysieve.engine.consensus;

/**
 * Joins a classifier's claims to a consensus of votes, as one more annotator with its own learned confusion.
 *
 * <p>A claim is binned by leading class and confidence (five equal intervals from 1 / classes to 1). With the posterior
 * {@code P(t)} of the votes alone,
 *
 * <pre>
 * P(bin | t) = (sum of P(t) over the candidates in the bin + 20 q[t][bin]) / (sum of P(t) + 20)
 * P'(t)      ~ P(t) P(bin | t)
 * </pre>
 *
 * where {@code q} says what the model claims, trusted by 0.8 (the rest spread over all bins). So a model that the crowd
 * contradicts loses its weight, and no volunteer is ever rated by a posterior in which the model has a say, which would
 * let a model confirm itself. Gold candidates and candidates without a claim stay as they are. O(candidates * classes).
 *
 * <p>Limits: it takes the model's errors to be independent of the crowd's.
 */
final class ModelEvidence {
    private static final int INTERVALS = 5;
    private static final double STRENGTH = 20;
    private static final double TRUST = 0.8;

    private ModelEvidence() {}

    /** Returns {@code crowd} itself where there is no model. */
    static Posteriors joined(ConsensusInput input, Posteriors crowd) {
        if (!input.hasModel()) {
            return crowd;
        }
        int classes = crowd.classes();
        int bins = classes * INTERVALS;
        double[] likelihood = new double[bins * classes];
        double[] claimed = new double[bins * classes];
        double[] claims = new double[classes];
        double[] mass = new double[classes];
        for (int c = 0; c < crowd.candidates(); c++) {
            int bin = bin(input, c, classes);
            if (bin < 0) {
                continue;
            }
            for (int t = 0; t < classes; t++) {
                likelihood[bin * classes + t] += crowd.get(c, t);
                mass[t] += crowd.get(c, t);
                claimed[bin * classes + t] += input.model(c, t);
                claims[t] += input.model(c, t);
            }
        }
        for (int bin = 0; bin < bins; bin++) {
            for (int t = 0; t < classes; t++) {
                double said = claims[t] > 0 ? claimed[bin * classes + t] / claims[t] : 1.0 / bins;
                double expected = TRUST * said + (1 - TRUST) / bins;
                likelihood[bin * classes + t] =
                        (likelihood[bin * classes + t] + STRENGTH * expected) / (mass[t] + STRENGTH);
            }
        }
        double[] joined = new double[crowd.candidates() * classes];
        for (int c = 0; c < crowd.candidates(); c++) {
            int bin = input.isGold(c) ? -1 : bin(input, c, classes);
            for (int t = 0; t < classes; t++) {
                joined[c * classes + t] = crowd.get(c, t) * (bin < 0 ? 1 : likelihood[bin * classes + t]);
            }
            Confusions.normalise(joined, c * classes, classes);
        }
        return new Posteriors(classes, joined);
    }

    /** -1 where the model said nothing. */
    private static int bin(ConsensusInput input, int candidate, int classes) {
        if (Double.isNaN(input.model(candidate, 0))) {
            return -1;
        }
        int leading = 0;
        for (int t = 1; t < classes; t++) {
            if (input.model(candidate, t) > input.model(candidate, leading)) {
                leading = t;
            }
        }
        double least = 1.0 / classes;
        double confidence = (input.model(candidate, leading) - least) / (1 - least);
        return leading * INTERVALS + Math.min(INTERVALS - 1, (int) (confidence * INTERVALS));
    }
}
