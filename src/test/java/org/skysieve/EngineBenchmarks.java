package org.skysieve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the JMH benchmarks of the engine for {@code bench/engine}: a table, and flat JSON on request. */
public final class EngineBenchmarks {
    private EngineBenchmarks() {}

    /** @param args {@code [--quick] [--json FILE] [REGEX]} */
    public static void main(String[] args) throws RunnerException, IOException {
        boolean quick = false;
        Path json = null;
        String which = "Benchmark";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--quick" -> quick = true;
                case "--json" -> json = Path.of(args[++i]);
                default -> which = args[i];
            }
        }
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("org\\.skysieve\\.engine\\..*" + which)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        if (quick) {
            options.warmupIterations(1)
                    .warmupTime(TimeValue.milliseconds(300))
                    .measurementIterations(1)
                    .measurementTime(TimeValue.milliseconds(500))
                    .forks(1);
        }
        Collection<RunResult> results = new Runner(options.build()).run();
        if (results.isEmpty()) {
            System.err.println("bench/engine: no benchmark matches " + which);
            System.exit(1);
        }

        Map<String, Object> flat = new TreeMap<>();
        String machine = Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.arch")
                + ", Java " + System.getProperty("java.specification.version");
        System.out.println("On " + machine + (quick ? " (quick: expect 20 % of scatter)" : ""));
        for (RunResult result : results) {
            String name = result.getParams().getBenchmark().replaceFirst(".*\\.(\\w+\\.\\w+)$", "$1");
            StringBuilder parameters = new StringBuilder();
            for (String key : result.getParams().getParamsKeys()) {
                parameters
                        .append(parameters.isEmpty() ? "" : ", ")
                        .append(key)
                        .append('=')
                        .append(result.getParams().getParam(key));
            }
            String label = name + (parameters.isEmpty() ? "" : "[" + parameters + "]");
            double score = result.getPrimaryResult().getScore();
            System.out.printf(
                    Locale.ROOT,
                    "  %-64s %14.3f %s%n",
                    label,
                    score,
                    result.getPrimaryResult().getScoreUnit());
            flat.put(label + " " + result.getPrimaryResult().getScoreUnit(), score);
        }
        flat.put("machine", machine);
        if (json != null) {
            Files.writeString(
                    json, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(flat) + "\n");
        }
    }
}
