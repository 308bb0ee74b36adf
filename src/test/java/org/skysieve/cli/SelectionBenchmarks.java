package org.skysieve.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;

import org.skysieve.engine.learn.BinnedRows;
import org.skysieve.engine.learn.HistogramForest;
import org.skysieve.engine.learn.TrainingTable;

/**
 * Measures the query strategies on the papers' data and the forest's speed for {@code bench/selection}: a table, flat
 * JSON on request. Three tenths of the objects are held back to measure on, anew with each seed.
 */
public final class SelectionBenchmarks {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final boolean quick;
    private final int seeds;
    private final int threads;
    private final Map<String, Object> figures = new TreeMap<>();

    private SelectionBenchmarks(boolean quick, int threads) {
        this.quick = quick;
        this.threads = threads;
        seeds = quick ? 2 : 10;
    }

    /** @param args {@code [--quick] [--json FILE] [--threads T]} */
    public static void main(String[] args) throws IOException {
        boolean quick = false;
        Path json = null;
        int threads = 2;
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--json" -> json = Path.of(args[++i]);
                case "--threads" -> threads = Integer.parseInt(args[++i]);
                default -> throw new IllegalArgumentException("bench/selection: unknown option " + args[i]);
            }
        }
        if (!LearningData.isThere()) {
            System.err.println("bench/selection: no folder " + LearningData.FOLDER
                    + ": lay the data there or set $SKYSIEVE_DATA to its parent");
            System.exit(3);
        }
        SelectionBenchmarks benchmarks = new SelectionBenchmarks(quick, threads);
        benchmarks.run();
        if (json != null) {
            Files.writeString(
                    json,
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(benchmarks.figures) + "\n");
        }
    }

    private void run() throws IOException {
        String machine = SYSTEM.getAvailableProcessors() + " cores, " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.specification.version") + ", load "
                + String.format(Locale.ROOT, "%.1f", SYSTEM.getSystemLoadAverage());
        System.out.println("On " + machine + ", " + seeds + " seeds" + (quick ? " (quick: too few to compare)" : ""));
        figures.put("machine", machine);
        figures.put("seeds", seeds);
        forests();
        List<String> two = List.of("random", "uncertainty");
        // With two classes and trees grown until they are sure, margin, entropy and BALD choose as uncertainty does.
        List<String> more = quick ? two : List.of("random", "uncertainty", "power", "kmeans", "coreset", "greedy");
        measure("ztf", "ZTF (sigmoid features), 5+5, batch 1", LearningData.ztf(), 10, 1, two);
        measure("snpccCold", "SNPCC (Bazin), 5+5, batch 10", LearningData.snpcc(), 10, 10, two);
        measure(
                "snpccSpec",
                "SNPCC (Bazin) from the spectroscopic sample, batch 10",
                LearningData.snpccFromSpectroscopicSample(),
                0,
                10,
                more);
    }

    private void measure(String key, String what, FeatureTable table, int start, int batch, List<String> strategies) {
        System.out.println(what + ": " + table);
        long before = SYSTEM.getProcessCpuTime();
        LearningCurves curves = LearningCurves.of(
                strategies,
                LongStream.rangeClosed(1, seeds).boxed().toList(),
                seed -> LearningRun.splitting(table, LearningData.settings(start, batch), seed),
                threads,
                () -> {});
        double seconds = (SYSTEM.getProcessCpuTime() - before) / 1e9;
        double best = 0;
        for (String strategy : strategies) {
            String name = key + Character.toUpperCase(strategy.charAt(0)) + strategy.substring(1);
            StringBuilder row = new StringBuilder();
            for (int labels : new int[] {100, 200, 300}) {
                double[] foms = curves.foms(strategy, labels);
                double mean = LearningCurves.mean(foms);
                row.append(String.format(Locale.ROOT, "  %.3f +- %.3f", mean, LearningCurves.deviation(foms)));
                figures.put(name + "Fom" + labels, mean);
                figures.put(name + "Fom" + labels + "Deviation", LearningCurves.deviation(foms));
            }
            best = Math.max(best, LearningCurves.mean(curves.foms(strategy, 300)));
            double accuracy = LearningCurves.mean(curves.points(strategy, 300).stream()
                    .mapToDouble(LearningRun.Point::accuracy)
                    .toArray());
            figures.put(name + "Accuracy300", accuracy);
            row.append(String.format(Locale.ROOT, "  accuracy %.3f", accuracy));
            if (!strategy.equals("random")) {
                int wins = curves.wins(strategy, "random", 300);
                int needed = curves.labelsToMatch(strategy, "random", 300).orElse(-1);
                figures.put(name + "Wins", wins);
                figures.put(name + "LabelsToMatchRandom300", needed);
                row.append("  wins ").append(wins).append(" of ").append(seeds);
                row.append(needed < 0 ? ", never as good as random" : ", as random at 300 after " + needed);
            }
            System.out.printf(Locale.ROOT, "  %-12s%s%n", strategy, row);
        }
        figures.put(key + "BestFom300", best);
        figures.put(key + "CpuSeconds", seconds);
        System.out.printf(Locale.ROOT, "  %-12s  %.1f CPU s%n", "took", seconds);
    }

    /** The fit of a batch-1 loop, and the large one. */
    private void forests() throws IOException {
        FeatureTable ztf = LearningData.ztf();
        BinnedRows rows = BinnedRows.of(ztf.values(), ztf.features(), 64);
        int[] which = new SplittableRandom(1).ints(310, 0, ztf.size()).toArray();
        int[] labels = new int[which.length];
        for (int i = 0; i < which.length; i++) {
            labels[i] = ztf.isPositive(which[i]) ? 1 : 0;
        }
        HistogramForest.Options options = HistogramForest.Options.defaults(1);
        int fits = 200;
        long start = 0;
        for (int i = -fits; i < fits; i++) {
            if (i == 0) {
                start = SYSTEM.getProcessCpuTime();
            }
            HistogramForest.fit(rows, which, labels, 2, options.withSeed(i));
        }
        figure(
                "smallFitCpuMs",
                "fit of 310 rows x 12, 100 trees, CPU",
                (SYSTEM.getProcessCpuTime() - start) / 1e6 / fits,
                "ms");

        TrainingTable table = large(100_000, 20);
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < (quick ? 1 : 3); i++) {
            start = SYSTEM.getProcessCpuTime();
            HistogramForest.fit(table, options);
            least = Math.min(least, (SYSTEM.getProcessCpuTime() - start) / 1e9);
        }
        figure("forestFitCpuSeconds", "fit of 1e5 rows x 20, 100 trees, CPU", least, "s");
    }

    /** Ten of twenty features carry the class, with a tenth of the labels flipped. */
    private static TrainingTable large(int n, int features) {
        SplittableRandom random = new SplittableRandom(1);
        float[] rows = new float[n * features];
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            double sum = 0;
            for (int f = 0; f < features; f++) {
                rows[i * features + f] = (float) random.nextGaussian();
                sum += f < features / 2 ? rows[i * features + f] : 0;
            }
            labels[i] = sum > 0 ^ random.nextInt(10) == 0 ? 1 : 0;
        }
        return TrainingTable.ofClasses(features, 2, rows, labels);
    }

    private void figure(String key, String what, double value, String unit) {
        if (!(value > 0) || Double.isInfinite(value)) {
            throw new IllegalStateException("bench/selection: could not measure " + what + ": got " + value);
        }
        figures.put(key, value);
        System.out.printf(Locale.ROOT, "  %-40s %10.2f %s%n", what, value, unit);
    }
}
