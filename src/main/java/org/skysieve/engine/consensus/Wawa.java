package org.skysieve.engine.consensus;

/**
 * Worker agreement with aggregate: a majority vote, then a vote in which everybody weighs as often as they were with it.
 *
 * <pre>
 * w_v   = share of v's votes that agree with the majority     (a tie of t answers at the top that includes theirs: 1/t)
 * P(a) = (sum of w_v over those who said a + 1/K w) / (sum of w_v + w)             w: mean weight of the candidate's votes
 * </pre>
 *
 * <p>The last term is one vote spread over all classes, so that no probability is 0 (the shares of the original are not
 * meant as probabilities). Two passes, O(votes). Gold replaces the majority where there is some.
 *
 * <p>Limits: blind to which class is confused with which; the majority's errors are believed.
 *
 * <p>Source: Appen's "WAWA", as described with crowd-kit (Ustalov et al. 2021, arXiv:2109.08584).
 */
final class Wawa implements ConsensusMethod {

    @Override
    public String name() {
        return "wawa";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        Posteriors posteriors = posteriors(input);
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, posteriors),
                Confusions.counted(input.votes(), posteriors, 5),
                MajorityVote.mean(input, posteriors),
                1,
                2,
                true,
                "Votes weighted by how often their volunteer agrees with the majority.");
    }

    static Posteriors posteriors(ConsensusInput input) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        double[] weight = weights(input);
        double[] flat = new double[votes.candidates() * classes];
        for (int c = 0; c < votes.candidates(); c++) {
            int row = c * classes;
            if (input.isGold(c)) {
                for (int k = 0; k < classes; k++) {
                    flat[row + k] = input.gold(c, k);
                }
                continue;
            }
            double sum = 0;
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                double w = weight[votes.volunteer(i)];
                flat[row + votes.answer(i)] += w;
                sum += w;
            }
            int n = votes.start(c + 1) - votes.start(c);
            double spread = n == 0 ? 1 : sum / n;
            for (int k = 0; k < classes; k++) {
                flat[row + k] = (flat[row + k] + spread / classes) / (sum + spread);
            }
        }
        return new Posteriors(classes, flat);
    }

    private static double[] weights(ConsensusInput input) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        double[] agreed = new double[votes.volunteers()];
        int[] cast = new int[votes.volunteers()];
        double[] share = new double[classes];
        for (int c = 0; c < votes.candidates(); c++) {
            java.util.Arrays.fill(share, 0);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                share[votes.answer(i)]++;
            }
            double top = 0;
            int ties = 0;
            for (int k = 0; k < classes; k++) {
                if (share[k] > top) {
                    top = share[k];
                    ties = 0;
                }
                ties += share[k] == top ? 1 : 0;
            }
            boolean gold = input.isGold(c);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                int v = votes.volunteer(i);
                int a = votes.answer(i);
                cast[v]++;
                if (gold) {
                    agreed[v] += input.gold(c, a);
                } else if (share[a] == top) {
                    agreed[v] += 1.0 / ties;
                }
            }
        }
        for (int v = 0; v < agreed.length; v++) {
            // A volunteer who was never right keeps a trace of weight: theirs may be the only vote.
            agreed[v] = cast[v] == 0 ? 0 : Math.max(1e-6, agreed[v] / cast[v]);
        }
        return agreed;
    }
}
