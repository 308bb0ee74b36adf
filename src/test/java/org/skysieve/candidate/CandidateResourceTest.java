package org.skysieve.candidate;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import javax.imageio.ImageIO;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.context.Neighbour;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.PackedTriplet;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.skysieve.engine.alert.AlertPackets.anAlert;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class CandidateResourceTest {
    @Inject
    Candidates candidates;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    GoldStandards goldStandards;

    @Inject
    Accounts accounts;

    @Inject
    Sql sql;

    private ProjectView project;
    private AlertPacket packet;
    private long id;

    @BeforeEach
    void aCandidate() {
        project =
                projects.create("cr-" + UUID.randomUUID().toString().substring(0, 12), "Candidates", null, null, null);
        packet = anAlert().withCandid(4_611_686_018_427_387_905L).build();
        id = candidates.add(project.id(), List.of(packet)).candidateIds().get(0);
    }

    @Test
    void everybodyMaySeeACandidateButNotTheSurveysOpinion() {
        given().get("/api/v1/candidates/" + id)
                .then()
                .statusCode(200)
                .body("id", equalTo(Long.toString(id)))
                .body("candid", equalTo("4611686018427387905"))
                .body("objectId", equalTo("SIM1"))
                .body("passband", equalTo("r"))
                .body("surveyScore", nullValue())
                .body("$", org.hamcrest.Matchers.not(org.hamcrest.Matchers.hasKey("evaluation")));
    }

    @Test
    void theContextComesWithItsRuleAndHost() {
        AlertPacket beside = anAlert()
                .withCandid(77)
                .withSurroundings(
                        new Surroundings(true, null, true, List.of(new Neighbour(Neighbour.PS1, 2.5, 17, .02)), 3))
                .build();
        long besideId =
                candidates.add(project.id(), List.of(beside)).candidateIds().get(0);

        given().get("/api/v1/candidates/" + besideId)
                .then()
                .statusCode(200)
                .body("context.kind", equalTo("supernova"))
                .body("context.rule", containsString("2.50″"))
                .body("context.arcsec", equalTo(2.5f))
                .body("context.host.catalogue", equalTo("Pan-STARRS1"))
                .body("context.host.mag", equalTo(17f));
        given().get("/api/v1/candidates/" + id).then().body("context.kind", equalTo("unknown"));
        sql.update("UPDATE candidate SET context = NULL, surroundings = NULL WHERE id = ?", id);
        given().get("/api/v1/candidates/" + id).then().statusCode(200).body("context", nullValue());
        given().get("/candidates/" + id).then().statusCode(200);
        given().get("/candidates/" + besideId)
                .then()
                .statusCode(200)
                .body(containsString("supernova: Pan-STARRS1 galaxy of r 17.0 2.50″ away"));
    }

    @Test
    void cutoutsComeGzippedOnceAndForAll() throws Exception {
        HttpResponse<byte[]> answer = get(HttpClient.Version.HTTP_1_1, "Accept-Encoding", "br, gzip");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("Content-Encoding")).containsExactly("gzip");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/octet-stream");
        assertThat(answer.headers().firstValue("Cache-Control"))
                .get()
                .asString()
                .contains("immutable");
        CutoutTriplet triplet = PackedTriplet.decode(Gzip.expand(answer.body()));
        assertThat(triplet.science().width()).isEqualTo(63);
        String tag = answer.headers().firstValue("ETag").orElseThrow();
        assertThat(get(HttpClient.Version.HTTP_1_1, "If-None-Match", tag).statusCode())
                .isEqualTo(304);
    }

    @Test
    void whoeverCannotHaveGzipGetsThePlainBlob() throws Exception {
        for (HttpResponse<byte[]> answer : List.of(
                get(HttpClient.Version.HTTP_1_1, "Accept", "*/*"),
                get(HttpClient.Version.HTTP_2, "Accept-Encoding", "gzip"))) {
            assertThat(answer.headers().firstValue("Content-Encoding").orElse("identity"))
                    .isEqualTo("identity");
            assertThat(PackedTriplet.decode(answer.body()).difference()).isNotNull();
        }
    }

    /** Below REST Assured, which undoes encodings. */
    private HttpResponse<byte[]> get(HttpClient.Version version, String header, String value) throws Exception {
        URI address = URI.create("http://localhost:" + RestAssured.port + "/api/v1/candidates/" + id + "/cutouts");
        return HttpClient.newBuilder()
                .version(version)
                .build()
                .send(
                        HttpRequest.newBuilder(address).header(header, value).build(),
                        HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void drawsAPanel() throws Exception {
        byte[] png = given().get("/api/v1/candidates/" + id + "/cutouts/difference.png?zoom=3")
                .then()
                .statusCode(200)
                .contentType("image/png")
                .extract()
                .asByteArray();

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        assertThat(image.getWidth()).isEqualTo(189);
    }

    @Test
    void saysWhatIsWrongWithARequest() {
        given().get("/api/v1/candidates/" + id + "/cutouts/science.png?zoom=99")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("detail", containsString("got 99"));
        given().get("/api/v1/candidates/" + id + "/cutouts/sky.png").then().statusCode(404);
        given().get("/api/v1/candidates/-5").then().statusCode(404).body("detail", equalTo("no candidate -5"));
        AlertPacket blind = anAlert()
                .withCandid(2)
                .withCutouts(new CutoutTriplet(packet.cutouts().science(), null, null))
                .build();
        long second =
                candidates.add(project.id(), List.of(blind)).candidateIds().get(0);
        given().get("/api/v1/candidates/" + second + "/cutouts/template.png")
                .then()
                .statusCode(404)
                .body("detail", containsString("sent no template"));
    }

    @Test
    void aLightCurveIsAListOfPoints() {
        given().get("/api/v1/candidates/" + id + "/light-curve")
                .then()
                .statusCode(200)
                .body("points", hasSize(1))
                .body("points[0].timeMjd", equalTo(60000.25f))
                .body("points[0].passband", equalTo("r"))
                .body("points[0].positive", equalTo(true));
    }

    @Test
    void pagesThroughAProjectNewestFirst() {
        for (int i = 1; i <= 4; i++) {
            candidates.add(project.id(), List.of(anAlert().withCandid(i).build()));
        }
        String address = "/api/v1/projects/" + project.slug() + "/candidates";

        Response first = given().get(address + "?limit=3");
        first.then().statusCode(200).body("items.candid", contains("4", "3", "2"));
        given().get(address + "?limit=3&cursor=" + first.path("next"))
                .then()
                .statusCode(200)
                .body("items.candid", contains("1", "4611686018427387905"))
                .body("next", nullValue());
        given().get("/api/v1/projects/no-such-project/candidates").then().statusCode(404);
    }

    @Test
    @TestSecurity(user = "gold-moderator", roles = "moderator")
    void aModeratorSetsGoldStandardsByCandid() {
        account("gold-moderator", Role.MODERATOR);
        WorkflowView workflow = workflow();
        Map<String, Object> body = Map.of(
                "survey",
                "sim",
                "source",
                "vetted by eye",
                "items",
                List.of(
                        Map.of("candid", "4611686018427387905", "answer", "bogus"),
                        Map.of("candid", "77", "answer", "real")));

        given().contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/workflows/" + workflow.id() + "/gold-standards")
                .then()
                .statusCode(200)
                .body("set", equalTo(1))
                .body("unknown", contains("77"));
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/workflows/" + workflow.id() + "/gold-standards")
                .then()
                .body("set", equalTo(0))
                .body("unchanged", equalTo(1));

        assertThat(goldStandards.answer(workflow.id(), id)).hasValue(1);
        given().contentType(ContentType.JSON)
                .body(Map.of("survey", "sim", "items", List.of(Map.of("candid", "x", "answer", "maybe"))))
                .post("/api/v1/workflows/" + workflow.id() + "/gold-standards")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("items[0].candid"));
    }

    @Test
    void aGuestMaySetNoGoldStandard() {
        given().contentType(ContentType.JSON)
                .body(Map.of("survey", "sim", "items", List.of(Map.of("candid", "1", "answer", "real"))))
                .post("/api/v1/workflows/" + workflow().id() + "/gold-standards")
                .then()
                .statusCode(401);
    }

    private WorkflowView workflow() {
        return workflows.create(
                project.id(),
                "real-bogus",
                "Real or bogus?",
                "Is it real?",
                List.of(new AnswerOption("real", "Real", ""), new AnswerOption("bogus", "Bogus", "")),
                Rules.DEFAULT);
    }

    private void account(String name, Role role) {
        if (accounts.byUsername(name).isEmpty()) {
            accounts.create(name, null, null, role);
        }
    }
}
