package org.skysieve.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.skysieve.engine.learn.BinnedRows;
import org.skysieve.engine.learn.HistogramForest;
import org.skysieve.engine.learn.IsolationForest;
import org.skysieve.engine.learn.Metrics;
import org.skysieve.engine.select.Anomaly;
import org.skysieve.engine.select.BatchQuery;
import org.skysieve.engine.select.HorvitzThompson;
import org.skysieve.engine.select.Lure;
import org.skysieve.engine.select.Pool;

/**
 * One replay of active learning: start from a few labels, fit a forest, let a strategy ask for more, fit again, and
 * measure on rows that were never in the pool. As Ishida et al. (2019), arXiv:1804.03765, and Leoni et al. (2022),
 * arXiv:2111.11438, do.
 *
 * <p>What is left to chance comes from the seed alone, and in the same order for every strategy: test rows, start and
 * first forest of one seed are the same for all, so that strategies can be compared in pairs.
 */
final class LearningRun {
    static final int CLASSES = 2;
    static final int NEGATIVE = 0;
    static final int POSITIVE = 1;

    /** More bins than a night's few hundred labels can tell apart cost time only. */
    static final int BINS = 64;

    private final FeatureTable pool;
    private final BinnedRows poolRows;
    private final FeatureTable test;
    private final BinnedRows testRows;
    private final int[] start;
    private final SplittableRandom random;
    private final Settings settings;

    /**
     * @param start labels to start from, half of them positive, drawn at random; 0 where the table marks them
     * @param batch labels bought at a time, at least 1
     * @param budget labels bought in all, the start not counted
     * @param testShare of the groups held back where there is no test table, in (0, 1)
     */
    record Settings(int start, int batch, int budget, double testShare, HistogramForest.Options forest) {
        /** Points of a curve. */
        int steps() {
            return 1 + (budget + batch - 1) / batch;
        }
    }

    /**
     * How good the classifier is after so many bought labels.
     *
     * @param purity NaN where no row is called positive
     * @param fom completeness x purity / (purity + 3 (1 - purity)) (Ishida et al. 2019, W = 3); 0 where nothing is found
     */
    record Point(int labels, double accuracy, double completeness, double purity, double fom, double auc) {}

    /**
     * What the labels that were bought tell of the classifier, beside the truth.
     *
     * @param measure {@code accuracy}, {@code completeness} or {@code purity}
     * @param naive the plain share among the bought rows, each called by the trees that did not learn it
     * @param weighted the same by {@link Lure}
     * @param low of its 95 % interval
     * @param truth on the test rows
     */
    record Estimated(String measure, double naive, double weighted, double low, double high, double truth) {}

    /** @param estimates empty where the strategy does not draw with known probabilities */
    record Outcome(List<Point> curve, List<Estimated> estimates) {}

    private LearningRun(
            FeatureTable pool,
            BinnedRows poolRows,
            FeatureTable test,
            BinnedRows testRows,
            int[] start,
            SplittableRandom random,
            Settings settings) {
        this.pool = pool;
        this.poolRows = poolRows;
        this.test = test;
        this.testRows = testRows;
        this.start = start;
        this.random = random;
        this.settings = settings;
    }

    /**
     * Prepares a run whose test rows are those of another table.
     *
     * @param table shares no group with {@code test}
     */
    static LearningRun of(FeatureTable table, FeatureTable test, Settings settings, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        // So that the start does not depend on whether a split was drawn before.
        SplittableRandom startRandom = random.split();
        return create(table, test, settings, startRandom, random);
    }

    /** Prepares a run that holds back a share of the groups as its test rows; never those of a start set. */
    static LearningRun splitting(FeatureTable table, Settings settings, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SplittableRandom startRandom = random.split();
        BitSet started = new BitSet();
        for (int i = 0; i < table.size(); i++) {
            if (table.isStart(i)) {
                started.set(table.group(i));
            }
        }
        int[] groups = IntStream.range(0, table.size())
                .map(table::group)
                .distinct()
                .filter(group -> !started.get(group))
                .toArray();
        shuffle(groups, random);
        BitSet held = new BitSet();
        Arrays.stream(groups, 0, (int) Math.round(settings.testShare() * groups.length))
                .forEach(held::set);
        int[] testRows = IntStream.range(0, table.size())
                .filter(i -> held.get(table.group(i)))
                .toArray();
        int[] poolRows = IntStream.range(0, table.size())
                .filter(i -> !held.get(table.group(i)))
                .toArray();
        return create(table.select(poolRows), table.select(testRows), settings, startRandom, random);
    }

