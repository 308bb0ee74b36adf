package org.skysieve.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.Details;
import org.skysieve.classification.Reveals;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Asks;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Classifying by forms alone: by its requests, and in a Chromium that runs no script. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class PlainClassifyTest {
    private static final String PASSWORD = "a sentence works well";
    private static final String ASKS = """
            {"tree": {"question": "Is anything at the centre?", "branches": [
                {"label": "No", "answer": "bogus"},
                {"label": "Yes", "next": {"question": "Is it round?", "branches": [
                    {"label": "Round", "answer": "real"}, {"label": "Sharp", "answer": "bogus"}]}}]},
             "tasks": [
                {"key": "host", "kind": "choice", "question": "Is there a host?", "after": ["real"],
                 "options": [{"key": "yes", "label": "Yes, a galaxy"}, {"key": "no", "label": "No"}]},
                {"key": "shape", "kind": "multiple", "question": "What is odd?", "after": ["real"], "most": 2,
                 "options": [{"key": "long"}, {"key": "double"}, {"key": "blue"}]},
                {"key": "sure", "kind": "slider", "question": "How sure?", "after": ["real"], "max": 10, "step": 1},
                {"key": "where", "kind": "points", "question": "Where else?", "after": ["real"], "most": 3},
                {"key": "trail", "kind": "boxes", "question": "Where is the trail?", "after": ["real"]},
                {"key": "words", "kind": "tags", "question": "Any words?", "after": ["real"], "most": 3}]}
            """;
    private static Browser browser;

    @TestHTTPResource("/")
    String root;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    GoldStandards goldStandards;

    @Inject
    Accounts accounts;

    @Inject
    ClassificationLog log;

    @Inject
    Details details;

    @Inject
    Reveals reveals;

    @Inject
    ObjectMapper json;

    @Inject
    Sql sql;

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    private WorkflowView aWorkflow(int candidateCount, Asks asks) {
        String slug = "plain-" + UUID.randomUUID().toString().substring(0, 8);
        long project = projects.create(slug, "Plain pages", "What changed?", "", "the simulated survey")
                .id();
        WorkflowView workflow = workflows.create(
                project,
                "real-bogus",
                "Real or bogus",
                "Is the source at the centre real?",
                List.of(
                        new AnswerOption("real", "Real", "A star that was not there before."),
                        new AnswerOption("bogus", "Bogus", "")),
                Rules.DEFAULT,
                asks);
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(9).withSurvey(slug));
        candidates.add(
                project,
                survey.candidates(0, candidateCount).stream()
                        .map(SimulatedCandidate::packet)
                        .toList());
        // The queue hears of them a moment later.
        await().until(() ->
                sql.one("SELECT count(*) FROM queue_entry WHERE workflow_id = ?", row -> row.getInt(1), workflow.id())
                        == candidateCount);
        return workflow;
    }

    private static String path(WorkflowView workflow) {
        return "/projects/" + workflow.projectSlug() + "/classify/plain";
    }

    /** Somebody with a cookie or a token, who follows no redirects. */
    private record Person(String header, String value) {
        RequestSpecification ask() {
            return given().redirects().follow(false).header(header, value);
        }

        String page(String address) {
            return ask().get(address).then().statusCode(200).extract().asString();
        }

        Response send(String address, Map<String, ?> fields) {
            return ask().formParams(fields).post(address);
        }

        /** The address that an accepted form leads to, without its host. */
        String sent(String address, Map<String, ?> fields) {
            Response answer = send(address, fields);
            answer.then().statusCode(303);
            return answer.header("Location").replaceFirst("^https?://[^/]+", "");
        }
    }

    private static Person guest(WorkflowView workflow) {
        Response begun = given().redirects().follow(false).post(path(workflow) + "/begin");
        begun.then().statusCode(303);
        return new Person("Cookie", "skysieve-guest=" + begun.cookie("skysieve-guest"));
    }

    private Person account() {
        long id = accounts.create("p-" + UUID.randomUUID(), null, null, Role.VOLUNTEER);
        return new Person(
                "Authorization", "Bearer " + accounts.issueToken(id, "test").token());
    }

    private static String find(String page, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(page);
        assertThat(found.find()).as("%s in %s", pattern, page).isTrue();
        return found.group(1);
    }

    private static String field(String page, String name) {
        return find(page, "name=\"" + name + "\" value=\"([^\"]+)\"");
    }

    private static long candidate(String page) {
        return Long.parseLong(find(page, "data-candidate-id=\"(\\d+)\""));
    }

    /** The form of the candidate on a page, answered. */
    private static Map<String, String> answered(String page, String answer) {
        String form = page.substring(page.indexOf("data-testid=\"question\""));
        return Map.of("assignment", field(form, "assignment"), "clientId", field(form, "clientId"), "answer", answer);
    }

    private static Map<String, String> undone(String page) {
        String form = page.substring(page.indexOf("/plain/undo"));
        return Map.of(
                "entry", field(form, "entry"),
                "candidate", field(form, "candidate"),
                "clientId", field(form, "clientId"));
    }

    private static List<String> answersOf(Person person, WorkflowView workflow) {
        return person.ask()
                .get("/api/v1/classifications?standing=true&workflowId=" + workflow.id())
                .then()
                .statusCode(200)
                .extract()
                .path("items.answer");
    }

    @Test
    void aPageViewMakesNoGuestAndBeginningDoes() {
        WorkflowView workflow = aWorkflow(4, Asks.NOTHING_ELSE);

        Response first = given().get(path(workflow));
        first.then().statusCode(200);
        assertThat(first.asString()).contains("data-testid=\"begin\"", "A star that was not there before.");
        assertThat(first.cookies()).doesNotContainKey("skysieve-guest");
        // Who came back without the cookie is told so.
        assertThat(given().get(path(workflow) + "?note=begun").asString()).contains("data-testid=\"no-cookie\"");

        Person guest = guest(workflow);
        Response shown = guest.ask().get(path(workflow));

        shown.then().statusCode(200);
        assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
        String page = shown.asString();
        assertThat(page.split("data-testid=\"cutout\"", -1)).hasSize(4);
        assertThat(page)
                .contains("science.png?zoom=6", "signal-to-noise", "class=\"chart light-curve\" ", "<legend", "<table>")
                .containsPattern("role=\"img\" aria-label=\"Light curve")
                // A simulated pixel is an arcsecond; the bar stands over the science image alone.
                .containsOnlyOnce("role=\"img\" aria-label=\"Scale bar, in arcseconds: 20\"")
                .containsPattern("data-testid=\"why\">[^<]{10,}")
                .doesNotContain("data-testid=\"saved\"");
        assertThat(guest.page(path(workflow) + "?lang=es")).contains("Candidata ");
        // The other page's facts have the same chart, legend and table.
        String candidate = page.replaceAll("(?s).*/candidates/(\\d+)/cutouts.*", "$1");
        assertThat(guest.page("/candidates/" + candidate + "/glance"))
                .contains(
                        "class=\"chart light-curve\" ", "class=\"legend\"", "<summary>As a table</summary>", "<table>")
                .containsPattern("data-spoken=\"SIM\\w+\\. .*Light curve: ");
    }

    @Test
    void anAnswerIsSavedOnceTakenBackOnceAndGivenAgain() {
        WorkflowView workflow = aWorkflow(6, Asks.NOTHING_ELSE);
        Person guest = guest(workflow);
        String first = guest.page(path(workflow));
        Map<String, String> form = answered(first, "real");

        String next = guest.sent(path(workflow), form);
        // Somebody pressed twice.
        assertThat(guest.sent(path(workflow), form)).isEqualTo(next);

        assertThat(answersOf(guest, workflow)).containsExactly("real");
        String second = guest.page(next);
        assertThat(second).contains("Saved: Real for ");
        assertThat(candidate(second)).isNotEqualTo(candidate(first));

        String back = guest.sent(path(workflow) + "/undo", undone(second));
        assertThat(guest.sent(path(workflow) + "/undo", undone(second))).isEqualTo(back);
        String again = guest.page(back);
        assertThat(again).contains("Taken back.");
        assertThat(candidate(again)).isEqualTo(candidate(first));
        assertThat(answersOf(guest, workflow)).isEmpty();
        guest.sent(path(workflow), answered(again, "bogus"));

        assertThat(answersOf(guest, workflow)).containsExactly("bogus");
        // The page before has nothing to take back any more.
        assertThat(guest.page(next)).doesNotContain("data-testid=\"saved\"");
    }

    @Test
    void aSkippedCandidateMayBeLookedAtAgain() {
        WorkflowView workflow = aWorkflow(6, Asks.NOTHING_ELSE);
        Person guest = guest(workflow);
        String first = guest.page(path(workflow));
        Map<String, String> skip = Map.of("assignment", field(first, "assignment"), "skip", "true");

        String second = guest.page(guest.sent(path(workflow), skip));

        assertThat(second).contains("Skipped.");
        assertThat(candidate(second)).isNotEqualTo(candidate(first));
        String again =
                guest.page(find(second, "href=\"([^\"]+)\">Look at it again").replace("&amp;", "&"));
        assertThat(candidate(again)).isEqualTo(candidate(first));
        guest.sent(path(workflow), answered(again, "real"));
        assertThat(answersOf(guest, workflow)).containsExactly("real");
    }

    @Test
    void onlyOnesOwnCandidateIsAnsweredAndNothingWrongIsKept() {
        WorkflowView workflow = aWorkflow(6, Asks.NOTHING_ELSE);
        Person person = account();
        Person other = account();
        String page = person.page(path(workflow));

        // Another person's, or none.
        assertThat(other.sent(path(workflow), answered(page, "real"))).endsWith("?note=gone");
        assertThat(other.page(path(workflow) + "?note=gone")).contains("is not held for you any more");
        assertThat(given().redirects()
                        .follow(false)
                        .formParams(answered(page, "real"))
                        .post(path(workflow))
                        .header("Location"))
                .endsWith("?note=begun");
        // From another site.
        Person guest = guest(workflow);
        String form = guest.page(path(workflow));
        guest.ask()
                .header("Sec-Fetch-Site", "cross-site")
                .formParams(answered(form, "real"))
                .post(path(workflow))
                .then()
                .statusCode(403);
        assertThat(answersOf(guest, workflow)).isEmpty();
        // Without an answer, or with one that is not offered.
        Response wrong = person.send(path(workflow), answered(page, "maybe"));
        wrong.then().statusCode(400);
        assertThat(wrong.asString()).contains("data-testid=\"wrong\"");
        assertThat(candidate(wrong.asString())).isEqualTo(candidate(page));
        person.send(path(workflow), Map.of("assignment", "x", "answer", "real"))
                .then()
                .statusCode(400);
        assertThat(answersOf(person, workflow)).isEmpty();

        // Back, and another answer on the page that was sent already.
        person.sent(path(workflow), answered(page, "real"));
        assertThat(person.sent(path(workflow), answered(page, "bogus"))).endsWith("?note=answered");
        assertThat(person.page(path(workflow) + "?note=answered")).contains("/my-labels");
        assertThat(answersOf(person, workflow)).containsExactly("real");
        assertThat(answersOf(other, workflow)).isEmpty();
    }

    @Test
    void aTreeIsWalkedByLinksAndTasksAreSavedByForms() throws Exception {
        WorkflowView workflow = aWorkflow(6, json.readValue(ASKS, Asks.class));
        Person person = account();
        String first = person.page(path(workflow));
        assertThat(first)
                .contains("<legend lang=\"en\" dir=\"ltr\">Is anything at the centre?")
                .doesNotContain("data-testid=\"answer-real\"");
        String branch =
                find(first, "href=\"([^\"]+)\" data-testid=\"branch-2\"").replace("&amp;", "&");

        String second = person.page(branch);
        assertThat(second).contains("Is it round?", "data-testid=\"question-back\"");
        assertThat(candidate(second)).isEqualTo(candidate(first));
        String more = person.sent(path(workflow), answered(second, "real"));
        assertThat(more).contains("/tasks?entry=");
        String tasks = person.page(more);
        // The vote is in, whatever becomes of the rest.
        assertThat(answersOf(person, workflow)).containsExactly("real");
        assertThat(tasks).contains("Your answer is saved: Real", "From 0 to 10.");

        Map<String, Object> fields = Map.of(
                "entry", field(tasks, "entry"),
                "task.host", "no",
                "task.shape", List.of("long", "blue"),
                "task.sure", "99",
                "task.where.x", List.of("5", ""),
                "task.where.y", List.of("6", ""),
                "task.words", "Odd #ring");
        Response refused = person.send(path(workflow) + "/tasks", fields);
        refused.then().statusCode(400);
        assertThat(refused.asString())
                .contains("data-testid=\"error-sure\"", "Need a number from 0 to 10.")
                .contains("value=\"no\" checked", "value=\"blue\" checked", "value=\"99\"", "value=\"Odd #ring\"")
                .contains("name=\"task.where.x\" value=\"5\"")
                .doesNotContain("data-testid=\"error-where\"");

        // A press on the image is one more place, and nothing is saved by it.
        HashMap<String, Object> pressed = new HashMap<>(fields);
        pressed.put("task.sure", "7");
        pressed.put("task.where.at.x", "104");
        pressed.put("task.where.at.y", "50");
        Response marked = person.send(path(workflow) + "/tasks", pressed);
        marked.then().statusCode(200);
        assertThat(marked.asString())
                .contains("name=\"task.where.x\" value=\"20\"", "name=\"task.where.y\" value=\"52\"");
        assertThat(details.of(workflow.id(), candidate(first))).isEmpty();

        pressed.remove("task.where.at.x");
        pressed.remove("task.where.at.y");
        String done = person.sent(path(workflow) + "/tasks", pressed);
        JsonNode kept = details.of(workflow.id(), candidate(first)).get(0).details();
        assertThat(kept.path("host").asText()).isEqualTo("no");
        assertThat(kept.path("shape").toString()).isEqualTo("[\"long\",\"blue\"]");
        assertThat(kept.path("sure").asDouble()).isEqualTo(7);
        assertThat(kept.path("where").size()).isEqualTo(1);
        assertThat(kept.path("words").toString()).isEqualTo("[\"odd\",\"ring\"]");
        assertThat(person.page(done)).contains("Saved: Real for ", "So is what you added.");

        // Nothing is asked after the other answer.
        assertThat(person.sent(path(workflow), answered(person.page(path(workflow)), "bogus")))
                .contains("?said=");
    }

    @Test
    void aNewcomerIsToldWhatAGoldStandardWas() {
        WorkflowView workflow = aWorkflow(3, Asks.NOTHING_ELSE);
        long volunteer = accounts.create("p-" + UUID.randomUUID(), null, null, Role.VOLUNTEER);
        Person person = new Person(
                "Authorization",
                "Bearer " + accounts.issueToken(volunteer, "test").token());
        String first = person.page(path(workflow));
        long gold = candidate(first);
        goldStandards.set(workflow.id(), gold, 1, "test", OptionalLong.empty());

        String next = person.sent(path(workflow), answered(first, "real"));
        assertThat(reveals.shown(workflow.id(), volunteer, gold)).isFalse();
        String second = person.page(next);

        assertThat(second).contains("data-testid=\"gold-feedback\"", "Experts call this one Bogus", "Saved: Real for ");
        assertThat(reveals.shown(workflow.id(), volunteer, gold)).isTrue();
        // An ordinary candidate tells nothing.
        assertThat(person.page(person.sent(path(workflow), answered(second, "real"))))
                .doesNotContain("data-testid=\"gold-feedback\"");
    }

    @Test
    void whereNothingIsLeftThePageSaysSo() {
        WorkflowView workflow = aWorkflow(1, Asks.NOTHING_ELSE);
        Person person = account();

        String last = person.page(person.sent(path(workflow), answered(person.page(path(workflow)), "real")));

        assertThat(last).contains("data-testid=\"nothing-left\"", "Saved: Real for ", "data-testid=\"undo\"");
    }

    @Test
    void aBrowserWithoutJavaScriptReadsClassifiesAndTalks() {
        browser = browser == null ? Browser.start() : browser;
        WorkflowView workflow = aWorkflow(8, Asks.NOTHING_ELSE);
        String name = "plain-" + System.nanoTime();
        accounts.create(name, null, PASSWORD, Role.VOLUNTEER);
        BrowserContext context = browser.withoutScript(Browser.Viewport.PHONE);
        Page page = context.newPage();
        page.navigate(root + "sign-in");
        page.getByLabel("Username").fill(name);
        page.getByLabel("Password").fill(PASSWORD);
        page.getByTestId("sign-in-submit").click();

        page.navigate(root + "projects/" + workflow.projectSlug());
        assertThat(page.locator("h1")).containsText("Plain pages");
        page.navigate(root + "projects/" + workflow.projectSlug() + "/classify");
        page.getByTestId("to-plain").click();
        String last = "";
        for (int i = 0; i < 3; i++) {
            assertThat(page.getByTestId("cutout").locator("img")).hasCount(3);
            // The answers are on the phone's screen without scrolling, and large enough for a thumb.
            var button = page.getByTestId("answer-real").boundingBox();
            assertThat(button.height).isGreaterThanOrEqualTo(56);
            assertThat(button.y + button.height).isLessThanOrEqualTo(844);
            last = page.getByTestId("question").getAttribute("data-candidate-id");
            page.getByTestId(i == 1 ? "answer-bogus" : "answer-real").click();
            assertThat(page.getByTestId("saved")).containsText(i == 1 ? "Saved: Bogus" : "Saved: Real");
            assertThat(page.getByTestId("question")).not().hasAttribute("data-candidate-id", last);
        }
        page.getByTestId("saved").locator("a").last().click();
        page.getByTestId("comment-body").fill("A faint ring around it. #ring");
        page.getByTestId("comment-submit").click();

        assertThat(page.getByTestId("comment")).containsText("A faint ring around it.");
        assertThat(page.url()).contains("/candidates/" + last);
        assertThat(log.count(workflow.id())).isEqualTo(3);
        context.close();
    }

    @Test
    void aKeyboardAloneClassifiesAndMarksInABrowserWithoutJavaScript() throws Exception {
        browser = browser == null ? Browser.start() : browser;
        WorkflowView workflow = aWorkflow(6, json.readValue(ASKS, Asks.class));
        BrowserContext context = browser.withoutScript(Browser.Viewport.LAPTOP);
        Page page = context.newPage();
        page.navigate(root + path(workflow).substring(1));
        page.getByTestId("begin").focus();
        page.keyboard().press("Enter");
        long shown = Long.parseLong(page.getByTestId("question").getAttribute("data-candidate-id"));
        page.getByTestId("branch-2").focus();
        page.keyboard().press("Enter");
        page.getByTestId("answer-real").focus();
        page.keyboard().press("Enter");

        Locator picture = page.getByTestId("press-where");
        picture.click(new Locator.ClickOptions().setPosition(52, 102));
        assertThat(page.locator("[name='task.where.x']").first()).hasValue("10");
        assertThat(page.locator("[name='task.where.y']").first()).hasValue("42");
        // Enter in a field saves; it presses no image.
        page.locator("[name='task.words']").focus();
        page.keyboard().type("halo");
        page.keyboard().press("Enter");

        assertThat(page.getByTestId("saved")).containsText("So is what you added.");
        JsonNode kept = details.of(workflow.id(), shown).get(0).details();
        assertThat(kept.path("where").toString()).isEqualTo("[{\"x\":10.0,\"y\":42.0}]");
        assertThat(kept.path("words").toString()).isEqualTo("[\"halo\"]");
        context.close();
    }

    @Test
    void isAccessibleAndFitsInEveryLook() throws Exception {
        browser = browser == null ? Browser.start() : browser;
        WorkflowView workflow = aWorkflow(8, json.readValue(ASKS, Asks.class));
        String address = root + path(workflow).substring(1);
        Page page = browser.open(Browser.Viewport.LAPTOP);
        List<String> findings = new ArrayList<>();
        page.navigate(address);
        everyLook(page, "plain-begin", findings);
        page.getByTestId("begin").click();
        goldStandards.set(
                workflow.id(),
                Long.parseLong(page.getByTestId("question").getAttribute("data-candidate-id")),
                0,
                "test",
                OptionalLong.empty());
        page.getByTestId("answer-bogus").click();
        assertThat(page.getByTestId("gold-feedback")).isVisible();
        everyLook(page, "plain", findings);
        page.getByTestId("branch-2").click();
        page.getByTestId("answer-real").click();
        everyLook(page, "plain-tasks", findings);

        assertThat(findings).isEmpty();
        page.context().close();
    }

    private static void everyLook(Page page, String name, List<String> findings) {
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            page.setViewportSize(viewport.width(), viewport.height());
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(viewport.dark() ? ColorScheme.DARK : ColorScheme.LIGHT));
            // Colours change over some frames; a page that is loaded has its own at once.
            page.reload();
            Browser.screenshot(page, name + "-" + viewport.label());
            String where = name + " " + viewport.label() + ": ";
            Browser.accessibilityFindings(page).forEach(finding -> findings.add(where + finding));
            Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
            if (width > viewport.width()) {
                findings.add(where + width + " pixels wide");
            }
        }
    }
}
