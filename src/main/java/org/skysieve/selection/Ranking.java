package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.Anomaly;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.AtRandom;
import org.skysieve.engine.select.Entropy;
import org.skysieve.engine.select.Epistemic;
import org.skysieve.engine.select.Freshness;
import org.skysieve.engine.select.Greedy;
import org.skysieve.engine.select.LeastConfidence;
import org.skysieve.engine.select.Margin;
import org.skysieve.engine.select.Priority;
import org.skysieve.engine.select.PriorityExpression;
import org.skysieve.engine.select.PriorityFields;
import org.skysieve.engine.select.QueryStrategy;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.engine.select.SettlingPerVote;
import org.skysieve.engine.select.Showcase;
import org.skysieve.engine.select.Teaching;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;

/**
 * The mix of one version of a workflow, ready to rank candidates: which strategy has which column of the queue, and the
 * keys of a candidate. Immutable.
 *
 * <p>The first column, {@code priority}, holds the first strategy that ranks every candidate. Where none of the mix does, it
 * holds uncertainty with weight 0: nothing is served by it while the others have something to offer, and nothing is lost.
 */
final class Ranking {
    /** Keys that the queue stores for a candidate. */
    static final int COLUMNS = RankedStrategy.MOST;

    /** Of somebody of whom nothing is known: keys are stored, so they may not depend on who is asked. */
    private static final double TYPICAL_ERROR = 0.15;

    /** Keys are stored as real; what is beyond is all the same. */
    private static final double LARGEST = 1e30;

    /** @param column in [0, 4) */
    record Rank(RankingStrategy strategy, double weight, int column) {
        Arm arm() {
            return Arm.of(strategy);
        }
    }

    /** What the showcase ranks by, in a column of its own. */
    static final List<Rank> SHOWCASE = List.of(new Rank(RankingStrategy.FRESHNESS, 1, COLUMNS));

    private final int classes;
    private final List<Rank> ranks;
    private final @Nullable PriorityExpression expression;
    private final Map<RankingStrategy, QueryStrategy> strategies;

    private Ranking(
            int classes,
            List<Rank> ranks,
            @Nullable PriorityExpression expression,
            Map<RankingStrategy, QueryStrategy> strategies) {
        this.classes = classes;
        this.ranks = List.copyOf(ranks);
        this.expression = expression;
        this.strategies = strategies;
    }

    static Ranking of(WorkflowView workflow) {
        return of(workflow, workflow.rules());
    }

    /** @param rules of the workflow, or those that it might have */
    static Ranking of(WorkflowView workflow, Rules rules) {
        List<Rank> ranks = new ArrayList<>();
        PriorityExpression expression = null;
        int next = 1;
        boolean led = false;
        for (RankedStrategy each : rules.mix()) {
            RankingStrategy strategy = each.ranking();
            boolean leads = !led && !strategy.partial();
            ranks.add(new Rank(strategy, each.weight(), leads ? 0 : next++));
            led |= leads;
            if (each.expression() != null) {
                List<String> answers =
                        workflow.answers().stream().map(AnswerOption::key).toList();
                expression = PriorityExpression.parse(each.expression(), PriorityFields.types(answers));
            }
        }
        if (!led) {
            ranks.add(0, new Rank(RankingStrategy.UNCERTAINTY, 0, 0));
        }
        int classes = workflow.classes();
        Map<RankingStrategy, QueryStrategy> strategies = new LinkedHashMap<>();
        strategies.put(RankingStrategy.UNCERTAINTY, new Entropy());
        strategies.put(RankingStrategy.TEACHING, new Teaching());
        strategies.put(RankingStrategy.LEAST_CONFIDENCE, new LeastConfidence());
        strategies.put(RankingStrategy.MARGIN, new Margin());
        strategies.put(RankingStrategy.EPISTEMIC, new Epistemic());
        strategies.put(RankingStrategy.LIKELY, new Greedy(0));
        double[] typical = typicalConfusion(classes);
        strategies.put(RankingStrategy.SETTLING, settling(typical, classes, rules));
        return new Ranking(classes, ranks, expression, strategies);
    }

