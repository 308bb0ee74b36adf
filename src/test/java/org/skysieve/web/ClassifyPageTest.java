package org.skysieve.web;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ReducedMotion;
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
import org.skysieve.project.FieldGuides;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.TutorialStep;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;
import static org.skysieve.web.FakeSky.shows;

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
    FieldGuides guides;

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
        return sky.open(browser, viewport, url);
    }

    /** A browser, to have several tabs in it. */
    private BrowserContext laptop(FakeSky sky) {
        BrowserContext context = browser.context(Browser.Viewport.LAPTOP);
        sky.answer(context);
        return context;
    }

    private Page tab(BrowserContext context) {
        Page page = context.newPage();
        page.navigate(url);
        return page;
    }

    /** Waits for the first candidate. */
    private static void paints(Page page) {
        page.waitForFunction("() => document.querySelector('[data-part=stage]').dataset.painted");
    }

    private static List<String> answers(FakeSky sky) {
        return sky.votes().stream()
                .map(vote -> vote.path("candidateId").asText() + " "
                        + vote.path("answer").asText())
                .toList();
    }

    /** Waits until three candidates have been sent: what comes after needs no network to be shown. */
    private static void threeAreOnTheirWay(Page page, FakeSky sky) {
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.glances()).isGreaterThan(3);
        });
    }

    /** Waits until these votes, and no others, have reached the server. */
    private static void arrive(Page page, FakeSky sky, String... expected) {
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(answers(sky)).containsExactly(expected);
        });
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
    void candidatesComeInTheOrderOfTheirLeases() {
        FakeSky sky = new FakeSky(100);
        sky.overtake("1");
        Page page = open(sky, Browser.Viewport.LAPTOP);

        shows(page, 1);
        page.keyboard().press("1");
        shows(page, 2);
    }

    @Test
    void manyAnswersUnderWayAreNotTheEndOfTheWork() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        sky.jam();
        // As many as one may hold at a time.
        for (int i = 1; i <= 20; i++) {
            shows(page, i);
            page.keyboard().press("1");
        }
        assertThat(page.locator("[data-classify]")).hasAttribute("data-state", "loading");
        assertThat(page.getByTestId("nothing-left")).isHidden();

        sky.mend();
        page.evaluate("() => dispatchEvent(new Event('online'))");
        shows(page, 21);
        assertThat(sky.doubled()).isEmpty();
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

        arrive(page, sky, "1 real", "1 null", "1 bogus");
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

    /** Bytes of one pixel of a panel, counted from its top left. */
    @SuppressWarnings("unchecked")
    private static List<Integer> pixel(Page page, int panel, int x, int y) {
        return (List<Integer>) page.evaluate(
                "([panel, x, y]) => [...document.querySelector(`[data-panel='${panel}'] canvas`).getContext('2d')"
                        + ".getImageData(x, y, 1, 1).data].slice(0, 3)",
                List.of(panel, x, y));
    }

    @Test
    void stretchColoursAndInversionChangeByKeysAndAreKept() {
        Page page = open(new FakeSky(100), Browser.Viewport.LAPTOP);
        shows(page, 1);
        List<Integer> host = pixel(page, 0, 41, 35);

        page.keyboard().press("s");
        assertThat(page.getByTestId("stretch")).containsText("zscale");
        // The background alone sets zscale's limits: what is above it saturates.
        assertThat(pixel(page, 0, 41, 35)).containsExactly(255, 255, 255).isNotEqualTo(host);
        page.keyboard().press("s");
        assertThat(page.getByTestId("stretch")).containsText("linear");
        assertThat(pixel(page, 0, 41, 35).get(0)).isLessThan(255);
        page.keyboard().press("c");
        assertThat(page.getByTestId("colours")).containsText("viridis");
        assertThat(pixel(page, 0, 31, 31)).containsExactly(253, 231, 37);
        page.keyboard().press("i");
        assertThat(pixel(page, 0, 31, 31)).containsExactly(68, 1, 84);
        // Inverted or not, what was not measured has a colour that no value has.
        assertThat(pixel(page, 0, 0, 62)).containsExactly(0x8c, 0x2d, 0x3a);
        assertThat(pixel(page, 2, 0, 62)).containsExactly(0x3d, 0x5c, 0x2a);
        page.keyboard().press("1");
        shows(page, 2);
        assertThat(pixel(page, 0, 31, 31)).containsExactly(68, 1, 84);

        page.reload();
        assertThat(page.getByTestId("colours")).containsText("viridis");
        assertThat(page.getByTestId("stretch")).containsText("linear");
        assertThat(page.getByTestId("invert")).hasAttribute("aria-pressed", "true");
    }

    @Test
    void theDifferenceIsWhiteAtZeroAndRedAboveIt() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        shows(page, 1);
        page.keyboard().press("c");

        List<Integer> star = pixel(page, 2, 31, 31);
        assertThat(star.get(0)).isGreaterThan(star.get(2) + 50);
        List<Integer> sky = pixel(page, 2, 8, 40);
        assertThat(sky).allSatisfy(channel -> assertThat(channel).isGreaterThan(150));
    }

    @Test
    void arrowsPointToNorthAndEastAsTheImagesLie() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        shows(page, 1);

        // Up is at a position angle of 30 degrees, so north is 30 degrees to the right of up, and east 90 left of that.
        assertThat(page.getByTestId("stage")).hasAttribute("data-north", "30");
        assertThat(direction(page, "N")).isCloseTo(30, within(3.0));
        assertThat(direction(page, "E")).isCloseTo(300, within(3.0));
        assertThat(page.locator(".compass:visible")).hasCount(1);
    }

    /** Where a letter stands on the compass, degrees clockwise from up. */
    private static double direction(Page page, String letter) {
        return ((Number) page.evaluate(
                        "letter => { const compass = document.querySelector('[data-panel=\"0\"] .compass');"
                                + " const text = [...compass.querySelectorAll('text')].find(one => one.textContent === letter);"
                                + " const of = box => [box.x + box.width / 2, box.y + box.height / 2];"
                                + " const [x, y] = of(text.getBoundingClientRect()), [mx, my] = of(compass.getBoundingClientRect());"
                                + " return (Math.atan2(x - mx, my - y) * 180 / Math.PI + 360) % 360; }",
                        letter))
                .doubleValue();
    }

    @Test
    void zoomPanAndCursorAreTheSameInAllPanels() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        shows(page, 1);
        assertThat(page.getByTestId("stage")).hasAttribute("data-scale", "20");

        for (int i = 0; i < 3; i++) {
            page.keyboard().press("+");
        }
        page.keyboard().press("ArrowRight");
        page.keyboard().press("ArrowDown");
        @SuppressWarnings("unchecked")
        List<String> moved = (List<String>) page.evaluate(
                "() => [...document.querySelectorAll('.sky')].map(sky => getComputedStyle(sky).transform)");
        assertThat(moved).hasSize(3);
        assertThat(Set.copyOf(moved)).hasSize(1);
        assertThat(moved.get(0)).startsWith("matrix(3, 0, 0, 3, -");
        assertThat(page.getByTestId("stage")).hasAttribute("data-scale", "5");
        for (int i = 0; i < 3; i++) {
            page.keyboard().press("-");
        }

        var box = page.locator("[data-panel='1'] .pixels").boundingBox();
        page.mouse().move(box.x + box.width * 40.5 / 63, box.y + box.height * 20.5 / 63);
        CutoutTriplet triplet = PackedTriplet.decode(SampleBlob.of(63, 1));
        assertThat(page.getByTestId("readout-science")).containsText("40, 42: ");
        reads(page, "science", triplet.science().at(40, 42));
        reads(page, "template", triplet.template().at(40, 42));
        reads(page, "difference", triplet.difference().at(40, 42));
        page.keyboard().press("Shift+ArrowLeft");
        assertThat(page.getByTestId("readout-science")).containsText("39, 42: ");
        reads(page, "difference", triplet.difference().at(39, 42));

        page.mouse().move(box.x + 2, box.y + box.height - 2);
        assertThat(page.getByTestId("readout-template")).hasText("not measured");
    }

    private static void reads(Page page, String panel, double expected) {
        String text = page.getByTestId("readout-" + panel).textContent().replaceFirst("^.*: ", "");
        double value = Double.parseDouble(text.replaceFirst(" .*", "").replace('\u2212', '-'));
        assertThat(value).as(panel + ": " + text).isCloseTo(expected, within(Math.abs(expected) * 1e-3 + 1e-3));
    }

    @Test
    void aFingerAtRestComparesAndOneThatMovesScrolls() {
        Page page = open(new FakeSky(10), Browser.Viewport.PHONE);
        shows(page, 1);
        CDPSession chromium = page.context().newCDPSession(page);
        var box = page.getByTestId("panel-science").boundingBox();

        touch(chromium, "touchStart", new Point(box.x + 100, box.y + 100));
        assertThat(page.getByTestId("stage")).hasAttribute("data-blink", "template");
        touch(chromium, "touchEnd");
        assertThat(page.getByTestId("stage").getAttribute("data-blink")).isNull();
        assertThat(page.getByTestId("stage")).hasAttribute("data-view", "0");

        touch(chromium, "touchStart", new Point(box.x + 100, box.y + 300));
        for (int y = 290; y >= 100; y -= 10) {
            touch(chromium, "touchMove", new Point(box.x + 100, box.y + y));
            page.waitForTimeout(16);
        }
        touch(chromium, "touchEnd");
        assertThat((Number) page.evaluate("() => scrollY"))
                .extracting(Number::intValue)
                .matches(y -> y > 50, "scrolled");
        // A flick goes on for a while after the finger has left: it would move the page under the two fingers below.
        page.evaluate("() => new Promise(done => { let last = -1; const look = () => {"
                + " if (scrollY === last) done(); else { last = scrollY; setTimeout(look, 150); } }; look(); })");
        page.evaluate("() => scrollTo(0, 0)");

        // Two fingers that part zoom all panels, and neither the page nor its scroll moves.
        for (int i = 0; i <= 10; i++) {
            touch(
                    chromium,
                    i == 0 ? "touchStart" : "touchMove",
                    new Point(box.x + 120 - 6 * i, box.y + 200),
                    new Point(box.x + 240 + 6 * i, box.y + 200));
            page.waitForTimeout(16);
        }
        touch(chromium, "touchEnd");
        assertThat(page.getByTestId("stage")).hasAttribute("data-zoomed", "true");
        assertThat((Number) page.evaluate("() => scrollY + visualViewport.scale"))
                .extracting(Number::doubleValue)
                .isEqualTo(1.0);
    }

    private record Point(double x, double y) {}

    private static void touch(CDPSession chromium, String type, Point... fingers) {
        JsonArray points = new JsonArray();
        for (int finger = 0; finger < fingers.length; finger++) {
            JsonObject point = new JsonObject();
            point.addProperty("x", fingers[finger].x());
            point.addProperty("y", fingers[finger].y());
            point.addProperty("id", finger);
            points.add(point);
        }
        JsonObject event = new JsonObject();
        event.addProperty("type", type);
        event.add("touchPoints", points);
        chromium.send("Input.dispatchTouchEvent", event);
    }

    @Test
    void keysAreChangedExchangedAndSwitchedOff() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);

        page.getByTestId("settings").click();
        page.locator("[data-bind='answer1']").click();
        page.keyboard().press("b");
        assertThat(page.getByTestId("settings-note"))
                .containsText("“Answer Real” is B now. “Blink science and template” is 1 now.");
        page.keyboard().press("Escape");
        assertThat(page.getByTestId("settings-dialog")).isHidden();
        assertThat(page.getByTestId("answer-real")).hasAttribute("aria-keyshortcuts", "b");
        assertThat(page.getByTestId("answer-real").locator("kbd")).hasText("B");
        page.keyboard().press("b");
        shows(page, 2);

        page.reload();
        shows(page, 2);
        page.keyboard().press("1");
        assertThat(page.getByTestId("stage")).hasAttribute("data-blink", "template");
        page.getByTestId("settings").click();
        page.getByLabel("Answer by single keys").uncheck();
        page.keyboard().press("Escape");
        for (String key : List.of("b", "2", "?")) {
            page.keyboard().press(key);
        }
        assertThat(page.getByTestId("help-dialog")).isHidden();
        assertThat(page.getByTestId("answer-real").locator("kbd")).isHidden();
        shows(page, 2);
        assertThat(answers(sky)).containsExactly("1 real");
    }

    @Test
    void anEarlierAnswerIsChangedFromTheStripAndNothingChangesByLookingAgain() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);
        for (int i = 1; i <= 12; i++) {
            page.keyboard().press(i % 2 == 1 ? "1" : "2");
            shows(page, i + 1);
        }
        assertThat(page.getByTestId("recent").locator("button")).hasCount(10);
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes()).hasSize(12);
        });

        page.getByLabel("Real: ZTF26test9. Look again").click();
        shows(page, 9);
        assertThat(page.getByTestId("feedback")).containsText("You answered Real.");
        assertThat(page.getByTestId("answer-real")).hasAttribute("data-chosen", "true");
        page.keyboard().press("0");
        shows(page, 13);
        page.getByLabel("Real: ZTF26test9. Look again").click();
        shows(page, 9);
        page.keyboard().press("2");
        shows(page, 13);

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes()).hasSize(13);
        });
        JsonNode edit = sky.votes().get(12);
        assertThat(edit.path("candidateId").asText()).isEqualTo("9");
        assertThat(edit.path("answer").asText()).isEqualTo("bogus");
        assertThat(edit.path("supersedes").asText())
                .isEqualTo("7"
                        + Math.abs(sky.votes().get(8).path("clientId").asText().hashCode()));
        assertThat(page.getByLabel("Bogus: ZTF26test9. Look again")).isVisible();
        assertThat(page.getByTestId("session-count")).hasText("12");
        assertThat(sky.skipped()).isEmpty();

        sky.settle("11");
        page.getByLabel("Real: ZTF26test11. Look again").click();
        shows(page, 11);
        page.keyboard().press("2");
        assertThat(page.getByTestId("feedback")).containsText("the candidate is settled");
        assertThat(page.getByLabel("Real: ZTF26test11. Look again")).isVisible();
    }

    @Test
    void noVoteIsLostOrDoubledWhenAFifthOfRequestsIsDroppedAndTabsAreClosed() {
        FakeSky sky = new FakeSky(200);
        BrowserContext context = laptop(sky);
        sky.drop(0.2, 7);
        int given = 0;
        for (int tab = 0; tab < 3; tab++) {
            Page page = tab(context);
            paints(page);
            for (int i = 0; i < 12; i++) {
                String shown = page.getByTestId("stage").getAttribute("data-painted");
                page.keyboard().press("1");
                given++;
                page.waitForFunction(
                        "shown => { const d = document.querySelector('[data-part=stage]').dataset;"
                                + " return d.painted !== shown && d.candidateId === d.painted; }",
                        shown);
            }
            page.close();
        }
        int expected = given;
        sky.mend();
        Page page = tab(context);

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes()).hasSize(expected);
        });
        assertThat(Set.copyOf(answers(sky))).hasSize(expected);
        assertThat(sky.doubled()).isEmpty();
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");
    }

    @Test
    void aVoteSurvivesATabThatDiesInTheVeryTaskOfItsKey() {
        FakeSky sky = new FakeSky(100);
        BrowserContext context = laptop(sky);
        Page page = tab(context);
        paints(page);
        sky.cut();
        // Nothing of the page runs after the key: no promise, no timer, no handler of its end.
        page.evaluate("""
                () => setTimeout(() => {
                  document.dispatchEvent(new KeyboardEvent('keydown', { key: '1' }));
                  const end = Date.now() + 60_000;
                  while (Date.now() < end);
                }, 0)""");
        Page other = context.newPage();
        other.waitForTimeout(500);
        page.close();
        sky.mend();
        other.navigate(url);

        arrive(other, sky, "1 real");
        assertThat(sky.doubled()).isEmpty();
    }

    @Test
    void withoutAStoreItSaysThatVotesAreInThisTabOnly() {
        FakeSky sky = new FakeSky(100);
        BrowserContext context = laptop(sky);
        context.addInitScript(
                "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('forbidden'); } })");
        Page page = tab(context);
        shows(page, 1);
        sky.cut();
        page.keyboard().press("1");
        assertThat(page.getByTestId("unsent")).containsText("keep this page open");
        sky.mend();
        arrive(page, sky, "1 real");
    }

    @Test
    void aStoreThatIsTakenAwayIsOpenedAgainAndGetsTheVotesBack() {
        FakeSky sky = new FakeSky(100);
        BrowserContext context = laptop(sky);
        Page page = tab(context);
        shows(page, 1);
        sky.cut();
        page.keyboard().press("1");
        assertThat(page.getByTestId("unsent")).containsText("kept safe");
        // As when somebody clears what the browser has stored.
        page.evaluate("() => new Promise(done => { const r = indexedDB.deleteDatabase('skysieve');"
                + " r.onsuccess = done; r.onerror = done; })");
        page.keyboard().press("2");
        assertThat(page.getByTestId("unsent")).containsText("kept safe");
        page.close();
        sky.mend();
        Page later = tab(context);

        arrive(later, sky, "1 real", "2 bogus");
    }

    @Test
    void anotherTabSendsWhatOneHasLeftOnceThatIsGoneAndNotBefore() {
        FakeSky sky = new FakeSky(100);
        BrowserContext context = laptop(sky);
        Page one = tab(context);
        paints(one);
        threeAreOnTheirWay(one, sky);
        sky.cut();
        one.keyboard().press("1");
        shows(one, 2);
        one.keyboard().press("2");
        shows(one, 3);
        Page other = tab(context);
        assertThat(other.getByTestId("trouble")).containsText("No connection");
        one.keyboard().press("u");
        shows(one, 2);
        sky.mend();
        arrive(one, sky, "1 real");

        sky.cut();
        one.keyboard().press("1");
        shows(one, 3);
        one.close();
        sky.mend();

        arrive(other, sky, "1 real", "2 real");
        assertThat(sky.doubled()).isEmpty();
    }

    @Test
    void votesWaitForTheirOwnerWhenSomebodyElseHasSignedIn() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.PHONE);
        shows(page, 1);
        threeAreOnTheirWay(page, sky);

        sky.signInAnother();
        page.keyboard().press("1");
        shows(page, 2);
        page.keyboard().press("2");
        shows(page, 3);

        assertThat(page.getByTestId("trouble").getByText("sign in again"))
                .hasAttribute("href", "/sign-in?next=%2Fprojects%2F" + SLUG + "%2Fclassify");
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "2");
        assertThat(Browser.accessibilityFindings(page)).isEmpty();
        // Their own page is given work, and sends nothing of another's.
        page.reload();
        paints(page);
        page.keyboard().press("2");
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.votes()).hasSize(1);
        });
        assertThat(answers(sky)).doesNotContain("1 real", "2 bogus");

        sky.signInAgain();
        page.reload();
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(answers(sky)).hasSize(3).contains("1 real", "2 bogus");
        });
        assertThat(sky.doubled()).isEmpty();
        assertThat(page.getByTestId("trouble")).isHidden();
    }

    @Test
    void votesGoOutByThemselvesOnceTheirOwnerIsBack() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);
        sky.signInAnother();
        page.keyboard().press("1");
        assertThat(page.getByTestId("trouble")).containsText("sign in again");

        sky.signInAgain();

        arrive(page, sky, "1 real");
        assertThat(page.getByTestId("trouble")).isHidden();
    }

    @Test
    void anAnswerThatBreaksOffIsAskedForAgain() {
        FakeSky sky = new FakeSky(100);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);

        sky.breakAnswers(1);
        page.keyboard().press("1");
        shows(page, 2);
        page.keyboard().press("2");
        shows(page, 3);

        arrive(page, sky, "1 real", "2 bogus");
        assertThat(sky.doubled()).isEmpty();
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");
    }

    @Test
    void whoReadsTheTableOfALightCurveReadsTheNextToo() {
        Page page = open(new FakeSky(100), Browser.Viewport.LAPTOP);
        shows(page, 1);
        assertThat(page.getByTestId("glance").locator("details p")).isHidden();

        page.getByText("As a table").press("Enter");
        page.keyboard().press("1");
        shows(page, 2);
        assertThat(page.getByTestId("glance")).containsText("ZTF26test2");
        assertThat(page.getByTestId("glance").locator("details p")).isVisible();
        assertThat(page.getByText("As a table")).isFocused();
    }

    @Test
    void onAPhoneTheFactsBelowTheImagesFollowThem() {
        Page page = open(new FakeSky(100), Browser.Viewport.PHONE);
        shows(page, 1);
        assertThat(page.getByTestId("glance")).containsText("ZTF26test1");

        for (int i = 2; i <= 5; i++) {
            page.keyboard().press("1");
            shows(page, i);
            assertThat(page.getByTestId("glance")).containsText("ZTF26test" + i);
        }
    }

    @Test
    void nothingIsAnsweredBeforeAllPanelsAreDrawn() {
        FakeSky sky = new FakeSky(100);
        sky.cut();
        Page page = open(sky, Browser.Viewport.LAPTOP);
        assertThat(page.getByTestId("answer-real")).isDisabled();
        page.keyboard().press("1");
        sky.mend();
        shows(page, 1);

        // Two keys in the same frame: the second meets a candidate that nobody has seen.
        page.evaluate("() => ['1', '1'].forEach(key => document.dispatchEvent(new KeyboardEvent('keydown', { key })))");
        shows(page, 2);
        page.keyboard().press("2");
        shows(page, 3);

        arrive(page, sky, "1 real", "2 bogus");
    }

    @Test
    void aWholeSessionNeedsNoPointer() {
        FakeSky sky = new FakeSky(4);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);

        // By the buttons: the focus stays where it is from candidate to candidate.
        for (int i = 0; i < 40 && !focused(page).equals("answer-real"); i++) {
            page.keyboard().press("Tab");
        }
        assertThat(focused(page)).isEqualTo("answer-real");
        assertThat(page.locator("fieldset").first().locator("legend")).hasText("Is the source at the centre real?");
        page.keyboard().press("Enter");
        shows(page, 2);
        assertThat(page.getByTestId("announcer"))
                .hasText("Real recorded. Candidate ZTF26test2. Light curve: 3 detections.");
        assertThat(focused(page)).isEqualTo("answer-real");
        page.keyboard().press("Tab");
        page.keyboard().press("Space");
        shows(page, 3);
        assertThat(page.getByTestId("announcer"))
                .hasText("Bogus recorded. Candidate ZTF26test3. Light curve: 3 detections.");

        // The dialogs take the focus and give it back.
        page.keyboard().press("?");
        assertThat(page.getByTestId("help-dialog")).isVisible();
        assertThat((Boolean) page.evaluate("() => document.activeElement.closest('dialog') !== null"))
                .isTrue();
        page.keyboard().press("Escape");
        assertThat(focused(page)).isEqualTo("answer-bogus");

        // By single keys, with an undo, an edit from the strip and the end of the queue.
        page.keyboard().press("b");
        page.keyboard().press("s");
        assertThat(page.getByTestId("announcer")).hasText("Stretch zscale.");
        page.keyboard().press("1");
        shows(page, 4);
        page.keyboard().press("u");
        shows(page, 3);
        page.keyboard().press("2");
        shows(page, 4);
        while (!focused(page).equals("ZTF26test1")) {
            page.keyboard().press("Tab");
        }
        page.keyboard().press("Enter");
        shows(page, 1);
        page.keyboard().press("2");
        shows(page, 4);
        page.keyboard().press("0");
        assertThat(page.getByTestId("nothing-left")).isVisible();
        assertThat(page.getByTestId("announcer")).containsText("No more candidates");

        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(answers(sky))
                    .endsWith("1 bogus")
                    .contains("1 real", "2 bogus", "3 bogus")
                    .doesNotHaveDuplicates();
            assertThat(sky.skipped()).containsExactly("1004");
        });
    }

    /** The test id of the focused element; for a picture of the strip, the object it shows. */
    private static String focused(Page page) {
        return (String) page.evaluate("() => document.activeElement.dataset.testid"
                + " ?? document.activeElement.getAttribute('aria-label')?.match(/: (.*)\\. Look again/)?.[1] ?? ''");
    }

    @Test
    void withReducedMotionNothingMovesByItself() {
        Page page = open(new FakeSky(10), Browser.Viewport.LAPTOP);
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        shows(page, 1);

        page.keyboard().press("b");
        assertThat(page.getByTestId("stage")).hasAttribute("data-blink", "template");
        page.waitForTimeout(1000);
        assertThat(page.getByTestId("stage")).hasAttribute("data-blink", "template");
        page.keyboard().press("b");
        assertThat(page.getByTestId("stage").getAttribute("data-blink")).isNull();
        assertThat((Integer) page.evaluate("() => document.getAnimations().length"))
                .isZero();
    }

    @Test
    void aNewcomerIsToldWhatAGoldStandardWasWithoutBeingStopped() {
        FakeSky sky = new FakeSky(20);
        sky.gild("2");
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);
        page.keyboard().press("1");
        shows(page, 2);
        page.keyboard().press("1");
        shows(page, 3);

        assertThat(page.getByTestId("gold-feedback")).containsText("Experts call this one Bogus");
        assertThat(page.getByTestId("gold-feedback")).containsText("Light beside dark.");
        assertThat(page.getByTestId("announcer")).containsText("Experts call this one Bogus");
        assertThat(page.getByTestId("gold-feedback").locator("canvas")).hasCount(3);
        assertThat(Browser.accessibilityFindings(page)).isEmpty();
        page.getByTestId("gold-feedback").getByText("Got it").click();
        assertThat(page.getByTestId("gold-feedback")).hasCount(0);

        sky.grow();
        for (int candidate = 3; candidate < 9; candidate++) {
            page.keyboard().press("2");
            shows(page, candidate + 1);
        }
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");
        page.waitForTimeout(300);
        int asked = sky.feedbackAsked();
        page.keyboard().press("2");
        shows(page, 10);
        assertThat(page.getByTestId("unsent")).hasAttribute("data-unsent", "0");
        page.waitForTimeout(300);
        // Once the server said that the newcomer's time is over, nothing is asked any more.
        assertThat(sky.feedbackAsked()).isEqualTo(asked).isLessThan(9);
    }

    @Test
    void aStarIsSetAndTakenAwayByAKey() {
        FakeSky sky = new FakeSky(20);
        Page page = open(sky, Browser.Viewport.LAPTOP);
        shows(page, 1);

        page.keyboard().press("f");
        assertThat(page.getByTestId("star")).hasAttribute("aria-pressed", "true");
        page.keyboard().press("1");
        shows(page, 2);
        assertThat(page.getByTestId("star")).hasAttribute("aria-pressed", "false");
        page.keyboard().press("f");
        page.keyboard().press("f");
        await().untilAsserted(() -> {
            page.waitForTimeout(20);
            assertThat(sky.starred()).containsExactly("1");
        });
    }

    @Test
    void theGuideOpensBesideTheCandidateAndTheTutorialComesOnce() {
        Page page = open(new FakeSky(100), Browser.Viewport.LAPTOP);
        shows(page, 1);

        page.keyboard().press("g");
        assertThat(page.getByTestId("guide-dialog").getByTestId("guide-entry")).hasCount(2);
        assertThat(Browser.accessibilityFindings(page)).isEmpty();
        // Keys do not answer what is behind the dialog.
        page.keyboard().press("1");
        page.keyboard().press("Escape");
        assertThat(page.getByTestId("session-count")).hasText("0");
        shows(page, 1);

        guides.writeTutorial(
                workflows.firstActive(projects.bySlug(SLUG).id()).orElseThrow().id(),
                List.of(
                        new TutorialStep("Three images", "*Look*.", null),
                        new TutorialStep("Answer", "Press 1.", null)));
        try {
            page.reload();
            assertThat(page.getByTestId("tutorial-dialog")).containsText("Three images");
            assertThat(page.getByTestId("tutorial-dialog")).containsText("1 of 2");
            assertThat(Browser.accessibilityFindings(page)).isEmpty();
            page.getByTestId("tutorial-dialog").getByText("Next").click();
            assertThat(page.getByTestId("tutorial-dialog").getByText("Answer")).isFocused();
            page.getByTestId("tutorial-dialog").getByText("To the sky").click();
            page.reload();
            assertThat(page.getByTestId("stage")).hasAttribute("data-painted", Pattern.compile("\\d+"));
            assertThat(page.getByTestId("tutorial-dialog")).isHidden();
            page.keyboard().press("?");
            page.getByTestId("replay-tutorial").click();
            assertThat(page.getByTestId("tutorial-dialog")).containsText("Three images");
        } finally {
            guides.writeTutorial(
                    workflows
                            .firstActive(projects.bySlug(SLUG).id())
                            .orElseThrow()
                            .id(),
                    List.of());
        }
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
            page.keyboard().press("Escape");
            page.getByTestId("settings").click();
            assertThat(page.getByTestId("settings-dialog")).isVisible();
            Browser.screenshot(page, "classify-settings-" + viewport.label());
            assertThat(Browser.accessibilityFindings(page))
                    .as("settings, " + viewport.label())
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
