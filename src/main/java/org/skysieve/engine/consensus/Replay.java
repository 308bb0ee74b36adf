package org.skysieve.engine.consensus;

import java.util.SplittableRandom;

import org.skysieve.engine.consensus.RetirementRule.Decision;
import org.skysieve.engine.consensus.RetirementRule.Outcome;
import org.skysieve.engine.math.Softmax;

/**
 * What would have come of one candidate's votes in another order, or under another way of deciding: the votes are
 * revealed one by one, with the likelihoods that they have now, until the rule stops. The class of a gold standard is
 * not used, so that a gold standard shows what the rule makes of candidates that nobody knows.
 *
 * @param decision {@code OPEN} where the votes did not suffice
 * @param answer the label, or what it would be by now
 * @param crowd calibrated P(class) from the votes alone, when it stopped
 * @param combined calibrated P(class) from votes and model, when it stopped
 * @param votes revealed
 */
public record Replay(Decision decision, int answer, double[] crowd, double[] combined, int votes) {
    /**
     * Reveals the votes in random order.
     *
     * @param explanation of a candidate with at least one vote
     * @param temperature of the votes, as when the explanation was made
     * @param votesAlone whether the votes decide without the model, as in the evaluation sample
     */
    public static Replay of(
            Explanation explanation,
            VoteTemperature temperature,
            RetirementRule rule,
            boolean votesAlone,
            SplittableRandom random) {
        int n = explanation.votes().size();
        if (n == 0) {
            throw new IllegalArgumentException(
                    "replay: candidate " + explanation.candidate() + " has no votes, need at least 1");
        }
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        int classes = explanation.prior().length;
        double[] sum = new double[classes];
        int[] answers = new int[classes];
        RecentPosteriors recent = RecentPosteriors.NONE;
        for (int votes = 1; ; votes++) {
            Explanation.VoteTerm vote = explanation.votes().get(order[votes - 1]);
            answers[vote.answer()]++;
            double[] crowd = new double[classes];
            double[] combined = new double[classes];
            double by = temperature.of(votes);
            for (int t = 0; t < classes; t++) {
                sum[t] += vote.logLikelihood()[t];
                crowd[t] = explanation.prior()[t] + sum[t] / by;
                combined[t] = crowd[t] + explanation.model()[t] / explanation.modelTemperature();
            }
            Softmax.inPlace(crowd);
            Softmax.inPlace(combined);
            double[] deciding = votesAlone ? crowd : combined;
            recent = recent.voted(deciding, rule.memory());
            Outcome outcome = rule.decide(recent.earlier(), deciding, answers);
            if (outcome.decision() != Decision.OPEN || votes == n) {
                return new Replay(outcome.decision(), outcome.answer(), crowd, combined, votes);
            }
        }
    }
}
