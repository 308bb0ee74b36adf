package org.skysieve.outcome;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.candidate.SkyPosition;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class TnsFileTest {
    private static final String COLUMNS =
            "\"objid\",\"name_prefix\",\"name\",\"ra\",\"declination\",\"redshift\",\"type\",\"internal_names\",\"lastmodified\"\n";

    @Inject
    Projects projects;

    @Inject
    Candidates candidates;

    @Inject
    Outcomes outcomes;

    @Inject
    Accounts accounts;

    private ProjectView project() {
        ProjectView project =
                projects.create("tns-" + UUID.randomUUID().toString().substring(0, 12), "TNS", null, null, null);
        candidates.add(
                project.id(),
                new SimulatedSurvey(SurveySettings.ofSeed(4).withSurvey("tns"))
                        .candidates(0, 6).stream()
                                .map(SimulatedCandidate::packet)
                                .toList());
        return project;
    }

    private io.restassured.response.ValidatableResponse send(ProjectView project, String csv) {
        return send(project, "text/csv", csv.getBytes(StandardCharsets.UTF_8));
    }

    private io.restassured.response.ValidatableResponse send(ProjectView project, String type, byte[] body) {
        String token = accounts.issueToken(
                        accounts.create("t-" + UUID.randomUUID(), null, null, Role.SCIENTIST), "test")
                .token();
        return given().header("Authorization", "Bearer " + token)
                .contentType(type)
                .body(body)
                .post("/api/v1/projects/" + project.slug() + "/outcomes/tns")
                .then();
    }

    private CandidateView ofObject(ProjectView project, SkyPosition object) {
        return candidates.ofObject(object.skyObjectId()).get(0);
    }

    @Test
    void entriesAreMatchedByNameElseByPlace() {
        ProjectView project = project();
        List<SkyPosition> objects = candidates.positions(project.id(), 0, 10);
        SkyPosition named = objects.get(0);
        SkyPosition placed = objects.get(1);
        SkyPosition missed = objects.get(2);
        String csv = "\"2026-11-20 00:00:00 - 23:59:59\"\n" + COLUMNS
                + "1,SN,2026abc,1.5,-1.5,0.03,SN Ia,\"ATLAS26x, " + named.objectId() + "\",2026-11-19 01:02:03\n"
                + "2,AT,2026abd," + placed.raDeg() + "," + (placed.decDeg() + 1.9 / 3600) + ",,,Gaia26a,\n"
                + "3,AT,2026abe," + missed.raDeg() + "," + (missed.decDeg() + 2.1 / 3600) + ",,,,\n";

        send(project, csv).statusCode(200).body("rows", equalTo(3)).body("objects", equalTo(2));

        Outcome byName = outcomes.find(ofObject(project, named).id()).orElseThrow();
        assertThat(byName.name()).isEqualTo("SN 2026abc");
        assertThat(byName.type()).isEqualTo("SN Ia");
        assertThat(byName.url()).isEqualTo("https://www.wis-tns.org/object/2026abc");
        assertThat(byName.at()).isEqualTo("2026-11-19T01:02:03Z");
        assertThat(outcomes.find(ofObject(project, placed).id()).orElseThrow().name())
                .isEqualTo("AT 2026abd");
        assertThat(outcomes.find(ofObject(project, missed).id())).isEmpty();
        send(project, csv).statusCode(200).body("changed", equalTo(0));
    }

    @Test
    void theFormOfTheOutcomesPageTakesTheFileToo() {
        ProjectView project = project();
        SkyPosition named = candidates.positions(project.id(), 0, 10).get(0);
        String token = accounts.issueToken(
                        accounts.create("t-" + UUID.randomUUID(), null, null, Role.SCIENTIST), "test")
                .token();
        String page = "/projects/" + project.slug() + "/outcomes";
        String csv = COLUMNS + "1,SN,2026form,1.5,-1.5,0.03,SN Ia,\"" + named.objectId() + "\",2026-11-19 01:02:03\n"
                + "2,AT,2026far,1.5,-1.5,,,,\n";

        String done = given().header("Authorization", "Bearer " + token)
                .redirects()
                .follow(false)
                .multiPart("file", "tns_public_objects.csv", csv.getBytes(StandardCharsets.UTF_8), "text/csv")
                .post(page + "/tns")
                .then()
                .statusCode(303)
                .header("Location", containsString("rows=2"))
                .header("Location", containsString("objects=1"))
                .extract()
                .header("Location");

        assertThat(given().header("Authorization", "Bearer " + token)
                        .accept("text/html")
                        .get(done.substring(done.indexOf(page)))
                        .asString())
                .contains("1 object of this project among 2 entries.", "SN 2026form");
        // Nothing chosen, and what is no such file, come back as words.
        for (String wrong : List.of("", "neither head nor columns")) {
            given().header("Authorization", "Bearer " + token)
                    .redirects()
                    .follow(false)
                    .multiPart("file", "x.csv", wrong.getBytes(StandardCharsets.UTF_8), "text/csv")
                    .post(page + "/tns")
                    .then()
                    .statusCode(303)
                    .header("Location", containsString("wrong="));
        }
    }

    @Test
    void aNameGoesBeforeAPlaceAndTheNearestPlaceFirst() {
        ProjectView project = project();
        List<SkyPosition> objects = candidates.positions(project.id(), 0, 10);
        SkyPosition named = objects.get(0);
        SkyPosition placed = objects.get(1);

        send(
                        project,
                        COLUMNS
                                + at("2026far", named, 1.8, "")
                                + at("2026own", named, 1.9, named.objectId())
                                + at("2026near", named, 0.1, "")
                                + at("2026b", placed, 1.5, "")
                                + at("2026c", placed, -0.5, "")
                                + at("2026d", placed, 1.2, ""))
                .statusCode(200)
                .body("objects", equalTo(2));

        assertThat(outcomes.find(ofObject(project, named).id()).orElseThrow().name())
                .isEqualTo("AT 2026own");
        assertThat(outcomes.find(ofObject(project, placed).id()).orElseThrow().name())
                .isEqualTo("AT 2026c");
    }

    /** Names and contents in turn. */
    private static byte[] zip(String... files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (int i = 0; i < files.length; i += 2) {
                zip.putNextEntry(new ZipEntry(files[i]));
                zip.write(files[i + 1].getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The columns and quotes of the file that the name server gives out. */
    private static String asGivenOut(SkyPosition object, int others) {
        StringBuilder csv = new StringBuilder("""
                "2026-11-20 00:00:00"
                "objid","name_prefix","name","ra","declination","redshift","typeid","type","reporting_groupid",\
                "reporting_group","source_groupid","source_group","discoverydate","discoverymag","discmagfilter","filter",\
                "reporters","time_received","internal_names","Discovery_ADS_bibcode","Class_ADS_bibcodes","creationdate",\
                "lastmodified"
                "1","SN","2026abc","1.5","-1.5","0.03","3","SN Ia","4","ATLAS","4","ATLAS","2026-11-01 02:03:04","18.5","72",\
                "orange-ATLAS","J. ""Jo"" Doe, ATLAS","2026-11-02 00:00:00","ATLAS26x, %s","","","2026-11-02 00:00:01",\
                "2026-11-19 01:02:03"
                """.formatted(object.objectId()));
        for (int i = 0; i < others; i++) {
            csv.append("\"")
                    .append(i + 2)
                    .append("\",\"AT\",\"2020")
                    .append(i)
                    .append("\",\"200.5\",\"70.5\"")
                    .append(",\"\"".repeat(18))
                    .append("\n");
        }
        return csv.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/zip", "application/octet-stream", "text/csv"})
    void theZipThatTheNameServerGivesOutGoesAsItIs(String type) {
        ProjectView project = project();
        SkyPosition named = candidates.positions(project.id(), 0, 10).get(0);
        String csv = asGivenOut(named, 20_000);

        send(project, type, zip("tns_public_objects.csv", csv))
                .statusCode(200)
                .body("rows", equalTo(20_001))
                .body("objects", equalTo(1));

        Outcome outcome = outcomes.find(ofObject(project, named).id()).orElseThrow();
        assertThat(outcome.name()).isEqualTo("SN 2026abc");
        assertThat(outcome.type()).isEqualTo("SN Ia");
        assertThat(outcome.at()).isEqualTo("2026-11-19T01:02:03Z");
        send(project, csv).statusCode(200).body("changed", equalTo(0));
    }

    @Test
    void theFormTakesTheZipAndWhatElseIsInItIsPassedOver() {
        ProjectView project = project();
        SkyPosition named = candidates.positions(project.id(), 0, 10).get(0);
        String token = accounts.issueToken(
                        accounts.create("t-" + UUID.randomUUID(), null, null, Role.SCIENTIST), "test")
                .token();
        byte[] zip = zip(
                "README.txt",
                "x".repeat(100_000),
                "TNS_Public.CSV",
                asGivenOut(named, 1),
                "__MACOSX/._TNS_Public.CSV",
                "x");

        given().header("Authorization", "Bearer " + token)
                .redirects()
                .follow(false)
                .multiPart("file", "tns_public_objects.csv.zip", zip, "application/zip")
                .post("/projects/" + project.slug() + "/outcomes/tns")
                .then()
                .statusCode(303)
                .header("Location", containsString("rows=2"))
                .header("Location", containsString("objects=1"));
    }

    @Test
    void aZipWithoutOneCsvSaysWhatWasExpectedAndNothingIsTaken() {
        ProjectView project = project();
        SkyPosition named = candidates.positions(project.id(), 0, 10).get(0);
        String csv = asGivenOut(named, 0);
        String need = ", need one CSV file in it, as in tns_public_objects.csv.zip";

        for (byte[] none : List.of(zip(), zip("notes.txt", csv))) {
            send(project, "application/zip", none)
                    .statusCode(400)
                    .body("detail", equalTo("file: got a zip with no CSV file" + need));
        }
        send(project, "application/zip", zip("a.csv", csv, "b.csv", csv))
                .statusCode(400)
                .body("detail", equalTo("file: got a zip with several CSV files, \"a.csv\" and \"b.csv\"" + need));
        byte[] whole = zip("a.csv", asGivenOut(named, 1000));
        send(project, "application/zip", Arrays.copyOf(whole, whole.length / 2)).statusCode(400);
        assertThat(outcomes.find(ofObject(project, named).id())).isEmpty();
    }

    @Test
    void noMoreIsReadThanCanBeKept() throws IOException {
        byte[] csv = "a,b\n1,\"two\nlines\"\n2,x\n".getBytes(StandardCharsets.UTF_8);

        assertThat(new BoundedLines(new ByteArrayInputStream(csv), csv.length, 4).readAllBytes())
                .isEqualTo(csv);
        assertThatThrownBy(() -> new BoundedLines(new ByteArrayInputStream(csv), csv.length - 1, 4).readAllBytes())
                .hasMessageContaining("bytes unpacked");
        assertThatThrownBy(() -> new BoundedLines(new ByteArrayInputStream(csv), csv.length, 3).readAllBytes())
                .hasMessageContaining("more than 3 lines");
        // An entry whose quote never ends is all that follows.
        byte[] open = ("a\n\"b" + "\nx".repeat(70_000)).getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new BoundedLines(new ByteArrayInputStream(open), 1 << 20, 1 << 20).readAllBytes())
                .hasMessageContaining("perhaps a quote is missing");
    }

    private static String at(String name, SkyPosition place, double arcsecNorth, String internal) {
        return "1,AT," + name + "," + place.raDeg() + "," + (place.decDeg() + arcsecNorth / 3600) + ",,," + internal
                + ",\n";
    }

    @Test
    void whatWasReportedByHandStays() {
        ProjectView project = project();
        SkyPosition object = candidates.positions(project.id(), 0, 1).get(0);
        long candidate = ofObject(project, object).id();
        outcomes.report(
                candidate,
                Outcome.of("spectroscopic", "SN 2026abc", "SN Ic", "", java.time.Instant.EPOCH),
                accounts.create("h-" + UUID.randomUUID(), null, null, Role.SCIENTIST));

        send(project, COLUMNS + "1,AT,2026abc,,,,," + object.objectId() + ",\n").statusCode(200);

        assertThat(outcomes.find(candidate).orElseThrow().type()).isEqualTo("SN Ic");
    }

    @Test
    void whatCannotBeReadIsNamedByItsLineAndNothingIsTaken() {
        ProjectView project = project();
        SkyPosition object = candidates.positions(project.id(), 0, 1).get(0);

        send(project, COLUMNS + "1,SN,2026abc,,,,," + object.objectId() + ",\n2,AT,2026abd,12:30:01,3,,,,\n")
                .statusCode(400)
                .body("detail", containsString("line 3: got ra \"12:30:01\", need decimal degrees"));
        assertThat(outcomes.find(ofObject(project, object).id())).isEmpty();
        send(project, "candidate,kind\n1,tns\n")
                .statusCode(400)
                .body("detail", containsString("no column name_prefix"));
    }
}
