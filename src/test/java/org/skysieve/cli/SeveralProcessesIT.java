package org.skysieve.cli;

import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.skysieve.ServerUnderTest;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two processes of the packaged jar on one database: whoever answers, nobody is served a candidate twice, no candidate more
 * often than its quota, and what one process changes the other soon knows.
 */
class SeveralProcessesIT {
    private static final int CANDIDATES = 40;
    private static final int MOST_VOTES = 3;
    private static final int PEOPLE = 10;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<Map<String, String>> ANSWERS = List.of(
            Map.of("key", "real", "label", "Real", "help", ""), Map.of("key", "bogus", "label", "Bogus", "help", ""));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private ServerUnderTest first;
    private ServerUnderTest second;
    private String url = "";
    private String password = "";
    private String workflow = "";

    @BeforeEach
    void start() throws Exception {
        Map<String, String> settings = Map.of("skysieve.model.simulated", "60", "skysieve.model.trees", "30");
        first = ServerUnderTest.start(data.resolve("first"), settings, "serve", "--port", "0");
        Path postgres = data.resolve("first").resolve("postgres");
        url = "jdbc:postgresql://127.0.0.1:"
                + Files.readAllLines(postgres.resolve("cluster/postmaster.pid"))
                        .get(3)
                        .strip() + "/skysieve";
        password = Files.readString(postgres.resolve("password")).strip();
        Map<String, String> shared = new HashMap<>(settings);
        shared.put("quarkus.datasource.jdbc.url", url);
        shared.put("quarkus.datasource.username", "skysieve");
        shared.put("quarkus.datasource.password", password);
        second = ServerUnderTest.start(data.resolve("second"), shared, "serve", "--port", "0");
        ServerApi admin = admin(first);
        admin.post("/api/v1/projects", Map.of("slug", "two", "title", "Two processes"));
        workflow = admin.post(
                        "/api/v1/projects/two/workflows",
                        Map.of(
                                "slug", "real-or-bogus",
                                "title", "Real or bogus?",
                                "question", "Is it real?",
                                "answers", ANSWERS,
                                // All of them stay open until their votes are used up.
                                "rules",
                                        Map.of(
                                                "minVotes",
                                                MOST_VOTES,
                                                "maxVotes",
                                                MOST_VOTES,
                                                "goldShare",
                                                0,
                                                "retrainEvery",
                                                1_000_000)))
                .path("id")
                .asText();
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(3));
        admin.upload(
                "/api/v1/projects/two/ingests?name=night.avro",
                BodyPublishers.ofByteArray(new SimulatedNight(survey, 0, CANDIDATES).container()));
        await("queue")
                .atMost(PATIENCE)
                .until(() -> number("SELECT count(*) FROM queue_entry WHERE open") == CANDIDATES);
    }

    @AfterEach
    void stop() {
        second.close();
        first.close();
    }

    private ServerApi admin(ServerUnderTest server) throws Exception {
        String token = Files.readString(data.resolve("first").resolve("operator-token"))
                .strip();
        return ServerApi.of(server.address(), token, PATIENCE);
    }

    @Test
    void nobodyGetsACandidateTwiceAndNoQuotaIsExceeded() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(2 * PEOPLE);
        try {
            List<Future<Integer>> work = new ArrayList<>();
            for (int p = 0; p < PEOPLE; p++) {
                String token = admin(first)
                        .post("/api/v1/accounts?token=true", Map.of("username", "person-" + p))
                        .path("token")
                        .asText();
                Set<String> voted = Collections.synchronizedSet(new HashSet<>());
                // Each person in two tabs, one on each process.
                for (ServerUnderTest server : List.of(first, second)) {
                    work.add(pool.submit(() -> classify(ServerApi.of(server.address(), token, PATIENCE), voted)));
                }
            }
            int votes = 0;
            for (Future<Integer> one : work) {
                votes += one.get();
            }

            assertThat(votes).isEqualTo(CANDIDATES * MOST_VOTES);
        } finally {
            pool.shutdownNow();
        }
        assertThat(number("SELECT count(*) FROM classification")).isEqualTo(CANDIDATES * MOST_VOTES);
        assertThat(number("SELECT count(*) FROM (SELECT 1 FROM classification GROUP BY volunteer_id, candidate_id"
                        + " HAVING count(*) > 1) AS twice"))
                .isZero();
        assertThat(number(
                        "SELECT max(n) FROM (SELECT count(*) AS n FROM classification GROUP BY candidate_id) AS votes"))
                .isEqualTo(MOST_VOTES);
    }

    /** Until nothing is left for anybody; returns how many votes were new. */
    private int classify(ServerApi api, Set<String> voted) {
        int votes = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode answer = api.post("/api/v1/workflows/" + workflow + "/assignments", Map.of("count", 5));
            if (answer.path("assignments").isEmpty()) {
                if (!answer.path("reason").asText().equals("all-leased")) {
                    return votes;
                }
                // Others hold the last ones and are about to answer.
                ServerApi.sleep(Duration.ofMillis(50));
            }
            for (JsonNode assignment : answer.path("assignments")) {
                String candidate = assignment.path("candidateId").asText();
                // The other tab is given the same leases, and may be faster.
                if (voted.add(candidate)) {
                    api.post(
                            "/api/v1/classifications",
                            Map.of(
                                    "clientId",
                                    UUID.randomUUID().toString(),
                                    "workflowId",
                                    workflow,
                                    "candidateId",
                                    candidate,
                                    "assignmentId",
                                    assignment.path("id").asText(),
                                    "answer",
                                    "real"));
                    votes++;
                }
            }
        }
        throw new IllegalStateException("still something to do after " + PATIENCE);
    }

    @Test
    void aGuestGoesOnAtTheOtherProcessAndTakesVotesAlongAtSignUp() throws Exception {
        HttpClient guest =
                HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        JsonNode held = assignments(guest, first);
        JsonNode same = assignments(guest, second);
        JsonNode voted = held.get(0);
        post(
                guest,
                second,
                "/api/v1/classifications",
                Map.of(
                        "clientId",
                        UUID.randomUUID().toString(),
                        "workflowId",
                        workflow,
                        "candidateId",
                        voted.path("candidateId").asText(),
                        "answer",
                        "bogus"),
                201);

        // The cookie is the host's, whatever the port, as behind a load balancer.
        assertThat(same).isEqualTo(held);

        JsonNode account = post(
                guest,
                first,
                "/api/v1/accounts?token=true",
                Map.of("username", "was-a-guest", "password", "long-enough-to-do"),
                201);
        ServerApi signedIn =
                ServerApi.of(second.address(), account.path("token").asText(), PATIENCE);
        JsonNode after = signedIn.post("/api/v1/workflows/" + workflow + "/assignments", Map.of("count", 5));

        assertThat(signedIn.get("/api/v1/classifications").path("items")).hasSize(1);
        assertThat(after.path("assignments").findValuesAsText("candidateId"))
                .hasSize(5)
                .containsAll(held.findValuesAsText("candidateId").subList(1, 5))
                .doesNotContain(voted.path("candidateId").asText());
    }

    @Test
    void rulesThatOneProcessChangesHoldAtTheOtherWithinSeconds() throws Exception {
        ServerApi there = ServerApi.of(
                second.address(),
                admin(second)
                        .post("/api/v1/accounts?token=true", Map.of("username", "late"))
                        .path("token")
                        .asText(),
                PATIENCE);
        JsonNode before = there.post("/api/v1/workflows/" + workflow + "/assignments", Map.of("count", 1));
        assertThat(before.path("assignments")).hasSize(1);

        admin(first)
                .post(
                        "/api/v1/workflows/" + workflow + "/versions",
                        Map.of(
                                "question",
                                "Is it real?",
                                "answers",
                                ANSWERS,
                                "rules",
                                Map.of("minVotes", 1, "maxVotes", 1, "goldShare", 0, "leaseMinutes", 60)));

        int[] count = {1};
        await("leases of an hour")
                .atMost(Duration.ofSeconds(15))
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> {
                    // One more each time: a new place is leased by the rules that this process knows.
                    count[0]++;
                    JsonNode served =
                            there.post("/api/v1/workflows/" + workflow + "/assignments", Map.of("count", count[0]));
                    JsonNode last = served.path("assignments")
                            .get(served.path("assignments").size() - 1);
                    assertThat(Instant.parse(last.path("leaseUntil").asText()))
                            .isAfter(Instant.now().plusSeconds(1800));
                });
    }

    private JsonNode assignments(HttpClient client, ServerUnderTest server) throws Exception {
        return post(client, server, "/api/v1/workflows/" + workflow + "/assignments", Map.of("count", 5), 200)
                .path("assignments");
    }

    private static HttpRequest.Builder request(ServerUnderTest server, String path) {
        return HttpRequest.newBuilder(URI.create(server.address() + path)).header("Content-Type", "application/json");
    }

    private static JsonNode post(HttpClient client, ServerUnderTest server, String path, Object body, int status)
            throws Exception {
        HttpResponse<String> response = client.send(
                request(server, path)
                        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    private long number(String query) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "skysieve", password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