    /** @param asked P(answer | truth) of who is asked */
    static SettlingPerVote settling(double[] asked, int classes, Rules rules) {
        return new SettlingPerVote(asked, typicalConfusion(classes), classes, rules.retireAt(), rules.maxVotes());
    }

    /** Of somebody of whom nothing is known. */
    static double[] typicalConfusion(int classes) {
        return confusion(TYPICAL_ERROR, classes);
    }

    /** Of somebody who errs with that probability, evenly over the other classes. */
    static double[] confusion(double error, int classes) {
        double[] confusion = new double[classes * classes];
        for (int t = 0; t < classes; t++) {
            for (int a = 0; a < classes; a++) {
                confusion[t * classes + a] = t == a ? 1 - error : error / (classes - 1);
            }
        }
        return confusion;
    }

    int classes() {
        return classes;
    }

    /** In the order of the mix; the weight of a leader that is not of the mix is 0. */
    List<Rank> ranks() {
        return ranks;
    }

    /** Weights by arm. */
    Map<Arm, Double> weights() {
        Map<Arm, Double> weights = new LinkedHashMap<>();
        ranks.forEach(rank -> weights.put(rank.arm(), rank.weight()));
        return weights;
    }

    boolean has(RankingStrategy strategy) {
        return ranks.stream().anyMatch(rank -> rank.strategy() == strategy);
    }

    /** Whether {@link Known#fields()} are looked at. */
    boolean readsFields() {
        return expression != null;
    }

    /** Whether {@link Known#fade()} is looked at. */
    boolean readsFade() {
        return has(RankingStrategy.FRESHNESS)
                || expression != null && expression.toString().contains("fade");
    }

    /**
     * The keys of a candidate by column; NaN where it is not ranked.
     *
     * @param known {@code fields} are filled in
     */
    float[] keys(Known known) {
        float[] keys = new float[COLUMNS];
        Arrays.fill(keys, Float.NaN);
        for (Rank rank : ranks) {
            keys[rank.column()] = (float) Math.min(LARGEST, key(rank.strategy(), known));
        }
        return keys;
    }

    /** The key of the showcase, NaN for what is not for it. */
    static float showcase(Known known) {
        return known.informed() && !known.evaluation()
                ? (float) Showcase.key(known.belief().posterior()[0], known.timeMjd())
                : Float.NaN;
    }

    private double key(RankingStrategy strategy, Known known) {
        return switch (strategy) {
            case RANDOM -> AtRandom.key(known.candidateId(), known.belief().votes() > 0);
            case FRESHNESS -> Freshness.key(known.timeMjd(), known.fade());
            case ANOMALY -> Anomaly.key(known.anomaly());
            case EXPRESSION -> expression(known);
            // Not computed from the candidate alone: drawn by DiverseBatch.
            case DIVERSE -> Double.NaN;
            case UNCERTAINTY, LEAST_CONFIDENCE, MARGIN -> new Priority(strategy(strategy)).of(known.belief());
            case TEACHING, EPISTEMIC, SETTLING, LIKELY -> strategy(strategy).usefulness(known.belief());
        };
    }

    private QueryStrategy strategy(RankingStrategy strategy) {
        QueryStrategy found = strategies.get(strategy);
        if (found == null) {
            throw new IllegalStateException("ranking: " + strategy.key() + " has no usefulness of its own");
        }
        return found;
    }

    private double expression(Known known) {
        PriorityExpression asked = expression;
        if (asked == null) {
            return Double.NaN;
        }
        @Nullable Object[] values = new @Nullable Object[classes + known.fields().length];
        System.arraycopy(known.fields(), 0, values, classes, known.fields().length);
        double[] posterior = known.belief().posterior();
        for (int c = 0; c < classes; c++) {
            values[c] = known.informed() ? posterior[c] : null;
        }
        return asked.of(values);
    }
}
