package org.skysieve.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

/**
 * Answers the classify page's requests inside the browser, so that its script is tested without the other rooms:
 * candidates 1, 2, 3, ... without end (or up to a limit), votes remembered, and a network that can be cut.
 */
final class FakeSky {
    private static final String RECORDED_AT = "2026-11-21T04:00:00.123456Z";
    private static final String OWNER = "7";
    private static final String ANOTHER = "8";
    private static final Pattern CLASSIFY_PAGE = Pattern.compile(".*/projects/[^/]+/classify$");
    private static final String NOBODYS = "data-volunteer=\"\"";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String GLANCE = """
            <p class="glance-facts" data-spoken="Candidate %1$s. Light curve: 3 detections."><span><strong>%1$s</strong></span> <span>r <strong>18.70</strong> mag</span></p>
            <details><summary>As a table</summary><p>18.70</p></details>
            """;

    private final int candidates;
    /** Candidate by client id, in the order of arrival. */
    private final Map<String, JsonNode> votes = new LinkedHashMap<>();

    /** Details by the client id of their vote. */
    private final Map<String, JsonNode> details = new LinkedHashMap<>();

    private final List<String> skipped = new ArrayList<>();
    private final List<String> doubled = new ArrayList<>();
    /** Who holds which candidates, in the order in which they were served. */
    private final Map<String, Set<Integer>> held = new HashMap<>();

    private int served;
    private boolean offline;
    private boolean jammed;
    private int breakNextAnswers;
    /** Who the server takes the browser's user for. */
    private String here = OWNER;

    /** Whose pages the server makes; nobody's before somebody new was given work. */
    private String known = "";

    private int glances;
    private String overtaken = "";
    private Runnable late = () -> {};
    private double dropped;
    private SplittableRandom dice = new SplittableRandom(0);
    private int loseNextAnswers;
    private final Set<String> settled = new HashSet<>();
    private final Set<String> golden = new HashSet<>();
    private final Set<String> starred = new HashSet<>();
    private boolean newcomer = true;
    private int asked;

    FakeSky(int candidates) {
        this.candidates = candidates;
    }

    /** Opens the classify page in a browser of its own, with this sky behind it. */
    Page open(Browser browser, Browser.Viewport viewport, String url) {
        BrowserContext context = browser.context(viewport);
        answer(context);
        Page page = context.newPage();
        page.navigate(url);
        return page;
    }

    /** Waits until a candidate has been painted. */
    static void shows(Page page, int candidate) {
        assertThat(page.getByTestId("stage")).hasAttribute("data-painted", Integer.toString(candidate));
    }

    void answer(BrowserContext context) {
        context.route(CLASSIFY_PAGE, this::page);
        context.route(Pattern.compile(".*/api/v1/workflows/\\d+/assignments$"), this::assignments);
        context.route(Pattern.compile(".*/api/v1/candidates/\\d+/cutouts$"), this::cutouts);
        context.route(Pattern.compile(".*/candidates/\\d+/glance$"), this::glance);
        context.route(Pattern.compile(".*/api/v1/classifications$"), this::classifications);
        context.route(Pattern.compile(".*/api/v1/details/[-0-9a-f]+$"), this::details);
        context.route(Pattern.compile(".*/api/v1/assignments/\\d+(/skip)?$"), this::assignment);
        context.route(Pattern.compile(".*/api/v1/classifications/\\d+/feedback$"), this::feedback);
        context.route(Pattern.compile(".*/api/v1/me/favourites.*"), this::favourites);
        context.route(Pattern.compile(".*/trace$"), this::trace);
    }

    void cut() {
        offline = true;
    }

    /** Somebody else signs in, as in another tab. */
    synchronized void signInAnother() {
        here = ANOTHER;
        known = ANOTHER;
    }

    /** The first is back. */
    synchronized void signInAgain() {
        here = OWNER;
        known = OWNER;
    }

    /** How many candidates have been sent so far. */
    synchronized int glances() {
        return glances;
    }

    /** The facts of this candidate will arrive after those of another. */
    synchronized void overtake(String candidate) {
        overtaken = candidate;
    }

    /** The next so many votes arrive, but the answer breaks off in the middle. */
    void breakAnswers(int number) {
        breakNextAnswers = number;
    }

    /** Votes do not arrive; everything else does. */
    void jam() {
        jammed = true;
    }

    void mend() {
        offline = false;
        jammed = false;
        dropped = 0;
    }

