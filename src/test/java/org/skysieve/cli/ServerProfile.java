package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import org.skysieve.ServerUnderTest;

/**
 * Where the time of a phase went: processor time by thread, a flight recording of each server, and, if the database has
 * {@code pg_stat_statements} preloaded, what its statements took. Written to a folder, for whoever makes it faster.
 */
final class ServerProfile {
    private static final double TICKS_PER_SECOND = 100;

    private final @Nullable Path folder;
    private Map<String, Double> before = Map.of();

    private ServerProfile(@Nullable Path folder) {
        this.folder = folder;
    }

    /** @param options {@code --profile FOLDER}, or nothing is measured */
    static ServerProfile of(List<String> options) {
        int at = options.indexOf("--profile");
        return new ServerProfile(at < 0 ? null : Path.of(options.get(at + 1)).toAbsolutePath());
    }

    void begin(Statement sql, List<ServerUnderTest> servers) throws IOException, InterruptedException {
        if (folder == null) {
            return;
        }
        Files.createDirectories(folder);
        try {
            sql.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
            sql.execute("ALTER SYSTEM SET pg_stat_statements.track_planning = on");
            sql.execute("SELECT pg_reload_conf()");
            sql.execute("SELECT pg_stat_statements_reset()");
        } catch (SQLException notPreloaded) {
            System.out.println("no statistics of statements: " + notPreloaded.getMessage());
        }
        for (ServerUnderTest server : servers) {
            command(server, "JFR.start", "name=bench", "settings=profile");
        }
        before = threads(servers);
    }

    /** @param name of the phase, for the names of the files */
    void end(Statement sql, List<ServerUnderTest> servers, String name) throws IOException, InterruptedException {
        if (folder == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        threads(servers).entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue() - before.getOrDefault(entry.getKey(), 0.0)))
                .sorted((a, b) -> Double.compare(b.getValue(), a.getValue()))
                .filter(entry -> entry.getValue() >= 0.02)
                .forEach(entry ->
                        lines.add(String.format(Locale.ROOT, "%8.2f s  %s", entry.getValue(), entry.getKey())));
        Files.write(folder.resolve(name + "-threads.txt"), lines);
        for (int i = 0; i < servers.size(); i++) {
            Path recording = folder.resolve(name + "-" + i + ".jfr");
            command(servers.get(i), "JFR.stop", "name=bench", "filename=" + recording);
        }
        try (ResultSet row = sql.executeQuery(
                "SELECT calls, total_exec_time, rows, shared_blks_hit, wal_bytes, query, total_plan_time"
                        + " FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC LIMIT 60")) {
            List<String> statements = new ArrayList<>();
            while (row.next()) {
                statements.add(String.format(
                        Locale.ROOT,
                        "%8d calls %9.0f ms %9.0f planning %8.3f ms each %9d rows %10d pages %11d wal  %s",
                        row.getLong(1),
                        row.getDouble(2),
                        row.getDouble(7),
                        (row.getDouble(2) + row.getDouble(7)) / row.getLong(1),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6).replaceAll("\\s+", " ")));
            }
            Files.write(folder.resolve(name + "-statements.txt"), statements);
        } catch (SQLException notPreloaded) {
            // Said at the beginning.
        }
    }

    /** Processor seconds that the just-in-time compilers of servers have taken so far. */
    static double compilerSeconds(List<ServerUnderTest> servers) throws IOException {
        return threads(servers).entrySet().stream()
                .filter(entry -> entry.getKey().matches("C[12] Compiler.*"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }

    private static void command(ServerUnderTest server, String... words) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
        line.add(Long.toString(server.pid()));
        line.addAll(List.of(words));
        new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** Processor seconds so far by the name of the thread, numbers in it left out. */
    private static Map<String, Double> threads(List<ServerUnderTest> servers) throws IOException {
        Map<String, Double> seconds = new TreeMap<>();
        for (ServerUnderTest server : servers) {
            try (Stream<Path> tasks = Files.list(Path.of("/proc/" + server.pid() + "/task"))) {
                for (Path task : tasks.toList()) {
                    String stat;
                    try {
                        stat = Files.readString(task.resolve("stat"));
                    } catch (IOException ended) {
                        continue;
                    }
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
                            .replaceAll("[-#]?[0-9]+$", "");
                    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    double used = (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
                    seconds.merge(name, used, Double::sum);
                }
            }
        }
        return seconds;
    }
}
