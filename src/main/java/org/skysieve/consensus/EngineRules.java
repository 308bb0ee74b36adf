package org.skysieve.consensus;

import java.util.ArrayList;
import java.util.List;

import org.skysieve.engine.consensus.RetirementRule;
import org.skysieve.engine.consensus.RetirementRule.PosteriorThreshold;
import org.skysieve.engine.consensus.RetirementRule.VoteLimits;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Retirement;
import org.skysieve.project.Rules;

/** What a workflow stores of retirement, as the rule that the engine applies. */
final class EngineRules {
    private EngineRules() {}

    /** @param answers by class */
    static RetirementRule of(Rules rules, List<AnswerOption> answers) {
        Retirement retirement = rules.retirement();
        RetirementRule rule;
        if (retirement instanceof Retirement.Posterior posterior) {
            return thresholds(rules, posterior, answers);
        } else if (retirement instanceof Retirement.ExpectedLoss loss) {
            rule = new RetirementRule.ExpectedLoss(losses(loss, answers), loss.atMost());
        } else if (retirement instanceof Retirement.Stability stability) {
            rule = new RetirementRule.Stability(stability.votes(), stability.within(), rules.ambiguousBelow());
        } else {
            rule = new RetirementRule.TwoAgreeElseSeven();
        }
        return new VoteLimits(rule, rules.minVotes(), rules.maxVotes(), rules.ambiguousBelow());
    }

    private static RetirementRule thresholds(Rules rules, Retirement.Posterior posterior, List<AnswerOption> answers) {
        List<Double> thresholds = new ArrayList<>();
        for (AnswerOption answer : answers) {
            double usual = thresholds.isEmpty() ? rules.retirePositiveAt() : rules.retireAt();
            thresholds.add(posterior.thresholds().getOrDefault(answer.key(), usual));
        }
        return new PosteriorThreshold(
                rules.retireAt(), thresholds, rules.minVotes(), rules.maxVotes(), rules.ambiguousBelow());
    }

    /** {@code [truth][label]}. */
    private static List<List<Double>> losses(Retirement.ExpectedLoss loss, List<AnswerOption> answers) {
        List<List<Double>> losses = new ArrayList<>();
        for (AnswerOption truth : answers) {
            double cost = loss.costs().getOrDefault(truth.key(), 1.0);
            List<Double> row = new ArrayList<>();
            for (AnswerOption label : answers) {
                row.add(label.equals(truth) ? 0.0 : cost);
            }
            losses.add(row);
        }
        return losses;
    }
}