    /** From now on this share of requests fails: half of those before they arrive, half after. */
    void drop(double share, long seed) {
        dropped = share;
        dice = new SplittableRandom(seed);
    }

    /** Nobody may change an answer to this candidate any more. */
    synchronized void settle(String candidate) {
        settled.add(candidate);
    }

    /** The next so many votes arrive, but the acknowledgement gets lost. */
    void loseAnswers(int number) {
        loseNextAnswers = number;
    }

    synchronized List<JsonNode> votes() {
        return List.copyOf(votes.values());
    }

    /** What was added to the vote about a candidate. */
    synchronized JsonNode detailsOf(int candidate) {
        return votes.entrySet().stream()
                .filter(vote -> vote.getValue().path("candidateId").asInt() == candidate)
                .map(vote -> details.get(vote.getKey()))
                .filter(each -> each != null)
                .findFirst()
                .orElse(JSON.createObjectNode());
    }

    synchronized List<String> skipped() {
        return List.copyOf(skipped);
    }

    /** Client ids that came twice with different content. */
    synchronized List<String> doubled() {
        return List.copyOf(doubled);
    }

    /** The server's own page, made for who is here. */
    private void page(Route route) {
        APIResponse page = route.fetch();
        String html = page.text();
        if (!html.contains(NOBODYS)) {
            throw new IllegalStateException("the page is not made for nobody");
        }
        Map<String, String> headers = new HashMap<>(page.headers());
        headers.keySet().removeAll(Set.of("content-encoding", "content-length", "transfer-encoding"));
        synchronized (this) {
            html = html.replace(NOBODYS, "data-volunteer=\"" + known + "\"");
        }
        route.fulfill(new Route.FulfillOptions()
                .setStatus(page.status())
                .setHeaders(headers)
                .setBody(html));
    }

    private synchronized void assignments(Route route) {
        if (refuse(route)) {
            return;
        }
        int count = read(route).path("count").asInt();
        Set<Integer> mine = held.computeIfAbsent(here, each -> new LinkedHashSet<>());
        while (mine.size() < count && served < candidates) {
            mine.add(++served);
        }
        List<Map<String, Object>> batch = new ArrayList<>();
        for (int candidate : mine.stream().limit(count).toList()) {
            batch.add(Map.of(
                    "id", Integer.toString(1000 + candidate),
                    "candidateId", Integer.toString(candidate),
                    "workflowId", "1",
                    "leaseUntil", "2030-01-01T00:00:00Z",
                    "why", "The classifier is unsure about this one."));
        }
        known = here;
        json(route, 200, Map.of("volunteerId", here, "assignments", batch));
    }

    private void cutouts(Route route) {
        if (refuse(route)) {
            return;
        }
        long id = Long.parseLong(route.request().url().replaceAll(".*/candidates/(\\d+)/.*", "$1"));
        route.fulfill(new Route.FulfillOptions()
                .setStatus(200)
                .setContentType("application/octet-stream")
                .setBodyBytes(SampleBlob.of(63, id)));
    }

    private synchronized void glance(Route route) {
        if (refuse(route)) {
            return;
        }
        String id = route.request().url().replaceAll(".*/candidates/(\\d+)/.*", "$1");
        if (id.equals(overtaken)) {
            overtaken = "";
            late = () -> tell(route, id);
            return;
        }
        tell(route, id);
        late.run();
        late = () -> {};
    }

    private void tell(Route route, String id) {
        glances++;
        route.fulfill(new Route.FulfillOptions()
                .setStatus(200)
                .setContentType("text/html")
                .setHeaders(Map.of("Skysieve-Pixel-Scale", "1.01"))
                .setBody(GLANCE.formatted("ZTF26test" + id)));
    }

    private synchronized void classifications(Route route) {
        if (refuse(route)) {
            return;
        }
        JsonNode vote = read(route);
        if (settled.contains(vote.path("candidateId").asText())) {
            json(route, 409, Map.of("detail", "the candidate is settled"));
            return;
        }
        String clientId = vote.path("clientId").asText();
        JsonNode earlier = votes.putIfAbsent(clientId, vote);
        noLongerHeld(vote.path("candidateId").asInt());
        if (earlier != null && !earlier.equals(vote)) {
            doubled.add(clientId);
        }
        if (loseNextAnswers > 0 || dice.nextDouble() < dropped / 2) {
            loseNextAnswers = Math.max(0, loseNextAnswers - 1);
            route.abort();
            return;
        }
        if (breakNextAnswers > 0) {
            breakNextAnswers--;
            route.fulfill(new Route.FulfillOptions()
                    .setStatus(201)
                    .setContentType("application/json")
                    .setBody("{\"id\": \"7"));
            return;
        }
        json(route, earlier == null ? 201 : 200, Map.of("id", idOf(vote), "createdAt", RECORDED_AT));
    }

