package org.skysieve.engine.consensus;

/**
 * The model as an annotator: its probabilities are binned by leading class and confidence, and what each bin means is
 * learned from the crowd like a volunteer's confusion matrix.
 *
 * <p>Bin {@code (k, j)}: class k leads, with a probability in the j-th of five intervals. Before any vote, P(bin | truth)
 * says what the model claims, shrunk towards ignorance by {@code trust}; rows of {@code prior} sum to 1.
 */
final class ModelBins {
    private static final double[] EDGES = {0.6, 0.8, 0.95, 0.99};
    private static final double[] CLAIMS = {0.5, 0.7, 0.87, 0.97, 0.99};

    private ModelBins() {}

    static int count(int classes) {
        return classes * CLAIMS.length;
    }

    /** Checks that these are probabilities of {@code classes} classes. */
    static void check(double[] probabilities, int classes) {
        double sum = 0;
        for (double p : probabilities) {
            if (!(p >= 0 && p <= 1)) {
                throw new IllegalArgumentException("model evidence: got probability " + p + ", need 0 <= p <= 1");
            }
            sum += p;
        }
        if (probabilities.length != classes || Math.abs(sum - 1) > 1e-3) {
            throw new IllegalArgumentException("model evidence: got " + probabilities.length
                    + " probabilities with sum " + sum + ", need " + classes + " with sum 1");
        }
    }

    static int of(double[] probabilities) {
        int leading = 0;
        for (int k = 1; k < probabilities.length; k++) {
            if (probabilities[k] > probabilities[leading]) {
                leading = k;
            }
        }
        int interval = 0;
        while (interval < EDGES.length && probabilities[leading] >= EDGES[interval]) {
            interval++;
        }
        return leading * CLAIMS.length + interval;
    }

    /** P(bin | truth) before any vote. */
    static double prior(int truth, int bin, int classes, double trust) {
        double chance = 1.0 / classes;
        double claim = Math.max(chance, CLAIMS[bin % CLAIMS.length]);
        double believed = chance + trust * (claim - chance);
        double p = bin / CLAIMS.length == truth ? believed : (1 - believed) / (classes - 1);
        return p / CLAIMS.length;
    }
}
