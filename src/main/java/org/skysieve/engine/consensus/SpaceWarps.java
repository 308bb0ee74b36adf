package org.skysieve.engine.consensus;

/**
 * SWAP-compatible sequential Bayes: volunteers are rated on gold alone, and each vote in turn updates its candidate.
 *
 * <pre>
 * x_v[t][a]  =  (gold of class t that v called a + 2 / K) / (gold of class t that v saw + 2)       two classes: 0.5 at first
 * P(t)      &lt;-  P(t) x_v[t][a] / sum_u P(u) x_v[u][a]                                              from P(t) = prior
 * prior      =  (gold of class t + 1) / (gold + K)                                              equal without gold
 * </pre>
 *
 * <p>A volunteer who met no gold says nothing (a flat matrix), as in the paper. The order of votes does not matter, because
 * skills are from gold alone. One pass, O(votes * classes).
 *
 * <p>Limits: needs much gold, seen by everybody; takes the gold's proportions for the population's.
 *
 * <p>Source: Marshall et al. (2016), Space Warps I, MNRAS 455, 1171; offline, as in Wright et al. (2017), MNRAS 472, 1315.
 */
final class SpaceWarps implements ConsensusMethod {

    @Override
    public String name() {
        return "swap";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        VoteTable votes = input.votes();
        int classes = votes.classes();
        double[] skills = new double[votes.volunteers() * classes * classes];
        java.util.Arrays.fill(skills, 2.0 / classes);
        double[] prior = new double[classes];
        java.util.Arrays.fill(prior, 1);
        for (int c = 0; c < votes.candidates(); c++) {
            if (!input.isGold(c)) {
                continue;
            }
            for (int t = 0; t < classes; t++) {
                prior[t] += input.gold(c, t);
                for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                    skills[(votes.volunteer(i) * classes + t) * classes + votes.answer(i)] += input.gold(c, t);
                }
            }
        }
        Confusions.normalise(prior, 0, classes);
        for (int row = 0; row < votes.volunteers() * classes; row++) {
            Confusions.normalise(skills, row * classes, classes);
        }
        Confusions confusions = new Confusions(classes, skills);
        double[] flat = new double[votes.candidates() * classes];
        double[] p = new double[classes];
        for (int c = 0; c < votes.candidates(); c++) {
            System.arraycopy(prior, 0, p, 0, classes);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                update(p, confusions, votes.volunteer(i), votes.answer(i));
            }
            for (int t = 0; t < classes; t++) {
                flat[c * classes + t] = input.isGold(c) ? input.gold(c, t) : p[t];
            }
        }
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, new Posteriors(classes, flat)),
                confusions,
                prior,
                1,
                1,
                true,
                "Volunteers rated on " + input.goldCount()
                        + " gold standards alone; those who met none are not heard.");
    }

    /** Bayes' rule for one vote, in place. */
    static void update(double[] p, Confusions skills, int volunteer, int answer) {
        for (int t = 0; t < p.length; t++) {
            p[t] *= skills.get(volunteer, t, answer);
        }
        Confusions.normalise(p, 0, p.length);
    }
}
