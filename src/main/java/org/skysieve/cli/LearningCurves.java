package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongFunction;

/** The learning curves of several strategies over the same seeds. */
final class LearningCurves {
    /** Curves by strategy and seed, both in the order in which they were asked for. */
    private final Map<String, Map<Long, List<LearningRun.Point>>> curves = new LinkedHashMap<>();

    private final Map<String, Map<Long, List<LearningRun.Estimated>>> estimates = new LinkedHashMap<>();

    private LearningCurves() {}

    /**
     * Runs every strategy with every seed.
     *
     * @param run prepares the run of a seed
     * @param threads at least 1; they change the speed only
     * @param progress called after each point of a curve, by any thread
     */
    static LearningCurves of(
            List<String> strategies, List<Long> seeds, LongFunction<LearningRun> run, int threads, Runnable progress) {
        LearningCurves all = new LearningCurves();
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "learn");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Map<String, Map<Long, Future<LearningRun.Outcome>>> running = new LinkedHashMap<>();
            for (String strategy : strategies) {
                for (long seed : seeds) {
                    running.computeIfAbsent(strategy, s -> new TreeMap<>())
                            .put(
                                    seed,
                                    pool.submit(
                                            () -> run.apply(seed).run(LearningStrategies.create(strategy), progress)));
                }
            }
            for (String strategy : running.keySet()) {
                for (Map.Entry<Long, Future<LearningRun.Outcome>> one :
                        running.getOrDefault(strategy, Map.of()).entrySet()) {
                    LearningRun.Outcome outcome = one.getValue().get();
                    all.curves.computeIfAbsent(strategy, s -> new TreeMap<>()).put(one.getKey(), outcome.curve());
                    all.estimates
                            .computeIfAbsent(strategy, s -> new TreeMap<>())
                            .put(one.getKey(), outcome.estimates());
                }
            }
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("learn: interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalArgumentException wrong) {
                throw wrong;
            }
            throw new IllegalStateException("learn: a run failed: " + e.getCause(), e.getCause());
        } finally {
            pool.shutdownNow();
        }
    }

    List<LearningRun.Point> curve(String strategy, long seed) {
        return curves.getOrDefault(strategy, Map.of()).getOrDefault(seed, List.of());
    }

    /** What the bought labels tell at the end of a run; empty where the strategy does not know its probabilities. */
    List<LearningRun.Estimated> estimates(String strategy, long seed) {
        return estimates.getOrDefault(strategy, Map.of()).getOrDefault(seed, List.of());
    }

    /** The figures of merit after so many labels, one a seed; of a shorter curve its last. */
    double[] foms(String strategy, int labels) {
        return points(strategy, labels).stream()
                .mapToDouble(LearningRun.Point::fom)
                .toArray();
    }

    /** The points after so many labels, one a seed. */
    List<LearningRun.Point> points(String strategy, int labels) {
        List<LearningRun.Point> found = new ArrayList<>();
        for (List<LearningRun.Point> curve :
                curves.getOrDefault(strategy, Map.of()).values()) {
            found.add(curve.stream()
                    .filter(point -> point.labels() >= labels)
                    .findFirst()
                    .orElse(curve.get(curve.size() - 1)));
        }
        return found;
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Sample standard deviation; 0 of a single value. */
    static double deviation(double[] values) {
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1));
    }

    /** In how many seeds {@code strategy} has the higher figure of merit after so many labels. */
    int wins(String strategy, String other, int labels) {
        double[] ours = foms(strategy, labels);
        double[] theirs = foms(other, labels);
        int wins = 0;
        for (int i = 0; i < ours.length; i++) {
            wins += ours[i] > theirs[i] ? 1 : 0;
        }
        return wins;
    }

    /** The fewest labels whose mean figure of merit reaches that of {@code other} after {@code labels}. */
    OptionalInt labelsToMatch(String strategy, String other, int labels) {
        double bar = mean(foms(other, labels));
        return curves.getOrDefault(strategy, Map.of()).values().stream().findFirst().orElse(List.of()).stream()
                .mapToInt(LearningRun.Point::labels)
                .filter(at -> mean(foms(strategy, at)) >= bar)
                .findFirst();
    }

    private int lastLabels() {
        return curves.values().stream()
                .flatMap(bySeed -> bySeed.values().stream())
                .mapToInt(curve -> curve.get(curve.size() - 1).labels())
                .max()
                .orElse(0);
    }

    /** Writes {@code strategy,seed,labels,accuracy,completeness,purity,fom,auc}, one row a point. */
    void write(Path file) throws IOException {
        WholeFile.write(file, fresh -> {
            try (Writer out = Files.newBufferedWriter(fresh)) {
                rows(out);
            }
            return fresh;
        });
    }

    /** Writes {@code strategy,seed,measure,naive,weighted,low,high,truth}: what the bought labels tell at the end. */
    void writeEstimates(Path file) throws IOException {
        WholeFile.write(file, fresh -> {
            try (Writer out = Files.newBufferedWriter(fresh)) {
                out.write("strategy,seed,measure,naive,weighted,low,high,truth\n");
                for (Map.Entry<String, Map<Long, List<LearningRun.Estimated>>> strategy : estimates.entrySet()) {
                    for (Map.Entry<Long, List<LearningRun.Estimated>> seed :
                            strategy.getValue().entrySet()) {
                        for (LearningRun.Estimated each : seed.getValue()) {
                            out.write(String.format(
                                    Locale.ROOT,
                                    "%s,%d,%s,%.6f,%.6f,%.6f,%.6f,%.6f\n",
                                    strategy.getKey(),
                                    seed.getKey(),
                                    each.measure(),
                                    each.naive(),
                                    each.weighted(),
                                    each.low(),
                                    each.high(),
                                    each.truth()));
                        }
                    }
                }
            }
            return fresh;
        });
    }

    private void printEstimates(PrintWriter out) {
        for (Map.Entry<String, Map<Long, List<LearningRun.Estimated>>> strategy : estimates.entrySet()) {
            Map<String, List<LearningRun.Estimated>> byMeasure = new LinkedHashMap<>();
            strategy.getValue()
                    .values()
                    .forEach(all -> all.stream()
                            .filter(each -> !Double.isNaN(each.naive() + each.weighted() + each.truth()))
                            .forEach(each -> byMeasure
                                    .computeIfAbsent(each.measure(), m -> new ArrayList<>())
                                    .add(each)));
            byMeasure.forEach((measure, all) -> out.printf(
                    Locale.ROOT,
                    "%s: %s told by the bought labels %.3f, weighted %.3f, on the test rows %.3f; the interval holds it in"
                            + " %d of %d seeds%n",
                    strategy.getKey(),
                    measure,
                    all.stream()
                            .mapToDouble(LearningRun.Estimated::naive)
                            .average()
                            .orElse(Double.NaN),
                    all.stream()
                            .mapToDouble(LearningRun.Estimated::weighted)
                            .average()
                            .orElse(Double.NaN),
                    all.stream()
                            .mapToDouble(LearningRun.Estimated::truth)
                            .average()
                            .orElse(Double.NaN),
                    all.stream()
                            .filter(each -> each.low() <= each.truth() && each.truth() <= each.high())
                            .count(),
                    all.size()));
        }
    }

    private void rows(Writer out) throws IOException {
        out.write("strategy,seed,labels,accuracy,completeness,purity,fom,auc\n");
        for (Map.Entry<String, Map<Long, List<LearningRun.Point>>> strategy : curves.entrySet()) {
            for (Map.Entry<Long, List<LearningRun.Point>> seed :
                    strategy.getValue().entrySet()) {
                for (LearningRun.Point point : seed.getValue()) {
                    out.write(String.format(
                            Locale.ROOT,
                            "%s,%d,%d,%.6f,%.6f,%.6f,%.6f,%.6f\n",
                            strategy.getKey(),
                            seed.getKey(),
                            point.labels(),
                            point.accuracy(),
                            point.completeness(),
                            point.purity(),
                            point.fom(),
                            point.auc()));
                }
            }
        }
    }

    /** Prints the mean figure of merit by strategy, and how each compares with random where that was run. */
    void print(PrintWriter out) {
        int last = lastLabels();
        List<Integer> at = new ArrayList<>(new TreeSet<>(List.of(0, last / 3, 2 * last / 3, last)));
        out.print("FoM after so many labels");
        at.forEach(labels -> out.printf(Locale.ROOT, "%15d", labels));
        out.println("   accuracy     AUC");
        for (String strategy : curves.keySet()) {
            out.printf(Locale.ROOT, "%-24s", strategy);
            for (int labels : at) {
                double[] foms = foms(strategy, labels);
                out.printf(Locale.ROOT, " %.3f +- %.3f", mean(foms), deviation(foms));
            }
            List<LearningRun.Point> ends = points(strategy, last);
            out.printf(
                    Locale.ROOT,
                    "%11.3f%8.3f%n",
                    mean(ends.stream().mapToDouble(LearningRun.Point::accuracy).toArray()),
                    mean(ends.stream().mapToDouble(LearningRun.Point::auc).toArray()));
        }
        if (curves.containsKey("random")) {
            for (String strategy : curves.keySet()) {
                if (!strategy.equals("random")) {
                    OptionalInt needed = labelsToMatch(strategy, "random", last);
                    out.println(strategy + ": better than random in " + wins(strategy, "random", last) + " of "
                            + curves.getOrDefault(strategy, Map.of()).size() + " seeds; "
                            + (needed.isPresent()
                                    ? "as good after " + needed.getAsInt() + " labels as random after " + last
                                    : "not as good as random after " + last + " labels"));
                }
            }
        }
        printEstimates(out);
        out.flush();
    }
}
