package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.Language;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.Translations;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

/** The pages in Spanish and Arabic, and the texts of a project in them. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class LanguagesTest {
    private static final String SLUG = "languages-test";
    private static final String API = "/api/v1/projects/" + SLUG + "/translations";
    private static final Map<String, Object> SPANISH = Map.of(
            "title",
            "Cielo de prueba",
            "workflows",
            Map.of(
                    "real-bogus",
                    Map.of(
                            "question",
                            "¿Es real la fuente del centro?",
                            "answers",
                            Map.of("bogus", Map.of("label", "Falsa")))));
    private static Browser browser;

    @TestHTTPResource("/")
    String root;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Translations translations;

    @Inject
    Candidates candidates;

    @Inject
    Accounts accounts;

    private long candidateId;

    @BeforeEach
    void aProject() {
        if (projects.find(SLUG).isEmpty()) {
            long project = projects.create(SLUG, "Test sky", "What changed?", "A made-up sky.", "the simulated survey")
                    .id();
            workflows.create(
                    project,
                    "real-bogus",
                    "Real or bogus",
                    "Is the source at the centre real?",
                    List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                    Rules.DEFAULT);
            SimulatedSurvey survey =
                    new SimulatedSurvey(SurveySettings.ofSeed(9).withSurvey("languages"));
            candidates.add(
                    project,
                    survey.candidates(0, 6).stream()
                            .map(SimulatedCandidate::packet)
                            .toList());
        }
        long project = projects.bySlug(SLUG).id();
        translations.remove(project, Language.SPANISH);
        candidateId = candidates.before(project, Long.MAX_VALUE, 1).get(0).id();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    private RequestSpecification as(Role role) {
        long id = accounts.create("l" + UUID.randomUUID().toString().substring(0, 13), null, null, role);
        return given().header(
                        "Authorization",
                        "Bearer " + accounts.issueToken(id, "test").token())
                .contentType(ContentType.JSON);
    }

    private static RequestSpecification asking(String language) {
        return given().header("Accept", "text/html").header("Accept-Language", language);
    }

    @Test
    void thePageSpeaksWhatTheBrowserAsksForAndSaysSo() {
        asking("ar-EG,ar;q=0.9,en;q=0.5")
                .get("/")
                .then()
                .statusCode(200)
                .header("Content-Language", "ar")
                .header("Vary", containsString("Accept-Language, Cookie"))
                .body(allOf(
                        containsString("<html lang=\"ar\" dir=\"rtl\""),
                        containsString("اكتشف ما تغيّر في السماء الليلة"),
                        not(containsString("How it works"))));
        asking("es")
                .get("/projects/" + SLUG)
                .then()
                .body(allOf(
                        containsString("<html lang=\"es\" dir=\"ltr\""),
                        containsString("Empezar a clasificar"),
                        not(containsString("How far it is"))));
        asking("fr").get("/").then().header("Content-Language", "en").body(containsString("How it works"));
    }

    @Test
    void everyPageOfVolunteersSpeaksSpanish() {
        Map.of(
                        "/projects/" + SLUG + "/classify",
                        "¿Por qué esta?",
                        "/projects/" + SLUG + "/talk",
                        "Buscar en todos los comentarios",
                        "/projects/" + SLUG + "/my-labels",
                        "Volver a clasificar",
                        "/candidates/" + candidateId,
                        "Curva de luz",
                        "/candidates/" + candidateId + "/glance",
                        "Magnitud",
                        "/account",
                        "Tus últimas respuestas",
                        "/sign-in",
                        "Nombre de usuario",
                        "/sign-up?error=taken",
                        "Ese nombre de usuario ya está en uso",
                        "/no-such-page",
                        "Aquí no hay nada")
                .forEach((path, text) -> asking("es").get(path).then().body(containsString(text)));
    }

    @Test
    void theAddressChoosesAndACookieRemembersWhereNonsenseDoesNot() {
        String cookie = asking("en")
                .get("/sign-in?error=true&lang=es")
                .then()
                .header("Content-Language", "es")
                .body(containsString("href=\"/sign-in?error=true&amp;lang=ar\""))
                .extract()
                .cookie("skysieve-language");
        assertThat(cookie).isEqualTo("es");

        asking("ar").cookie("skysieve-language", "es").get("/").then().header("Content-Language", "es");
        asking("ar")
                .get("/?lang=%3Cscript%3E")
                .then()
                .statusCode(200)
                .header("Content-Language", "ar")
                .header("Set-Cookie", nullValue());
        asking("ar").get("/?lang=de").then().header("Content-Language", "ar").header("Set-Cookie", nullValue());
    }

    @Test
    void whySomethingIsShownIsSaidInTheLanguageOfTheReader() {
        String workflow = Long.toString(
                workflows.firstActive(projects.bySlug(SLUG).id()).orElseThrow().id());

        String why = given().header("Accept-Language", "es")
                .contentType(ContentType.JSON)
                .body(Map.of("count", 1))
                .post("/api/v1/workflows/" + workflow + "/assignments")
                .then()
                .statusCode(200)
                .extract()
                .path("assignments[0].why");

        assertThat(MessageFiles.read("why", Language.SPANISH)).containsValue(why);
    }

    @Test
    void moderatorsTranslateAProjectAndTheRestStaysAsItIs() {
        as(Role.MODERATOR).body(SPANISH).put(API + "/es").then().statusCode(200);

        given().get(API).then().body("es.title", equalTo("Cielo de prueba")).body("$", not(hasKey("ar")));
        asking("es")
                .get("/projects/" + SLUG)
                .then()
                .body(allOf(
                        containsString("<h1 lang=\"es\" dir=\"ltr\">Cielo de prueba</h1>"),
                        // Not translated: shown in the original, and marked as such.
                        containsString("<p lang=\"en\" dir=\"ltr\">What changed?</p>")));
        asking("es")
                .get("/projects/" + SLUG + "/classify")
                .then()
                .body(allOf(
                        containsString("¿Es real la fuente del centro?"),
                        containsString("data-answer=\"bogus\""),
                        containsString("<span data-label lang=\"es\" dir=\"ltr\">Falsa</span>"),
                        containsString("<span data-label lang=\"en\" dir=\"ltr\">Real</span>")));
        asking("en").get("/projects/" + SLUG).then().body(containsString("Test sky"));

        as(Role.MODERATOR).delete(API + "/es").then().statusCode(204);
        given().get(API + "/es").then().statusCode(404);
    }

    @Test
    void aTranslationIsRefusedWithWhatIsWrongWithIt() {
        as(Role.MODERATOR)
                .body(Map.of(
                        "workflows",
                        Map.of("real-bogus", Map.of("answers", Map.of("maybe", Map.of("label", "Quizá"))))))
                .put(API + "/es")
                .then()
                .statusCode(400)
                .body("detail", allOf(containsString("\"maybe\""), containsString("[real, bogus]")));
        as(Role.MODERATOR)
                .body(Map.of("workflows", Map.of("other", Map.of("title", "Otra"))))
                .put(API + "/es")
                .then()
                .statusCode(400)
                .body("detail", containsString("\"other\""));
        as(Role.MODERATOR)
                .body(Map.of("title", "x".repeat(121)))
                .put(API + "/es")
                .then()
                .statusCode(400)
                .body("detail", containsString("got 121 characters, need 0..120"));
        as(Role.MODERATOR).body(SPANISH).put(API + "/tlh").then().statusCode(404);
        as(Role.SCIENTIST).body(SPANISH).put(API + "/es").then().statusCode(403);
        given().contentType(ContentType.JSON)
                .body(SPANISH)
                .put(API + "/es")
                .then()
                .statusCode(401);
    }

    @Test
    void theFormOfTranslationsWorksWithoutScript() {
        String page = "/projects/" + SLUG + "/translations";
        as(Role.SCIENTIST).get(page).then().statusCode(403);

        as(Role.MODERATOR)
                .contentType(ContentType.URLENC)
                .formParam("into", "es")
                .formParam("title", "Cielo del formulario")
                .formParam("real-bogus.question", "¿Es real?")
                .formParam("real-bogus.real.label", "Real de verdad")
                .redirects()
                .follow(false)
                .post(page)
                .then()
                .statusCode(303);

        as(Role.MODERATOR)
                .get(page + "?into=es")
                .then()
                .body(containsString("value=\"Cielo del formulario\""))
                .body(containsString("value=\"Real de verdad\""));
        asking("es").get("/projects/" + SLUG).then().body(containsString("Cielo del formulario"));
    }

    @Test
    void arabicIsAccessibleAndFitsRightToLeft() {
        if (browser == null) {
            browser = Browser.start();
        }
        List<String> findings = new ArrayList<>();
        for (Browser.Viewport viewport : List.of(Browser.Viewport.LAPTOP, Browser.Viewport.PHONE)) {
            Page page = browser.open(viewport);
            page.navigate(root + "?lang=ar");
            for (String path : List.of(
                    "", "projects/" + SLUG, "projects/" + SLUG + "/talk", "candidates/" + candidateId, "sign-up")) {
                page.navigate(root + path);
                assertThat(page.locator("html")).hasAttribute("dir", "rtl");
                String where = "arabic-" + (path.isEmpty() ? "home" : path.replaceAll("[^a-z-]+", "-")) + "-"
                        + viewport.label();
                Browser.screenshot(page, where);
                Browser.accessibilityFindings(page).forEach(finding -> findings.add(where + ": " + finding));
                Integer width = (Integer) page.evaluate("() => document.documentElement.scrollWidth");
                if (width > viewport.width()) {
                    findings.add(where + ": " + width + " pixels wide");
                }
            }
            page.context().close();
        }

        assertThat(findings).isEmpty();
    }

    @Test
    void oneClassifiesInArabicByKeyboard() {
        if (browser == null) {
            browser = Browser.start();
        }
        for (Browser.Viewport viewport : List.of(Browser.Viewport.LAPTOP, Browser.Viewport.PHONE)) {
            FakeSky sky = new FakeSky(20);
            BrowserContext context = browser.context(viewport);
            sky.answer(context);
            Page page = context.newPage();
            page.navigate(root + "projects/" + SLUG + "/classify?lang=ar");
            assertThat(page.getByTestId("stage")).hasAttribute("data-painted", "1");

            page.keyboard().press("1");

            assertThat(page.getByTestId("stage")).hasAttribute("data-painted", "2");
            assertThat(page.getByTestId("announcer")).containsText("سُجّلت الإجابة");
            assertThat(page.getByTestId("feedback")).containsText("62% ← 87%");
            // Arrow keys keep their meaning: what is further right comes into view, whichever way the text runs.
            page.keyboard().press("+");
            page.keyboard().press("ArrowRight");
            assertThat(page.getByTestId("stage")).hasAttribute("style", java.util.regex.Pattern.compile("--dx: ?-"));
            Browser.screenshot(page, "arabic-classify-" + viewport.label());
            assertThat(Browser.accessibilityFindings(page)).isEmpty();
            context.close();
        }
    }
}
