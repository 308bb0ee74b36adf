package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LearnCommandTest {
    @TempDir
    private Path folder;

    private Path features;
    private Path out;

    @BeforeEach
    void files() throws IOException {
        features = folder.resolve("features.csv");
        out = folder.resolve("curve.csv");
        Files.writeString(features, table(120, 1, "a"));
    }

    /** Two rows an object; the class is where x + y is above 1, and a tenth of x is missing. */
    private static String table(int rows, long seed, String prefix) {
        SplittableRandom random = new SplittableRandom(seed);
        StringBuilder text = new StringBuilder("name,object,x,class,y\n");
        for (int i = 0; i < rows; i++) {
            double x = random.nextDouble();
            double y = random.nextDouble();
            text.append(prefix)
                    .append(i)
                    .append(',')
                    .append(prefix)
                    .append("-object")
                    .append(i / 2);
            text.append(',').append(random.nextInt(10) == 0 ? "" : Double.toString(x));
            text.append(',')
                    .append(x + y > 1 ? "real" : "bogus")
                    .append(',')
                    .append(y)
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void writesACurveForEveryStrategyAndSeed() throws IOException {
        Ran ran = learn("--strategy", "uncertainty,random", "--budget", "9", "--batch", "4", "--seeds", "2");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        List<String> lines = Files.readAllLines(out);
        assertThat(lines.get(0)).isEqualTo("strategy,seed,labels,accuracy,completeness,purity,fom,auc");
        assertThat(lines.stream().skip(1).map(line -> line.replaceAll("^([^,]*,[^,]*,[^,]*),.*", "$1")))
                .containsExactly(
                        "uncertainty,1,0",
                        "uncertainty,1,4",
                        "uncertainty,1,8",
                        "uncertainty,1,9",
                        "uncertainty,2,0",
                        "uncertainty,2,4",
                        "uncertainty,2,8",
                        "uncertainty,2,9",
                        "random,1,0",
                        "random,1,4",
                        "random,1,8",
                        "random,1,9",
                        "random,2,0",
                        "random,2,4",
                        "random,2,8",
                        "random,2,9");
        for (String line : lines.subList(1, lines.size())) {
            double[] v = Arrays.stream(line.split(","))
                    .skip(3)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            assertThat(v[0]).isBetween(0., 1.);
            assertThat(v[3]).isCloseTo(v[1] * v[2] / (v[2] + 3 * (1 - v[2])), within(2e-6));
            assertThat(v[4]).isBetween(.5, 1.);
        }
        // The same split, start and first forest for both.
        assertThat(lines.get(1).substring("uncertainty".length()))
                .isEqualTo(lines.get(9).substring("random".length()));
        assertThat(ran.out()).contains("uncertainty: better than random in");
    }

    @Test
    void threadsChangeNoByteAndSeedsDo() throws IOException {
        String[] common = {
            "--strategy", "bald,power,coreset,kmeans,greedy,margin,entropy", "--budget", "6", "--seeds", "2"
        };
        learn(with(common, "--threads", "1"));
        byte[] one = Files.readAllBytes(out);

        learn(with(common, "--threads", "3"));
        byte[] three = Files.readAllBytes(out);
        learn(with(common, "--seed", "5"));

        assertThat(three).isEqualTo(one);
        assertThat(Files.readAllBytes(out)).isNotEqualTo(one);
    }

    @Test
    void rowsOfTestedObjectsAreNotLearned() throws IOException {
        Path test = folder.resolve("test.csv");
        String rows = Files.readString(features);
        // The objects of the last 40 rows, one row of each.
        List<String> lines = rows.lines().toList();
        List<String> tested = new ArrayList<>(List.of(lines.get(0)));
        for (int i = 82; i < lines.size(); i += 2) {
            tested.add(lines.get(i));
        }
        Files.write(test, tested);

        Ran ran = learn("--test-features", test.toString(), "--budget", "5", "--seeds", "1");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err())
                .contains("40 of 120 rows are of groups that are in " + test)
                .contains("Pool: 80 rows");
    }

    @Test
    void splitsKeepObjectsTogether() throws IOException {
        var columns = new FeatureCsv.Columns("name", "object", "class", "real", java.util.Optional.empty(), List.of());
        FeatureTable table =
                new FeatureCsv(columns, new BadRows(new PrintWriter(new StringWriter()))).read(features, false);
        var settings =
                new LearningRun.Settings(4, 1, 1, .3, org.skysieve.engine.learn.HistogramForest.Options.defaults(1));

        // 60 objects of two rows: three tenths of them are 18, whatever the seed.
        for (long seed : new long[] {1, 2, 3}) {
            assertThat(LearningRun.splitting(table, settings, seed).poolSize()).isEqualTo(84);
        }
    }

    @Test
    void aStartSetIsLearnedFirstAndNeverTested() throws IOException {
        Path start = folder.resolve("start.csv");
        Files.writeString(start, table(30, 7, "s"));

        Ran ran = learn("--start-features", start.toString(), "--budget", "2", "--seeds", "1");

        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("Start: 30 marked rows").contains("Pool: 150 rows");
        Files.writeString(
                features,
                Files.readString(features)
                        .replaceFirst("name", "known,name")
                        .replaceAll("(?m)^(a\\d,)", "yes,$1")
                        .replaceAll("(?m)^(a\\d\\d+,)", "0,$1"));
        ran = learn("--start-column", "known", "--budget", "2", "--seeds", "1");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("Start: 10 marked rows").contains("2 features");
    }

    @Test
    void aRowThatCannotBeReadIsToldAndLeftOut() throws IOException {
        Files.writeString(features, Files.readString(features) + "b1,ob1,oops,real,.5\nb2,ob2,.5,,.5\nb3,ob3\n");

        Ran ran = learn("--budget", "2", "--seeds", "1");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err())
                .contains(features + ":122: x is \"oops\", need a number; row left out")
                .contains(features + ":123: class is empty; row left out")
                .contains(features + ":124: got 2 columns")
                .contains("Pool: 120 rows");
    }

    @Test
    void aColumnOfWordsIsRefusedByNameUnlessIgnored() throws IOException {
        Files.writeString(
                features,
                Files.readString(features).replaceFirst("y\n", "y,survey\n").replaceAll("(?m)^(a.*)$", "$1,ztf"));

        Ran ran = learn("--budget", "2", "--seeds", "1");

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err()).contains("survey (line 2: \"ztf\")").contains("--ignore survey");
        ran = learn("--budget", "2", "--seeds", "1", "--ignore", "survey");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        assertThat(ran.err()).contains("2 features");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--strategy|best|need one of random, uncertainty",
                "--threads|0|need 1 to 1024",
                "--batch|0|need at least 1",
                "--start|1|need at least 2",
                "--test-share|1|below 1",
                "--positive|yes|the labels are \"bogus\", \"real\"",
                "--label-column|kind|need kind",
                "--ignore|z|no column z",
                "--start|200|to start from",
            })
    void whatCannotWorkIsToldWithWhatIsNeeded(String option, String value, String message) {
        Ran ran = learn(option, value);

        assertThat(ran.exitCode()).isNotZero();
        assertThat(ran.err()).contains(message);
        assertThat(out).doesNotExist();
    }

    private static String[] with(String[] common, String... more) {
        String[] all = Arrays.copyOf(common, common.length + more.length);
        System.arraycopy(more, 0, all, common.length, more.length);
        return all;
    }

    private record Ran(int exitCode, String out, String err) {}

    private Ran learn(String... options) {
        List<String> args =
                new ArrayList<>(List.of("learn", "--features", features.toString(), "--out", out.toString()));
        args.addAll(List.of(options));
        List<String> defaults = List.of(
                "--id-column",
                "name",
                "--group-column",
                "object",
                "--label-column",
                "class",
                "--positive",
                "real",
                "--trees",
                "20");
        for (int i = 0; i < defaults.size(); i += 2) {
            if (!args.contains(defaults.get(i))) {
                args.addAll(defaults.subList(i, i + 2));
            }
        }
        StringWriter stdout = new StringWriter();
        StringWriter stderr = new StringWriter();
        CommandLine command =
                Skysieve.commandLine().setOut(new PrintWriter(stdout)).setErr(new PrintWriter(stderr));
        int exitCode = command.execute(args.toArray(String[]::new));
        return new Ran(exitCode, stdout.toString(), stderr.toString());
    }
}
