package org.skysieve.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.skysieve.account.Role;
import org.skysieve.classification.AssignmentView;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.classification.Pseudonyms;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ExportTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    ClassificationFixture fixture;

    @Inject
    Intake intake;

    @Inject
    Exports exports;

    @Inject
    Pseudonyms pseudonyms;

    @Inject
    Sql sql;

    @TestHTTPResource
    URI server;

    private WorkflowView workflow;
    private Person sue;

    @BeforeEach
    void newWorkflow() {
        workflow = fixture.aWorkflow();
        sue = fixture.aPerson(Role.SCIENTIST);
    }

    private String path(String file) {
        return "/api/v1/workflows/" + workflow.id() + "/exports/" + file;
    }

    private String download(String file, String mediaType) {
        return given().auth()
                .oauth2(sue.token())
                .get(path(file))
                .then()
                .statusCode(200)
                .contentType(mediaType)
                .header(
                        "Content-Disposition",
                        "attachment; filename=\"" + workflow.projectSlug() + "-real-bogus-" + file + "\"")
                .header("Skysieve-Consensus", file.startsWith("consensus") ? equalTo("refitted") : nullValue())
                .extract()
                .asString();
    }

    private List<CSVRecord> csv(String table) throws IOException {
        return CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(download(table + ".csv", "text/csv")))
                .getRecords();
    }

    private List<JsonNode> jsonLines(String table) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : download(table + ".jsonl", "application/x-ndjson").split("\n")) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    private long record(long candidate, long volunteer, @Nullable Integer answer, @Nullable Long supersedes) {
        return intake.record(
                        new NewClassification(
                                UUID.randomUUID(), workflow.id(), candidate, null, answer, supersedes, 700),
                        volunteer)
                .classification()
                .id();
    }

    /** Consensus rows as room consensus writes them, for a workflow without votes. */
    private void consensus(long candidate, String crowd) {
        sql.update(
                "INSERT INTO consensus (workflow_id, candidate_id, votes, crowd, combined, outcome, answer,"
                        + " retire_reason, retired_at, updated_at) VALUES (?, ?, 3, ?::float8[], '{0.0625,0.9375}',"
                        + " 'retired', 1, 'posterior 0.94', '2026-01-02T03:04:05.678Z', '2026-01-02T03:04:05Z')",
                workflow.id(),
                candidate,
                crowd);
    }

    @Test
    void rawVotesStandInTheOrderOfTheLogWithTheirEvidence() throws IOException {
        long candidate = fixture.aCandidate(workflow, "=HYPERLINK(\"x\"), é");
        Person ada = fixture.aPerson(Role.VOLUNTEER);
        AssignmentView served = fixture.serve(workflow, candidate, ada.id());
        long vote = record(candidate, ada.id(), 0, null);
        long undo = record(candidate, ada.id(), null, vote);
        long again = record(candidate, ada.id(), 1, undo);

        List<CSVRecord> rows = csv("classifications");
        List<JsonNode> lines = jsonLines("classifications");

        assertThat(rows)
                .extracting(row -> row.get("classification_id"))
                .containsExactly("" + vote, "" + undo, "" + again);
        assertThat(rows).extracting(row -> row.get("answer")).containsExactly("real", "", "bogus");
        assertThat(rows).extracting(row -> row.get("standing")).containsExactly("false", "false", "true");
        assertThat(rows).extracting(row -> row.get("supersedes")).containsExactly("", "" + vote, "" + undo);
        CSVRecord row = rows.get(0);
        assertThat(row.get("object_id")).isEqualTo("'=HYPERLINK(\"x\"), é");
        assertThat(row.get("volunteer")).isEqualTo(pseudonyms.of(ada.id())).matches("v-[0-9a-f]{16}");
        assertThat(row.get("guest")).isEqualTo("false");
        assertThat(row.get("strategy")).isEqualTo("exploration");
        assertThat(row.get("probability")).isEqualTo("0.125");
        assertThat(row.get("model_real")).isEqualTo("0.75");
        assertThat(row.get("model_bogus")).isEqualTo("0.25");
        assertThat(row.get("model_version")).isEmpty();
        assertThat(row.get("elapsed_ms")).isEqualTo("700");
        assertThat(row.get("served_at")).isEqualTo(served.servedAt().toString());

        JsonNode line = lines.get(1);
        assertThat(lines).hasSize(3);
        assertThat(line.get("classification_id").textValue()).isEqualTo("" + undo);
        assertThat(line.get("object_id").textValue()).isEqualTo("=HYPERLINK(\"x\"), é");
        assertThat(line.get("answer").isNull()).isTrue();
        assertThat(line.get("standing").booleanValue()).isFalse();
        assertThat(line.get("model_real").floatValue()).isEqualTo(0.75f);
        assertThat(fieldNames(line)).isEqualTo(row.getParser().getHeaderNames());
    }

    @Test
    void theConsensusIsExportedWithScoresAndGold() throws IOException {
        List<Long> candidates = fixture.candidates(workflow, 2);
        consensus(candidates.get(1), "{0.25,0.75}");
        consensus(candidates.get(0), "{0.5,0.5}");
        sql.update(
                "INSERT INTO gold_standard (workflow_id, candidate_id, answer, source) VALUES (?, ?, 0, 'test')",
                workflow.id(),
                candidates.get(0));
        long model = sql.one(
                "INSERT INTO model_version (workflow_id, version, state, artifact, provenance, metrics, reason,"
                        + " created_at) VALUES (?, 7, 'former', '', '{}', '{}', 'test', now()) RETURNING id",
                row -> row.getLong(1),
                workflow.id());
        sql.update(
                "INSERT INTO score (workflow_id, candidate_id, model_version_id, probabilities, epistemic, aleatoric,"
                        + " anomaly) VALUES (?, ?, ?, '{0.125,0.875}', 0.03125, 0.5, 0.625)",
                workflow.id(),
                candidates.get(1),
                model);

        List<CSVRecord> rows = csv("consensus");
        List<JsonNode> lines = jsonLines("consensus");

        assertThat(rows)
                .extracting(row -> row.get("candidate_id"))
                .containsExactly("" + candidates.get(0), "" + candidates.get(1));
        assertThat(rows).extracting(row -> row.get("gold")).containsExactly("real", "");
        assertThat(rows).extracting(row -> row.get("model_version")).containsExactly("", "7");
        assertThat(rows).extracting(row -> row.get("model_bogus")).containsExactly("", "0.875");
        CSVRecord row = rows.get(1);
        assertThat(row.get("dec")).isEqualTo("-3.25");
        assertThat(row.get("anomaly")).isEqualTo("0.625");
        assertThat(row.get("votes")).isEqualTo("3");
        assertThat(row.get("outcome")).isEqualTo("retired");
        assertThat(row.get("answer")).isEqualTo("bogus");
        assertThat(row.get("combined_bogus")).isEqualTo("0.9375");
        assertThat(row.get("crowd_real")).isEqualTo("0.25");
        assertThat(row.get("epistemic")).isEqualTo("0.03125");
        assertThat(row.get("retired_at")).isEqualTo("2026-01-02T03:04:05.678Z");
        assertThat(lines.get(0).get("model_real").isNull()).isTrue();
        assertThat(lines.get(1).get("candid").textValue()).isEqualTo(row.get("candid"));
        assertThat(lines.get(1).get("crowd_bogus").doubleValue()).isEqualTo(0.75);
        assertThat(fieldNames(lines.get(0))).isEqualTo(row.getParser().getHeaderNames());
    }

    @Test
    void everyColumnIsDocumented() throws IOException {
        String formats = Files.readString(Path.of("docs/formats.md"));

        Stream.of(Table.classifications(workflow, pseudonyms), Table.consensus(workflow))
                .flatMap(table -> table.columns().stream())
                .map(column -> column.name().replaceAll("_(real|bogus)$", "_KEY"))
                .forEach(name -> assertThat(formats).contains("`" + name + "`"));
    }

    @Test
    void anEmptyExportHasItsHeader() throws IOException {
        assertThat(download("consensus.csv", "text/csv"))
                .startsWith("candidate_id,survey,")
                .endsWith("updated_at\r\n");
        assertThat(download("consensus.jsonl", "application/x-ndjson")).isEmpty();
    }

    @Test
    void exportsAreForScientists() {
        Person ada = fixture.aPerson(Role.VOLUNTEER);

        given().get(path("consensus.csv")).then().statusCode(401);
        given().auth().oauth2(ada.token()).get(path("consensus.csv")).then().statusCode(403);
        given().auth()
                .oauth2(sue.token())
                .get(path("votes.xlsx"))
                .then()
                .statusCode(404)
                .body("detail", containsString("there are classifications and consensus"));
        given().auth()
                .oauth2(sue.token())
                .get("/api/v1/workflows/999999999/exports/consensus.csv")
                .then()
                .statusCode(404);
    }

    @Test
    void tooManyAtOnceAreAskedToComeBack() {
        List<Exports.Place> taken = new ArrayList<>();
        try {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            taken.add(exports.enter());
                        }
                    })
                    .hasMessageContaining("too many exports");

            given().auth()
                    .oauth2(sue.token())
                    .get(path("consensus.csv"))
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json")
                    .body("status", equalTo(503));
        } finally {
            taken.forEach(Exports.Place::close);
        }
        assertThat(download("consensus.csv", "text/csv")).startsWith("candidate_id");
    }

    /** The first rows leave before the last ones exist: nothing in between holds them all. */
    @Test
    @Timeout(60)
    void rowsLeaveWhileTheRestIsStillBeingRead() {
        Table slow = new Table(
                "slow",
                List.of(Column.text("filler")),
                "SELECT repeat('x', 200) || CASE WHEN g > 5000 THEN pg_sleep(100)::text ELSE '' END AS filler"
                        + " FROM generate_series(1, 1000000) AS g WHERE ?::bigint > 0");
        class Full extends OutputStream {
            private long bytes;

            @Override
            public void write(int b) throws IOException {
                throw new IOException("full after " + bytes);
            }

            @Override
            public void write(byte[] block, int offset, int length) throws IOException {
                bytes += length;
                if (bytes > 500_000) {
                    throw new IOException("full");
                }
            }
        }

        try (Exports.Place place = exports.enter()) {
            assertThatThrownBy(() -> place.run(slow, 1, RowWriter.Format.CSV, new Full()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("full");
        }
    }

    /** A reader must not take what arrived before a failure for the whole. */
    @RepeatedTest(3)
    void anExportThatFailsHalfWayIsCutOff() throws Exception {
        List<Long> candidates = fixture.candidates(workflow, 1200);
        for (long candidate : candidates) {
            consensus(candidate, candidate == candidates.get(1199) ? "{1}" : "{0.25,0.75}");
        }
        HttpRequest request = HttpRequest.newBuilder(server.resolve(path("consensus.csv")))
                .header("Authorization", "Bearer " + sue.token())
                .build();
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

        assertThatThrownBy(() -> {
                    HttpResponse<String> whole = client.send(request, HttpResponse.BodyHandlers.ofString());
                    throw new AssertionError("got " + whole.statusCode() + " with "
                            + whole.body().length() + " characters: "
                            + whole.body()
                                    .substring(0, Math.min(300, whole.body().length())));
                })
                .isInstanceOf(IOException.class);
    }

    private static List<String> fieldNames(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
