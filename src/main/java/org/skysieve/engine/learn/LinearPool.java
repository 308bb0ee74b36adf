package org.skysieve.engine.learn;

import java.util.List;

/**
 * The opinion of several models, {@code p = sum_m w_m p_m}. Its doubt splits as that of a committee does: aleatoric is
 * the mean of the members' own, and whatever else the entropy of {@code p} holds is epistemic, so models that contradict
 * each other are a reason to ask people.
 *
 * <pre>
 * aleatoric = sum_m w_m aleatoric_m
 * epistemic = H(p) - aleatoric
 * </pre>
 *
 * <p>Source: Stone (1961), Ann. Math. Stat. 32, 1339. Limit: the pool of calibrated models claims a little too little.
 */
public final class LinearPool {
    private LinearPool() {}

    /**
     * @param weight above 0; the members' weights need not sum to 1
     * @param scored of the same classes for all members
     */
    public record Member(double weight, Scored scored) {}

    /** @param members at least one */
    public static Scored of(List<Member> members) {
        double total = members.stream().mapToDouble(Member::weight).sum();
        if (!(total > 0)) {
            throw new IllegalArgumentException("pool: got weights that sum to " + total + ", need more than 0");
        }
        double[] pooled = new double[members.get(0).scored.probabilities().length];
        double aleatoric = 0;
        for (Member member : members) {
            if (member.scored.probabilities().length != pooled.length) {
                throw new IllegalArgumentException("pool: got " + member.scored.probabilities().length
                        + " classes, need " + pooled.length + " as the first member has");
            }
            for (int k = 0; k < pooled.length; k++) {
                pooled[k] += member.weight / total * member.scored.probabilities()[k];
            }
            aleatoric += member.weight / total * member.scored.aleatoric();
        }
        return new Scored(pooled, Math.max(0, entropy(pooled) - aleatoric), aleatoric);
    }

    /** In nats, in [0, ln classes]. */
    public static double entropy(double[] probabilities) {
        double entropy = 0;
        for (double p : probabilities) {
            entropy -= p > 0 ? p * Math.log(p) : 0;
        }
        return entropy;
    }
}
