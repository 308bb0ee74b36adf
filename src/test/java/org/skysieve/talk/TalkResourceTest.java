package org.skysieve.talk;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.Projects;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class TalkResourceTest {
    @Inject
    Accounts accounts;

    @Inject
    Projects projects;

    @Inject
    Candidates candidates;

    @Inject
    Notices notices;

    private final String slug = "t-" + UUID.randomUUID().toString().substring(0, 12);
    private final String talk = "/api/v1/projects/" + slug + "/talk";
    private long project;

    private record Person(long id, String name, String token) {
        RequestSpecification call() {
            return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
        }
    }

    private Person person(Role role) {
        String name = "t" + UUID.randomUUID().toString().substring(0, 12);
        long id = accounts.create(name, null, null, role);
        return new Person(id, name, accounts.issueToken(id, "test").token());
    }

    @BeforeEach
    void aProject() {
        project = projects.create(slug, "Talk about the sky", "", "", "").id();
    }

    private String start(Person by, String title, String body) {
        return by.call()
                .body(Map.of("board", "help", "title", title, "body", body))
                .post(talk + "/discussions")
                .then()
                .statusCode(201)
                .extract()
                .path("discussionId");
    }

    @Test
    void aDiscussionIsReadByAnybodyAndAnsweredByAccounts() {
        Person anna = person(Role.VOLUNTEER);
        Person bob = person(Role.VOLUNTEER);
        given().get(talk + "/boards").then().body("slug", contains("help", "discoveries", "chat"));
        String id = start(anna, "  What is  this? ", "A *ring* around it.");

        given().contentType(ContentType.JSON)
                .body(Map.of("body", "me too"))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(401);
        bob.call()
                .body(Map.of("body", "A ghost of a bright star."))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(201);

        given().get(talk + "/discussions?board=help")
                .then()
                .body("items.title", contains("What is this?"))
                .body("items[0].comments", equalTo(2));
        given().get(talk + "/discussions?board=chat").then().body("items", empty());
        given().get(talk + "/discussions/" + id + "/comments")
                .then()
                .body("items.author", contains(anna.name, bob.name))
                .body("items[0].html", containsString("<em>ring</em>"));
    }

    @Test
    void candidatesHaveADiscussionEach() {
        Person anna = person(Role.VOLUNTEER);
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(3).withSurvey(slug));
        candidates.add(project, List.of(survey.candidate(0).packet()));
        var candidate = candidates.before(project, Long.MAX_VALUE, 1).get(0);
        String path = talk + "/candidates/" + candidate.id();

        given().get(path).then().statusCode(404);
        anna.call().body(Map.of("body", "Look!")).post(path).then().statusCode(201);
        anna.call().body(Map.of("body", "Again.")).post(path).then().statusCode(201);

        given().get(path).then().body("title", equalTo(candidate.objectId())).body("comments", equalTo(2));
        anna.call()
                .body(Map.of("body", "Elsewhere"))
                .post("/api/v1/projects/" + slug + "/talk/candidates/999999999999")
                .then()
                .statusCode(404);
    }

    @Test
    void thoseWhoAreCalledAndThoseWhoWroteAreTold() {
        Person anna = person(Role.VOLUNTEER);
        Person bob = person(Role.VOLUNTEER);
        Person cleo = person(Role.VOLUNTEER);
        String id = start(anna, "Who knows?", "@" + bob.name + " perhaps, not @nobody-of-this-name.");
        cleo.call()
                .body(Map.of("body", "I do, @" + anna.name))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(201);

        assertThat(notices.of(bob.id, Long.MAX_VALUE, 10).items())
                .extracting(Notice::cause)
                .containsExactly("mention");
        // Called by name and following: told once.
        assertThat(notices.of(anna.id, Long.MAX_VALUE, 10).items())
                .extracting(Notice::cause)
                .containsExactly("mention");
        assertThat(notices.unread(cleo.id)).isZero();

        notices.readAll(anna.id);
        notices.follow(Long.parseLong(id), anna.id, false);
        cleo.call()
                .body(Map.of("body", "More."))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(201);
        assertThat(notices.unread(anna.id)).isZero();
    }

    @Test
    void onlyTheAuthorRewritesAndTagsFollow() {
        Person anna = person(Role.VOLUNTEER);
        String id = start(anna, "Tags", "#ring here");
        String comment = given().get(talk + "/discussions/" + id + "/comments")
                .then()
                .extract()
                .path("items[0].id");

        person(Role.MODERATOR)
                .call()
                .body(Map.of("body", "mine now"))
                .put(talk + "/comments/" + comment)
                .then()
                .statusCode(403);
        anna.call()
                .body(Map.of("body", "#halo here"))
                .put(talk + "/comments/" + comment)
                .then()
                .body("editedAt", notNullValue());

        given().queryParam("q", "#ring").get(talk + "/search").then().body("items", empty());
        given().queryParam("q", "#Halo").get(talk + "/search").then().body("items.id", contains(comment));
        given().queryParam("q", "here -ring").get(talk + "/search").then().body("items", hasSize(1));
        given().queryParam("q", "tags").get(talk + "/search").then().body("items", hasSize(1));
        given().queryParam("q", " ")
                .get(talk + "/search")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("q"));
    }

    @Test
    void aReportedCommentIsHiddenWithAReasonAndShownAgain() {
        Person anna = person(Role.VOLUNTEER);
        Person bob = person(Role.VOLUNTEER);
        Person moderator = person(Role.MODERATOR);
        String id = start(anna, "Buy telescopes", "cheap cheap");
        String comment = given().get(talk + "/discussions/" + id + "/comments")
                .then()
                .extract()
                .path("items[0].id");
        for (int twice = 0; twice < 2; twice++) {
            bob.call()
                    .body(Map.of("reason", "advertising"))
                    .post(talk + "/comments/" + comment + "/reports")
                    .then()
                    .statusCode(204);
        }

        bob.call().get(talk + "/reports").then().statusCode(403);
        moderator
                .call()
                .get(talk + "/reports")
                .then()
                .body("reason", contains("advertising"))
                .body("[0].by", equalTo(bob.name));
        moderator
                .call()
                .body(Map.of("reason", "advertising"))
                .post(talk + "/comments/" + comment + "/hide")
                .then()
                .statusCode(204);

        moderator.call().get(talk + "/reports").then().body("$", empty());
        given().get(talk + "/discussions/" + id + "/comments")
                .then()
                .body("items[0].hidden", equalTo("advertising"))
                .body("items[0].body", equalTo(""))
                .body("items[0].html", equalTo(""));
        given().queryParam("q", "cheap").get(talk + "/search").then().body("items", empty());
        anna.call()
                .body(Map.of("body", "cheaper"))
                .put(talk + "/comments/" + comment)
                .then()
                .statusCode(409);

        moderator.call().post(talk + "/comments/" + comment + "/keep").then().statusCode(204);
        given().get(talk + "/discussions/" + id + "/comments")
                .then()
                .body("items[0].hidden", nullValue())
                .body("items[0].body", equalTo("cheap cheap"));
    }

    @Test
    void aClosedDiscussionTakesNoMore() {
        Person anna = person(Role.VOLUNTEER);
        String id = start(anna, "Closing", "soon");
        anna.call()
                .body(Map.of("locked", true))
                .put(talk + "/discussions/" + id + "/locked")
                .then()
                .statusCode(403);
        person(Role.MODERATOR)
                .call()
                .body(Map.of("locked", true))
                .put(talk + "/discussions/" + id + "/locked")
                .then()
                .statusCode(204);

        anna.call()
                .body(Map.of("body", "late"))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(409);
    }

    @Test
    void lengthsAndPaceAreBounded() {
        Person anna = person(Role.VOLUNTEER);
        anna.call()
                .body(Map.of("board", "help", "title", "Hi", "body", "x"))
                .post(talk + "/discussions")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("title"));
        anna.call()
                .body(Map.of("board", "nowhere", "title", "Hello", "body", "x"))
                .post(talk + "/discussions")
                .then()
                .statusCode(404);
        anna.call()
                .body(Map.of("board", "help", "title", "Hello", "body", "x".repeat(Comments.LONGEST + 1)))
                .post(talk + "/discussions")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("body"));
        // None of them left an empty discussion behind.
        given().get(talk + "/discussions").then().body("items", empty());

        String id = start(anna, "Talkative", "1");
        for (int i = 1; i < Comments.MOST; i++) {
            anna.call()
                    .body(Map.of("body", "more"))
                    .post(talk + "/discussions/" + id + "/comments")
                    .then()
                    .statusCode(201);
        }
        anna.call()
                .body(Map.of("body", "and more"))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(429);
        given().queryParam("limit", 5)
                .get(talk + "/discussions/" + id + "/comments")
                .then()
                .body("items", hasSize(5))
                .body("next", notNullValue());
    }

    @Test
    void whatSomebodyWroteGoesWithTheirAccount() {
        Person anna = person(Role.VOLUNTEER);
        Person bob = person(Role.VOLUNTEER);
        String id = start(anna, "My secret title", "My #secret words");
        bob.call()
                .body(Map.of("body", "Mine stay."))
                .post(talk + "/discussions/" + id + "/comments")
                .then()
                .statusCode(201);

        anna.call()
                .body(Map.of("username", anna.name))
                .post("/api/v1/me/erasure")
                .then()
                .statusCode(204);

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> given().get(talk + "/discussions/" + id + "/comments")
                        .then()
                        .body("items.body", contains("*(erased by its author)*", "Mine stay."))
                        .body("items[0].author", equalTo("Former volunteer")));
        given().get(talk + "/discussions/" + id).then().body("title", equalTo("(erased)"));
        given().queryParam("q", "#secret").get(talk + "/search").then().body("items", empty());
    }

    @Test
    void moderatorsAddBoards() {
        Person moderator = person(Role.MODERATOR);
        Map<String, String> board = Map.of("slug", "kilonovae", "title", "Kilonovae", "about", "Fast and red.");
        person(Role.VOLUNTEER).call().body(board).post(talk + "/boards").then().statusCode(403);
        moderator.call().body(board).post(talk + "/boards").then().statusCode(201);
        moderator.call().body(board).post(talk + "/boards").then().statusCode(409);

        given().get(talk + "/boards").then().body("slug", contains("help", "discoveries", "chat", "kilonovae"));
    }
}
