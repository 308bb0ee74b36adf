package org.skysieve.engine.consensus;

import java.util.Arrays;

/**
 * One-coin Dawid-Skene: a volunteer is right with one probability, whatever the class, and errs to all others alike.
 *
 * <pre>
 * E  P(t)  ~  prior[t] * prod_v (answer_v = t ? p_v : (1 - p_v) / (K - 1))
 * M  p_v   =  (sum of P(answer_v) over v's votes + 0.7) / (votes of v + 1)
 * </pre>
 *
 * <p>One pull of a vote at 0.7 keeps p_v within (0, 1). Starts from vote shares; O(votes) a sweep in logarithms.
 *
 * <p>Limits: few parameters, so good on small crowds and where errors are shared; collapses where volunteers lean to one
 * class (it cannot say so) and there the prior runs away.
 *
 * <p>Source: the homogeneous model in Raykar et al. (2010), JMLR 11, 1297; ZenCrowd, Demartini et al. (2012), WWW.
 */
final class OneCoin implements ConsensusMethod {
    private static final int MAX_SWEEPS = 200;
    private static final double TOLERANCE = 1e-5;

    @Override
    public String name() {
        return "one-coin";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        Posteriors posteriors = MajorityVote.held(input, MajorityVote.fit(votes));
        double[] right = new double[votes.volunteers()];
        double[] prior = new double[classes];
        double moved = Double.POSITIVE_INFINITY;
        int sweep = 0;
        while (sweep < MAX_SWEEPS && moved > TOLERANCE) {
            maximise(votes, posteriors, right);
            prior = MajorityVote.mean(input, posteriors);
            Posteriors next = expect(input, right, prior);
            moved = change(posteriors, next);
            posteriors = next;
            sweep++;
        }
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, posteriors),
                confusions(classes, right),
                prior,
                1,
                sweep,
                moved <= TOLERANCE,
                "One probability of being right for each volunteer.");
    }

    private static void maximise(VoteTable votes, Posteriors posteriors, double[] right) {
        double[] cast = new double[right.length];
        Arrays.fill(right, 0.7);
        Arrays.fill(cast, 1);
        for (int c = 0; c < votes.candidates(); c++) {
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                right[votes.volunteer(i)] += posteriors.get(c, votes.answer(i));
                cast[votes.volunteer(i)]++;
            }
        }
        for (int v = 0; v < right.length; v++) {
            right[v] /= cast[v];
        }
    }

    private static Posteriors expect(ConsensusInput input, double[] right, double[] prior) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        // A vote multiplies the odds of its own class against every other by p (K - 1) / (1 - p).
        double[] weight = new double[right.length];
        for (int v = 0; v < right.length; v++) {
            double p = Math.min(1 - 1e-9, Math.max(1e-9, right[v]));
            weight[v] = StrictMath.log(p * (classes - 1) / (1 - p));
        }
        double[] flat = new double[votes.candidates() * classes];
        for (int c = 0; c < votes.candidates(); c++) {
            for (int t = 0; t < classes; t++) {
                flat[c * classes + t] = input.isGold(c) ? input.gold(c, t) : StrictMath.log(prior[t]);
            }
            if (input.isGold(c)) {
                continue;
            }
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                flat[c * classes + votes.answer(i)] += weight[votes.volunteer(i)];
            }
            org.skysieve.engine.math.Softmax.inPlace(flat, c * classes, classes);
        }
        return new Posteriors(classes, flat);
    }

    static double change(Posteriors before, Posteriors after) {
        double moved = 0;
        for (int c = 0; c < before.candidates(); c++) {
            for (int t = 0; t < before.classes(); t++) {
                moved = Math.max(moved, Math.abs(after.get(c, t) - before.get(c, t)));
            }
        }
        return moved;
    }

    /** {@code right} on the diagonal, the rest shared equally. */
    static Confusions confusions(int classes, double[] right) {
        double[] flat = new double[right.length * classes * classes];
        for (int v = 0; v < right.length; v++) {
            for (int t = 0; t < classes; t++) {
                for (int a = 0; a < classes; a++) {
                    flat[(v * classes + t) * classes + a] = a == t ? right[v] : (1 - right[v]) / (classes - 1);
                }
            }
        }
        return new Confusions(classes, flat);
    }
}
