package org.skysieve.engine.consensus;

import java.util.Locale;
import java.util.SplittableRandom;

import org.skysieve.engine.math.Softmax;

/**
 * The default once there is gold: volunteers are rated on gold in full and on the rest in part, and how much is decided by
 * what predicts gold best.
 *
 * <ol>
 *   <li>For each u in {0, 0.03, 0.1, 0.3, 1}: confusion matrices in whose M-step a vote on gold counts 1 and any other u.
 *       And {@link CalibratedBlend}, which learns from all alike.
 *   <li>Each is judged by {@value #FOLDS}-fold cross-validation on the gold: log loss after the temperature in [0.5, 10] that
 *       suits it best (log-normal prior of width 0.5 around 1 for the blend, around the crowd's own for the others).
 *   <li>The best is fitted on all gold and tempered.
 * </ol>
 *
 * <p>Plain clamping (u = 1) hardly helps: a thousand unlabelled votes outvote ten gold ones. u = 0 is {@link SpaceWarps} with
 * shrinkage. Needs {@value #MIN_GOLD} gold candidates with votes and {@value #MIN_PER_CLASS} times the classes; below, it
 * falls back to the blend. {@code 6 * FOLDS + 1} fits.
 *
 * <p>Limits: takes gold for as hard as the rest; where gold is easier, reliabilities come out too high.
 *
 * <p>Sources: the weighting of unlabelled data as in Nigam et al. (2000), Machine Learning 39, 103 (EM-lambda).
 */
final class GoldAnchored implements ConsensusMethod {
    static final int MIN_GOLD = 20;
    static final int MIN_PER_CLASS = 5;
    private static final int FOLDS = 5;
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
        Choice best = null;
        for (double u : WEIGHTS) {
            Posteriors[] fits = new Posteriors[FOLDS];
            for (int f = 0; f < FOLDS; f++) {
                fits[f] = ConfusionEm.fit(rest[f], settings(u), start).posteriors();
            }
            best = Choice.better(best, Choice.of(input, fold, fits, u, 1));
        }
        CalibratedBlend blend = new CalibratedBlend();
        Posteriors[] fits = new Posteriors[FOLDS];
        for (int f = 0; f < FOLDS; f++) {
            fits[f] = blend.fit(rest[f].withoutModel()).posteriors();
        }
        best = Choice.better(best, Choice.of(input, fold, fits, Double.NaN, 1));
        return result(input, best, start);
    }

    private static ConsensusResult result(ConsensusInput input, Choice choice, Posteriors start) {
        boolean blended = Double.isNaN(choice.weight);
        ConsensusInput crowdOnly = input.withoutModel();
        ConsensusResult fitted = blended
                ? new CalibratedBlend().fit(crowdOnly)
                : ConfusionEm.fit(crowdOnly, settings(choice.weight), start).result("anchored", "");
        Posteriors crowd = fitted.posteriors();
        double[] flat = new double[crowd.candidates() * crowd.classes()];
        for (int c = 0; c < crowd.candidates(); c++) {
            for (int t = 0; t < crowd.classes(); t++) {
                flat[c * crowd.classes() + t] = crowd.get(c, t);
            }
            if (!input.isGold(c)) {
                CalibratedBlend.temper(flat, c * crowd.classes(), crowd.classes(), choice.temperature);
            }
        }
        return new ConsensusResult(
                "anchored",
                ModelEvidence.joined(input, new Posteriors(crowd.classes(), flat)),
                fitted.confusions(),
                fitted.prior(),
                choice.temperature,
                fitted.sweeps(),
                fitted.converged(),
                String.format(
                        Locale.ROOT,
                        "Of %d models %s predicts left-out gold best (log loss %.3f, %d gold standards); temperature %.2f from gold.",
                        WEIGHTS.length + 1,
                        blended
                                ? "the blend that learns from all votes alike"
                                : "the one that counts a vote without gold as " + choice.weight,
                        choice.loss,
                        input.goldCount(),
                        choice.temperature));
    }

    private static ConfusionEm.Settings settings(double ungolded) {
        return new ConfusionEm.Settings(1, 2.5, 2.5, false, 0.8, false, false, 20, ungolded, 100, 1e-4);
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
     * @param weight u; NaN for the blend
     * @param loss mean natural-log loss on left-out gold
     */
    private record Choice(double weight, double temperature, double loss) {

        static Choice better(@org.jspecify.annotations.Nullable Choice one, Choice other) {
            return one == null || other.loss < one.loss ? other : one;
        }

        static Choice of(ConsensusInput input, int[] fold, Posteriors[] fits, double weight, double centre) {
            double best = 1;
            double least = Double.POSITIVE_INFINITY;
            // A grid of a twentieth of e: the loss is flat on that scale.
            for (int step = -14; step <= 46; step++) {
                double temperature = StrictMath.exp(step / 20.0);
                double offset = StrictMath.log(temperature / centre) / 0.5;
                double loss = loss(input, fold, fits, temperature) + offset * offset / 2 / input.goldCount();
                if (loss < least) {
                    least = loss;
                    best = temperature;
                }
            }
            return new Choice(weight, best, loss(input, fold, fits, best));
        }

        private static double loss(ConsensusInput input, int[] fold, Posteriors[] fits, double temperature) {
            int classes = input.votes().classes();
            double[] log = new double[classes];
            double loss = 0;
            int count = 0;
            for (int c = 0; c < fold.length; c++) {
                if (fold[c] < 0) {
                    continue;
                }
                for (int t = 0; t < classes; t++) {
                    log[t] = StrictMath.log(Math.max(fits[fold[c]].get(c, t), 1e-12)) / temperature;
                }
                Softmax.inPlace(log);
                for (int t = 0; t < classes; t++) {
                    if (input.gold(c, t) > 0) {
                        loss -= input.gold(c, t) * StrictMath.log(Math.max(log[t], 1e-12));
                    }
                }
                count++;
            }
            return loss / count;
        }
    }
}
