package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.skysieve.engine.math.BetaDistribution;
import org.skysieve.engine.math.Interval;

/**
 * What is known of a volunteer, over all brightnesses.
 *
 * @param votes how many votes of theirs stand
 * @param goldSeen on how many gold standards they have voted
 * @param goldAgreed how many of those votes name the true class
 * @param classes the side K of the matrices
 * @param counts soft counts, {@code [truth * classes + answer]}, without any prior
 * @param confusion posterior-mean P(answer | truth), row-major by truth
 * @param strength what the prior in {@code confusion} is worth, in votes a row
 */
public record VolunteerReliability(
        long volunteer,
        boolean guest,
        int votes,
        int goldSeen,
        int goldAgreed,
        int classes,
        double[] counts,
        double[] confusion,
        double strength) {

    private static final double BATCH_STRENGTH = 2;

    /**
     * What a batch fit says of every volunteer: soft counts under its posteriors, and a prior of two votes a row that
     * answers as the whole crowd does.
     *
     * @return in the order of the table's volunteers
     */
    public static List<VolunteerReliability> of(VoteTable votes, Posteriors posteriors) {
        int classes = votes.classes();
        int size = classes * classes;
        double[] counts = new double[votes.volunteers() * size];
        double[] crowd = new double[size];
        int[] cast = new int[votes.volunteers()];
        for (int c = 0; c < votes.candidates(); c++) {
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                cast[votes.volunteer(i)]++;
                for (int t = 0; t < classes; t++) {
                    int cell = t * classes + votes.answer(i);
                    counts[votes.volunteer(i) * size + cell] += posteriors.get(c, t);
                    crowd[cell] += posteriors.get(c, t);
                }
            }
        }
        for (int t = 0; t < classes; t++) {
            double row = 1;
            for (int a = 0; a < classes; a++) {
                row += crowd[t * classes + a];
            }
            for (int a = 0; a < classes; a++) {
                // One vote spread evenly: an answer that nobody gave is not impossible.
                crowd[t * classes + a] = (crowd[t * classes + a] + 1.0 / classes) / row;
            }
        }
        List<VolunteerReliability> all = new ArrayList<>(cast.length);
        for (int v = 0; v < cast.length; v++) {
            double[] own = Arrays.copyOfRange(counts, v * size, (v + 1) * size);
            double[] confusion = new double[size];
            for (int t = 0; t < classes; t++) {
                double row = BATCH_STRENGTH;
                for (int a = 0; a < classes; a++) {
                    row += own[t * classes + a];
                }
                for (int a = 0; a < classes; a++) {
                    int cell = t * classes + a;
                    confusion[cell] = (own[cell] + BATCH_STRENGTH * crowd[cell]) / row;
                }
            }
            all.add(new VolunteerReliability(v, false, cast[v], 0, 0, classes, own, confusion, BATCH_STRENGTH));
        }
        return all;
    }

    /** Posterior-mean P(right | truth). */
    public double accuracy(int truth) {
        return confusion[truth * classes + truth];
    }

    /**
     * The equal-tailed credible interval of P(right | truth), from the beta distribution whose counts are the
     * volunteer's soft counts and the prior.
     *
     * @param level in (0, 1), such as 0.95
     */
    public Interval accuracyInterval(int truth, double level) {
        double seen = 0;
        for (int a = 0; a < classes; a++) {
            seen += counts[truth * classes + a];
        }
        double total = seen + strength;
        double right = total * accuracy(truth);
        BetaDistribution beta = new BetaDistribution(right, total - right);
        double tail = (1 - level) / 2;
        return new Interval(beta.quantile(tail), beta.quantile(1 - tail));
    }
}
