package org.skysieve.web;

import java.util.List;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.PostgresResource;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Asks;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.skysieve.web.FakeSky.shows;

/** A decision tree and tasks on the classify page, in Chromium, with the other rooms faked by {@link FakeSky}. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class ClassifyTasksTest {
    private static final String SLUG = "classify-tasks-test";
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
                {"key": "where", "kind": "points", "question": "Where else?", "after": ["real"], "most": 2},
                {"key": "trail", "kind": "boxes", "question": "Where is the trail?", "after": ["real"]},
                {"key": "words", "kind": "tags", "question": "Any words?", "after": ["real"], "most": 3}]}
            """;
    private static Browser browser;

    @TestHTTPResource("/projects/" + SLUG + "/classify")
    String url;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    ObjectMapper json;

    @BeforeEach
    void aWorkflowWithATreeAndTasks() throws Exception {
        if (browser == null) {
            browser = Browser.start();
        }
        if (projects.find(SLUG).isEmpty()) {
            workflows.create(
                    projects.create(SLUG, "Tasks", "", "", "").id(),
                    "real-bogus",
                    "Real or bogus",
                    "Is the source at the centre real?",
                    List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                    Rules.DEFAULT,
                    json.readValue(ASKS, Asks.class));
        }
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    private Page open(FakeSky sky, Browser.Viewport viewport) {
        Page page = sky.open(browser, viewport, url);
        shows(page, 1);
        return page;
    }

    private static JsonNode arrives(Page page, FakeSky sky, int candidate, String task) {
        await().until(() -> {
            page.waitForTimeout(20);
            return sky.detailsOf(candidate).has(task);
        });
        return sky.detailsOf(candidate);
    }

    @Test
    void aTreeIsWalkedByKeysAndBack() {
        FakeSky sky = new FakeSky(20);
        Page page = open(sky, Browser.Viewport.LAPTOP);

        page.keyboard().press("2");
        assertThat(page.locator("legend:visible")).hasText("Is it round?");
        page.keyboard().press("u");
        assertThat(page.locator("legend:visible")).hasText("Is anything at the centre?");
        page.keyboard().press("2");
        page.keyboard().press("2");
        shows(page, 2);
        // Each candidate begins at the first question.
        assertThat(page.locator("legend:visible")).hasText("Is anything at the centre?");
        page.keyboard().press("1");
        shows(page, 3);

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes())
                    .extracting(vote -> vote.path("answer").asText())
                    .containsExactly("bogus", "bogus");
        });
    }

    @Test
    void allKindsOfTasksAreDoneByTheKeyboardAlone() {
        FakeSky sky = new FakeSky(20);
        Page page = open(sky, Browser.Viewport.LAPTOP);

        page.keyboard().press("2");
        page.keyboard().press("1");
        assertThat(page.getByTestId("tasks")).isVisible();
        // The first control has the focus. The radio buttons are one stop, the arrow chooses the second.
        page.keyboard().press("ArrowDown");
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        // Two are the most: the third is off and skipped.
        page.keyboard().press("Tab");
        page.keyboard().press("ArrowRight");
        page.keyboard().press("Tab");
        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("Shift+ArrowRight");
        page.keyboard().press("Shift+ArrowUp");
        page.waitForTimeout(50);
        page.keyboard().press("Enter");
        page.getByTestId("mark-trail").focus();
        page.keyboard().press("Enter");
        page.keyboard().press("Shift+ArrowDown");
        page.waitForTimeout(50);
        page.keyboard().press("Enter");
        page.locator("[name=words]").focus();
        page.keyboard().type("Odd #ring");
        page.keyboard().press("Enter");
        shows(page, 2);

        JsonNode details = arrives(page, sky, 1, "words");
        assertThat(details.path("host").asText()).isEqualTo("no");
        assertThat(details.path("shape").toString()).isEqualTo("[\"long\",\"double\"]");
        assertThat(details.path("sure").asDouble()).isEqualTo(6);
        // The middle of 63 x 63 is 31, 31; one of the two steps to the right finds the cursor, the others move it.
        assertThat(details.path("where").size()).isEqualTo(1);
        assertThat(details.path("where").get(0).path("y").asInt()).isEqualTo(32);
        assertThat(details.path("trail").get(0).path("height").asInt()).isEqualTo(2);
        assertThat(details.path("words").toString()).isEqualTo("[\"odd\",\"ring\"]");
        assertThat(sky.votes()).hasSize(1);
    }

    @Test
    void placesAreMarkedByATapAndTakenAwayAgain() {
        FakeSky sky = new FakeSky(20);
        Page page = open(sky, Browser.Viewport.PHONE);
        page.getByTestId("branch-0-2").click();
        page.locator("[data-question]:visible [data-testid=answer-real]").click();
        Locator image = page.getByTestId("panel-science").locator(".pixels");

        image.click(new Locator.ClickOptions().setPosition(30, 40));
        image.click(new Locator.ClickOptions().setPosition(90, 40));
        assertThat(page.getByTestId("panel-science").locator(".mark")).hasCount(2);
        page.locator(".marks button").first().click();
        assertThat(page.getByTestId("panel-science").locator(".mark")).hasCount(1);
        assertThat(Browser.accessibilityFindings(page)).isEmpty();
        page.getByTestId("tasks-done").click();
        shows(page, 2);

        double width = image.boundingBox().width;
        JsonNode where = arrives(page, sky, 1, "where").path("where");
        assertThat(where.size()).isEqualTo(1);
        // The browser rounds where the image begins on the screen: a pixel of the stamp may be missed by one.
        assertThat(where.get(0).path("x").asDouble()).isCloseTo(90 / width * 63, within(1.5));
        assertThat(where.get(0).path("y").asDouble()).isCloseTo(62 - 40 / width * 63, within(1.5));
        assertThat(page.getByTestId("panel-science").locator(".mark")).hasCount(0);
    }

    @Test
    void leavingTasksOutGivesTheAnswerAlone() {
        FakeSky sky = new FakeSky(20);
        Page page = open(sky, Browser.Viewport.LAPTOP);

        page.keyboard().press("2");
        page.keyboard().press("1");
        page.keyboard().press("Escape");
        shows(page, 2);
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes())
                    .extracting(vote -> vote.path("answer").asText())
                    .containsExactly("real");
        });

        assertThat(sky.detailsOf(1).isEmpty()).isTrue();
    }
}
