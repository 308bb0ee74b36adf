package org.skysieve.engine.math;

/** What probabilities cost where they are wrong: the mean of -sum(target ln p), in nats. */
public final class LogLoss {
    private LogLoss() {}

    /**
     * @param probabilities {@code [row * classes + class]}
     * @param targets the truth in the same shape, each row a distribution
     * @param weights one a row, not negative
     * @param least probabilities are cut here from below, > 0: what is said with certainty may be wrong
     * @return NaN without rows
     */
    public static double mean(double[] probabilities, double[] targets, int classes, double[] weights, double least) {
        if (probabilities.length != targets.length || probabilities.length != (long) weights.length * classes) {
            throw new IllegalArgumentException("log loss: got " + probabilities.length + " probabilities and "
                    + targets.length + " targets, need rows * classes = " + weights.length + " * " + classes);
        }
        double sum = 0;
        double total = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * ofRow(probabilities, targets, classes, i, least);
            total += weights[i];
        }
        return sum / total;
    }

    /** Of one row. */
    public static double ofRow(double[] probabilities, double[] targets, int classes, int row, double least) {
        double loss = 0;
        for (int k = row * classes; k < (row + 1) * classes; k++) {
            if (targets[k] > 0) {
                loss -= targets[k] * Math.log(Math.max(probabilities[k], least));
            }
        }
        return loss;
    }
}
