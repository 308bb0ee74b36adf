package org.skysieve.cli;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.skysieve.ServerUnderTest;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

/**
 * Does retraining hold up votes? Paced votes through the HTTP API of a server of its own, by turns while nothing is trained
 * and while models are trained one after the other, so that load of others falls on both alike. Prints p50 and p99 of
 * {@code POST /classifications} and the ratio of the p99.
 *
 * <p>Needs the packaged jar. Options: {@code --quick}, {@code --json FILE}.
 */
final class RetrainingBenchmark {
    private static final int VOTERS = 4;
    private static final int VOTES_A_SECOND = 60;
    private static final int ROUNDS = 4;
    private static final int GOLD = 400;
    private static final int SLICE = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ServerApi admin;
    private final int seconds;
    private final String slug = "retraining-" + Long.toString(System.currentTimeMillis(), 36);
    private final List<String> open = new ArrayList<>();
    private String workflow = "";
    private int phase;

    private RetrainingBenchmark(ServerApi admin, int seconds) {
        this.admin = admin;
        this.seconds = seconds;
    }

    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        int json = options.indexOf("--json");
        Path data = Files.createTempDirectory("skysieve-retraining-");
        try (ServerUnderTest server = ServerUnderTest.start(data, Map.of(), "serve", "--port", "0")) {
            String token = Files.readString(data.resolve("operator-token")).strip();
            ServerApi admin = ServerApi.of(server.address(), token, Duration.ofSeconds(60));
            Map<String, Object> figures = new RetrainingBenchmark(admin, options.contains("--quick") ? 8 : 20).run();
            if (json >= 0) {
                Files.writeString(Path.of(options.get(json + 1)), JSON.writeValueAsString(figures));
            }
        } finally {
            ServerUnderTest.delete(data);
        }
    }

    private Map<String, Object> run() throws Exception {
        prepare();
        int[] trainings = new int[1];
        // The compiler knows the way of a vote and of a training before the first measure.
        vote(() -> keepTraining(trainings), seconds, new Latencies());
        trainings[0] = 0;
        Latencies idle = new Latencies();
        Latencies during = new Latencies();
        for (int round = 0; round < ROUNDS; round++) {
            untilQuiet();
            vote(() -> {}, seconds, idle);
            vote(() -> keepTraining(trainings), seconds, during);
        }
        double ratio = during.quantileMs(.99) / idle.quantileMs(.99);
        print("idle", idle);
        print("while training", during);
        System.out.printf(Locale.ROOT, "%d trainings; p99 while training is %.2f x idle%n", trainings[0], ratio);
        return Map.of(
                "votesASecond",
                VOTES_A_SECOND,
                "idleP99Ms",
                idle.quantileMs(.99),
                "trainingP99Ms",
                during.quantileMs(.99),
                "ratio",
                ratio,
                "trainings",
                trainings[0]);
    }

    /** Until no model is made and what a new champion asked for is scored. */
    private void untilQuiet() throws InterruptedException {
        while (training()) {
            Thread.sleep(200);
        }
        Thread.sleep(3000);
    }

    private static void print(String what, Latencies times) {
        System.out.printf(
                Locale.ROOT,
                "%-15s %6d votes  p50 %6.1f ms  p99 %6.1f ms%n",
                what,
                times.count(),
                times.quantileMs(.5),
                times.quantileMs(.99));
    }

    private void prepare() {
        admin.post("/api/v1/projects", Map.of("slug", slug, "title", "Retraining under votes"));
        JsonNode made = admin.post(
                "/api/v1/projects/" + slug + "/workflows",
                Map.of(
                        "slug", "real-or-bogus",
                        "title", "Real or bogus?",
                        "question", "Is it real?",
                        "answers",
                                List.of(
                                        Map.of("key", "real", "label", "Real", "help", ""),
                                        Map.of("key", "bogus", "label", "Bogus", "help", "")),
                        // Nothing is trained unless this asks for it, and no candidate retires by its votes.
                        "rules", Map.of("retrainEvery", 1_000_000, "minVotes", 99, "maxVotes", 100)));
        workflow = made.path("id").asText();
        int candidates = GOLD + (seconds + 5) * VOTES_A_SECOND / VOTERS;
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(5));
        for (int from = 0; from < candidates; from += SLICE) {
            admin.upload(
                    "/api/v1/projects/" + slug + "/ingests?name=part-" + from + ".avro",
                    BodyPublishers.ofByteArray(new SimulatedNight(survey, from, SLICE).container()));
        }
        List<Map<String, String>> gold = new ArrayList<>();
        for (int i = 0; i < GOLD; i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            gold.add(Map.of(
                    "candid",
                    Long.toString(candidate.packet().candid()),
                    "answer",
                    candidate.real() ? "real" : "bogus"));
        }
        admin.post(
                path("/gold-standards"),
                Map.of("survey", survey.settings().survey(), "source", "simulated", "items", gold));
        Set<String> known = new HashSet<>();
        gold.forEach(item -> known.add(item.getOrDefault("candid", "")));
        String cursor = "";
        while (true) {
            JsonNode page = admin.get("/api/v1/projects/" + slug + "/candidates?limit=500" + cursor);
            for (JsonNode item : page.path("items")) {
                if (!known.contains(item.path("candid").asText())) {
                    open.add(item.path("id").asText());
                }
            }
            if (page.path("next").isNull() || page.path("next").isMissingNode()) {
                break;
            }
            cursor = "&cursor=" + ServerApi.encode(page.path("next").asText());
        }
        // Until the first model is there and has scored everything, the server is not idle.
        while (lines(path("/scores")) < GOLD + open.size()) {
            ServerApi.sleep(Duration.ofSeconds(1));
        }
    }

    private long lines(String path) {
        try (var in = admin.download(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().count();
        } catch (IOException e) {
            return 0;
        }
    }

    private String path(String of) {
        return "/api/v1/workflows/" + workflow + of;
    }

    private boolean training() {
        for (JsonNode run : admin.get(path("/trainings"))) {
            String state = run.path("state").asText();
            if (state.equals("queued") || state.equals("running")) {
                return true;
            }
        }
        return false;
    }

    private void keepTraining(int[] trainings) {
        if (!training()) {
            admin.post(path("/trainings"), null);
            trainings[0]++;
        }
    }

    /** Votes at a steady pace; each phase by people of its own, so that nobody votes twice on a candidate. */
    private void vote(Runnable meanwhile, int duration, Latencies times) throws Exception {
        phase++;
        ExecutorService pool = Executors.newFixedThreadPool(VOTERS);
        try {
            long end = System.nanoTime() + Duration.ofSeconds(duration).toNanos();
            List<Future<Integer>> voters = new ArrayList<>();
            for (int v = 0; v < VOTERS; v++) {
                // Scientists may answer any candidate, served or not.
                JsonNode account = admin.post(
                        "/api/v1/accounts?token=true",
                        Map.of("username", slug + "-" + phase + "-" + v, "role", "scientist"));
                ServerApi api = admin.as(account.path("token").asText());
                voters.add(pool.submit(() -> voteUntil(api, end, times)));
            }
            while (System.nanoTime() < end) {
                meanwhile.run();
                ServerApi.sleep(Duration.ofMillis(250));
            }
            for (Future<Integer> voter : voters) {
                voter.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private int voteUntil(ServerApi api, long end, Latencies times) {
        long gap = 1_000_000_000L * VOTERS / VOTES_A_SECOND;
        long next = System.nanoTime();
        int votes = 0;
        while (System.nanoTime() < end && votes < open.size()) {
            long due = next;
            api.post(
                    "/api/v1/classifications",
                    Map.of(
                            "clientId",
                            UUID.randomUUID().toString(),
                            "workflowId",
                            workflow,
                            "candidateId",
                            open.get(votes),
                            "answer",
                            votes % 2 == 0 ? "real" : "bogus",
                            "elapsedMs",
                            900));
            // From when it was due: a pause of the server also delays those that wait behind it.
            times.add(System.nanoTime() - due);
            votes++;
            next += gap;
            long wait = next - System.nanoTime();
            if (wait > 0) {
                ServerApi.sleep(Duration.ofNanos(wait));
            }
        }
        return votes;
    }
}
