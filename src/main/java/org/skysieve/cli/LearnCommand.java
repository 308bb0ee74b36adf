package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.skysieve.engine.learn.HistogramForest;

/** Replays active learning on a labelled table: files in, learning curves out, no server and no database. */
@Command(
        name = "learn",
        description = "Replay active learning on your own labelled features: how good would a random forest be after so"
                + " many labels, chosen by this strategy or that? CSV files in, learning curves out. Needs no server.",
        mixinStandardHelpOptions = true)
final class LearnCommand implements Callable<Integer> {
    private static final int DEFAULT_START = 10;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--features",
            paramLabel = "FILE",
            required = true,
            description = "One row each, a header; every column is a number or missing, but those named below.")
    private Path features = Path.of("");

    @Option(names = "--id-column", paramLabel = "NAME", required = true, description = "Of the row's name.")
    private String idColumn = "";

    @Option(
            names = "--group-column",
            paramLabel = "NAME",
            description = "Rows of one group (object) are never split between pool and test (default: the id).")
    private @Nullable String groupColumn;

    @Option(names = "--label-column", paramLabel = "NAME", required = true, description = "Of the class.")
    private String labelColumn = "";

    @Option(
            names = "--positive",
            paramLabel = "V",
            required = true,
            description = "The class that is looked for; all others are the negative one.")
    private String positive = "";

    @Option(
            names = "--strategy",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "uncertainty,random",
            completionCandidates = StrategyNames.class,
            description = "One or more of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private List<String> strategies = List.of();

    @Option(
            names = "--start",
            paramLabel = "N",
            description = "Labels to start from, half of them positive, drawn at random (default: " + DEFAULT_START
                    + ", unless a start set is given).")
    private @Nullable Integer start;

    @Option(
            names = "--start-column",
            paramLabel = "NAME",
            description = "1 marks the rows whose label is known from the start, 0 the others.")
    private @Nullable String startColumn;

    @Option(
            names = "--start-features",
            paramLabel = "FILE",
            description = "Rows whose label is known from the start, with the same columns.")
    private @Nullable Path startFeatures;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Labels bought between two fits (default: ${DEFAULT-VALUE}).")
    private int batch = 1;

    @Option(
            names = "--budget",
            paramLabel = "N",
            defaultValue = "300",
            description = "Labels bought in all, the start not counted (default: ${DEFAULT-VALUE}).")
    private int budget = 300;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            defaultValue = "10",
            description = "Runs of each strategy, with seeds S, S + 1, ... (default: ${DEFAULT-VALUE}).")
    private int seeds = 10;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "The first seed; each decides the split, the start and the forests, the same for all"
                    + " strategies (default: ${DEFAULT-VALUE}).")
    private long seed = 1;

    @Option(
            names = "--test-features",
            paramLabel = "FILE",
            description = "Rows to measure on, with the same columns (default: a part of the groups is held back).")
    private @Nullable Path testFeatures;

    @Option(
            names = "--test-share",
            paramLabel = "F",
            defaultValue = "0.3",
            description = "The part of the groups that is held back without --test-features (default:"
                    + " ${DEFAULT-VALUE}).")
    private double testShare = .3;

    @Option(names = "--ignore", paramLabel = "NAME", split = ",", description = "Columns that are no features.")
    private List<String> ignored = List.of();

    @Option(
            names = "--trees",
            paramLabel = "N",
            defaultValue = "100",
            description = "Of the random forest (default: ${DEFAULT-VALUE}).")
    private int trees = 100;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the curves go, as CSV.")
    private Path out = Path.of("");

    @Option(
            names = "--estimates",
            paramLabel = "FILE",
            description = "Where to write what the bought labels tell of accuracy, completeness and purity, naive and"
                    + " weighted by the probabilities of their choice, beside the truth (random and power only).")
    private @Nullable Path estimates;

    /** For the help text and completion. */
    static final class StrategyNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return LearningStrategies.names().iterator();
        }
    }

    @Override
    public Integer call() throws IOException {
        check();
        BadRows bad = new BadRows(spec.commandLine().getErr());
        FeatureTable pool;
        @Nullable FeatureTable test = null;
        FeatureCsv csv = new FeatureCsv(columns(), bad);
        try {
            pool = csv.read(features, false);
            if (startFeatures != null) {
                pool = csv.read(startFeatures, true).and(pool);
            }
            if (testFeatures != null) {
                test = csv.read(testFeatures, false);
            }
        } finally {
            bad.close();
        }
        if (test != null) {
            pool = without(pool, test);
        }
        LearningRun.Settings settings = settings(pool);
        say("Pool: " + pool + ". Test: "
                + (test == null ? Math.round(100 * testShare) + " % of the groups, held back anew by each seed" : test)
                + ". Start: "
                + (settings.start() == 0 ? pool.starts() + " marked rows" : settings.start() + " random rows") + ".");
        LearningCurves curves = run(pool, test, settings);
        curves.write(out);
        if (estimates != null) {
            curves.writeEstimates(estimates);
        }
        PrintWriter print = spec.commandLine().getOut();
        curves.print(print);
        return 0;
    }

    private LearningCurves run(FeatureTable pool, @Nullable FeatureTable test, LearningRun.Settings settings) {
        LongFunction<LearningRun> prepare =
                s -> test == null ? LearningRun.splitting(pool, settings, s) : LearningRun.of(pool, test, settings, s);
        long points = (long) strategies.size() * seeds * settings.steps();
        try (Progress progress = Progress.start("Learning", OptionalLong.of(points))) {
            return LearningCurves.of(
                    strategies,
                    LongStream.range(seed, seed + seeds).boxed().toList(),
                    prepare,
                    Math.min(threads.count(), strategies.size() * seeds),
                    progress::step);
        }
    }

    private FeatureCsv.Columns columns() {
        return new FeatureCsv.Columns(
                idColumn,
                groupColumn == null ? idColumn : groupColumn,
                labelColumn,
                positive,
                Optional.ofNullable(startColumn),
                ignored);
    }

    private LearningRun.Settings settings(FeatureTable pool) {
        boolean marked = startColumn != null || startFeatures != null;
        if (marked && pool.starts() == 0) {
            throw new IllegalArgumentException(features + ": no row is marked as known from the start; need one");
        }
        int drawn = marked ? 0 : start == null ? DEFAULT_START : start;
        return new LearningRun.Settings(
                drawn,
                batch,
                budget,
                testShare,
                HistogramForest.Options.defaults(seed).withTrees(trees));
    }

    /** The pool without the groups of the test rows: what is learned must not be what is measured. */
    private FeatureTable without(FeatureTable pool, FeatureTable test) {
        BitSet tested = new BitSet();
        for (int i = 0; i < test.size(); i++) {
            tested.set(test.group(i));
        }
        int[] kept = IntStream.range(0, pool.size())
                .filter(i -> !tested.get(pool.group(i)))
                .toArray();
        if (kept.length == 0) {
            throw new IllegalArgumentException(
                    features + ": every group is in " + testFeatures + " too; need others to learn from");
        }
        if (kept.length < pool.size()) {
            say(features + ": " + (pool.size() - kept.length) + " of " + pool.size()
                    + " rows are of groups that are in " + testFeatures + " too; left out.");
        }
        return pool.select(kept);
    }

    private void check() {
        List<String> wrong = new ArrayList<>();
        if (batch < 1 || budget < 1) {
            wrong.add("--batch, --budget: got " + batch + " and " + budget + ", need at least 1");
        }
        if (seeds < 1 || seeds > 10_000) {
            wrong.add("--seeds: got " + seeds + ", need 1 to 10000");
        }
        if (trees < 1 || trees > 10_000) {
            wrong.add("--trees: got " + trees + ", need 1 to 10000");
        }
        if (start != null && start < 2) {
            wrong.add("--start: got " + start + ", need at least 2");
        }
        if (start != null && (startColumn != null || startFeatures != null)) {
            wrong.add("--start: the start set is given by --start-column or --start-features; need one of them");
        }
        if (!(testShare > 0 && testShare < 1)) {
            wrong.add("--test-share: got " + testShare + ", need above 0 and below 1");
        }
        if (Set.copyOf(strategies).size() < strategies.size()) {
            wrong.add("--strategy: got " + String.join(",", strategies) + ", need each once");
        }
        for (String strategy : strategies) {
            if (!LearningStrategies.names().contains(strategy)) {
                wrong.add("--strategy: got \"" + strategy + "\", need one of "
                        + String.join(", ", LearningStrategies.names()));
            }
        }
        Path folder = out.toAbsolutePath().getParent();
        // Better now than after an hour.
        if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(out)) {
            wrong.add("--out: " + out + " cannot be written, need a file in a folder that exists");
        }
        if (!wrong.isEmpty()) {
            throw new ParameterException(spec.commandLine(), String.join(System.lineSeparator(), wrong));
        }
    }

    private void say(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }
}
