package org.skysieve.web;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.PackedTriplet;
import org.skysieve.engine.image.Panel;
import org.skysieve.engine.image.Stretch;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The classify page's script in Chromium, with the other rooms faked by {@link FakeSky}. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class ClassifyPageTest {
    private static final String SLUG = "classify-page-test";
    private static Browser browser;

    @TestHTTPResource("/projects/" + SLUG + "/classify")
    String url;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @BeforeEach
    void aProjectWithAQuestion() {
        if (browser == null) {
            browser = Browser.start();
        }
        if (projects.find(SLUG).isEmpty()) {
            long project = projects.create(SLUG, "Real or bogus", "Is it there?", "", "ZTF/IPAC/NSF")
                    .id();
            workflows.create(
                    project,
                    "real-bogus",
                    "Real or bogus",
                    "Is the source at the centre real?",
                    List.of(
                            new AnswerOption("real", "Real", "A point or smudge that is new or changed."),
                            new AnswerOption("bogus", "Bogus", "Made by the camera or the subtraction.")),
                    Rules.DEFAULT);
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
        BrowserContext context = browser.context(viewport);
        sky.answer(context);
        Page page = context.newPage();
        page.navigate(url);
        return page;
    }

    private static void shows(Page page, int candidate) {
        assertThat(page.getByTestId("stage")).hasAttribute("data-painted", Integer.toString(candidate));
    }

    private static List<String> answers(FakeSky sky) {
        return sky.votes().stream()
                .map(vote -> vote.path("candidateId").asText() + " "
                        + vote.path("answer").asText())
                .toList();
    }

    @Test
    void keysAnswerTheShownCandidateAndShowTheNext() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);

        page.keyboard().press("1");
        shows(page, 2);
        page.keyboard().press("2");
        shows(page, 3);
        page.keyboard().press("0");
        shows(page, 4);

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(answers(sky)).containsExactly("1 real", "2 bogus");
            assertThat(sky.skipped()).containsExactly("1003");
        });
        assertThat(page.getByTestId("session-count")).hasText("2");
        assertThat(page.getByTestId("feedback")).containsText("62 % → 87 %");
    }

    @Test
    void theWholeStretchIsUsedAndNotMeasuredPixelsHaveTheirOwnColour() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        shows(page, 1);

        @SuppressWarnings("unchecked")
        Map<String, List<Integer>> pixels = (Map<String, List<Integer>>) page.evaluate("""
                () => {
                  const at = (panel, x, y) => [...document.querySelector(`[data-panel="${panel}"] canvas`).getContext('2d').getImageData(x, y, 1, 1).data];
                  return { centre: at(0, 31, 31), corner: at(0, 0, 62), template: at(1, 31, 31), difference: at(2, 31, 31) };
                }
                """);

        // The star saturates the science image; the corner that was not measured is at the bottom left of the sky.
        assertThat(pixels.get("centre").get(0)).isGreaterThan(240);
        assertThat(pixels.get("corner")).containsExactly(0x2b, 0x3a, 0x67, 255);
        assertThat(pixels.get("template").get(0))
                .isLessThan(pixels.get("centre").get(0));
        assertThat(pixels.get("difference").get(0)).isGreaterThan(200);
    }

    @Test
    void theCanvasShowsWhatThePngShows() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        shows(page, 1);
        CutoutTriplet triplet = PackedTriplet.decode(SampleBlob.of(63, 1));
        List<Cutout> cutouts = List.of(triplet.science(), triplet.template(), triplet.difference());

        for (int panel = 0; panel < 3; panel++) {
            @SuppressWarnings("unchecked")
            List<Integer> greys = (List<Integer>) page.evaluate("""
                    panel => [...document.querySelector(`[data-panel="${panel}"] canvas`).getContext('2d').getImageData(0, 0, 63, 63).data].filter((_, i) => i % 4 === 0)
                    """, panel);
            Cutout cutout = cutouts.get(panel);
            Stretch stretch = Stretch.of(cutout, Panel.values()[panel]);
            double mean = 0;
            for (int y = 0; y < 63; y++) {
                for (int x = 0; x < 63; x++) {
                    float pixel = cutout.at(x, 62 - y);
                    double expected = Float.isNaN(pixel) ? 0x2b : 255 * stretch.brightness(pixel);
                    mean += Math.abs(greys.get(y * 63 + x) - expected) / (63 * 63);
                }
            }
            // The blob's median and sigma are round numbers here, the PNG's are measured: a few greys apart.
            assertThat(mean).as("panel " + panel).isLessThan(6);
        }
    }

    @Test
    void theDifferenceHasItsZeroAtMidGrey() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        shows(page, 1);

        Number mean = (Number) page.evaluate("""
                () => {
                  const data = document.querySelector('[data-panel="2"] canvas').getContext('2d').getImageData(2, 40, 12, 12).data;
                  let sum = 0;
                  for (let i = 0; i < data.length; i += 4) sum += data[i];
                  return sum / (data.length / 4);
                }
                """);

        // 144 pixels of pure noise: the mean of asinh-stretched noise is zero within a few standard errors of about 2.
        assertThat(mean.doubleValue()).isBetween(119.0, 136.0);
    }

    @Test
    void undoBringsTheCandidateBackAndTheNewAnswerReplacesTheOld() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);
        page.keyboard().press("1");
        shows(page, 2);
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes()).hasSize(1);
        });
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");

        page.keyboard().press("u");
        shows(page, 1);
        page.keyboard().press("2");
        shows(page, 2);

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(answers(sky)).containsExactly("1 real", "1 null", "1 bogus");
        });
        List<JsonNode> votes = sky.votes();
        assertThat(votes.get(0).has("supersedes")).isFalse();
        assertThat(votes.get(1).path("supersedes").asText()).isNotEmpty();
        assertThat(votes.get(2).path("supersedes").asText())
                .isNotEmpty()
                .isNotEqualTo(votes.get(1).path("supersedes").asText());
        assertThat(page.getByTestId("session-count")).hasText("1");
    }

    @Test
    void noVoteIsLostOrDoubledThroughATunnelAndAReload() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);
        page.waitForTimeout(500); // more candidates get ready before the tunnel

        sky.loseAnswers(1);
        page.keyboard().press("1");
        shows(page, 2);
        sky.cut();
        for (int i = 2; i <= 5; i++) {
            page.keyboard().press(i % 2 == 0 ? "2" : "1");
            shows(page, i + 1);
        }
        assertThat(page.getByTestId("unsent")).containsText("unsent");
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "5");
        sky.mend();
        page.reload();

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes()).hasSize(5);
        });
        assertThat(answers(sky)).containsExactlyInAnyOrder("1 real", "2 bogus", "3 real", "4 bogus", "5 real");
        assertThat(sky.doubled()).isEmpty();
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");
    }

    @Test
    void theNextCandidateIsPaintedSoonAfterTheKey() {
        Page page = open(new FakeSky(200), Browser.Viewport.LAPTOP);
        shows(page, 1);
        page.waitForTimeout(800);

        for (int i = 1; i <= 30; i++) {
            page.keyboard().press("1");
            shows(page, i + 1);
        }

        @SuppressWarnings("unchecked")
        List<Number> durations = (List<Number>) page.evaluate(
                "() => performance.getEntriesByName('skysieve:key-to-paint').slice(1).map(entry => entry.duration)");
        double median = durations.stream()
                .mapToDouble(Number::doubleValue)
                .sorted()
                .skip(durations.size() / 2)
                .findFirst()
                .orElseThrow();
        System.out.printf("key to paint over %d candidates: median %.1f ms%n", durations.size(), median);
        assertThat(durations).hasSize(30);
        // Not a benchmark (bench/classify-page is): only that nothing on the way waits for the network or a timer.
        assertThat(median).isLessThan(100);
    }

    @Test
    void onAPhoneOneImageIsLargeAndTheAnswersAreOnTheScreen() {
        Page page = open(new FakeSky(100), Browser.Viewport.PHONE);
        shows(page, 1);

        assertThat(page.getByTestId("panel-science").boundingBox().width).isGreaterThan(250);
        for (String answer : Set.of("answer-real", "answer-bogus")) {
            var box = page.getByTestId(answer).boundingBox();
            assertThat(box.height).isGreaterThanOrEqualTo(56);
            assertThat(box.y + box.height).isLessThan(844);
        }
        page.getByLabel("Enlarge the difference").tap();
        assertThat(page.getByTestId("panel-difference").boundingBox().width).isGreaterThan(250);
        assertThat((Integer) page.evaluate("() => document.documentElement.scrollWidth"))
                .isEqualTo(390);
        page.getByTestId("answer-real").tap();
        shows(page, 2);
    }

    @Test
    void blinkingSwapsScienceAndTemplateBelowThreeHertzAndEndsWithTheNextCandidate() {
        Page page = open(new FakeSky(100), Browser.Viewport.LAPTOP);
        shows(page, 1);

        page.keyboard().press("b");
        assertThat(page.getByTestId("stage")).hasAttribute("data-blink", "template");
        assertThat(page.getByTestId("blink")).hasAttribute("aria-pressed", "true");
        page.keyboard().press("1");
        shows(page, 2);

        assertThat(page.getByTestId("blink")).hasAttribute("aria-pressed", "false");
        assertThat(page.getByTestId("stage").getAttribute("data-blink")).isNull();
    }

    @Test
    void whenNothingIsLeftItSaysSo() {
        Page page = open(new FakeSky(1), Browser.Viewport.LAPTOP);
        shows(page, 1);

        page.keyboard().press("1");

        assertThat(page.getByTestId("nothing-left")).isVisible();
        assertThat(page.getByTestId("answer-real")).isDisabled();
        assertThat(page.getByTestId("announcer")).containsText("No more candidates");
    }

    @Test
    void isAccessibleInEveryLook() {
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            Page page = open(new FakeSky(100), viewport);
            shows(page, 1);
            page.keyboard().press("1");
            assertThat(page.getByTestId("feedback")).containsText("62 % → 87 %");
            Browser.screenshot(page, "classify-" + viewport.label());

            assertThat(Browser.accessibilityFindings(page)).as(viewport.label()).isEmpty();

            page.keyboard().press("?");
            assertThat(page.getByTestId("help-dialog")).isVisible();
            assertThat(Browser.accessibilityFindings(page))
                    .as("help, " + viewport.label())
                    .isEmpty();
            page.context().close();
        }
    }

    @Test
    void asksNobodyElse() {
        BrowserContext context = browser.context(Browser.Viewport.LAPTOP);
        new FakeSky(20).answer(context);
        Page page = context.newPage();
        Set<String> hosts = new java.util.HashSet<>();
        page.onRequest(request -> hosts.add(java.net.URI.create(request.url()).getAuthority()));
        List<String> complaints = new java.util.ArrayList<>();
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });

        page.navigate(url);
        shows(page, 1);

        assertThat(hosts.stream().filter(host -> host != null).collect(Collectors.toSet()))
                .containsExactly(java.net.URI.create(url).getAuthority());
        assertThat(complaints).isEmpty();
    }
}
