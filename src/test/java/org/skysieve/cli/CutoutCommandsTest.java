package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertPackets;
import org.skysieve.engine.alert.ZtfAlertWriter;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutModel;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.OutsideNets;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

/** {@code train-cutouts} and {@code score}: files in, files out. */
class CutoutCommandsTest {
    private static final int PACKETS = 120;

    @TempDir
    private static Path shared;

    private static Path alerts;
    private static final List<SimulatedCandidate> CANDIDATES = new ArrayList<>();

    @TempDir
    private Path folder;

    @BeforeAll
    static void packets() throws IOException {
        System.setProperty("skysieve.cache", shared.resolve("cache").toString());
        alerts = Files.createDirectory(shared.resolve("alerts"));
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(5).withRealShare(.5));
        for (int i = 0; i < PACKETS; i++) {
            CANDIDATES.add(survey.candidate(i));
        }
        // Files of one and of many records, in the order of names.
        for (int from = 0; from < PACKETS; from += 40) {
            List<AlertPacket> packets = CANDIDATES.subList(from, from + 39).stream()
                    .map(SimulatedCandidate::packet)
                    .toList();
            Files.write(alerts.resolve("night%03d.avro".formatted(from)), ZtfAlertWriter.container(packets));
            Files.write(
                    alerts.resolve("night%03d.avro".formatted(from + 39)),
                    ZtfAlertWriter.container(List.of(CANDIDATES.get(from + 39).packet())));
        }
    }

    @AfterAll
    static void forgetTheCache() {
        System.clearProperty("skysieve.cache");
    }

    @Test
    void trainsScoresAndTellsRealFromBogus() throws IOException {
        Path model = folder.resolve("model");
        Path scores = folder.resolve("scores.csv");
        Ran trained = train(alerts, labels(rows()), model);

        Ran scored =
                run("score", "--model", model.toString(), "--alerts", alerts.toString(), "--out", scores.toString());

        assertThat(trained.exitCode).as(trained.err).isZero();
        assertThat(trained.out)
                .contains("AUC", "accuracy", "ECE", "Confusion", "Brightness")
                .doesNotContain("Subclass");
        assertThat(scored.exitCode).as(scored.err).isZero();
        List<String> lines = Files.readAllLines(scores);
        assertThat(lines.get(0)).isEqualTo("candid,p_real,uncertainty");
        assertThat(lines).hasSize(PACKETS + 1);
        int right = 0;
        for (int i = 0; i < PACKETS; i++) {
            String[] cells = lines.get(i + 1).split(",");
            assertThat(cells[0])
                    .isEqualTo(Long.toString(CANDIDATES.get(i).packet().candid()));
            double p = Double.parseDouble(cells[1]);
            right += p >= .5 == CANDIDATES.get(i).real() ? 1 : 0;
            double entropy = -(p * Math.log(p) + (1 - p) * Math.log(1 - p)) / Math.log(2);
            assertThat(Double.parseDouble(cells[2])).isCloseTo(entropy, within(1e-4));
        }
        assertThat(right).isGreaterThan((int) (.9 * PACKETS));
    }

    @Test
    void aNetIsTrainedAndScoresThroughTheSameDoor() throws IOException {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("libtorch is packed for Linux on x86-64 alone")
                .isEqualTo("Linux amd64");
        Path model = folder.resolve("net.onnx");
        Path scores = folder.resolve("scores.csv");
        Ran trained = train(alerts, labels(rows()), model, "--kind", "net");

        Ran scored =
                run("score", "--model", model.toString(), "--alerts", alerts.toString(), "--out", scores.toString());

        assertThat(trained.exitCode).as(trained.err).isZero();
        assertThat(trained.out).contains("AUC", "the net began with the simulated survey");
        assertThat(scored.exitCode).as(scored.err).isZero();
        List<String> lines = Files.readAllLines(scores);
        int right = 0;
        for (int i = 0; i < PACKETS; i++) {
            right += Double.parseDouble(lines.get(i + 1).split(",")[1]) >= .5
                            == CANDIDATES.get(i).real()
                    ? 1
                    : 0;
        }
        assertThat(right).isGreaterThan((int) (.9 * PACKETS));
        CutoutModel loaded = CutoutModel.load(Files.readAllBytes(model));
        assertThat(loaded.provenance().settings()).containsEntry("kind", "net");
        assertThat(loaded.provenance().sourceCounts()).containsEntry("gold", PACKETS);
    }

    @Test
    void aNetOfSomebodyElseScoresToo() throws IOException {
        Path net = Files.write(
                folder.resolve("theirs.onnx"), OutsideNets.byBrightestPixel(Map.of("stamps.values", "sigma")));
        Path wrong = Files.write(
                folder.resolve("wrong.onnx"), OutsideNets.byBrightestPixel(Map.of("stamps.values", "asinh")));
        Path scores = folder.resolve("scores.csv");

        Ran scored = run("score", "--model", net.toString(), "--alerts", alerts.toString(), "--out", scores.toString());
        Ran refused = run("score", "--model", wrong.toString(), "--alerts", alerts.toString(), "--out", "nowhere");

        assertThat(scored.exitCode).as(scored.err).isZero();
        assertThat(Files.readAllLines(scores)).hasSize(PACKETS + 1);
        assertThat(refused.exitCode).isEqualTo(1);
        assertThat(refused.err).contains("wrong.onnx: onnx: metadata stamps.values: got \"asinh\"");
    }

    @Test
    void aForestIsNoOnnxFile() throws IOException {
        Ran refused = train(alerts, labels(rows()), folder.resolve("forest.onnx"));

        assertThat(refused.exitCode).isEqualTo(2);
        assertThat(refused.err).contains("a forest is no ONNX file; --kind net makes one");
    }

    @Test
    void theNetThatComesWithTheProgramNeedsNoFile() throws IOException {
        Path scores = folder.resolve("scores.csv");

        Ran scored = run("score", "--model", "builtin-net", "--alerts", alerts.toString(), "--out", scores.toString());

        assertThat(scored.exitCode).as(scored.err).isZero();
        assertThat(Files.readAllLines(scores)).hasSize(PACKETS + 1);
    }

    @Test
    void pretrainMakesANetOfTheSimulatedSurvey() throws IOException {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("libtorch is packed for Linux on x86-64 alone")
                .isEqualTo("Linux amd64");
        Path net = folder.resolve("net");

        Ran made = run("pretrain", "--simulated", "200", "--epochs", "1", "--out", net.toString(), "--code", "abc123");

        assertThat(made.exitCode).as(made.err).isZero();
        CutoutNet loaded = CutoutNet.load(Files.readAllBytes(net));
        assertThat(loaded.provenance().codeVersion()).isEqualTo("abc123");
        assertThat(loaded.provenance().sourceCounts()).containsEntry("simulated", 200);
        assertThat(loaded.provenance().description()).contains("pretrain --simulated 200 --epochs 1 --seed 1");
    }

    @Test
    void theSameSeedGivesTheSameBytesOnAnyNumberOfThreads() throws IOException {
        Path labels = labels(rows());

        train(alerts, labels, folder.resolve("one"), "--threads", "1");
        train(alerts, labels, folder.resolve("three"), "--threads", "3");
        train(alerts, labels, folder.resolve("other"), "--seed", "2");

        byte[] one = Files.readAllBytes(folder.resolve("one"));
        assertThat(Files.readAllBytes(folder.resolve("three"))).isEqualTo(one);
        assertThat(Files.readAllBytes(folder.resolve("other"))).isNotEqualTo(one);
        CutoutClassifier model = CutoutClassifier.load(one);
        assertThat(model.provenance().seed()).isEqualTo(1);
        assertThat(model.provenance().sourceCounts())
                .containsEntry("gold", PACKETS)
                .containsEntry("simulated", 100);
        assertThat(model.provenance().description()).contains(PACKETS + " labels", "SHA-256");
        assertThat(model.provenance().settings()).containsKey("simulatedWeight");
    }

    @Test
    void takesLabelsFromEveryLookOfTheFile() throws IOException {
        List<String> rows = rows();
        Path plain = labels(rows);
        train(alerts, plain, folder.resolve("plain"));
        StringBuilder odd = new StringBuilder("\uFEFFnote;\"Label\";candid\r\n\r\n");
        for (String row : rows) {
            String[] cells = row.split(",");
            odd.append("\"some; text\";")
                    .append(cells[1].toUpperCase(java.util.Locale.ROOT))
                    .append(";\"")
                    .append(cells[0])
                    .append("\"\r\n");
        }
        Path file = folder.resolve("odd.csv");
        Files.writeString(file, odd);

        Ran ran = train(alerts, file, folder.resolve("odd"));

        assertThat(ran.exitCode).as(ran.err).isZero();
        assertThat(Files.readAllBytes(folder.resolve("odd"))).isEqualTo(Files.readAllBytes(folder.resolve("plain")));
    }

    @Test
    void tellsOfBadRowsAndCountsWhatHasNoPartner() throws IOException {
        List<String> rows = new ArrayList<>(rows().subList(0, 100));
        rows.add("77,real");
        rows.add("x1,real");
        rows.add("78,maybe");
        rows.add("79");
        rows.add("77,bogus");

        Ran ran = train(alerts, labels(rows), folder.resolve("model"));

        assertThat(ran.exitCode).as(ran.err).isZero();
        assertThat(ran.err)
                .contains("labels.csv:103: candid is \"x1\", need a whole number")
                .contains("labels.csv:104: label is \"maybe\", need real or bogus")
                .contains("labels.csv:105: label is \"\"")
                .contains("labels.csv:106: candid 77 is bogus here and not on line 102")
                .contains("120 packets: 100 labelled; left out 20 without a label")
                .contains("1 of 101 labels have no packet");
    }

    @Test
    void splitsTheReportBySubclass() throws IOException {
        Path file = folder.resolve("labels.csv");
        StringBuilder text = new StringBuilder("candid,subclass,label\n");
        for (SimulatedCandidate candidate : CANDIDATES) {
            text.append(candidate.packet().candid()).append(candidate.real() ? ",nova,real\n" : ",ghost,bogus\n");
        }
        Files.writeString(file, text);

        Ran ran = train(alerts, file, folder.resolve("model"));

        assertThat(ran.out).contains("Subclass", "nova", "ghost");
    }

    @Test
    void scoresWhatLacksImagesAndTellsWhatCannotBeRead() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("odd"));
        CutoutTriplet whole = CANDIDATES.get(0).packet().cutouts();
        float[] nothing = new float[63 * 63];
        java.util.Arrays.fill(nothing, Float.NaN);
        Cutout masked = new Cutout(63, 63, nothing);
        List<CutoutTriplet> triplets = List.of(
                whole,
                new CutoutTriplet(whole.science(), null, whole.difference()),
                new CutoutTriplet(whole.science(), whole.template(), null),
                new CutoutTriplet(null, null, null),
                new CutoutTriplet(masked, masked, masked),
                new CutoutTriplet(whole.science(), masked, whole.difference()));
        List<AlertPacket> packets = new ArrayList<>();
        for (int i = 0; i < triplets.size(); i++) {
            packets.add(AlertPackets.anAlert()
                    .withCandid(i + 1)
                    .withObjectId("SIM" + i)
                    .withCutouts(triplets.get(i))
                    .build());
        }
        byte[] container = ZtfAlertWriter.container(packets);
        Files.write(odd.resolve("a.avro"), container);
        Files.write(odd.resolve("b.avro"), java.util.Arrays.copyOf(container, 3000));
        Files.writeString(odd.resolve("c.avro"), "not an alert");
        Files.writeString(odd.resolve("readme.txt"), "not meant as one");
        Path model = folder.resolve("model");
        train(alerts, labels(rows()), model);
        Path scores = folder.resolve("scores.csv");

        Ran ran = run("score", "--model", model.toString(), "--alerts", odd.toString(), "--out", scores.toString());

        assertThat(ran.exitCode).as(ran.err).isZero();
        assertThat(ran.err)
                .contains("odd/b.avro: ", "odd/c.avro: not an Avro container", "2 could not be read")
                .doesNotContain("readme");
        List<String> lines = Files.readAllLines(scores);
        assertThat(lines).hasSize(7);
        for (String line : lines.subList(1, 7)) {
            assertThat(Double.parseDouble(line.split(",")[1])).isBetween(0., 1.);
        }
        // Of what shows nothing, nothing is said.
        assertThat(lines.get(4)).isEqualTo("4,0.5,1.0");
        assertThat(lines.get(5)).isEqualTo("5,0.5,1.0");
    }

    @Test
    void theBuiltInClassifierIsMadeOnceAndKept() throws IOException {
        Path first = folder.resolve("first.csv");
        Path second = folder.resolve("second.csv");

        Ran ran = run("score", "--model", "builtin", "--alerts", alerts.toString(), "--out", first.toString());
        run("score", "--model", "builtin", "--alerts", alerts.toString(), "--out", second.toString());

        assertThat(ran.exitCode).as(ran.err).isZero();
        assertThat(Files.readString(second)).isEqualTo(Files.readString(first));
        try (var kept = Files.list(shared.resolve("cache"))) {
            assertThat(kept.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".skcc") || name.endsWith(".part")))
                    .hasSize(1)
                    .allMatch(name -> name.startsWith("builtin-"));
        }
        int right = 0;
        List<String> lines = Files.readAllLines(first);
        for (int i = 0; i < PACKETS; i++) {
            right += Double.parseDouble(lines.get(i + 1).split(",")[1]) >= .5
                            == CANDIDATES.get(i).real()
                    ? 1
                    : 0;
        }
        assertThat(right).isGreaterThan((int) (.9 * PACKETS));
    }

    @ParameterizedTest
    @ValueSource(strings = {"real", "bogus"})
    void labelsOfOneKindAloneAreRefused(String only) throws IOException {
        List<String> rows = rows().stream().filter(row -> row.endsWith(only)).toList();

        Ran ran = train(alerts, labels(rows), folder.resolve("model"));

        assertThat(ran.exitCode).isEqualTo(1);
        assertThat(ran.err).contains("need one of each at least");
        assertThat(folder.resolve("model")).doesNotExist();
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        Path notAModel = Files.writeString(folder.resolve("text"), "not a model", StandardCharsets.UTF_8);
        Path empty = Files.createDirectory(folder.resolve("empty"));
        String out = folder.resolve("out").toString();
        Path trained = folder.resolve("trained");
        train(alerts, labels(rows()), trained);

        assertThat(run("score", "--model", nowhere.toString(), "--alerts", alerts.toString(), "--out", out).err)
                .contains("there is no file " + nowhere);
        assertThat(run("score", "--model", notAModel.toString(), "--alerts", alerts.toString(), "--out", out).err)
                .contains("cannot read the saved model");
        assertThat(run("score", "--model", "builtin", "--alerts", nowhere.toString(), "--out", out).err)
                .contains("there is no file or folder " + nowhere);
        assertThat(run("score", "--model", trained.toString(), "--alerts", empty.toString(), "--out", out).err)
                .contains("no readable packet");
        assertThat(train(alerts, Files.writeString(folder.resolve("labels.csv"), "id,class\n1,real\n"), nowhere).err)
                .contains("need candid, label");
        assertThat(Path.of(out)).doesNotExist();
    }

    private static List<String> rows() {
        return CANDIDATES.stream()
                .map(candidate -> candidate.packet().candid() + (candidate.real() ? ",real" : ",bogus"))
                .toList();
    }

    private Path labels(List<String> rows) throws IOException {
        return Files.writeString(folder.resolve("labels.csv"), "candid,label\n" + String.join("\n", rows) + "\n");
    }

    private static Ran train(Path alerts, Path labels, Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train-cutouts",
                "--alerts",
                alerts.toString(),
                "--labels",
                labels.toString(),
                "--out",
                out.toString(),
                "--simulated",
                "100"));
        arguments.addAll(List.of(more));
        return run(arguments.toArray(String[]::new));
    }

    private record Ran(int exitCode, String out, String err) {}

    private static Ran run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine command =
                Skysieve.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = command.execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }
}
