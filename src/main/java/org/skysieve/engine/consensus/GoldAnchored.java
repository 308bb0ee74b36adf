package org.skysieve.engine.consensus;

import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;

import org.skysieve.engine.math.Softmax;

/**
 * The default once there is gold: volunteers are rated on gold in full and on the rest in part, and how much is decided by
 * what predicts gold best.
 *
 * <ol>
 *   <li>For each u in {0, 0.03, 0.1, 0.3, 1}: plain confusion matrices in whose M-step a vote on gold counts 1 and any other
 *       u. Each is judged by {@value #FOLDS}-fold cross-validation on the gold: log loss after the temperature in [0.5, 10]
 *       that suits it best (log-normal prior of width 0.5 around 1). The best u is kept.
 *   <li>{@link CalibratedBlend}, which learns from all alike, is tempered in the same way.
 *   <li>The consensus is {@code w} of the first and {@code 1 - w} of the second, where w is the mean of {0, 1/4, 1/2, 3/4, 1}
 *       weighted by how probable each makes left-out gold: half and half with little gold, the better one with much.
 * </ol>
 *
 * <p>Plain clamping (u = 1) hardly helps: a thousand unlabelled votes outvote ten gold ones. u = 0 is {@link SpaceWarps} with
 * shrinkage. Needs {@value #MIN_GOLD} gold candidates with votes and {@value #MIN_PER_CLASS} times the classes; below, it
 * falls back to the blend. Costs {@code 5 (FOLDS + 1)} fits of matrices at most and {@code FOLDS + 1} of the blend.
 *
 * <p>Limits: takes gold for as hard as the rest; where gold is easier, reliabilities come out too high.
 *
 * <p>Sources: the weighting of unlabelled data as in Nigam et al. (2000), Machine Learning 39, 103 (EM-lambda).
 */
final class GoldAnchored implements ConsensusMethod {
    static final int MIN_GOLD = 20;
    static final int MIN_PER_CLASS = 5;
    private static final int FOLDS = 5;
    private static final int SHARES = 5;

    /** One surprise may cost so much and no more: gold has errors of its own. */
    private static final double LEAST = 1e-6;

    private static final double[] WEIGHTS = {0, 0.03, 0.1, 0.3, 1};

    @Override
    public String name() {
        return "anchored";
    }

    /** Why this input cannot be anchored; empty if it can. */
    static String lack(ConsensusInput input) {
        int needed = Math.max(MIN_GOLD, MIN_PER_CLASS * input.votes().classes());
        int voted = 0;
        for (int c = 0; input.goldCount() > 0 && c < input.votes().candidates(); c++) {
            voted += input.isGold(c) && input.votes().start(c) < input.votes().start(c + 1) ? 1 : 0;
        }
        return voted >= needed ? "" : voted + " gold standards with votes, " + needed + " needed";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        String lack = lack(input);
        if (!lack.isEmpty()) {
            return new CalibratedBlend().fit(input);
        }
        VoteTable votes = input.votes();
        Posteriors start = MajorityVote.fit(votes);
        int[] fold = folds(input);
        ConsensusInput[] rest = new ConsensusInput[FOLDS];
        for (int f = 0; f < FOLDS; f++) {
            rest[f] = input.withoutGold(fold, f);
        }
        Posteriors[] left = new Posteriors[FOLDS];
        for (int f = 0; f < FOLDS; f++) {
            left[f] = new CalibratedBlend().fit(rest[f].withoutModel()).posteriors();
        }
        Judged blend = Judged.of(input, fold, left);
        double weight = WEIGHTS[0];
        Judged anchored = null;
        for (double u : WEIGHTS) {
            for (int f = 0; f < FOLDS; f++) {
                left[f] = ConfusionEm.fit(rest[f], settings(u), start).posteriors();
            }
            Judged judged = Judged.of(input, fold, left);
            if (anchored == null || judged.loss < anchored.loss) {
                anchored = judged;
                weight = u;
            }
        }
        return pooled(input, weight, Objects.requireNonNull(anchored), blend, start);
    }

