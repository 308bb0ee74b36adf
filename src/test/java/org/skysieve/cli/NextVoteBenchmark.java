package org.skysieve.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.skysieve.ServerUnderTest;
import org.skysieve.cli.VotingCrowd.Figures;
import org.skysieve.cli.VotingCrowd.Voter;

/**
 * How many batches and votes a server of its own takes a second through HTTP, with very many open candidates, fsync on,
 * leases and quotas enforced; what somebody waits who has labelled the best 20,000; how far the consensus was behind at
 * the end; how long a new model's scores take to reach the whole queue, and what votes take meanwhile.
 *
 * <p>Candidates, scores and queue are loaded by SQL: they have no cutouts, which nothing on this way reads. The crowd runs
 * on the same processors as the server and its database.
 *
 * <p>Needs the packaged jar. Options: {@code --quick}, {@code --json FILE}, {@code --candidates N}, {@code --seconds S},
 * {@code --clients N}, {@code --processes N}, {@code --rate R} (requests a second, paced; 0 for as many as it takes),
 * {@code --warm-up S}, {@code --no-rerank}, {@code --profile FOLDER} (see {@link ServerProfile}).
 */
final class NextVoteBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int PEOPLE_PER_CLIENT = 10;
    private static final int VETERAN_LABELS = 20_000;
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final double RERANK_LOAD = 200;
    private static final int SCORED_AT_ONCE = 200;
    /** Knuth's multiplicative hash, in SQL and in Java alike: what a candidate is depends on its id alone. */
    private static final long HASH = 2_654_435_761L;

    private final int candidates;
    private static final double WARM_UP_SLICE = 15;
    private static final double MOST_WARM_UP = 300;
    /** Of a core, for compilers. */
    private static final double RESTING = 0.06;

    private final double warmUp;
    private final double mostWarmUp;
    private final double seconds;
    private final int clients;
    private final double rate;
    private final boolean reranks;
    private final ServerProfile profile;

    private NextVoteBenchmark(
            int candidates,
            double warmUp,
            double mostWarmUp,
            double seconds,
            int clients,
            double rate,
            boolean reranks,
            ServerProfile profile) {
        this.candidates = candidates;
        this.warmUp = warmUp;
        this.mostWarmUp = mostWarmUp;
        this.seconds = seconds;
        this.clients = clients;
        this.rate = rate;
        this.reranks = reranks;
        this.profile = profile;
    }

    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        boolean quick = options.contains("--quick");
        NextVoteBenchmark benchmark = new NextVoteBenchmark(
                (int) number(options, "--candidates", quick ? 50_000 : 1_000_000),
                number(options, "--warm-up", quick ? 15 : 30),
                quick ? 0 : MOST_WARM_UP,
                number(options, "--seconds", quick ? 15 : 60),
                (int) number(options, "--clients", 32),
                number(options, "--rate", 0),
                !options.contains("--no-rerank"),
                ServerProfile.of(options));
        int processes = (int) number(options, "--processes", 1);
        Path data = Files.createTempDirectory("skysieve-next-vote-");
        List<ServerUnderTest> servers = new ArrayList<>();
        try {
            Map<String, String> settings = new LinkedHashMap<>();
            // A model is needed that scores can name, not a good one.
            settings.put("skysieve.model.simulated", "300");
            settings.put("skysieve.model.trees", "40");
            settings.put("skysieve.model.drift-hours", "0");
            servers.add(ServerUnderTest.start(data, settings, "serve", "--port", "0"));
            Database database = Database.of(data.resolve("postgres"));
            for (int i = 1; i < processes; i++) {
                Map<String, String> more = new LinkedHashMap<>(settings);
                more.put("quarkus.datasource.jdbc.url", database.url);
                more.put("quarkus.datasource.username", "skysieve");
                more.put("quarkus.datasource.password", database.password);
                Path folder = Files.createDirectories(data.resolve("process-" + i));
                servers.add(ServerUnderTest.start(folder, more, "serve", "--port", "0"));
            }
            String token = Files.readString(data.resolve("operator-token")).strip();
            Map<String, Object> figures = benchmark.run(servers, token, database);
            int json = options.indexOf("--json");
            if (json >= 0) {
                Files.writeString(
                        Path.of(options.get(json + 1)),
                        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(figures));
            }
        } finally {
            for (int i = servers.size() - 1; i >= 0; i--) {
                servers.get(i).close();
            }
            ServerUnderTest.delete(data);
        }
    }

    private static double number(List<String> options, String name, double otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : Double.parseDouble(options.get(at + 1));
    }

    /** The embedded database of the first server. */
    private record Database(String url, String password, long pid) {
        static Database of(Path folder) throws IOException {
            List<String> lines = Files.readAllLines(folder.resolve("cluster").resolve("postmaster.pid"));
            return new Database(
                    "jdbc:postgresql://127.0.0.1:" + lines.get(3).strip() + "/skysieve",
                    Files.readString(folder.resolve("password")).strip(),
                    Long.parseLong(lines.get(0).strip()));
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, "skysieve", password);
        }
    }

    private Map<String, Object> run(List<ServerUnderTest> servers, String token, Database database) throws Exception {
        ServerApi admin = ServerApi.of(servers.get(0).address(), token, Duration.ofSeconds(60));
        try (Connection connection = database.connect();
                Statement sql = connection.createStatement()) {
            String workflow = prepare(admin);
            long workflowId = Long.parseLong(workflow);
            long model = awaitModel(sql, workflowId);
            say("loading %,d candidates", candidates);
            load(sql, workflowId, model);

            List<List<Voter>> groups = crowd(admin);
            Voter veteran = groups.get(0).get(0);
            makeVeteran(connection, workflowId, veteran);
            double seconds20k = awaitDrained(sql, workflowId);
            say("the consensus took the %,d old votes in %.1f s", VETERAN_LABELS, seconds20k);
            // One vote made them less uncertain; what is meant is that the best of the queue has been seen.
            sql.execute("UPDATE queue_entry q SET priority = 2 + q.priority FROM classification c"
                    + " WHERE c.workflow_id = q.workflow_id AND c.candidate_id = q.candidate_id AND q.open");
            sql.execute("VACUUM ANALYZE");
            sql.execute("CHECKPOINT");
            long open = one(sql, "SELECT count(*) FROM queue_entry WHERE open AND workflow_id = " + workflowId);

            List<InetSocketAddress> addresses = new ArrayList<>();
            for (ServerUnderTest server : servers) {
                addresses.add(new InetSocketAddress(URI.create(server.address()).getHost(), server.port()));
            }
            Map<String, Object> result = new LinkedHashMap<>();
            try (VotingCrowd crowd = new VotingCrowd(addresses, workflow, groups, NextVoteBenchmark::opinion)) {
                double warmedUp = warmUp(crowd, servers);
                say("measuring for %.0f s, %d clients, %d people", seconds, clients, clients * PEOPLE_PER_CLIENT);
                profile.begin(sql, servers);
                CpuClock cpu = new CpuClock(servers, database.pid);
                double[] before = cpu.seconds();
                Figures figures = crowd.run(seconds, rate);
                double[] after = cpu.seconds();
                profile.end(sql, servers, "votes");
                long behind = behind(sql, workflowId);
                double lag = oldestUnapplied(sql, workflowId);
                double drained = awaitDrained(sql, workflowId);
                int votes = figures.votes.count() + figures.veteran.count() - figures.veteranNexts.count();
                int requests = figures.all.count() + figures.veteran.count();
                result.put("openCandidates", open);
                result.put("votesPerSecond", votes / figures.seconds);
                result.put("requestsPerSecond", requests / figures.seconds);
                result.put("p50Ms", figures.all.quantileMs(.5));
                result.put("p99Ms", figures.all.quantileMs(.99));
                result.put("nextP50Ms", figures.nexts.quantileMs(.5));
                result.put("nextP99Ms", figures.nexts.quantileMs(.99));
                result.put("voteP50Ms", figures.votes.quantileMs(.5));
                result.put("voteP99Ms", figures.votes.quantileMs(.99));
                result.put("veteranNextP50Ms", figures.veteranNexts.quantileMs(.5));
                result.put("veteranNextP99Ms", figures.veteranNexts.quantileMs(.99));
                result.put("veteranP99Ms", figures.veteran.quantileMs(.99));
                result.put("overQuota", overQuota(connection, workflowId));
                result.put(
                        "repeats",
                        figures.repeats
                                + one(
                                        sql,
                                        "SELECT count(*) FROM (SELECT 1 FROM assignment GROUP BY volunteer_id,"
                                                + " workflow_id, candidate_id HAVING count(*) > 1) AS twice"));
                result.put("failures", figures.failures);
                result.put("emptyBatches", figures.emptyBatches);
                result.put("consensusVotesBehind", behind);
                result.put("consensusLagSeconds", lag);
                result.put("consensusDrainSeconds", drained);
                result.put("clients", clients);
                result.put("processes", servers.size());
                result.put("warmUpSeconds", warmedUp);
                result.put("seconds", figures.seconds);
                result.put("clientCpuMsPerVote", 1000 * figures.clientCpuSeconds / votes);
                result.put("serverCpuMsPerVote", 1000 * (after[0] - before[0]) / votes);
                result.put("databaseCpuMsPerVote", 1000 * (after[1] - before[1]) / votes);
                if (figures.failures > 0) {
                    say("first failure: %s", figures.firstFailure);
                }
                if (reranks) {
                    profile.begin(sql, servers);
                    result.putAll(rerank(database, sql, workflowId, model, crowd));
                    profile.end(sql, servers, "rerank");
                }
            }
            result.forEach((key, value) ->
                    say("%-22s %s", key, value instanceof Double d ? String.format(Locale.ROOT, "%.2f", d) : value));
            return result;
        }
    }

    /**
     * At least as long as asked for, and, unless it is to be quick, until the compilers rest: in a server's first minutes
     * they take half its time.
     */
    private double warmUp(VotingCrowd crowd, List<ServerUnderTest> servers) throws Exception {
        say("warming up for %.0f s or more", warmUp);
        double slice = Math.min(warmUp, WARM_UP_SLICE);
        double warmedUp = 0;
        double compiling = 0;
        while (warmedUp < warmUp || (compiling > RESTING && warmedUp < mostWarmUp)) {
            double before = ServerProfile.compilerSeconds(servers);
            crowd.run(slice, rate);
            compiling = (ServerProfile.compilerSeconds(servers) - before) / slice;
            warmedUp += slice;
        }
        say("warmed up for %.0f s; compilers at %.2f of a core", warmedUp, compiling);
        return warmedUp;
    }

    private static String prepare(ServerApi admin) {
        admin.post("/api/v1/projects", Map.of("slug", "next-vote", "title", "Next and vote"));
        JsonNode made = admin.post(
                "/api/v1/projects/next-vote/workflows",
                Map.of(
                        "slug", "real-or-bogus",
                        "title", "Real or bogus?",
                        "question", "Is it real?",
                        "answers",
                                List.of(
                                        Map.of("key", "real", "label", "Real", "help", ""),
                                        Map.of("key", "bogus", "label", "Bogus", "help", "")),
                        // Nothing is trained; all other rules are the usual ones.
                        "rules", Map.of("retrainEvery", 1_000_000)));
        return made.path("id").asText();
    }

    private static long awaitModel(Statement sql, long workflowId) throws SQLException {
        String ready = "SELECT coalesce(max(m.id), 0) FROM model_version m JOIN rescoring r USING (workflow_id)"
                + " WHERE m.state = 'champion' AND r.done AND workflow_id = " + workflowId;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (one(sql, ready) == 0) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("workflow " + workflowId + " has no model after " + PATIENCE);
            }
            ServerApi.sleep(Duration.ofMillis(200));
        }
        return one(sql, ready);
    }

    private void load(Statement sql, long workflowId, long model) throws SQLException {
        long project = one(sql, "SELECT project_id FROM workflow WHERE id = " + workflowId);
        // Foreign keys hold by how the rows are made; checking four million takes a minute.
        sql.execute("SET session_replication_role = replica");
        sql.execute("SET work_mem = '256MB'");
        sql.execute("INSERT INTO sky_object (id, project_id, survey, object_id, ra, dec, evaluation)"
                + " OVERRIDING SYSTEM VALUE SELECT i, " + project + ", 'bench', 'B' || i, i % 360, 0,"
                + " (i * 40503) % 65536 < 13107 FROM generate_series(1::bigint, " + candidates + ") AS i");
        sql.execute("INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband,"
                + " mag, snr, positive, evaluation) SELECT id, project_id, id, survey, id, 61000, ra, dec, 'r', 19, 8,"
                + " true, evaluation FROM sky_object WHERE project_id = " + project);
        sql.execute(
                "INSERT INTO score (workflow_id, candidate_id, model_version_id, probabilities, epistemic, aleatoric)"
                        + " SELECT " + workflowId + ", id, " + model
                        + ", ARRAY[p, 1 - p]::real[], 0.05, 0.2 FROM (SELECT id, "
                        + probability("id", "0") + " AS p FROM candidate WHERE project_id = " + project + ") AS c");
        sql.execute("INSERT INTO queue_entry (workflow_id, candidate_id, priority, shuffle, evaluation) SELECT "
                + workflowId + ", candidate_id, -(p * ln(p) + (1 - p) * ln(1 - p)) / ln(2::float8),"
                + " random(), evaluation FROM (SELECT candidate_id, probabilities[1]::float8 AS p, evaluation FROM score"
                + " JOIN candidate ON id = candidate_id WHERE workflow_id = " + workflowId + ") AS s");
        sql.execute("SET session_replication_role = origin");
        sql.execute("ANALYZE");
    }

    /** The model's probability of the first answer, uniform in (.02, .98), in SQL. */
    private static String probability(String id, String salt) {
        return "(0.02 + 0.96 * (((" + id + " + " + salt + ") * " + HASH + ") % 1048576) / 1048576.0)";
    }

    /** Nine times in ten the truth, which the model knows as well as it says. */
    private static String opinion(long candidateId) {
        double p = 0.02 + 0.96 * (candidateId * HASH % 1048576) / 1048576.0;
        boolean real = ((candidateId * HASH) >>> 20) % 4096 / 4096.0 < p;
        boolean wrong = ThreadLocalRandom.current().nextInt(10) == 0;
        return real != wrong ? "real" : "bogus";
    }

    private List<List<Voter>> crowd(ServerApi admin) {
        List<List<Voter>> groups = new ArrayList<>();
        for (int c = 0; c <= clients; c++) {
            List<Voter> people = new ArrayList<>();
            // The first connection is the veteran's alone.
            for (int p = 0; p < (c == 0 ? 1 : PEOPLE_PER_CLIENT); p++) {
                JsonNode account = admin.post(
                        "/api/v1/accounts?token=true", Map.of("username", "voter-" + c + "-" + p, "role", "volunteer"));
                people.add(new Voter(account.path("token").asText(), c == 0));
            }
            groups.add(people);
        }
        return groups;
    }

    /** Has the veteran labelled the best of the queue. */
    private static void makeVeteran(Connection connection, long workflowId, Voter veteran) throws SQLException {
        try (Statement sql = connection.createStatement()) {
            long id = one(sql, "SELECT id FROM volunteer WHERE username = 'voter-0-0'");
            sql.execute("INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority,"
                    + " probability, served_at, lease_until, state) SELECT nextval('assignment_seq'), workflow_id,"
                    + " candidate_id, " + id + ", 'uncertainty', priority, 0.1, now(), now(), 'answered' FROM (SELECT *"
                    + " FROM queue_entry WHERE open AND NOT evaluation AND workflow_id = " + workflowId
                    + " ORDER BY priority DESC, candidate_id DESC LIMIT " + VETERAN_LABELS + ") AS best");
            sql.execute("INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id,"
                    + " volunteer_id, assignment_id, answer, elapsed_ms, created_at)"
                    + " SELECT nextval('classification_seq'), gen_random_uuid(), workflow_id, 1, candidate_id,"
                    + " volunteer_id, id, (candidate_id % 2)::smallint, 1500, now() FROM assignment WHERE volunteer_id = "
                    + id);
            try (ResultSet row = sql.executeQuery("SELECT candidate_id FROM assignment WHERE volunteer_id = " + id)) {
                while (row.next()) {
                    veteran.answered.add(row.getLong(1));
                }
            }
        }
    }

    private static long behind(Statement sql, long workflowId) throws SQLException {
        return one(sql, "SELECT count(*) FROM classification c" + unapplied(workflowId));
    }

    /** Seconds that the oldest vote which the consensus does not hold yet has waited. */
    private static double oldestUnapplied(Statement sql, long workflowId) throws SQLException {
        try (ResultSet row = sql.executeQuery(
                "SELECT coalesce(extract(epoch FROM clock_timestamp() - min(c.created_at)), 0) FROM classification c"
                        + unapplied(workflowId))) {
            row.next();
            return row.getDouble(1);
        }
    }

    private static String unapplied(long workflowId) {
        return " LEFT JOIN consensus_cursor k USING (workflow_id) WHERE workflow_id = " + workflowId
                + " AND (c.written_by, c.id) > (coalesce(k.written_by, '0'::xid8), coalesce(k.id, 0))";
    }

    /** Waits until consensus and queue hold every vote; returns after how many seconds they did. */
    private static double awaitDrained(Statement sql, long workflowId) throws SQLException {
        long start = System.nanoTime();
        while (behind(sql, workflowId) > 0 || undelivered(sql) > 0) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new IllegalStateException("the consensus is still behind after " + PATIENCE);
            }
            ServerApi.sleep(Duration.ofMillis(100));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static long undelivered(Statement sql) throws SQLException {
        return one(
                sql,
                "SELECT count(*) FROM (SELECT 1 FROM outbox_cursor k JOIN outbox o ON o.event_type ="
                        + " CASE k.consumer WHEN 'selection.consensus' THEN 'ConsensusChanged' ELSE 'ScoresUpdated' END"
                        + " AND (o.written_by, o.id) > (k.written_by, k.id)"
                        + " WHERE k.consumer IN ('selection.consensus', 'selection.scores') LIMIT 1) AS waiting");
    }

    /** Candidates with more standing votes and running leases than their workflow allows. */
    private static long overQuota(Connection connection, long workflowId) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                SELECT count(*) FROM (
                    SELECT candidate_id FROM (
                        SELECT c.candidate_id FROM classification c WHERE c.workflow_id = ? AND c.answer IS NOT NULL
                            AND NOT EXISTS (SELECT 1 FROM classification later WHERE later.supersedes = c.id)
                        UNION ALL
                        SELECT candidate_id FROM assignment WHERE workflow_id = ? AND state = 'open'
                            AND lease_until > now() AND strategy <> 'gold') AS claims
                    GROUP BY candidate_id
                    HAVING count(*) > (SELECT (v.rules ->> 'maxVotes')::int FROM workflow w JOIN workflow_version v
                                       ON v.workflow_id = w.id AND v.version = w.version WHERE w.id = ?)) AS over
                """)) {
            for (int i = 1; i <= 3; i++) {
                statement.setLong(i, workflowId);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Gives every candidate another score, as a new model would, and waits until the queue follows. */
    private Map<String, Object> rerank(Database database, Statement sql, long workflowId, long model, VotingCrowd crowd)
            throws Exception {
        say("new scores for %,d candidates", candidates);
        sql.execute("UPDATE score SET probabilities = ARRAY[p, 1 - p]::real[] FROM (SELECT candidate_id AS id, "
                + probability("candidate_id", "12345") + " AS p FROM score) AS anew"
                + " WHERE id = candidate_id AND workflow_id = " + workflowId);
        sql.execute("VACUUM ANALYZE score");
        sql.execute("CHECKPOINT");
        Figures idle = crowd.run(Math.min(10, seconds), RERANK_LOAD);
        awaitDrained(sql, workflowId);

        CompletableFuture<Double> queue = CompletableFuture.supplyAsync(() -> announce(database, workflowId, model));
        Figures during = crowd.run(PATIENCE.toSeconds(), RERANK_LOAD, queue::isDone);
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("rerankSeconds", queue.get());
        result.put("rerankRequestsPerSecond", during.all.count() / during.seconds);
        result.put("rerankP99Ms", during.all.quantileMs(.99));
        result.put("rerankIdleP99Ms", idle.all.quantileMs(.99));
        return result;
    }

    /** Tells of the new scores as the scorer does, and returns after how many seconds the queue follows them. */
    private static double announce(Database database, long workflowId, long model) {
        try (Connection connection = database.connect();
                Statement sql = connection.createStatement()) {
            long start = System.nanoTime();
            sql.execute(
                    "INSERT INTO outbox (event_type, payload) SELECT 'ScoresUpdated', jsonb_build_object('workflowId', "
                            + workflowId + ", 'modelVersionId', " + model + ", 'candidateIds', jsonb_agg(candidate_id))"
                            + " FROM score WHERE workflow_id = " + workflowId + " GROUP BY candidate_id / "
                            + SCORED_AT_ONCE);
            // Once the cursor is past the last of them; those that the votes meanwhile cause do not count.
            long last = one(sql, "SELECT max(id) FROM outbox WHERE event_type = 'ScoresUpdated'");
            while (one(sql, "SELECT id FROM outbox_cursor WHERE consumer = 'selection.scores'") < last) {
                if (System.nanoTime() - start > PATIENCE.toNanos()) {
                    throw new IllegalStateException("the queue does not follow after " + PATIENCE);
                }
                ServerApi.sleep(Duration.ofMillis(50));
            }
            return (System.nanoTime() - start) / 1e9;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Processor time, as Linux counts it, of the servers and of the database with its workers. */
    private record CpuClock(List<ServerUnderTest> servers, long databasePid) {
        private static final double TICKS_PER_SECOND = 100;

        /** Of all servers, and of the database; NaN where there is no /proc. */
        double[] seconds() {
            double java = 0;
            for (ServerUnderTest server : servers) {
                java += ticks(server.pid(), false);
            }
            double database = ticks(databasePid, true);
            for (ProcessHandle child : ProcessHandle.of(databasePid).stream()
                    .flatMap(ProcessHandle::children)
                    .toList()) {
                database += ticks(child.pid(), true);
            }
            return new double[] {java / TICKS_PER_SECOND, database / TICKS_PER_SECOND};
        }

        private static double ticks(long pid, boolean withEnded) {
            try {
                String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
                return withEnded ? ticks + Long.parseLong(fields[13]) + Long.parseLong(fields[14]) : ticks;
            } catch (IOException gone) {
                return Double.NaN;
            }
        }
    }

    private static long one(Statement sql, String query) throws SQLException {
        try (ResultSet row = sql.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
