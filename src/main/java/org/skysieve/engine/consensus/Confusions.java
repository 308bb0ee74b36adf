package org.skysieve.engine.consensus;

/** The confusion matrices of many volunteers, P(answer | truth). Immutable. */
public final class Confusions {
    private final int classes;
    private final double[] flat;

    /** @param flat {@code [(volunteer * classes + truth) * classes + answer]}, not copied: the caller gives it away */
    Confusions(int classes, double[] flat) {
        this.classes = classes;
        this.flat = flat;
    }

    public int volunteers() {
        return flat.length / (classes * classes);
    }

    public int classes() {
        return classes;
    }

    /** P(this volunteer answers {@code answer} | the class is {@code truth}), over all strata. */
    public double get(int volunteer, int truth, int answer) {
        return flat[(volunteer * classes + truth) * classes + answer];
    }

    /** The matrix of one volunteer as a copy, {@code [truth * classes + answer]}. */
    public double[] of(int volunteer) {
        int size = classes * classes;
        return java.util.Arrays.copyOfRange(flat, volunteer * size, (volunteer + 1) * size);
    }

    /** All of them, a copy: {@code [(volunteer * classes + truth) * classes + answer]}. */
    double[] flat() {
        return flat.clone();
    }

    /** P(right) of a volunteer on candidates drawn from {@code prior}. */
    public double accuracy(int volunteer, double[] prior) {
        double sum = 0;
        for (int t = 0; t < classes; t++) {
            sum += prior[t] * get(volunteer, t, t);
        }
        return sum;
    }

    /**
     * The matrices that given posteriors imply: soft counts, with {@code smoothing} votes spread as the whole crowd
     * answers. What algorithms without matrices of their own report.
     */
    static Confusions counted(VoteTable votes, Posteriors posteriors, double smoothing) {
        int classes = votes.classes();
        double[] flat = new double[votes.volunteers() * classes * classes];
        double[] crowd = new double[classes * classes];
        for (int c = 0; c < votes.candidates(); c++) {
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                for (int t = 0; t < classes; t++) {
                    double p = posteriors.get(c, t);
                    flat[(votes.volunteer(i) * classes + t) * classes + votes.answer(i)] += p;
                    crowd[t * classes + votes.answer(i)] += p;
                }
            }
        }
        for (int t = 0; t < classes; t++) {
            for (int a = 0; a < classes; a++) {
                // One vote, mostly right, so that a class that nobody met still has a row.
                crowd[t * classes + a] += a == t ? 0.7 : 0.3 / (classes - 1);
            }
            normalise(crowd, t * classes, classes);
        }
        for (int row = 0; row < votes.volunteers() * classes; row++) {
            for (int a = 0; a < classes; a++) {
                flat[row * classes + a] += smoothing * crowd[row % classes * classes + a];
            }
            normalise(flat, row * classes, classes);
        }
        return new Confusions(classes, flat);
    }

    static void normalise(double[] values, int offset, int length) {
        double sum = 0;
        for (int i = offset; i < offset + length; i++) {
            sum += values[i];
        }
        for (int i = offset; i < offset + length; i++) {
            values[i] /= sum;
        }
    }
}