    private synchronized void details(Route route) {
        if (refuse(route)) {
            return;
        }
        String vote = route.request().url().replaceAll(".*/details/", "");
        if (!votes.containsKey(vote)) {
            json(route, 404, Map.of("detail", "no answer of yours has the clientId " + vote));
            return;
        }
        details.put(vote, read(route));
        json(route, 200, details.get(vote));
    }

    private synchronized void assignment(Route route) {
        if (refuse(route)) {
            return;
        }
        // What is given back is served to the same person again.
        if (route.request().url().endsWith("/skip")) {
            String id = route.request().url().replaceAll(".*/assignments/(\\d+)/skip", "$1");
            skipped.add(id);
            noLongerHeld(Integer.parseInt(id) - 1000);
        }
        route.fulfill(new Route.FulfillOptions().setStatus(204));
    }

    private synchronized void feedback(Route route) {
        if (refuse(route)) {
            return;
        }
        asked++;
        String entry = route.request().url().replaceAll(".*/classifications/(\\d+)/feedback", "$1");
        boolean known = votes.values().stream()
                .anyMatch(vote -> golden.contains(vote.path("candidateId").asText()) && entry.equals(idOf(vote)));
        Map<String, Object> gold = Map.of(
                "agreed", false,
                "counted", true,
                "label", "Bogus",
                "help", "Anything else.",
                "note", "Light beside dark.");
        json(route, 200, known ? Map.of("newcomer", true, "gold", gold) : Map.of("newcomer", newcomer));
    }

    private synchronized void favourites(Route route) {
        if (refuse(route)) {
            return;
        }
        String id = route.request().url().replaceAll(".*/favourites/?", "");
        switch (route.request().method()) {
            case "PUT" -> starred.add(id);
            case "DELETE" -> starred.remove(id);
            default -> {
                json(route, 200, Map.of("candidateIds", List.copyOf(starred)));
                return;
            }
        }
        route.fulfill(new Route.FulfillOptions().setStatus(204));
    }

    /** This candidate is a gold standard: a bogus. */
    synchronized void gild(String candidate) {
        golden.add(candidate);
    }

    /** From now on the person is no newcomer. */
    synchronized void grow() {
        newcomer = false;
    }

    /** How often feedback was asked for. */
    synchronized int feedbackAsked() {
        return asked;
    }

    synchronized Set<String> starred() {
        return Set.copyOf(starred);
    }

    private void noLongerHeld(int candidate) {
        held.values().forEach(each -> each.remove(candidate));
    }

    private static JsonNode read(Route route) {
        try {
            return JSON.readTree(route.request().postData());
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }

    private static String idOf(JsonNode vote) {
        return "7" + Math.abs(vote.path("clientId").asText().hashCode());
    }

    private void trace(Route route) {
        if (refuse(route)) {
            return;
        }
        json(
                route,
                200,
                Map.of(
                        "outcome",
                        "open",
                        "steps",
                        List.of(
                                Map.of("at", "2026-11-20T00:00:00Z", "combined", List.of(0.62, 0.38)),
                                Map.of(
                                        "at",
                                        RECORDED_AT,
                                        "before",
                                        List.of(0.62, 0.38),
                                        "combined",
                                        List.of(0.874, 0.126)))));
    }

    private synchronized boolean refuse(Route route) {
        // A vote that is dropped on its way back has been counted: classifications() does that half.
        boolean vote = route.request().url().endsWith("/classifications");
        boolean refused = offline || (vote && jammed) || dice.nextDouble() < (vote ? dropped / 2 : dropped);
        if (refused) {
            route.abort("internetdisconnected");
            return true;
        }
        // Images and facts are everybody's.
        boolean open = route.request().url().matches(".*/(cutouts|glance)$");
        String named = route.request().headers().get("skysieve-volunteer");
        if (!open && named != null && !named.equals(here)) {
            json(route, 401, Map.of("detail", "this request is volunteer " + named + "'s, who is not here"));
            return true;
        }
        return false;
    }

    private static void json(Route route, int status, Object body) {
        try {
            route.fulfill(new Route.FulfillOptions()
                    .setStatus(status)
                    .setContentType("application/json")
                    .setBody(JSON.writeValueAsString(body)));
        } catch (com.fasterxml.jackson.core.JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
