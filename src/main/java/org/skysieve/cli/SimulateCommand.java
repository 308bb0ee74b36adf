package org.skysieve.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples;

/** Runs the closed loop on a simulated survey with a simulated crowd and reports how well it did. */
@Command(
        name = "simulate",
        description = "Drive the whole loop through the HTTP API with a simulated survey and crowd, and compare the"
                + " outcome with the hidden truth. Starts a private server unless --url names one.",
        mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    /** Of a curve of the classifier's quality. */
    private static final long POINTS = 12;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--candidates",
            paramLabel = "N",
            defaultValue = "2000",
            description = "Candidates to upload (default: ${DEFAULT-VALUE}).")
    private int candidates;

    @Option(
            names = "--volunteers",
            paramLabel = "M",
            defaultValue = "200",
            description = "Size of the crowd, at least 7 (default: ${DEFAULT-VALUE}).")
    private int volunteers;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Of the survey and the crowd (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--votes",
            paramLabel = "V",
            defaultValue = "0",
            description =
                    "Stop after so many votes; 0 to go on until everything has retired (default: ${DEFAULT-VALUE}).")
    private long votes;

    @Option(
            names = "--gold",
            paramLabel = "SHARE",
            defaultValue = "0.03",
            description = "Share of the candidates that are gold standards (default: ${DEFAULT-VALUE}).")
    private double goldShare;

    @Option(
            names = "--threads",
            paramLabel = "T",
            defaultValue = "8",
            description = "Volunteers at work at the same time (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(
            names = "--unseen",
            paramLabel = "N",
            defaultValue = "1000",
            description =
                    "Candidates of a further night that judge the models; 0 for none (default: ${DEFAULT-VALUE}).")
    private int unseen;

    @Option(
            names = "--drift",
            paramLabel = "D",
            defaultValue = "0.5",
            description =
                    "How much the survey differs from the one that the server's first model was trained on, 0 to 1"
                            + " (default: ${DEFAULT-VALUE}).")
    private double drift;

    private static final String SERVING = "serving.";

    @Option(
            names = "--rule",
            paramLabel = "NAME=VALUE",
            description =
                    "A rule of the workflow instead of the default: retireAt, retirePositiveAt, minVotes, maxVotes, ambiguousBelow,"
                            + " explorationShare, goldShare, varietyShare, retrainEvery, promoteAt, serving.steering,"
                            + " serving.newcomerVotes. May be repeated.")
    private Map<String, Double> rules = Map.of();

    @Option(
            names = "--select",
            paramLabel = "MIX",
            description = "Strategies with weights instead of uncertainty alone, such as"
                    + " teaching=3,freshness=1; with them varietyShare is 0 unless --rule says otherwise.",
            split = ",")
    private Map<String, Double> mix = Map.of();

    @Option(
            names = "--against-random",
            description = "Then run again with random selection, the same volunteers and as many votes, and compare how"
                    + " fast a classifier learns from the labels.")
    private boolean againstRandom;

    @Option(
            names = "--patience",
            paramLabel = "SECONDS",
            defaultValue = "120",
            description = "How long to wait for a server that does not answer (default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as flat JSON.")
    private @Nullable Path json;

    @Option(names = "--url", paramLabel = "URL", description = "A running server instead of a private one.")
    private @Nullable String url;

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "An administrator's token for --url (default: $SKYSIEVE_TOKEN, else operator-token in the"
                    + " server's data folder).")
    private @Nullable String token;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data folder of the server at --url, to find its token.")
    private @Nullable Path data;

    @Override
    public Integer call() throws Exception {
        need(candidates >= 1 && candidates <= 10_000_000, "--candidates", candidates, "1 to 10000000");
        need(volunteers >= 7 && volunteers <= 100_000, "--volunteers", volunteers, "7 to 100000");
        need(votes >= 0, "--votes", votes, "0 or more");
        need(goldShare >= 0 && goldShare < 1, "--gold", goldShare, "[0, 1)");
        need(threads >= 1 && threads <= 64, "--threads", threads, "1 to 64");
        need(unseen >= 0 && unseen <= 100_000, "--unseen", unseen, "0 to 100000");
        need(drift >= 0 && drift <= 1, "--drift", drift, "[0, 1]");
        need(!againstRandom || unseen > 0, "--unseen", unseen, "1 or more with --against-random");
        need(patience >= 1 && patience <= 3600, "--patience", patience, "1 to 3600");
        Simulation.Plan plan = new Simulation.Plan(
                candidates,
                volunteers,
                seed,
                votes,
                goldShare,
                Math.min(threads, volunteers),
                unseen,
                drift,
                rules(),
                Duration.ofSeconds(patience));
        Outcome outcome;
        if (url == null) {
            System.err.println("Starting a private server ...");
            try (ServerChild child = ServerChild.start()) {
                outcome = run(plan, ServerApi.of(child.url(), child.token(), plan.patience()));
            }
        } else {
            ServerAddress server = new ServerAddress();
            server.url = url;
            server.token = token;
            if (data != null) {
                server.data = data;
            }
            outcome = run(plan, server.api());
        }
        SimulationReport report = outcome.report;
        Map<String, @Nullable Object> all = report.toMap();
        report.print(System.out);
        if (outcome.contest != null) {
            outcome.contest.print(System.out);
            all.putAll(outcome.contest.toMap());
        }
        if (json != null) {
            Files.writeString(
                    json, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n");
        }
        return report.lostVotes() == 0 && report.doubledVotes() == 0 && report.consensusDifferences() == 0 ? 0 : 1;
    }

    /** Whole numbers as such: the server takes no 2.0 votes. */
    private Map<String, Object> rules() {
        Map<String, Object> all = new TreeMap<>();
        if (!mix.isEmpty()) {
            List<Map<String, Object>> strategies = new ArrayList<>();
            mix.forEach((strategy, weight) -> strategies.add(Map.of("strategy", strategy, "weight", weight)));
            all.put("mix", strategies);
            all.put("varietyShare", 0);
        }
        Map<String, Object> serving = new TreeMap<>();
        rules.forEach((name, value) -> {
            Object number = value == Math.rint(value) ? (Object) value.longValue() : value;
            if (name.startsWith(SERVING)) {
                serving.put(name.substring(SERVING.length()), number);
            } else {
                all.put(name, number);
            }
        });
        if (!serving.isEmpty()) {
            all.put("serving", serving);
        }
        return all;
    }

    private record Outcome(
            SimulationReport report, @Nullable SelectionContest contest) {}

    private Outcome run(Simulation.Plan plan, ServerApi api) throws InterruptedException {
        Simulation selected = new Simulation(plan, api);
        SimulationReport report = selected.run();
        if (!againstRandom) {
            return new Outcome(report, null);
        }
        System.err.println("Again, with random selection ...");
        Simulation random = new Simulation(plan.atRandom(report.storedVotes()), api);
        random.run();
        long every = Math.max(50, report.storedVotes() / POINTS);
        List<TrainingSample> simulated =
                UserCache.ofUser(spec.commandLine().getErr()).simulated(SimulatedSamples.USUAL, threads).stream()
                        .map(SimulatedSamples.Simulated::sample)
                        .toList();
        return new Outcome(
                report, new SelectionContest(selected.curve(every, simulated), random.curve(every, simulated)));
    }

    private void need(boolean holds, String option, Object got, String range) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), option + ": got " + got + ", need " + range);
        }
    }
}