    private static ConsensusResult pooled(
            ConsensusInput input, double ungolded, Judged anchored, Judged blend, Posteriors start) {
        int classes = input.votes().classes();
        double share = share(anchored, blend);
        ConsensusResult matrices =
                ConfusionEm.fit(input.withoutModel(), settings(ungolded), start).result("anchored", "");
        Posteriors other = new CalibratedBlend().fit(input.withoutModel()).posteriors();
        double[] flat = new double[other.candidates() * classes];
        double[] p = new double[classes];
        for (int c = 0; c < other.candidates(); c++) {
            int row = c * classes;
            for (int t = 0; t < classes; t++) {
                flat[row + t] = matrices.posteriors().get(c, t);
                p[t] = other.get(c, t);
            }
            if (input.isGold(c)) {
                continue;
            }
            CalibratedBlend.temper(flat, row, classes, anchored.temperature);
            CalibratedBlend.temper(p, 0, classes, blend.temperature);
            for (int t = 0; t < classes; t++) {
                flat[row + t] = share * flat[row + t] + (1 - share) * p[t];
            }
        }
        return new ConsensusResult(
                "anchored",
                ModelEvidence.joined(input, new Posteriors(classes, flat)),
                matrices.confusions(),
                matrices.prior(),
                anchored.temperature,
                matrices.sweeps(),
                matrices.converged(),
                String.format(
                        Locale.ROOT,
                        "%d gold standards: left-out gold is predicted best where a vote without gold counts %s (log loss"
                                + " %.3f, temperature %.2f); %.0f %% of it and the rest of the blend (%.3f, %.2f).",
                        input.goldCount(),
                        ungolded,
                        anchored.loss,
                        anchored.temperature,
                        100 * share,
                        blend.loss,
                        blend.temperature));
    }

    /** The share of {@code one}, by Bayes' rule from equal odds for every share on the grid. */
    private static double share(Judged one, Judged other) {
        double[] log = new double[SHARES];
        for (int s = 0; s < SHARES; s++) {
            double w = s / (SHARES - 1.0);
            for (int i = 0; i < one.gold.length; i++) {
                log[s] += StrictMath.log(w * one.gold[i] + (1 - w) * other.gold[i]);
            }
        }
        Softmax.inPlace(log);
        double mean = 0;
        for (int s = 0; s < SHARES; s++) {
            mean += log[s] * s / (SHARES - 1.0);
        }
        return mean;
    }

    private static ConfusionEm.Settings settings(double ungolded) {
        return new ConfusionEm.Settings(1, 2.5, 2.5, false, 0.8, false, false, 20, ungolded, 60, 1e-3);
    }

    /** The fold of each gold candidate with votes, drawn by the input's seed; -1 for all others. */
    private static int[] folds(ConsensusInput input) {
        VoteTable votes = input.votes();
        int[] gold = new int[input.goldCount()];
        int n = 0;
        int[] fold = new int[votes.candidates()];
        SplittableRandom random = new SplittableRandom(input.seed());
        for (int c = 0; c < votes.candidates(); c++) {
            fold[c] = -1;
            if (input.isGold(c) && votes.start(c) < votes.start(c + 1)) {
                int j = random.nextInt(n + 1);
                gold[n] = gold[j];
                gold[j] = c;
                n++;
            }
        }
        for (int i = 0; i < n; i++) {
            fold[gold[i]] = i % FOLDS;
        }
        return fold;
    }

    /**
     * How a model does on gold that it was not shown.
     *
     * @param temperature what suits it best
     * @param loss mean of minus the natural logarithm of {@code gold}
     * @param gold the probability of each left-out gold candidate's class (of soft gold: geometric mean by its weights)
     */
    private record Judged(double temperature, double loss, double[] gold) {

        /** @param left the fit without each fold */
        static Judged of(ConsensusInput input, int[] fold, Posteriors[] left) {
            int n = 0;
            for (int f : fold) {
                n += f >= 0 ? 1 : 0;
            }
            double[] p = new double[n];
            double best = 1;
            double least = Double.POSITIVE_INFINITY;
            // A grid of a tenth of e: the loss is flat on that scale.
            for (int step = -7; step <= 23; step++) {
                double temperature = StrictMath.exp(step / 10.0);
                double offset = step / 10.0 / 0.5;
                double loss = loss(input, fold, left, temperature, p) + offset * offset / 2;
                if (loss < least) {
                    least = loss;
                    best = temperature;
                }
            }
            return new Judged(best, loss(input, fold, left, best, p) / n, p);
        }

        private static double loss(
                ConsensusInput input, int[] fold, Posteriors[] left, double temperature, double[] gold) {
            int classes = input.votes().classes();
            double[] p = new double[classes];
            double loss = 0;
            int n = 0;
            for (int c = 0; c < fold.length; c++) {
                if (fold[c] < 0) {
                    continue;
                }
                for (int t = 0; t < classes; t++) {
                    p[t] = left[fold[c]].get(c, t);
                }
                CalibratedBlend.temper(p, 0, classes, temperature);
                double log = 0;
                for (int t = 0; t < classes; t++) {
                    if (input.gold(c, t) > 0) {
                        log += input.gold(c, t) * StrictMath.log(Math.max(p[t], LEAST));
                    }
                }
                loss -= log;
                gold[n++] = StrictMath.exp(log);
            }
            return loss;
        }
    }
}
