package org.skysieve.consensus;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

import org.skysieve.engine.consensus.VolunteerReliability;
import org.skysieve.engine.math.Interval;

/**
 * How reliable a volunteer is in a workflow.
 *
 * @param votes standing votes
 * @param goldSeen votes on candidates whose truth is known
 * @param goldAgreed how many of those are right
 * @param confusion P(answer | truth), a row for each truth
 * @param accuracy for each class P(right) with its 95 % credible interval
 */
public record ReliabilityView(
        int votes, int goldSeen, int goldAgreed, List<List<Double>> confusion, List<Accuracy> accuracy) {
    private static final double LEVEL = 0.95;

    public ReliabilityView {
        confusion = List.copyOf(confusion);
        accuracy = List.copyOf(accuracy);
    }

    /** P(right | the class) and the ends of its interval. */
    public record Accuracy(double mean, double low, double high) {}

    static ReliabilityView of(VolunteerReliability known) {
        int classes = known.classes();
        List<List<Double>> confusion = new ArrayList<>(classes);
        List<Accuracy> accuracy = new ArrayList<>(classes);
        for (int t = 0; t < classes; t++) {
            List<Double> row = new ArrayList<>(classes);
            for (int a = 0; a < classes; a++) {
                row.add(known.confusion()[t * classes + a]);
            }
            confusion.add(List.copyOf(row));
            Interval interval = known.accuracyInterval(t, LEVEL);
            accuracy.add(new Accuracy(known.accuracy(t), interval.low(), interval.high()));
        }
        return new ReliabilityView(known.votes(), known.goldSeen(), known.goldAgreed(), confusion, accuracy);
    }

    /** The strength of the prior, then the soft counts: what {@code reliability.state} holds. */
    static byte[] counts(VolunteerReliability known) {
        ByteBuffer bytes = ByteBuffer.allocate((1 + known.counts().length) * Double.BYTES);
        bytes.putDouble(known.strength());
        bytes.asDoubleBuffer().put(known.counts());
        return bytes.array();
    }

    /** Reads a row of the table {@code reliability} back. */
    static ReliabilityView of(
            long volunteer, int votes, int goldSeen, int goldAgreed, double[] confusion, byte[] state) {
        return of(known(volunteer, votes, goldSeen, goldAgreed, confusion, state));
    }

    static VolunteerReliability known(
            long volunteer, int votes, int goldSeen, int goldAgreed, double[] confusion, byte[] state) {
        ByteBuffer bytes = ByteBuffer.wrap(state);
        double strength = bytes.getDouble();
        double[] counts = new double[confusion.length];
        bytes.asDoubleBuffer().get(counts);
        int classes = (int) Math.round(Math.sqrt(confusion.length));
        return new VolunteerReliability(
                volunteer, false, votes, goldSeen, goldAgreed, classes, counts, confusion, strength);
    }
}
