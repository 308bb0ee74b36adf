package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

import jakarta.inject.Inject;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.learning.GuideBook;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.GuideEntry;
import org.skysieve.project.GuideExample;
import org.skysieve.project.Projects;
import org.skysieve.project.RetirementChange;
import org.skysieve.project.Rules;
import org.skysieve.project.SelectionChange;
import org.skysieve.project.TutorialStep;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

/** The pages as a browser shows them: accessible in every look, no wider than the screen, without complaints. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class PagesTest {
    private static final String SLUG = "pages-test";
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
    GuideBook guideBook;

    @Inject
    Accounts accounts;

    @Inject
    Sql sql;

    private long candidateId;

    @BeforeEach
    void aProjectWithACandidate() {
        if (browser == null) {
            browser = Browser.start();
        }
        if (projects.find(SLUG).isEmpty()) {
            long project = projects.create(
                            SLUG,
                            "Pages of a survey",
                            "What changed tonight?",
                            "A made-up sky.",
                            "the simulated survey")
                    .id();
            workflows.create(
                    project,
                    "real-bogus",
                    "Real or bogus",
                    "Is the source at the centre real?",
                    List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                    Rules.DEFAULT);
            candidates.add(project, packets());
            WorkflowView workflow = workflows.firstActive(project).orElseThrow();
            long gold = candidates.before(project, Long.MAX_VALUE, 2).get(1).id();
            goldStandards.set(workflow.id(), gold, 0, "test", OptionalLong.empty());
            guideBook.write(
                    workflow,
                    List.of(new GuideEntry(
                            "real", "A *round* spot.", List.of(new GuideExample(gold, "as sharp as the stars")))));
            guideBook.writeTutorial(
                    workflow, List.of(new TutorialStep("Three images", "**Science** is tonight.", gold)));
        }
        candidateId = candidates
                .before(projects.bySlug(SLUG).id(), Long.MAX_VALUE, 1)
                .get(0)
                .id();
    }

    private static List<AlertPacket> packets() {
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(6).withSurvey("pages"));
        return survey.candidates(0, 6).stream().map(SimulatedCandidate::packet).toList();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    private static Page signUp(Browser.Viewport viewport, String root, String username) {
        Page page = browser.open(viewport);
        signUp(page, root, username);
        return page;
    }

    private static void signUp(Page page, String root, String username) {
        page.navigate(root + "sign-up");
        page.getByLabel("Username").fill(username);
        page.getByLabel("Password").fill("a sentence works well");
        page.getByTestId("sign-up-submit").click();
        assertThat(page.getByTestId("nav-account")).hasText(username);
    }

    @Test
    void theProjectsPageBeginsWithAnExampleOfWhatItLooksFor() {
        Page page = browser.open(Browser.Viewport.PHONE);
        page.navigate(root + "projects/" + SLUG);

        assertThat(page.getByTestId("hero-sky").getByRole(AriaRole.IMG)).hasCount(3);
        assertThat((Boolean) page.evaluate("() => [...document.querySelectorAll('.hero-sky img')]"
                        + ".every(one => one.complete && one.naturalWidth > 0)"))
                .isTrue();
    }

    @Test
    void isAccessibleAndFitsInEveryLook() {
        List<String> paths = List.of(
                "",
                "projects/" + SLUG,
                "projects/" + SLUG + "/dashboard",
                "projects/" + SLUG + "/models",
                "projects/" + SLUG + "/talk",
                "projects/" + SLUG + "/talk/boards/help",
                "projects/" + SLUG + "/talk/search?q=%23ring",
                "candidates/" + candidateId,
                "sign-in?error=true",
                "sign-up?error=taken&username=vera",
                "projects/" + SLUG + "/guide",
                "projects/" + SLUG + "/tutorial",
                "projects/" + SLUG + "/practice",
                "projects/" + SLUG + "/me",
                "projects/" + SLUG + "/became",
                "projects/" + SLUG + "/collections",
                "account",
                "account/settings",
                "notices",
                "mail/confirm?token=none",
                "mail/stop?token=none",
                "design",
                "no-such-page");
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            Page page = signUp(viewport, root, "reader-" + viewport.label());
            List<String> complaints = new ArrayList<>();
            page.onConsoleMessage(message -> {
                // A page that is not there is meant to answer 404.
                if (message.type().equals("error") && !message.text().contains("404")) {
                    complaints.add(message.text());
                }
            });
            for (String path : paths) {
                page.navigate(root + path);
                String where = viewport.label() + " /" + path;
                Browser.screenshot(
                        page, (path.isEmpty() ? "home" : path.replaceAll("[^a-z-]+", "-")) + "-" + viewport.label());
                Browser.accessibilityFindings(page).forEach(finding -> findings.add(where + ": " + finding));
                Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
                if (width > viewport.width()) {
                    findings.add(where + ": " + width + " pixels wide");
                }
                complaints.forEach(complaint -> findings.add(where + ": " + complaint));
                complaints.clear();
            }
            page.context().close();
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void scientistsSeeTheCrowdAndRehearseAndSaveOtherRules() {
        String name = "scientist-" + System.nanoTime();
        accounts.create(name, null, "a sentence works well", Role.SCIENTIST);
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            Page page = browser.signIn(viewport, root, name, "a sentence works well");

            page.navigate(root + "projects/" + SLUG + "/dashboard");
            Browser.accessibilityFindings(page).forEach(finding -> findings.add(viewport.label() + ": " + finding));
            page.getByTestId("rehearse").click();
            assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                    .hasText("Rehearsal");
            Browser.accessibilityFindings(page).forEach(finding -> findings.add(viewport.label() + ": " + finding));
            Browser.screenshot(page, "rehearsal-" + viewport.label());

            // Only the fields of the rule that is chosen are there.
            assertThat(page.getByLabel("Threshold for Real, 0.5 to 1")).isVisible();
            page.getByLabel("the expected loss is small enough").check();
            assertThat(page.getByLabel("Threshold for Real, 0.5 to 1")).isHidden();
            page.getByLabel("Cost of missing Real").fill("10");
            page.getByTestId("rehearse").click();
            assertThat(page.getByTestId("rule-rehearsed")).containsText("10 to miss Real, 1 to miss Bogus");
            Browser.accessibilityFindings(page).forEach(finding -> findings.add(viewport.label() + ": " + finding));
            page.getByTestId("rehearsal-form").scrollIntoViewIfNeeded();
            Browser.screenshot(page, "rehearsed-" + viewport.label());
            Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
            if (width > viewport.width()) {
                findings.add(viewport.label() + ": " + width + " pixels wide");
            }
            page.getByTestId("save").click();
            assertThat(page.getByTestId("rule-today")).containsText("10 to miss Real, 1 to miss Bogus");
            page.context().close();
            workflows.retire(
                    workflows
                            .firstActive(projects.bySlug(SLUG).id())
                            .orElseThrow()
                            .id(),
                    RetirementChange.to(Rules.DEFAULT));
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void scientistsPreviewAndSaveAnotherMixAndSeeWhatNeedsThem() {
        String name = "mixer-" + System.nanoTime();
        accounts.create(name, null, "a sentence works well", Role.SCIENTIST);
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            Page page = browser.signIn(viewport, root, name, "a sentence works well");

            page.navigate(root + "projects/" + SLUG + "/dashboard");
            page.getByTestId("to-selection").click();
            assertThat(page.getByTestId("mix-today")).containsText("Uncertainty 1.");
            assertThat(page.getByTestId("same")).isVisible();
            Browser.check(page, viewport, "selection", findings);

            page.getByLabel("Your expression", new Page.GetByLabelOptions().setExact(true))
                    .fill("1");
            page.getByLabel("Your expression: ").fill("p_real * if(snr > )");
            page.getByTestId("preview").click();
            assertThat(page.getByTestId("trouble")).containsText("at character ");
            assertThat(page.getByTestId("mistake").locator("mark")).hasText(")");
            Browser.check(page, viewport, "selection-mistake", findings);

            page.getByLabel("Your expression: ").fill("p_real * if(snr > 8, 1, 0.2)");
            page.getByLabel("Progress per vote").fill("2");
            page.getByTestId("preview").click();
            assertThat(page.getByTestId("mix-previewed")).containsText("Progress per vote 2");
            org.assertj.core.api.Assertions.assertThat(page.getByTestId("served-newcomer")
                            .getByTestId("place")
                            .count())
                    .isGreaterThanOrEqualTo(1);
            Browser.check(page, viewport, "selection-preview", findings);
            page.getByTestId("save").click();
            assertThat(page.getByTestId("mix-today")).containsText("p_real * if(snr > 8, 1, 0.2)");
            assertThat(page.getByTestId("same")).isVisible();

            page.navigate(root + "projects/" + SLUG + "/experts");
            assertThat(page.getByTestId("nothing-waits")).isVisible();
            Browser.check(page, viewport, "experts", findings);
            page.context().close();
            workflows.select(
                    workflows
                            .firstActive(projects.bySlug(SLUG).id())
                            .orElseThrow()
                            .id(),
                    new SelectionChange(Rules.DEFAULT.mix(), null, null, null, null));
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void moderatorsWriteTheGuideAndReportOutcomesWithoutJavaScript() {
        String name = "teacher-" + System.nanoTime();
        accounts.create(name, null, "a sentence works well", Role.MODERATOR);
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            Page page = browser.signIn(viewport, root, name, "a sentence works well");

            page.navigate(root + "projects/" + SLUG + "/guide");
            page.getByTestId("guide-edit").click();
            Browser.check(page, viewport, "guide-edit", findings);
            page.getByLabel("What it looks like: Bogus").fill("Anything *else*, seen on a " + viewport.label());
            page.getByTestId("save-guide").click();
            assertThat(page.getByTestId("done")).isVisible();
            page.getByLabel("Examples of Bogus").fill("not-a-number");
            page.getByTestId("save-guide").click();
            assertThat(page.getByTestId("wrong")).containsText("need the number of a candidate");
            page.navigate(root + "projects/" + SLUG + "/guide");
            assertThat(page.getByTestId("guide-entry").nth(1)).containsText("seen on a " + viewport.label());
            assertThat(page.getByTestId("guide-example")).hasCount(1);

            page.navigate(root + "projects/" + SLUG + "/practice");
            page.getByTestId("practise-bogus").click();
            assertThat(page.getByTestId("truth")).containsText("Experts call this one Real.");
            Browser.check(page, viewport, "practised", findings);

            page.navigate(root + "projects/" + SLUG + "/outcomes");
            page.getByTestId("report").scrollIntoViewIfNeeded();
            page.locator("#csv")
                    .fill("candidate,kind,name,type,url\n" + candidateId + ",tns,AT 2026" + viewport.label()
                            + ",,https://example.org/at\n");
            page.getByTestId("report").click();
            assertThat(page.getByTestId("done")).containsText("1 outcome is new or changed.");
            Browser.check(page, viewport, "outcomes", findings);
            page.navigate(root + "candidates/" + candidateId);
            assertThat(page.getByTestId("outcome-known")).containsText("AT 2026" + viewport.label());

            page.getByTestId("favourite").click();
            assertThat(page.getByTestId("favourite")).containsText("Not a favourite");
            page.getByTestId("favourite").click();
            assertThat(page.getByTestId("favourite")).hasText("☆ Favourite");
            page.navigate(root + "projects/" + SLUG + "/collections");
            page.getByLabel("Title").fill("Bright ones");
            page.getByTestId("make-collection").click();
            page.navigate(root + "candidates/" + candidateId);
            page.getByTestId("collect").click();
            assertThat(page.getByTestId("kept")).hasCount(1);
            Browser.check(page, viewport, "collection", findings);
            page.context().close();
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void theThemeIsChosenAndKept() {
        Page page = browser.open(Browser.Viewport.LAPTOP);
        page.navigate(root);
        String light = background(page);

        page.getByTestId("theme-toggle").click();
        String dark = background(page);
        page.reload();

        assertThat(dark).isNotEqualTo(light);
        assertThat(background(page)).isEqualTo(dark);
    }

    private static String background(Page page) {
        return (String) page.evaluate("() => getComputedStyle(document.body).backgroundColor");
    }

    @Test
    void aWrongPasswordIsSaidInWordsAndSigningOutEndsTheSession() {
        Page page = signUp(Browser.Viewport.LAPTOP, root, "jocelyn");

        page.getByTestId("sign-out").click();
        page.navigate(root + "design?lang=en");
        page.getByTestId("nav-sign-in").click();
        page.getByLabel("Username").fill("jocelyn");
        page.getByLabel("Password").fill("not this one at all");
        page.getByTestId("sign-in-submit").click();

        assertThat(page.getByTestId("sign-in-failed")).isVisible();
        page.getByLabel("Username").fill("jocelyn");
        page.getByLabel("Password").fill("a sentence works well");
        page.getByTestId("sign-in-submit").click();
        assertThat(page).hasURL(root + "design?lang=en");
        assertThat(page.getByTestId("nav-account")).isVisible();
    }

    @Test
    void talkWorksWithoutJavaScript() {
        Page page = signUp(Browser.Viewport.all().get(0), root, "talker");
        page.navigate(root + "projects/" + SLUG + "/talk/boards/help");
        page.getByTestId("new-title").fill("A ring around it");
        page.getByTestId("new-body").fill("Is that a #ghost, @talker?");
        page.getByTestId("new-submit").click();
        assertThat(page.getByTestId("comment")).hasCount(1);

        page.getByTestId("comment-body").fill("Perhaps *not*.");
        page.getByTestId("comment-submit").click();
        page.navigate(root + "projects/" + SLUG + "/talk/search?q=%23ghost");
        assertThat(page.getByTestId("excerpt")).hasCount(1);
        assertThat(page.getByTestId("excerpt")).containsText("#ghost");

        page.navigate(root + "candidates/" + candidateId);
        page.getByTestId("comment-body").fill("What a bright one.");
        page.getByTestId("comment-submit").click();
        assertThat(page.locator("#talk")).hasText("Talk");
        page.getByTestId("talk-folded").locator("summary").first().click();
        assertThat(page.getByTestId("comment").first()).containsText("What a bright one.");
    }

    @Test
    void anUnsettledCandidateHidesWhatOthersThink() {
        Page page = browser.open(Browser.Viewport.LAPTOP);

        page.navigate(root + "candidates/" + candidateId);

        assertThat(page.getByTestId("hidden")).isVisible();
        assertThat(page.getByTestId("posterior")).hasCount(0);
        assertThat(page.getByTestId("model-score")).hasCount(0);
        for (String panel : Set.of("science", "template", "difference")) {
            assertThat(page.locator("img[src*='/" + panel + ".png']")).hasCount(1);
        }
    }

    @Test
    void theTutorialComesOnceAnAccountAndAGuestTakesThatAlong() {
        String classify = root + "projects/" + SLUG + "/classify";
        Page guest = browser.open(Browser.Viewport.LAPTOP);
        guest.navigate(classify);
        assertThat(guest.getByTestId("tutorial-dialog")).isVisible();
        guest.keyboard().press("Escape");
        startsWithoutTutorial(guest, guest::reload);

        signUp(guest, root, "annie.jump");
        startsWithoutTutorial(guest, () -> guest.waitForResponse("**/me/tutorial", () -> guest.navigate(classify)));

        Page elsewhere = browser.signIn(Browser.Viewport.LAPTOP, root, "annie.jump", "a sentence works well");
        startsWithoutTutorial(elsewhere, () -> elsewhere.navigate(classify));
        elsewhere.context().close();

        // Somebody else in the browser where the guest had been.
        guest.getByTestId("sign-out").click();
        signUp(guest, root, "antonia.m");
        guest.navigate(classify);
        assertThat(guest.getByTestId("tutorial-dialog")).isVisible();
        guest.waitForResponse("**/me/tutorial", () -> guest.keyboard().press("Escape"));
        startsWithoutTutorial(guest, guest::reload);
        guest.context().close();
    }

    /** It asks for its steps in the same breath in which the page starts, and the answer about candidates comes after that. */
    private static void startsWithoutTutorial(Page page, Runnable visit) {
        List<String> asked = new ArrayList<>();
        Consumer<Request> listener = request -> asked.add(request.url());
        page.onRequest(listener);

        visit.run();

        assertThat(page.getByTestId("classify")).hasAttribute("data-state", Pattern.compile("showing|empty"));
        page.offRequest(listener);
        assertThat(asked)
                .as("what the page asked for")
                .hasSizeGreaterThan(1)
                .noneMatch(url -> url.endsWith("/tutorial/steps"));
        assertThat(page.getByTestId("tutorial-dialog")).hasCount(1);
        assertThat(page.getByTestId("tutorial-dialog")).isHidden();
    }

    @Test
    void anotherPasswordSignsOutEverywhereElse() {
        Page page = signUp(Browser.Viewport.LAPTOP, root, "cecilia.p");
        Page elsewhere = browser.signIn(Browser.Viewport.LAPTOP, root, "cecilia.p", "a sentence works well");

        page.navigate(root + "account/settings");
        page.getByLabel("The present one").fill("a sentence works well");
        page.getByLabel("The new one").fill("another sentence works");
        page.getByTestId("change-password").click();

        assertThat(page.getByTestId("done")).containsText("Your password is changed");
        assertThat(page.getByTestId("nav-account")).hasText("cecilia.p");
        elsewhere.navigate(root);
        assertThat(elsewhere.getByTestId("nav-account")).hasCount(0);
        // Signed in, an error page knows the name; signed out it does not.
        page.navigate(root + "projects/none-of-this-name");
        assertThat(page.getByTestId("error-page")).isVisible();
        assertThat(page.getByTestId("nav-account")).hasText("cecilia.p");
        assertThat(page.getByTestId("nav-sign-in")).hasCount(0);
        elsewhere.navigate(root + "projects/none-of-this-name");
        assertThat(elsewhere.getByTestId("nav-sign-in")).isVisible();
        page.context().close();
        elsewhere.context().close();
    }

    @Test
    void theDaysStandInAStripThatFitsAPhone() {
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            String name = "days-" + viewport.label().replaceAll("[^a-z0-9]", "");
            Page page = signUp(viewport, root, name);
            long id = accounts.byUsername(name).orElseThrow().id();
            long workflow = workflows
                    .firstActive(projects.bySlug(SLUG).id())
                    .orElseThrow()
                    .id();
            for (int ago : new int[] {0, 1, 3, 9, 10, 11, 26}) {
                sql.update(
                        "INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id,"
                                + " volunteer_id, answer, supersedes, created_at) SELECT nextval('classification_seq'),"
                                + " gen_random_uuid(), ?, 1, ?, ?, 0, NULL, now() - make_interval(days => ?)"
                                + " ON CONFLICT DO NOTHING",
                        workflow,
                        candidates
                                .before(projects.bySlug(SLUG).id(), Long.MAX_VALUE, 6)
                                .get(ago % 6)
                                .id(),
                        id,
                        ago);
            }
            List<String> findings = new ArrayList<>();
            page.navigate(root + "projects/" + SLUG + "/me");
            assertThat(page.getByTestId("days-words")).containsText("You were here on");
            Browser.check(page, viewport, "days", findings);
            page.navigate(root + "account/settings");
            Browser.check(page, viewport, "settings-days", findings);
            assertThat(findings).isEmpty();

            page.getByTestId("days-shown").uncheck();
            page.getByTestId("save-days").click();
            assertThat(page.getByTestId("days-shown")).not().isChecked();
            page.navigate(root + "projects/" + SLUG + "/me");
            assertThat(page.getByTestId("days-words")).hasCount(0);
            page.getByTestId("show-days").click();
            assertThat(page.getByTestId("days-words")).isVisible();
            assertThat(page.context().cookies()).anyMatch(cookie -> cookie.name.equals("skysieve-zone"));
            page.context().close();
        }
    }
}
