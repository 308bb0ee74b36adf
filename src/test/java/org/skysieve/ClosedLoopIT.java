package org.skysieve;

import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.skysieve.web.Browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The whole loop as a person meets it, on the packaged jar: sign in, classify by keyboard, see the posterior move, a
 * candidate retire, a better model take over.
 */
class ClosedLoopIT {
    private static final long SEED = 20261121;
    private static final int CANDIDATES = 260;
    private static final int BY_KEYBOARD = 20;
    private static final int GUESTS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private String address = "";

    @Test
    void aVolunteerClassifiesByKeyboardAndTheLoopCloses() throws Exception {
        try (Browser browser = Browser.start();
                ServerUnderTest server = ServerUnderTest.start(
                        data,
                        // A first model that has seen little sky, so that a few dozen labels make a better one.
                        Map.of(
                                "skysieve.model.simulated", "60",
                                "skysieve.model.trees", "30",
                                // More than the gold standards: the crowd's labels must bring the next one.
                                "skysieve.model.enough-evaluation", "45",
                                "skysieve.demo.seed", Long.toString(SEED)),
                        "demo",
                        "--port",
                        "0",
                        "--candidates",
                        Integer.toString(CANDIDATES))) {
            address = server.address();
            SimulatedTruth truth = new SimulatedTruth(SEED, CANDIDATES);
            HttpClient anybody = HttpClient.newHttpClient();
            String workflow =
                    get(anybody, "/api/v1/projects/demo").at("/workflows/0/id").asText();
            await("first model").atMost(PATIENCE).until(() -> champion(anybody, workflow) > 0);

            Page page = browser.open(Browser.Viewport.LAPTOP);
            signIn(page, "volunteer", server.password("volunteer"));
            Set<String> classified = classifyByKeyboard(page, anybody, truth);

            assertThat(classified).hasSize(BY_KEYBOARD);
            await("all votes stored and weighed").atMost(PATIENCE).untilAsserted(() -> {
                JsonNode status = get(anybody, "/api/v1/workflows/" + workflow + "/consensus/status");
                assertThat(status.path("lag").asInt()).isZero();
                assertThat(get(anybody, "/api/v1/workflows/" + workflow + "/statistics")
                                .path("votes")
                                .asInt())
                        .isGreaterThanOrEqualTo(BY_KEYBOARD);
            });

            // The posterior moved: the page of a candidate shows it and the vote that moved it.
            page.navigate(address + "/candidates/" + classified.iterator().next());
            PlaywrightAssertions.assertThat(page.getByTestId("posterior").first())
                    .isVisible();
            PlaywrightAssertions.assertThat(page.getByTestId("trace-step").first())
                    .isVisible();

            int before = champion(anybody, workflow);
            crowdClassifies(workflow, truth);

            await("a candidate retires").atMost(PATIENCE).until(() -> retired(anybody, workflow) > 0);
            await("a retrained model is promoted")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> champion(anybody, workflow) > before);

            page.navigate(address + "/projects/demo/dashboard");
            Locator models = page.getByTestId("model-version");
            PlaywrightAssertions.assertThat(models.filter(new Locator.FilterOptions().setHasText("champion")))
                    .hasCount(1);
            assertThat(models.count()).isGreaterThan(1);
        }
    }

    private void signIn(Page page, String username, String password) {
        page.navigate(address + "/sign-in");
        page.getByLabel("Username").fill(username);
        page.getByLabel("Password").fill(password);
        page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in"))
                .click();
        PlaywrightAssertions.assertThat(page.getByTestId("nav-account")).isVisible();
    }

    private Set<String> classifyByKeyboard(Page page, HttpClient anybody, SimulatedTruth truth) throws Exception {
        page.navigate(address + "/projects/demo/classify");
        // The first visit begins with the tutorial; who closes it has it behind them.
        PlaywrightAssertions.assertThat(page.getByTestId("tutorial-dialog")).isVisible();
        page.keyboard().press("Escape");
        Locator stage = page.getByTestId("stage");
        Set<String> classified = new HashSet<>();
        for (int i = 0; i < BY_KEYBOARD; i++) {
            PlaywrightAssertions.assertThat(page.getByTestId("answer-real")).isEnabled();
            String candidate = stage.getAttribute("data-candidate-id");
            classified.add(candidate);
            boolean real = isReal(anybody, candidate, truth);
            page.keyboard().press(real ? "1" : "2");
            if (real) {
                // The demo asks what is near it; whoever does not care goes on.
                PlaywrightAssertions.assertThat(page.getByTestId("tasks")).isVisible();
                page.keyboard().press("Escape");
            }
            PlaywrightAssertions.assertThat(stage).not().hasAttribute("data-candidate-id", candidate);
        }
        PlaywrightAssertions.assertThat(page.getByTestId("session-count")).hasText(Integer.toString(BY_KEYBOARD));
        PlaywrightAssertions.assertThat(page.getByTestId("unsent")).isHidden();
        return classified;
    }

    /** Guests who know the truth, so that labels come fast; they go through the same API as the page. */
    private void crowdClassifies(String workflow, SimulatedTruth truth) throws Exception {
        for (int guest = 0; guest < GUESTS; guest++) {
            HttpClient client =
                    HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
            for (int batch = 0; batch < 8; batch++) {
                JsonNode assignments = post(client, "/api/v1/workflows/" + workflow + "/assignments", "{\"count\":20}")
                        .path("assignments");
                for (JsonNode assignment : assignments) {
                    String candidate = assignment.path("candidateId").asText();
                    String answer = isReal(client, candidate, truth) ? "real" : "bogus";
                    post(
                            client,
                            "/api/v1/classifications",
                            JSON.createObjectNode()
                                    .put("clientId", UUID.randomUUID().toString())
                                    .put("workflowId", workflow)
                                    .put("candidateId", candidate)
                                    .put("assignmentId", assignment.path("id").asText())
                                    .put("answer", answer)
                                    .toString());
                }
            }
        }
    }

    private boolean isReal(HttpClient client, String candidate, SimulatedTruth truth) throws Exception {
        return truth.isReal(
                get(client, "/api/v1/candidates/" + candidate).path("candid").asLong());
    }

    private int champion(HttpClient client, String workflow) throws Exception {
        JsonNode models = get(client, "/api/v1/workflows/" + workflow + "/models");
        for (JsonNode model : models.isArray() ? models : models.path("items")) {
            if (model.path("state").asText().equals("champion")) {
                return model.path("version").asInt();
            }
        }
        return 0;
    }

    private long retired(HttpClient client, String workflow) throws Exception {
        return get(client, "/api/v1/workflows/" + workflow + "/statistics")
                .at("/candidates/retiredTotal")
                .asLong();
    }

    private JsonNode get(HttpClient client, String path) throws IOException, InterruptedException {
        return send(client, HttpRequest.newBuilder(URI.create(address + path)).build());
    }

    private JsonNode post(HttpClient client, String path, String body) throws IOException, InterruptedException {
        return send(
                client,
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build());
    }

    private static JsonNode send(HttpClient client, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as("%s: %s", request.uri(), response.body())
                .isBetween(200, 299);
        return JSON.readTree(response.body());
    }
}
