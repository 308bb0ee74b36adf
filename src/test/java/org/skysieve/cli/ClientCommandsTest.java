package org.skysieve.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assertions.assertThat;

class ClientCommandsTest {
    private final SimulatedSurvey survey =
            new SimulatedSurvey(SurveySettings.ofSeed(4).withStampSide(21));
    private FakeSkysieve server;

    @BeforeEach
    void start() throws IOException {
        server = new FakeSkysieve(0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void ingestSendsFoldersOfPacketsTogetherAndArchivesAlone(@TempDir Path folder) throws IOException {
        Files.createDirectories(folder.resolve("night"));
        for (int i = 0; i < 5; i++) {
            Files.write(folder.resolve("night/" + i + ".avro"), new SimulatedNight(survey, i, 1).container());
        }
        try (var out = Files.newOutputStream(folder.resolve("archive.tar.gz"))) {
            new SimulatedNight(survey, 100, 7).writeTarGz(out, done -> {});
        }

        Ran ran = run("ingest", "--project", "p", folder.toString());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("Added 12 candidates; 0 were there already, 0 rejected.");
        assertThat(server.candidateCount()).isEqualTo(12);
        // All of it is small: one archive in an archive.
        assertThat(server.uploads).isEqualTo(1);
    }

    @Test
    void verifyChecksEveryWorkflowAndFailsWhereTheyDiffer() {
        assertThat(run("verify").exitCode()).isZero();

        server.differences = 3;
        Ran ran = run("verify");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.out())
                .contains("Workflow 6: replayed 9 entries of the log for 4 candidates: 3 differ, by 0.25 at most.")
                .contains("Workflow 7: replayed");
    }

    @Test
    void exportTakesTheActiveWorkflowOfTheProject(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("labels.jsonl");

        Ran ran = run("export", "consensus", "--project", "p", "--format", "jsonl", "--out", file.toString());

        assertThat(ran.exitCode()).isZero();
        // The fake has no votes: an empty export is a file all the same.
        assertThat(file).exists().isEmptyFile();
    }

    @Test
    void outcomesSendsTheFileAsItIs(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("tns.csv"), "\"objid\",\"name\"\n1,\"2026abc\"\n");

        Ran ran = run("outcomes", "--project", "p", "--tns", file.toString());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).contains("2 objects of the project among 41 entries; 1 outcomes are new or changed.");
        assertThat(server.outcomes).isEqualTo(Files.readString(file));
        assertThat(run(
                                "outcomes",
                                "--project",
                                "p",
                                "--tns",
                                folder.resolve("none.csv").toString())
                        .exitCode())
                .isNotZero();
        assertThat(run("outcomes", "--project", "p").exitCode()).isEqualTo(CommandLine.ExitCode.USAGE);
    }

    @Test
    void tokenPrintsTheNewTokenAndNothingElse() {
        assertThat(run("token", "--label", "laptop").out()).isEqualToIgnoringNewLines("skv_new");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ingest", "export", "verify", "token", "simulate", "outcomes"})
    void everyCommandExplainsItself(String command) {
        StringWriter help = new StringWriter();

        int exitCode = Skysieve.commandLine().setOut(new PrintWriter(help)).execute(command, "--help");

        assertThat(exitCode).isZero();
        assertThat(help.toString()).contains("Usage: skysieve " + command);
    }

    @Test
    void simulateRefusesWhatMakesNoSense() {
        StringWriter errors = new StringWriter();

        int exitCode = Skysieve.commandLine().setErr(new PrintWriter(errors)).execute("simulate", "--volunteers", "3");

        assertThat(exitCode).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(errors.toString()).contains("--volunteers: got 3, need 7 to 100000");
    }

    private record Ran(int exitCode, String out) {}

    private Ran run(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--url", server.address(), "--token", "admin"));
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            int exitCode = Skysieve.commandLine().execute(line.toArray(String[]::new));
            return new Ran(exitCode, out.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }
}
