package org.skysieve.learning;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class GuideTest {
    @Inject
    ClassificationFixture fixture;

    @Inject
    GoldStandards goldStandards;

    @Test
    void anAccountIsShownATutorialOnceInWhicheverBrowser() {
        WorkflowView workflow = fixture.aWorkflow();
        String url = "/api/v1/workflows/" + workflow.id() + "/me/tutorial";
        Person person = fixture.aPerson(Role.VOLUNTEER);
        as(person).get(url).then().statusCode(200).body("seen", equalTo(false));
        given().put(url).then().statusCode(401);

        as(person).put(url).then().statusCode(200).body("seen", equalTo(true));
        as(person).put(url).then().statusCode(200);

        as(person).get(url).then().body("seen", equalTo(true));
        as(person)
                .get("/account/settings/data")
                .then()
                .body("tutorialsSeen[0].workflowId", equalTo(Long.toString(workflow.id())));
        as(fixture.aPerson(Role.VOLUNTEER)).get(url).then().body("seen", equalTo(false));
    }

    @Test
    void moderatorsWriteTheGuideWithExamplesThatAreWhatTheyAreSaidToBe() {
        WorkflowView workflow = fixture.aWorkflow();
        long real = gold(workflow, 0);
        long hidden = gold(workflow, 0);
        long open = fixture.aCandidate(workflow);
        String url = "/api/v1/workflows/" + workflow.id() + "/guide";

        as(fixture.aPerson(Role.SCIENTIST))
                .body(guide("real", real))
                .put(url)
                .then()
                .statusCode(403);
        Person moderator = fixture.aPerson(Role.MODERATOR);
        as(moderator)
                .body(guide("real", real))
                .put(url)
                .then()
                .statusCode(200)
                .body("entries[0].examples[0].candidateId", equalTo(Long.toString(real)));
        as(moderator)
                .body(guide("bogus", real))
                .put(url)
                .then()
                .statusCode(400)
                .body("detail", containsString("is Real, need one that is Bogus"));
        as(moderator)
                .body(guide("real", open))
                .put(url)
                .then()
                .statusCode(400)
                .body("detail", containsString("is not settled"));
        as(moderator)
                .body(guide("real", gold(fixture.aWorkflow(), 0)))
                .put(url)
                .then()
                .statusCode(400)
                .body("detail", containsString("none of this project"));
        given().get(url).then().statusCode(200).body("entries[0].text", equalTo("*Round* <b>x</b>"));

        // What everybody may see tests nobody.
        assertThat(goldStandards.hidden(workflow.id())).containsExactly(hidden);
        assertThat(given().accept("text/html")
                        .get("/projects/" + workflow.projectSlug() + "/guide")
                        .asString())
                .contains("<em>Round</em> &lt;b&gt;x&lt;/b&gt;", "/api/v1/candidates/" + real + "/cutouts/science.png");
        assertThat(given().accept("text/html")
                        .get("/projects/" + workflow.projectSlug())
                        .asString())
                .as("the example has no images to begin the page with")
                .doesNotContain("hero-sky");
    }

    @Test
    void aTutorialIsWrittenReadAndTakenAway() {
        WorkflowView workflow = fixture.aWorkflow();
        long example = gold(workflow, 1);
        String url = "/api/v1/workflows/" + workflow.id() + "/tutorial";
        Person moderator = fixture.aPerson(Role.MODERATOR);

        as(moderator)
                .body(Map.of(
                        "steps",
                        List.of(
                                Map.of("title", "Three images", "text", "**Look**"),
                                Map.of("title", "Bogus", "candidateId", example))))
                .put(url)
                .then()
                .statusCode(200)
                .body("steps[1].candidateId", equalTo(Long.toString(example)));
        assertThat(goldStandards.hidden(workflow.id())).isEmpty();
        assertThat(given().accept("text/html")
                        .get("/projects/" + workflow.projectSlug() + "/tutorial/steps")
                        .asString())
                .contains("Three images", "<strong>Look</strong>")
                .doesNotContain("<html");
        as(moderator)
                .body(Map.of("steps", List.of(Map.of("title", ""))))
                .put(url)
                .then()
                .statusCode(400);
        as(moderator).body(Map.of("steps", List.of())).put(url).then().statusCode(200);
        given().get(url).then().body("steps.size()", equalTo(0));
    }

    @Test
    void guideTutorialAndBoardsSpeakTheLanguageOfTheReader() {
        WorkflowView workflow = fixture.aWorkflow();
        long real = gold(workflow, 0);
        Person moderator = fixture.aPerson(Role.MODERATOR);
        String project = "/api/v1/projects/" + workflow.projectSlug();
        as(moderator)
                .body(guide("real", real))
                .put("/api/v1/workflows/" + workflow.id() + "/guide")
                .then()
                .statusCode(200);
        as(moderator)
                .body(Map.of("steps", List.of(Map.of("title", "Three images", "text", "**Look**"))))
                .put("/api/v1/workflows/" + workflow.id() + "/tutorial")
                .then()
                .statusCode(200);
        as(moderator)
                .body(Map.of("slug", "odd", "title", "Odd ones", "about", "What fits nowhere"))
                .post(project + "/talk/boards")
                .then()
                .statusCode(201);
        Map<String, String> words =
                Map.of("*Round* <b>x</b>", "*Redonda*", "look here", "mira aquí", "Three images", "Tres imágenes");
        as(moderator)
                .body(Map.of(
                        "texts",
                        Map.of("Odd ones", "Raras"),
                        "workflows",
                        Map.of(workflow.slug(), Map.of("texts", words))))
                .put(project + "/translations/es")
                .then()
                .statusCode(200);

        String page = "/projects/" + workflow.projectSlug();
        assertThat(inSpanish(page + "/guide"))
                .contains("<em>Redonda</em>", "mira aquí")
                .doesNotContain("look here");
        // What is not translated stays as it was written.
        assertThat(inSpanish(page + "/tutorial/steps")).contains("Tres imágenes", "<strong>Look</strong>");
        // Each says which language it is in.
        assertThat(inSpanish(page + "/tutorial/steps"))
                .contains("<h3 tabindex=\"-1\" lang=\"es\" dir=\"ltr\">Tres imágenes")
                .containsPattern("<div class=\"prose\" lang=\"en\" dir=\"ltr\">\\s*<p>\\s*<strong>Look");
        assertThat(inSpanish(page + "/guide/entries"))
                .containsPattern("<div class=\"prose\" lang=\"es\" dir=\"ltr\">\\s*<p>\\s*<em>Redonda")
                .contains(
                        "<p lang=\"es\" dir=\"ltr\">mira aquí", "<span class=\"guide-name\" lang=\"en\" dir=\"ltr\">");
        assertThat(inSpanish(page + "/talk"))
                .contains("Raras", "What fits nowhere")
                .doesNotContain("Odd ones");
        assertThat(given().accept("text/html").get(page + "/talk").asString()).contains("Odd ones");
    }

    private static String inSpanish(String path) {
        return given().accept("text/html").get(path + "?lang=es").asString();
    }

    private long gold(WorkflowView workflow, int answer) {
        long id = fixture.aCandidate(workflow);
        goldStandards.set(workflow.id(), id, answer, "test", OptionalLong.empty());
        return id;
    }

    private static Map<String, Object> guide(String answer, long example) {
        return Map.of(
                "entries",
                List.of(Map.of(
                        "answer",
                        answer,
                        "text",
                        "*Round* <b>x</b>",
                        "examples",
                        List.of(Map.of("candidateId", example, "caption", "look here")))));
    }

    private static RequestSpecification as(Person person) {
        return given().header("Authorization", "Bearer " + person.token()).contentType(ContentType.JSON);
    }
}
