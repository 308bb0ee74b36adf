package org.skysieve.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

import org.skysieve.ServerUnderTest;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.web.Browser;

/**
 * Is the classify page instant? Chromium classifies simulated candidates of a server of its own. From the key press to the
 * frame that holds all panels of the next candidate, timed inside the page; the script's size; what the heap keeps; what
 * axe-core finds.
 *
 * <p>Needs the packaged jar and a Chromium. Options: {@code --quick}, {@code --json FILE}.
 */
final class ClassifyPageBenchmark {
    private static final int LATENCY_MS = 150;
    private static final int PHONE_SLOWDOWN = 4;
    private static final int TIMED = 100;
    /** A fast volunteer: this long between seeing a candidate and answering it. */
    private static final int LOOK_MS = 300;

    /** Leases, history and prefetched candidates have their full number by then. */
    private static final int SETTLED = 60;

    private static final int SLICE = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * From the key press (the event's own time, so that a busy page cannot hide it) to the start of the second frame after
     * the one in which the next candidate was put in place: the first of them is on the screen by then.
     */
    private static final String STOPWATCH = """
            () => {
              const stage = document.querySelector('[data-part="stage"]');
              window.keyToPaint = [];
              addEventListener('keydown', (event) => {
                const before = stage.dataset.candidateId;
                const look = () => {
                  const id = stage.dataset.candidateId;
                  if (!id || id === before) requestAnimationFrame(look);
                  else requestAnimationFrame(() => window.keyToPaint.push(performance.now() - event.timeStamp));
                };
                requestAnimationFrame(look);
              }, { capture: true });
            }
            """;

    private final ServerApi admin;
    private final Browser browser;
    private final String address;
    private final int marathon;
    private final String slug = "classify-page-" + Long.toString(System.currentTimeMillis(), 36);

    private ClassifyPageBenchmark(ServerApi admin, Browser browser, String address, int marathon) {
        this.admin = admin;
        this.browser = browser;
        this.address = address;
        this.marathon = marathon;
    }

    public static void main(String[] args) throws Exception {
        List<String> options = List.of(args);
        int json = options.indexOf("--json");
        Path data = Files.createTempDirectory("skysieve-classify-page-");
        try (Browser browser = Browser.start();
                ServerUnderTest server = ServerUnderTest.start(data, Map.of(), "serve", "--port", "0")) {
            String token = Files.readString(data.resolve("operator-token")).strip();
            ServerApi admin = ServerApi.of(server.address(), token, Duration.ofSeconds(60));
            Map<String, Object> figures = new ClassifyPageBenchmark(
                            admin, browser, server.address(), options.contains("--quick") ? 300 : 2000)
                    .run();
            if (json >= 0) {
                Files.writeString(Path.of(options.get(json + 1)), JSON.writeValueAsString(figures));
            }
        } finally {
            ServerUnderTest.delete(data);
        }
    }

    private Map<String, Object> run() throws Exception {
        prepare();
        Map<String, Object> figures = new LinkedHashMap<>();
        timed("laptop", Browser.Viewport.LAPTOP, 1, figures);
        timed("phone", Browser.Viewport.PHONE, PHONE_SLOWDOWN, figures);
        figures.put("jsGzipKb", round(scriptKb()));
        heap(figures);
        List<String> findings = findings();
        figures.put("axeViolations", findings.size());
        System.out.printf(Locale.ROOT, "script %.1f kB gzipped%n", scriptKb());
        System.out.printf(Locale.ROOT, "axe-core: %d findings%n", findings.size());
        findings.forEach(System.out::println);
        return figures;
    }

    private void prepare() {
        admin.post("/api/v1/projects", Map.of("slug", slug, "title", "Classify page"));
        admin.post(
                "/api/v1/projects/" + slug + "/workflows",
                Map.of(
                        "slug", "real-or-bogus",
                        "title", "Real or bogus?",
                        "question", "Did something really change here?",
                        "answers",
                                List.of(
                                        Map.of("key", "real", "label", "Real", "help", ""),
                                        Map.of("key", "bogus", "label", "Bogus", "help", "")),
                        // No candidate retires and nothing is trained while the page is timed.
                        "rules", Map.of("retrainEvery", 1_000_000, "minVotes", 99, "maxVotes", 100)));
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(6));
        for (int from = 0; from < marathon + 2 * SETTLED + SLICE; from += SLICE) {
            admin.upload(
                    "/api/v1/projects/" + slug + "/ingests?name=part-" + from + ".avro",
                    BodyPublishers.ofByteArray(new SimulatedNight(survey, from, SLICE).container()));
        }
    }

    private Page open(Browser.Viewport viewport) {
        Page page = browser.open(viewport);
        page.setDefaultTimeout(60_000);
        page.navigate(address + "/projects/" + slug + "/classify");
        page.waitForFunction("() => document.querySelector('[data-part=\"stage\"]').dataset.painted");
        return page;
    }

