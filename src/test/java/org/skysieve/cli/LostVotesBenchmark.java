package org.skysieve.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;

import org.skysieve.ServerUnderTest;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.web.Browser;

/**
 * Is a vote ever lost or counted twice? Guests classify in Chromium, each in a browser of their own, while a fifth of all
 * requests fails (half of those before they reach the server, half after it has answered) and the server is killed once
 * ({@code kill -9}) and started again. In the end what they pressed is compared with what the log holds.
 *
 * <p>Needs the packaged jar and Chromium. Options: {@code --votes N}, {@code --browsers N}, {@code --json FILE}.
 */
final class LostVotesBenchmark {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double DROPPED = 0.2;
    private static final long SEED = 20;
    private static final int SLICE = 250;
    private static final Duration PATIENCE = Duration.ofMinutes(60);

    /** Presses keys as soon as a candidate has been painted, and remembers what was pressed. */
    private static final String CLASSIFY = """
            count => {
              const stage = document.querySelector('[data-part="stage"]');
              window.given = [];
              const run = async () => {
                let last = '';
                while (window.given.length < count) {
                  const id = stage.dataset.painted;
                  if (!id || id === last || id !== stage.dataset.candidateId) {
                    await new Promise((resolve) => setTimeout(resolve, 10));
                    continue;
                  }
                  const key = Number(id) % 3 === 0 ? '2' : '1';
                  window.given.push(`${id} ${key === '1' ? 'real' : 'bogus'}`);
                  document.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
                  last = id;
                }
              };
              void run();
            }
            """;

    private final int votes;
    private final int browsers;

    private LostVotesBenchmark(int votes, int browsers) {
        this.votes = votes;
        this.browsers = browsers;
    }

    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        Path data = Files.createTempDirectory("skysieve-lost-votes-");
        try {
            Map<String, Object> figures = new LostVotesBenchmark(
                            number(options, "--votes", 10_000), number(options, "--browsers", 10))
                    .run(data);
            figures.forEach((key, value) -> System.out.printf("%-18s %s%n", key, value));
            int json = options.indexOf("--json");
            if (json >= 0) {
                Files.writeString(Path.of(options.get(json + 1)), JSON.writeValueAsString(figures));
            }
        } finally {
            ServerUnderTest.delete(data);
        }
    }

    private static int number(List<String> options, String name, int otherwise) {
        int at = options.indexOf(name);
        return at < 0 ? otherwise : Integer.parseInt(options.get(at + 1));
    }

    private Map<String, Object> run(Path data) throws Exception {
        int each = votes / browsers;
        long began = System.nanoTime();
        ServerUnderTest server = ServerUnderTest.start(data, Map.of(), "serve", "--port", "0");
        int port = server.port();
        try (Browser browser = Browser.start();
                FlakyProxy network =
                        new FlakyProxy(server.address(), DROPPED, LostVotesBenchmark::ofTheClassifyPage, SEED)) {
            String token = Files.readString(data.resolve("operator-token")).strip();
            ServerApi admin = ServerApi.of(server.address(), token, Duration.ofSeconds(60));
            String workflow = prepare(admin, each + 100);
            List<Page> pages = new ArrayList<>();
            for (int i = 0; i < browsers; i++) {
                Page page = browser.open(Browser.Viewport.PHONE);
                page.setDefaultTimeout(120_000);
                page.navigate(network.address() + "/projects/lost-votes/classify");
                page.waitForFunction("() => document.querySelector('[data-part=\"stage\"]').dataset.painted");
                page.evaluate(CLASSIFY, each);
                pages.add(page);
            }
            boolean killed = false;
            while (sum(pages, "() => window.given.length") < each * browsers || sum(pages, UNSENT) > 0) {
                pages.get(0).waitForTimeout(500);
                int given = sum(pages, "() => window.given.length");
                if (!killed && given > each * browsers / 2) {
                    killed = true;
                    System.out.printf(
                            "killing the server after %d votes, %d of them under way%n", given, sum(pages, UNSENT));
                    server.kill();
                    server = ServerUnderTest.start(data, Map.of(), "serve", "--port", Integer.toString(port));
                }
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new IllegalStateException("only " + given + " votes after " + PATIENCE);
                }
            }
            Map<String, Integer> pressed = new HashMap<>();
            for (Page page : pages) {
                for (Object one : (List<?>) page.evaluate("() => window.given")) {
                    pressed.merge(String.valueOf(one), 1, Integer::sum);
                }
            }
            Map<String, Object> figures = compare(admin, workflow, pressed);
            figures.put("browsers", browsers);
            figures.put("requests", network.requests());
            figures.put("requestsFailed", network.failed());
            figures.put("seconds", (System.nanoTime() - began) / 1_000_000_000);
            return figures;
        } finally {
            server.close();
        }
    }

    private static final String UNSENT =
            "() => Number(document.querySelector('[data-part=\"unsent\"]').dataset.unsent)";

    /** What the page asks for while somebody classifies; the page itself and its script come through. */
    private static boolean ofTheClassifyPage(String path) {
        return path.startsWith("/api/") || path.endsWith("/glance");
    }

    private static int sum(List<Page> pages, String expression) {
        return pages.stream()
                .mapToInt(page -> ((Number) page.evaluate(expression)).intValue())
                .sum();
    }

    private static String prepare(ServerApi admin, int candidates) {
        admin.post("/api/v1/projects", Map.of("slug", "lost-votes", "title", "Lost votes"));
        JsonNode workflow = admin.post(
                "/api/v1/projects/lost-votes/workflows",
                Map.of(
                        "slug", "real-or-bogus",
                        "title", "Real or bogus?",
                        "question", "Did something really change here?",
                        "answers",
                                List.of(
                                        Map.of("key", "real", "label", "Real"),
                                        Map.of("key", "bogus", "label", "Bogus")),
                        // Nothing retires: everybody can answer as many as they are asked to.
                        "rules", Map.of("retrainEvery", 1_000_000, "minVotes", 99, "maxVotes", 100)));
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(6));
        for (int from = 0; from < candidates; from += SLICE) {
            admin.upload(
                    "/api/v1/projects/lost-votes/ingests?name=part-" + from + ".avro",
                    BodyPublishers.ofByteArray(new SimulatedNight(survey, from, SLICE).container()));
        }
        return workflow.path("id").asText();
    }

    private static Map<String, Object> compare(ServerApi admin, String workflow, Map<String, Integer> pressed)
            throws IOException {
        Map<String, Integer> stored = new HashMap<>();
        Set<String> people = new HashSet<>();
        int doubled = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                admin.download("/api/v1/workflows/" + workflow + "/exports/classifications.jsonl"),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode row = JSON.readTree(line);
                String candidate = row.path("candidate_id").asText();
                stored.merge(candidate + " " + row.path("answer").asText(), 1, Integer::sum);
                doubled += people.add(row.path("volunteer").asText() + " " + candidate) ? 0 : 1;
            }
        }
        int lost = 0;
        int all = 0;
        for (Map.Entry<String, Integer> each : pressed.entrySet()) {
            all += each.getValue();
            lost += Math.max(0, each.getValue() - stored.getOrDefault(each.getKey(), 0));
        }
        int strange = 0;
        for (Map.Entry<String, Integer> each : stored.entrySet()) {
            strange += Math.max(0, each.getValue() - pressed.getOrDefault(each.getKey(), 0));
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("votes", all);
        figures.put(
                "stored", stored.values().stream().mapToInt(Integer::intValue).sum());
        figures.put("lost", lost);
        figures.put("doubled", doubled + strange);
        return figures;
    }
}
