package org.skysieve.engine.consensus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A crowd set with gold labels, from the folder named by the system property {@code skysieve.data}. */
record CrowdData(String name, VoteTable votes, int[] truth) {

    /** The sets with independent gold. */
    static final List<String> GOLD_SETS = List.of(
            "bluebird",
            "valence2",
            "wsd",
            "cf",
            "cf_amt",
            "ms",
            "face",
            "dog",
            "rte",
            "product",
            "trec",
            "relevance",
            "zc_all",
            "zc_in",
            "zc_us");

    static final List<String> BINARY_SETS = List.of("bluebird", "rte", "product", "zc_all", "zc_in", "zc_us");

    static CrowdData read(String name) {
        Path folder = Path.of(System.getProperty("skysieve.data", "../shared/data"), "crowd", name);
        assumeTrue(Files.isDirectory(folder), "skipped: no crowd data in " + folder.toAbsolutePath());
        try {
            return read(name, folder);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + folder, e);
        }
    }

    private static CrowdData read(String name, Path folder) throws IOException {
        List<String[]> answers = rows(folder.resolve("answers.csv"));
        List<String[]> gold = rows(folder.resolve("truth.csv"));
        Map<String, Integer> tasks = new HashMap<>();
        Map<String, Integer> workers = new HashMap<>();
        TreeSet<String> labels = new TreeSet<>();
        answers.forEach(row -> labels.add(row[2]));
        gold.forEach(row -> labels.add(row[1]));
        List<String> classes = new ArrayList<>(labels);
        int[] candidate = new int[answers.size()];
        int[] volunteer = new int[answers.size()];
        int[] answer = new int[answers.size()];
        for (int i = 0; i < answers.size(); i++) {
            candidate[i] = tasks.computeIfAbsent(answers.get(i)[0], key -> tasks.size());
            volunteer[i] = workers.computeIfAbsent(answers.get(i)[1], key -> workers.size());
            answer[i] = classes.indexOf(answers.get(i)[2]);
        }
        int[] truth = new int[tasks.size()];
        java.util.Arrays.fill(truth, -1);
        for (String[] row : gold) {
            Integer task = tasks.get(row[0]);
            if (task != null) {
                truth[task] = classes.indexOf(row[1]);
            }
        }
        return new CrowdData(
                name, VoteTable.of(tasks.size(), workers.size(), classes.size(), candidate, volunteer, answer), truth);
    }

    private static List<String[]> rows(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.subList(1, lines.size()).stream()
                .filter(line -> !line.isBlank())
                .map(line -> line.split(",", -1))
                .toList();
    }

    /** The value of {@code column} ("accuracy", "log_loss", "ece") that a peer reaches on this set. */
    double reference(String method, String column) {
        Path file = Path.of(System.getProperty("skysieve.data", "../shared/data"), "crowd", "REFERENCE.csv");
        try {
            int place = List.of(Files.readAllLines(file).get(0).split(",", -1)).indexOf(column);
            for (String[] row : rows(file)) {
                if (row[0].equals(name) && row[1].equals(method)) {
                    return Double.parseDouble(row[place]);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
        throw new IllegalArgumentException("no reference for " + method + " on " + name);
    }

    Score score(Posteriors posteriors) {
        double right = 0;
        double loss = 0;
        int count = 0;
        double[] binRight = new double[15];
        double[] binClaim = new double[15];
        for (int c = 0; c < truth.length; c++) {
            if (truth[c] < 0) {
                continue;
            }
            double top = posteriors.get(c, posteriors.leading(c));
            int ties = 0;
            for (int k = 0; k < posteriors.classes(); k++) {
                ties += posteriors.get(c, k) >= top - 1e-12 ? 1 : 0;
            }
            double hit = posteriors.get(c, truth[c]) >= top - 1e-12 ? 1.0 / ties : 0;
            right += hit;
            loss -= Math.log(Math.max(posteriors.get(c, truth[c]), 1e-15));
            int bin = Math.min(14, (int) (top * 15));
            binRight[bin] += hit;
            binClaim[bin] += top;
            count++;
        }
        double ece = 0;
        for (int b = 0; b < 15; b++) {
            ece += Math.abs(binRight[b] - binClaim[b]) / count;
        }
        return new Score(right / count, loss / count, ece);
    }

    record Score(double accuracy, double logLoss, double ece) {}
}
