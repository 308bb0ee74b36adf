package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

import jakarta.inject.Inject;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** A guest classifies real candidates of the server and changes an answer on the page of all their labels. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class MyLabelsPageTest {
    private static final String SLUG = "my-labels-test";
    private static Browser browser;

    @TestHTTPResource("/projects/" + SLUG)
    String url;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    @Test
    void everyAnswerIsListedAndChangedUntilItsCandidateIsSettled() {
        browser = Browser.start();
        long project = projects.create(SLUG, "Labels of one", "What changed?", "", "the simulated survey")
                .id();
        workflows.create(
                project,
                "real-bogus",
                "Real or bogus",
                "Is the source at the centre real?",
                List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                Rules.DEFAULT);
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(8).withSurvey("labels"));
        candidates.add(
                project,
                survey.candidates(0, 40).stream()
                        .map(SimulatedCandidate::packet)
                        .toList());
        Page page = browser.open(Browser.Viewport.LAPTOP);

        page.navigate(url + "/my-labels");
        assertThat(page.locator("main")).containsText("Nothing yet.");
        page.navigate(url + "/classify");
        for (int i = 0; i < 26; i++) {
            page.waitForFunction("() => { const d = document.querySelector('[data-part=stage]').dataset;"
                    + " return d.painted && d.painted === d.candidateId; }");
            String shown = page.getByTestId("stage").getAttribute("data-painted");
            page.keyboard().press("1");
            assertThat(page.getByTestId("stage")).not().hasAttribute("data-painted", shown);
        }
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");
        // A simulated pixel is an arcsecond, and the page says so by its bar.
        assertThat(page.getByTestId("stage")).hasAttribute("data-scale", "20");

        page.getByTestId("my-labels").click();
        assertThat(page.getByTestId("label")).hasCount(24);
        String changed = page.getByTestId("label").first().locator("h2").textContent();
        page.getByTestId("label").first().getByText("Change to Bogus").click();
        // The entry is new, so it stands first again.
        assertThat(page.getByTestId("label").first().locator("h2")).hasText(changed);
        assertThat(page.getByTestId("said").first()).hasText("Bogus");
        assertThat(page.getByTestId("said").nth(1)).hasText("Real");
        page.getByTestId("older").click();
        assertThat(page.getByTestId("label")).hasCount(2);

        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            page.setViewportSize(viewport.width(), viewport.height());
            page.emulateMedia(new Page.EmulateMediaOptions()
                    .setColorScheme(viewport.dark() ? ColorScheme.DARK : ColorScheme.LIGHT));
            page.navigate(url + "/my-labels");
            Browser.screenshot(page, "my-labels-" + viewport.label());
            Browser.accessibilityFindings(page).forEach(finding -> findings.add(viewport.label() + ": " + finding));
            Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
            if (width > viewport.width()) {
                findings.add(viewport.label() + ": " + width + " pixels wide");
            }
        }
        assertThat(findings).isEmpty();
    }
}