    private static LearningRun create(
            FeatureTable pool,
            FeatureTable test,
            Settings settings,
            SplittableRandom startRandom,
            SplittableRandom random) {
        if (test.positives() == 0 || test.positives() == test.size()) {
            throw new IllegalArgumentException("test rows: got " + test.positives() + " positives of " + test.size()
                    + ", need both positives and others");
        }
        int[] start = settings.start() == 0
                ? IntStream.range(0, pool.size()).filter(pool::isStart).toArray()
                : drawStart(pool, settings.start(), startRandom);
        BinnedRows poolRows =
                BinnedRows.of(pool.values(), pool.features(), settings.forest().bins());
        return new LearningRun(pool, poolRows, test, poolRows.others(test.values()), start, random, settings);
    }

    private static int[] drawStart(FeatureTable pool, int start, SplittableRandom random) {
        int positives = (start + 1) / 2;
        int negatives = start - positives;
        if (pool.positives() < positives || pool.size() - pool.positives() < negatives) {
            throw new IllegalArgumentException("pool: got " + pool.positives() + " positives and "
                    + (pool.size() - pool.positives()) + " others, need " + positives + " and " + negatives
                    + " to start from");
        }
        int[] rows = IntStream.range(0, pool.size()).toArray();
        shuffle(rows, random);
        int[] chosen = new int[start];
        int taken = 0;
        for (int row : rows) {
            if (pool.isPositive(row) ? positives-- > 0 : negatives-- > 0) {
                chosen[taken++] = row;
            }
        }
        return chosen;
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    int poolSize() {
        return pool.size();
    }

    /**
     * Buys the budget's labels, or all of the pool's.
     *
     * @param progress called after each point
     */
    Outcome run(BatchQuery query, Runnable progress) {
        int[] labelled = start.clone();
        double[] probabilities = new double[0];
        BitSet known = new BitSet();
        Arrays.stream(labelled).forEach(known::set);
        float[] ranks = poolRows.ranks();
        // The others are spared the work.
        float[] anomalies = query instanceof Anomaly ? anomalies() : new float[0];
        int[] allTest = testRows.all();
        List<Point> curve = new ArrayList<>();
        int bought = 0;
        while (true) {
            HistogramForest.Fit fit = fit(labelled);
            HistogramForest forest = fit.forest();
            curve.add(measure(bought, forest.opinions(testRows, allTest).probabilities()));
            progress.run();
            int[] open =
                    IntStream.range(0, pool.size()).filter(i -> !known.get(i)).toArray();
            int wanted = Math.min(settings.batch(), settings.budget() - bought);
            if (wanted <= 0 || open.length == 0) {
                Point last = curve.get(curve.size() - 1);
                return new Outcome(curve, estimates(labelled, probabilities, fit.outOfBag(), last));
            }
            BatchQuery.Drawn drawn = query.draw(view(forest, labelled, open, ranks, anomalies), wanted, random.split());
            int[] chosen = drawn.rows();
            int asked = probabilities.length;
            probabilities = Arrays.copyOf(probabilities, asked + chosen.length);
            System.arraycopy(drawn.probabilities(), 0, probabilities, asked, chosen.length);
            int before = labelled.length;
            labelled = Arrays.copyOf(labelled, before + chosen.length);
            System.arraycopy(chosen, 0, labelled, before, chosen.length);
            Arrays.stream(chosen).forEach(known::set);
            bought += chosen.length;
        }
    }

    /**
     * Of the bought rows; the start was chosen by class. A row is called by the trees that did not learn it: on the rows
     * that a forest has learned it is always right.
     */
    private List<Estimated> estimates(int[] labelled, double[] probabilities, double[] outOfBag, Point truth) {
        int bought = probabilities.length;
        if (bought == 0 || Arrays.stream(probabilities).anyMatch(Double::isNaN)) {
            return List.of();
        }
        int open = pool.size() - start.length;
        List<Estimated> estimates = new ArrayList<>();
        for (String measure : List.of("accuracy", "completeness", "purity")) {
            Lure lure = new Lure(open);
            double hits = 0;
            double all = 0;
            for (int m = 0; m < bought; m++) {
                double p = outOfBag[(start.length + m) * CLASSES + POSITIVE];
                boolean claimed = p > .5;
                boolean positive = pool.isPositive(labelled[start.length + m]);
                boolean bears = !Double.isNaN(p)
                        && switch (measure) {
                            case "completeness" -> positive;
                            case "purity" -> claimed;
                            default -> true;
                        };
                boolean hit = bears && claimed == positive;
                lure.add(probabilities[m], hit ? 1 : 0, bears && !hit ? 1 : 0);
                hits += hit ? 1 : 0;
                all += bears ? 1 : 0;
            }
            HorvitzThompson.Estimate weighted = lure.share(.95);
            estimates.add(new Estimated(
                    measure,
                    all == 0 ? Double.NaN : hits / all,
                    weighted.value(),
                    weighted.low(),
                    weighted.high(),
                    switch (measure) {
                        case "completeness" -> truth.completeness();
                        case "purity" -> truth.purity();
                        default -> truth.accuracy();
                    }));
        }
        return estimates;
    }

    private HistogramForest.Fit fit(int[] labelled) {
        int[] labels = new int[labelled.length];
        Arrays.setAll(labels, i -> pool.isPositive(labelled[i]) ? POSITIVE : NEGATIVE);
        return HistogramForest.fit(
                poolRows, labelled, labels, CLASSES, settings.forest().withSeed(random.nextLong()));
    }

    /** Of the pool's rows; a seed of its own leaves what chance gives the other strategies as it is. */
    private float[] anomalies() {
        return IsolationForest.fit(
                        pool.values(),
                        pool.features(),
                        IsolationForest.Options.usual(settings.forest().seed()))
                .scoresOfAll(pool.values());
    }

    private Pool view(HistogramForest forest, int[] labelled, int[] open, float[] ranks, float[] anomalies) {
        HistogramForest.Opinions opinions = forest.opinions(poolRows, open);
        double[] p = opinions.probabilities();
        double[] epistemic = new double[open.length];
        for (int i = 0; i < open.length; i++) {
            double entropy = 0;
            for (int k = i * CLASSES; k < (i + 1) * CLASSES; k++) {
                entropy -= p[k] > 0 ? p[k] * Math.log(p[k]) : 0;
            }
            epistemic[i] = Math.max(0, entropy - opinions.expectedEntropy()[i]);
        }
        return new Pool(CLASSES, labelled, open, p, epistemic, ranks, poolRows.features(), anomalies);
    }

    private Point measure(int bought, double[] probabilities) {
        int n = test.size();
        double[] scores = new double[n];
        double[] truth = new double[n];
        double[] weights = new double[n];
        int found = 0;
        int called = 0;
        int right = 0;
        for (int i = 0; i < n; i++) {
            scores[i] = probabilities[i * CLASSES + POSITIVE];
            boolean positive = test.isPositive(i);
            truth[i] = positive ? 1 : 0;
            weights[i] = 1;
            // A tie of the trees is no claim: only a majority is.
            boolean claimed = scores[i] > .5;
            called += claimed ? 1 : 0;
            found += claimed && positive ? 1 : 0;
            right += claimed == positive ? 1 : 0;
        }
        double completeness = found / (double) test.positives();
        double purity = called == 0 ? Double.NaN : found / (double) called;
        double fom = found == 0 ? 0 : completeness * purity / (purity + 3 * (1 - purity));
        return new Point(bought, right / (double) n, completeness, purity, fom, Metrics.auc(scores, truth, weights));
    }
}
