package org.skysieve.engine.consensus;

import org.skysieve.engine.math.LogGamma;

/**
 * Whether a volunteer's answers depend on the truth at all. Somebody who clicks blindly has a confusion matrix whose rows
 * are all the same; the evidence for that is a ratio of marginal likelihoods of their soft counts n[t][a]:
 *
 * <pre>
 * honest   prod_t  B(s c[t] + n[t]) / B(s c[t])     rows of their own around the crowd's c, worth s votes each
 * blind    B(1 + sum_t n[t]) / B(1)                 one row for every truth, anything possible
 * </pre>
 *
 * with B the multivariate beta function. {@link #information} says the same without priors: the mutual information
 * between truth and answer, 0 for a blind volunteer. Somebody who always says the opposite is wrong but not blind.
 *
 * <p>O(classes^2) from the counts that {@link LiveConsensus} keeps, so it is as current as they are. Those counts come
 * from posteriors that the volunteer's own votes have moved a little: with few votes a candidate the check is lenient. On simulated volunteers with 60 votes and even truths, 0.75
 * is passed by fewer than 1 in 100 honest ones (right in 65 to 75 %) and by more than half of the blind ones.
 *
 * <p>Source: the spammer of Raykar and Yu (2012), JMLR 13, 491 (rank-one confusion matrices), with Dirichlet priors.
 */
public final class SpamCheck {
    /** From here on, with {@link #LEAST_VOTES} or more, somebody should have a look at the volunteer. */
    public static final double SUSPICIOUS = 0.75;

    public static final int LEAST_VOTES = 20;

    private SpamCheck() {}

    /**
     * @param probability that the answers do not depend on the truth, in [0, 1], had both been as likely before. A coin
     *     tosser stays below 0.9 even after hundreds of votes, for some honest volunteers are that bad; who always clicks
     *     the same is soon above 0.99
     * @param information between truth and answer, nats, at least 0; 0 without votes
     */
    public record Finding(double probability, double information) {}

    /** @param volunteer whose prior rows (confusion less counts) stand for the crowd's */
    public static Finding of(VolunteerReliability volunteer) {
        int classes = volunteer.classes();
        double[] counts = volunteer.counts();
        double[] prior = new double[counts.length];
        for (int t = 0; t < classes; t++) {
            double row = 0;
            for (int a = 0; a < classes; a++) {
                row += counts[t * classes + a];
            }
            for (int a = 0; a < classes; a++) {
                int cell = t * classes + a;
                // Rounding must not make a prior count negative.
                prior[cell] = Math.max(1e-6, volunteer.confusion()[cell] * (row + volunteer.strength()) - counts[cell]);
            }
        }
        return of(counts, prior, classes);
    }

    /**
     * @param counts soft counts, {@code [truth * classes + answer]}, not negative
     * @param prior what an honest volunteer is expected to do, in votes, in the same shape; all > 0
     */
    public static Finding of(double[] counts, double[] prior, int classes) {
        if (counts.length != classes * classes || prior.length != counts.length) {
            throw new IllegalArgumentException("spam check: got " + counts.length + " counts and " + prior.length
                    + " prior counts, need " + classes + " * " + classes + " of each");
        }
        double[] pooled = new double[classes];
        double[] flat = new double[classes];
        double honest = 0;
        for (int t = 0; t < classes; t++) {
            honest += logMarginal(prior, counts, t * classes, classes);
            for (int a = 0; a < classes; a++) {
                pooled[a] += counts[t * classes + a];
            }
            flat[t] = 1;
        }
        double blind = logMarginal(flat, pooled, 0, classes);
        double odds = Math.exp(Math.min(700, blind - honest));
        return new Finding(odds / (1 + odds), information(counts, classes));
    }

    /** ln B(prior + counts) / B(prior) of one row. */
    private static double logMarginal(double[] prior, double[] counts, int from, int classes) {
        double sum = 0;
        double priors = 0;
        double total = 0;
        for (int a = from; a < from + classes; a++) {
            sum += LogGamma.of(prior[a] + counts[a]) - LogGamma.of(prior[a]);
            priors += prior[a];
            total += counts[a];
        }
        return sum - LogGamma.of(priors + total) + LogGamma.of(priors);
    }

    /** The mutual information between truth and answer, nats. */
    static double information(double[] counts, int classes) {
        double[] rows = new double[classes];
        double[] columns = new double[classes];
        double total = 0;
        for (int t = 0; t < classes; t++) {
            for (int a = 0; a < classes; a++) {
                double n = counts[t * classes + a];
                rows[t] += n;
                columns[a] += n;
                total += n;
            }
        }
        double sum = 0;
        for (int t = 0; t < classes; t++) {
            for (int a = 0; a < classes; a++) {
                double n = counts[t * classes + a];
                sum += n > 0 ? n / total * Math.log(n * total / (rows[t] * columns[a])) : 0;
            }
        }
        return Math.max(0, sum);
    }
}
