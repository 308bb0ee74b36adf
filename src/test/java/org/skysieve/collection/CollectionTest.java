package org.skysieve.collection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class CollectionTest {
    @Inject
    ClassificationFixture fixture;

    @Inject
    Favourites favourites;

    @Inject
    Collections collections;

    @Inject
    OwnAccount own;

    @Inject
    Sql sql;

    @Test
    void aStarIsSetOnceTakenAwayAndNobodyElsesBusiness() {
        WorkflowView workflow = fixture.aWorkflow();
        String one = Long.toString(fixture.aCandidate(workflow));
        String two = Long.toString(fixture.aCandidate(workflow));
        Person person = fixture.aPerson(Role.VOLUNTEER);

        for (String id : List.of(one, two, one)) {
            as(person).put("/api/v1/me/favourites/" + id).then().statusCode(204);
        }
        as(person).get("/api/v1/me/favourites").then().body("candidateIds", contains(two, one));
        as(fixture.aPerson(Role.ADMINISTRATOR))
                .get("/api/v1/me/favourites")
                .then()
                .body("candidateIds", empty());
        as(person).delete("/api/v1/me/favourites/" + two).then().statusCode(204);
        as(person).get("/api/v1/me/favourites").then().body("candidateIds", contains(one));
        as(person).put("/api/v1/me/favourites/9999999999").then().statusCode(404);
        as(person).get("/account/settings/data").then().body("favourites", hasSize(1));
    }

    @Test
    void aCollectionIsPrivateUntilItsOwnerSaysOtherwise() {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        Person owner = fixture.aPerson(Role.VOLUNTEER);
        Person other = fixture.aPerson(Role.ADMINISTRATOR);
        given().contentType(ContentType.JSON)
                .body(Map.of("project", workflow.projectSlug(), "title", "Rings"))
                .post("/api/v1/collections")
                .then()
                .statusCode(401);

        String id = as(owner)
                .body(Map.of("project", workflow.projectSlug(), "title", "Rings"))
                .post("/api/v1/collections")
                .then()
                .statusCode(201)
                .body("visible", equalTo(false))
                .extract()
                .path("id");
        String url = "/api/v1/collections/" + id;
        as(owner)
                .put(url + "/candidates/" + candidate)
                .then()
                .statusCode(200)
                .body("candidateIds", contains(Long.toString(candidate)));
        as(other).get(url).then().statusCode(404);
        given().accept("text/html").get("/collections/" + id).then().statusCode(404);

        as(owner)
                .body(Map.of("title", "Rings around stars", "visible", true))
                .put(url)
                .then()
                .statusCode(200);
        given().get(url).then().statusCode(200).body("title", equalTo("Rings around stars"));
        assertThat(given().accept("text/html").get("/collections/" + id).asString())
                .contains("Rings around stars");
        as(other).body(Map.of("title", "Mine")).put(url).then().statusCode(404);
        as(other).delete(url + "/candidates/" + candidate).then().statusCode(404);
        as(other).delete(url).then().statusCode(404);
        long foreign = fixture.aCandidate(fixture.aWorkflow());
        as(owner).put(url + "/candidates/" + foreign).then().statusCode(404);
        as(owner).delete(url + "/candidates/" + candidate).then().body("candidateIds", empty());
        as(owner).delete(url).then().statusCode(204);
        given().get(url).then().statusCode(404);
    }

    @Test
    void whatSomebodyKeptGoesWithTheirAccount() {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        Person person = fixture.aPerson(Role.VOLUNTEER);
        favourites.add(person.id(), candidate);
        long id = collections.create(workflow.projectId(), person.id(), "Rings", "", true);
        collections.add(id, person.id(), candidate);
        String username = sql.one("SELECT username FROM volunteer WHERE id = ?", row -> row.getString(1), person.id());

        own.erase(person.id(), username);

        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> favourites.of(person.id()).isEmpty()
                        && collections.of(person.id(), OptionalLong.empty()).isEmpty());
        given().get("/api/v1/collections/" + id).then().statusCode(404);
    }

    private static RequestSpecification as(Person person) {
        return given().header("Authorization", "Bearer " + person.token()).contentType(ContentType.JSON);
    }
}
