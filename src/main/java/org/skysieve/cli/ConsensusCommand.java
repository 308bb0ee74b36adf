package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.skysieve.engine.consensus.ConsensusInput;
import org.skysieve.engine.consensus.ConsensusMethod;
import org.skysieve.engine.consensus.ConsensusMethods;
import org.skysieve.engine.consensus.ConsensusResult;

/** Consensus labels for any crowd's answers: files in, files out, no server and no database. */
@Command(
        name = "consensus",
        description =
                "Turn the answers of any crowd into consensus labels with calibrated probabilities: CSV files or a"
                        + " Zooniverse export in, CSV files out. Needs no server.",
        mixinStandardHelpOptions = true)
final class ConsensusCommand implements Callable<Integer> {
    /** A worker's matrix has labels x labels cells: so many cells are 400 MB. */
    private static final long MOST_CELLS = 50_000_000;

    enum Format {
        CSV,
        PANOPTES
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--answers",
            paramLabel = "FILE",
            required = true,
            description = "One row an answer, with columns task, worker, label; others are left alone.")
    private Path answers = Path.of("");

    @Option(
            names = "--gold",
            paramLabel = "FILE",
            description = "Known labels, with columns task, label: they are held fixed and calibrate the others.")
    private @Nullable Path gold;

    @Option(
            names = "--method",
            paramLabel = "NAME",
            defaultValue = "auto",
            completionCandidates = MethodNames.class,
            description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private String method = "auto";

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Of what is drawn at random; the same seed gives the same bits (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where the labels go, as CSV.")
    private Path out = Path.of("");

    @Option(
            names = "--workers",
            paramLabel = "FILE",
            description = "Where the workers go: votes, accuracy, confusion matrix, as CSV.")
    private @Nullable Path workers;

    @Option(names = "--report", description = "Print the method and why, agreement, calibration and time.")
    private boolean report;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "Of the answers: csv, or panoptes for a Zooniverse classification export (default:"
                    + " ${DEFAULT-VALUE}).")
    private Format format = Format.CSV;

    @Option(
            names = "--columns",
            paramLabel = "TASK,WORKER,LABEL",
            split = ",",
            hideParamSyntax = true,
            description = "What these columns are called in --answers and --gold (default: task,worker,label).")
    private String[] columns = {"task", "worker", "label"};

    @Option(
            names = "--task",
            paramLabel = "TASK",
            description = "Panoptes: the task whose answers to take (default: T0).")
    private @Nullable String task;

    @Option(
            names = "--workflow",
            paramLabel = "ID",
            description = "Panoptes: the workflow (default: the one with most answers to the task).")
    private @Nullable String workflow;

    /** For the help text and completion. */
    static final class MethodNames implements Iterable<String> {
        @Override
        public java.util.Iterator<String> iterator() {
            return ConsensusMethods.names().iterator();
        }
    }

    @Override
    public Integer call() throws IOException {
        ConsensusMethod chosen = check();
        long started = System.nanoTime();
        BadRows bad = new BadRows(spec.commandLine().getErr());
        CrowdAnswers crowd;
        Map<String, String> known;
        try {
            CrowdAnswers.Builder rows = read(bad);
            known = gold == null
                    ? Map.of()
                    : AnswersCsv.gold(gold, new String[] {columns[0], columns[columns.length - 1]}, bad);
            crowd = rows.build(known.entrySet().stream()
                    .filter(entry -> rows.hasTask(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .toList());
        } finally {
            bad.close();
        }
        checkSize(crowd);
        int[] truth = truth(crowd, known);
        ConsensusInput input = ConsensusInput.of(crowd.votes()).withSeed(seed);
        if (Arrays.stream(truth).anyMatch(t -> t >= 0)) {
            input = input.withGold(truth);
        }
        long read = System.nanoTime();
        ConsensusResult result = chosen.fit(input);
        long fitted = System.nanoTime();
        ConsensusTables.labels(out, crowd, result);
        if (workers != null) {
            ConsensusTables.workers(workers, crowd, result);
        }
        long written = System.nanoTime();
        if (report) {
            ConsensusReport.print(
                    spec.commandLine().getOut(),
                    crowd,
                    input,
                    chosen,
                    result,
                    bad.count(),
                    threads.count(),
                    List.of(read - started, fitted - read, written - fitted));
        }
        return 0;
    }

    private ConsensusMethod check() {
        if (columns.length != 3 || Set.of(columns).size() != 3) {
            throw new ParameterException(
                    spec.commandLine(), "--columns: got " + Arrays.toString(columns) + ", need three different names");
        }
        if (format == Format.CSV && (task != null || workflow != null)) {
            throw new ParameterException(spec.commandLine(), "--task and --workflow need --format panoptes");
        }
        // Parallel streams anywhere below keep to this.
        System.setProperty(
                "java.util.concurrent.ForkJoinPool.common.parallelism",
                Integer.toString(Math.max(1, threads.count() - 1)));
        try {
            return ConsensusMethods.byName(method);
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(spec.commandLine(), "--method: " + unknown.getMessage(), unknown);
        }
    }

    private CrowdAnswers.Builder read(BadRows bad) throws IOException {
        if (format == Format.CSV) {
            return AnswersCsv.answers(answers, columns, bad);
        }
        String wanted = task == null ? "T0" : task;
        PanoptesExport.Read read = PanoptesExport.read(answers, wanted, workflow, bad);
        say("Workflow " + (read.workflow().isEmpty() ? "(unnamed)" : read.workflow()) + ", task " + wanted + ": "
                + read.answers().size() + " votes; left out " + read.repeats()
                + " repeated by the same person on the same subject (the first counts) and " + read.unlabelled()
                + " classifications without a label.");
        if (!read.otherWorkflows().isEmpty()) {
            say("Other workflows have answers to " + wanted + " too, taken as other questions and left out (choose with"
                    + " --workflow): "
                    + read.otherWorkflows().entrySet().stream()
                            .map(entry -> entry.getKey() + " with " + entry.getValue())
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        return read.answers();
    }

    private static void checkSize(CrowdAnswers crowd) {
        long labels = crowd.labels().size();
        if (labels * labels * crowd.workers().size() > MOST_CELLS) {
            throw new IllegalArgumentException("answers: got " + labels + " labels (such as \""
                    + crowd.labels().get(0) + "\") and " + crowd.workers().size()
                    + " workers, need labels x labels x workers <= " + MOST_CELLS
                    + ": is the label column free text or a number?");
        }
    }

    /** The known class of each task, -1 where it is unknown. */
    private int[] truth(CrowdAnswers crowd, Map<String, String> known) {
        int[] truth = new int[crowd.tasks().size()];
        Arrays.fill(truth, -1);
        int elsewhere = 0;
        for (Map.Entry<String, String> entry : known.entrySet()) {
            int at = crowd.task(entry.getKey()).orElse(-1);
            if (at < 0) {
                elsewhere++;
            } else {
                truth[at] = crowd.label(entry.getValue());
            }
        }
        if (elsewhere > 0) {
            say(gold + ": " + elsewhere + " of " + known.size() + " tasks have no answer; left out.");
        }
        if (crowd.labels().size() == 1) {
            say(answers + ": every answer is \"" + crowd.labels().get(0) + "\": nothing to weigh.");
        }
        return truth;
    }

    private void say(String text) {
        spec.commandLine().getErr().println(text);
        spec.commandLine().getErr().flush();
    }
}
