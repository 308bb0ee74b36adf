package org.skysieve.ingest;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class IngestTest {
    private static final Path DATA = Path.of(System.getProperty("skysieve.data", "../shared/data"));

    @Inject
    Ingest ingest;

    @Inject
    DeadLetters deadLetters;

    @Inject
    Candidates candidates;

    @Inject
    Projects projects;

    @Inject
    Accounts accounts;

    private ProjectView project;

    @BeforeEach
    void aProject() {
        project = projects.create("i-" + UUID.randomUUID().toString().substring(0, 12), "Ingest", null, null, null);
    }

    @Test
    void aNightWithABadPacketIsTakenIn() throws IOException {
        IngestReport report = run(aNight(120));

        assertThat(report.accepted()).isEqualTo(120);
        assertThat(report.duplicates()).isZero();
        assertThat(report.rejected()).isEqualTo(2);
        assertThat(report.finishedAt()).isNotNull();
        assertThat(ingest.find(report.id()))
                .get()
                .usingRecursiveComparison()
                .ignoringFields("startedAt", "finishedAt")
                .isEqualTo(report);
        assertThat(candidates.count(project.id())).isEqualTo(120);
        List<DeadLetters.DeadLetterView> letters = deadLetters.before(project.id(), Long.MAX_VALUE, 10);
        assertThat(letters).hasSize(2);
        assertThat(letters.get(0).source()).isEqualTo("night.tar.gz!z.avro");
        assertThat(letters.get(0).reason()).contains("6e 6f 74");
        assertThat(letters.get(1).reason()).startsWith("truncated Avro container");
        assertThat(deadLetters.raw(project.id(), letters.get(0).id()))
                .get()
                .isEqualTo("not an alert".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void theSameNightAgainAddsNothing() throws IOException {
        byte[] night = aNight(60);
        run(night);

        IngestReport again = run(night);

        assertThat(again.accepted()).isZero();
        assertThat(again.duplicates()).isEqualTo(60);
        assertThat(candidates.count(project.id())).isEqualTo(60);
    }

    @Test
    void anIngestThatBrokeOffIsFinishedByTheNext() throws IOException {
        byte[] night = aNight(120);

        IngestReport broken = ingest.run(
                project.id(),
                "night.tar.gz",
                new ByteArrayInputStream(night, 0, night.length / 2),
                OptionalLong.empty(),
                IngestProgress.NONE);
        IngestReport whole = run(night);

        assertThat(broken.accepted()).isBetween(1L, 119L);
        assertThat(broken.rejected()).isPositive();
        assertThat(whole.accepted()).isEqualTo(120 - broken.accepted());
        assertThat(whole.duplicates()).isEqualTo(broken.accepted());
    }

    @Test
    void progressIsToldAfterEveryBatch() throws IOException {
        List<Long> totals = new ArrayList<>();

        ingest.run(
                project.id(),
                "night.tar.gz",
                new ByteArrayInputStream(aNight(120)),
                OptionalLong.empty(),
                report -> totals.add(report.total()));

        assertThat(totals).containsExactly(50L, 100L, 122L);
    }

    @Test
    void readsADirectory(@TempDir Path dir) throws IOException {
        Files.write(dir.resolve("1.avro"), Nights.packet(1));
        Files.writeString(dir.resolve("labels.csv"), "candid,label");

        IngestReport report = ingest.run(project.id(), dir, OptionalLong.empty(), IngestProgress.NONE);

        assertThat(report.accepted()).isEqualTo(1);
        assertThat(report.rejected()).isZero();
        assertThatThrownBy(() ->
                        ingest.run(project.id(), dir.resolve("nothing"), OptionalLong.empty(), IngestProgress.NONE))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aStreamThatFailsKeepsWhatCameBefore() throws IOException {
        byte[] night = aNight(120);
        InputStream failing = new InputStream() {
            private int at;

            @Override
            public int read() throws IOException {
                if (at > night.length * 2 / 3) {
                    throw new IOException("connection reset");
                }
                return night[at++] & 0xff;
            }
        };

        IngestReport report =
                ingest.run(project.id(), "night.tar.gz", failing, OptionalLong.empty(), IngestProgress.NONE);

        assertThat(report.accepted()).isPositive();
        assertThat(deadLetters.before(project.id(), Long.MAX_VALUE, 1).get(0).reason())
                .contains("connection reset");
    }

    @Test
    @TestSecurity(user = "ingest-scientist", roles = "scientist")
    void aScientistUploadsANightAndReadsWhatBecameOfIt() throws IOException {
        account("ingest-scientist", Role.SCIENTIST);
        String base = "/api/v1/projects/" + project.slug();

        String id = given().contentType("application/octet-stream")
                .body(aNight(30))
                .post(base + "/ingests?name=night.tar.gz")
                .then()
                .statusCode(201)
                .header("Location", containsString(base + "/ingests/"))
                .body("accepted", equalTo(30))
                .body("duplicates", equalTo(0))
                .body("rejected", equalTo(2))
                .body("finishedAt", notNullValue())
                .extract()
                .path("id");

        given().get(base + "/ingests/" + id).then().statusCode(200).body("source", equalTo("night.tar.gz"));
        given().get(base + "/ingests")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].id", equalTo(id));
        String letter = given().get(base + "/dead-letters?limit=1")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].ingestId", equalTo(id))
                .body("next", notNullValue())
                .extract()
                .path("items[0].id");
        assertThat(given().get(base + "/dead-letters/" + letter + "/raw").asString())
                .isEqualTo("not an alert");
        given().get(base + "/dead-letters/-1/raw").then().statusCode(404);
        given().get(base + "/ingests/-1").then().statusCode(404);
    }

    @Test
    void aGuestMayNotUpload() {
        given().contentType("application/octet-stream")
                .body(Nights.packet(1))
                .post("/api/v1/projects/" + project.slug() + "/ingests?name=1.avro")
                .then()
                .statusCode(401);
        given().get("/api/v1/projects/" + project.slug() + "/dead-letters")
                .then()
                .statusCode(401);
    }

    @Test
    @TestSecurity(user = "ingest-volunteer", roles = "volunteer")
    void aVolunteerMayNotUpload() {
        account("ingest-volunteer", Role.VOLUNTEER);

        given().contentType("application/octet-stream")
                .body(Nights.packet(1))
                .post("/api/v1/projects/" + project.slug() + "/ingests?name=1.avro")
                .then()
                .statusCode(403);
    }

    @Test
    void onlyUploadsMayBeLarge() {
        given().contentType("application/json")
                .body(new byte[5 << 20])
                .post("/api/v1/workflows/1/gold-standards")
                .then()
                .statusCode(413)
                .body("detail", containsString("need at most 4194304"));
    }

    @Test
    void realPacketsAreTakenIn() throws IOException {
        assumeTrue(Files.isDirectory(DATA.resolve("ztf")), "skipped: no sample data in " + DATA.toAbsolutePath());

        IngestReport gold =
                ingest.run(project.id(), DATA.resolve("ztf/gold"), OptionalLong.empty(), IngestProgress.NONE);
        IngestReport object = ingest.run(
                project.id(), DATA.resolve("ztf/object_ZTF21abiuvdk"), OptionalLong.empty(), IngestProgress.NONE);
        IngestReport lsst = ingest.run(
                project.id(), DATA.resolve("lsst/lsstcam_2025-09"), OptionalLong.empty(), IngestProgress.NONE);

        assertThat(gold.accepted()).isEqualTo(372);
        assertThat(gold.rejected() + object.rejected() + lsst.rejected()).isZero();
        assertThat(lsst.accepted()).isEqualTo(23);
        CandidateView one = candidates.byIds(candidates.idsAfter(project.id(), 0, 500)).values().stream()
                .filter(view -> view.objectId().equals("ZTF21abiuvdk"))
                .findFirst()
                .orElseThrow();
        assertThat(candidates.ofObject(one.skyObjectId()).size()).isGreaterThanOrEqualTo(34);
        assertThat(candidates.lightCurve(one.id()).points().size()).isGreaterThan(34);
    }

    private IngestReport run(byte[] night) {
        return ingest.run(
                project.id(),
                "night.tar.gz",
                new ByteArrayInputStream(night),
                OptionalLong.empty(),
                IngestProgress.NONE);
    }

    /** {@code n} sound packets, a truncated one, and something else by the name of z.avro. */
    private static byte[] aNight(int n) throws IOException {
        Map<String, byte[]> entries = new LinkedHashMap<>();
        for (int i = 0; i < n; i++) {
            entries.put(i + ".avro", Nights.packet(i));
            if (i == n / 2) {
                entries.put("bad.avro", Arrays.copyOf(Nights.packet(10_000), 4000));
            }
        }
        entries.put("README.txt", "Public alerts".getBytes(StandardCharsets.UTF_8));
        entries.put("z.avro", "not an alert".getBytes(StandardCharsets.UTF_8));
        return Nights.archive(entries);
    }

    private void account(String name, Role role) {
        if (accounts.byUsername(name).isEmpty()) {
            accounts.create(name, null, null, role);
        }
    }
}