    private void timed(String name, Browser.Viewport viewport, int slowdown, Map<String, Object> figures) {
        Page page = open(viewport);
        CDPSession chromium = page.context().newCDPSession(page);
        chromium.send("Network.enable");
        chromium.send("Network.emulateNetworkConditions", network());
        JsonObject rate = new JsonObject();
        rate.addProperty("rate", slowdown);
        chromium.send("Emulation.setCPUThrottlingRate", rate);
        page.evaluate(STOPWATCH);
        page.waitForTimeout(2000);
        for (int i = 0; i < TIMED; i++) {
            page.keyboard().press(i % 2 == 0 ? "1" : "2");
            int done = i + 1;
            page.waitForFunction("done => window.keyToPaint.length === done", done);
            page.waitForTimeout(LOOK_MS);
        }
        @SuppressWarnings("unchecked")
        List<Number> all = (List<Number>) page.evaluate("() => window.keyToPaint");
        double[] sorted = all.stream().mapToDouble(Number::doubleValue).sorted().toArray();
        System.out.printf(
                Locale.ROOT,
                "%-6s %4d px, %d x slower: key to paint over %d candidates p50 %.1f ms, p95 %.1f ms, longest %.1f ms%n",
                name,
                viewport.width(),
                slowdown,
                sorted.length,
                quantile(sorted, .5),
                quantile(sorted, .95),
                sorted[sorted.length - 1]);
        figures.put(name + "P50Ms", round(quantile(sorted, .5)));
        figures.put(name + "P95Ms", round(quantile(sorted, .95)));
        figures.put(name + "MaxMs", round(sorted[sorted.length - 1]));
        page.context().close();
    }

    private static JsonObject network() {
        JsonObject conditions = new JsonObject();
        conditions.addProperty("offline", false);
        conditions.addProperty("latency", LATENCY_MS);
        conditions.addProperty("downloadThroughput", -1);
        conditions.addProperty("uploadThroughput", -1);
        return conditions;
    }

    /** All scripts of the page, kilobytes of 1000 bytes, gzipped as a server would. */
    private double scriptKb() throws IOException, InterruptedException {
        Page page = open(Browser.Viewport.LAPTOP);
        @SuppressWarnings("unchecked")
        List<String> scripts =
                (List<String>) page.evaluate("() => [...document.scripts].map(s => s.src).filter(Boolean)");
        page.context().close();
        if (scripts.isEmpty()) {
            throw new IllegalStateException("the classify page loads no script");
        }
        long bytes = 0;
        HttpClient http = HttpClient.newHttpClient();
        for (String script : scripts) {
            byte[] plain = http.send(HttpRequest.newBuilder(URI.create(script)).build(), BodyHandlers.ofByteArray())
                    .body();
            ByteArrayOutputStream packed = new ByteArrayOutputStream();
            try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                gzip.write(plain);
            }
            bytes += packed.size();
        }
        return bytes / 1000.0;
    }

    private void heap(Map<String, Object> figures) {
        Page page = open(Browser.Viewport.LAPTOP);
        CDPSession chromium = page.context().newCDPSession(page);
        chromium.send("HeapProfiler.enable");
        classify(page, SETTLED);
        double before = heapMb(chromium);
        classify(page, marathon);
        double after = heapMb(chromium);
        System.out.printf(Locale.ROOT, "heap over %d candidates: %.1f MB to %.1f MB%n", marathon, before, after);
        figures.put("heapCandidates", marathon);
        figures.put("heapMb", round(after));
        figures.put("heapGrowthMb", round(after - before));
        page.context().close();
    }

    private static void classify(Page page, int candidates) {
        for (int i = 0; i < candidates; i++) {
            Object shown = page.evaluate("() => document.querySelector('[data-part=\"stage\"]').dataset.painted");
            page.keyboard().press(i % 3 == 0 ? "1" : "2");
            page.waitForFunction(
                    "shown => { const d = document.querySelector('[data-part=\"stage\"]').dataset;"
                            + " return d.painted !== shown && d.candidateId === d.painted; }",
                    shown);
        }
        page.waitForFunction("() => document.querySelector('[data-part=\"unsent\"]').dataset.unsent === '0'");
    }

    private static double heapMb(CDPSession chromium) {
        // Twice: what the first pass finalises, the second frees.
        chromium.send("HeapProfiler.collectGarbage");
        chromium.send("HeapProfiler.collectGarbage");
        return chromium.send("Runtime.getHeapUsage").get("usedSize").getAsDouble() / 1e6;
    }

    private List<String> findings() {
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            Page page = open(viewport);
            List<String> here = new ArrayList<>(Browser.accessibilityFindings(page));
            page.keyboard().press("?");
            here.addAll(Browser.accessibilityFindings(page));
            here.forEach(finding -> findings.add(viewport.label() + ": " + finding));
            page.context().close();
        }
        return findings;
    }

    private static double quantile(double[] sorted, double q) {
        return sorted[(int) Math.min(sorted.length - 1L, Math.ceil(q * sorted.length) - 1)];
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }
}
