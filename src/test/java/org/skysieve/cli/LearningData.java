package org.skysieve.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.skysieve.engine.learn.HistogramForest;

/** The papers' active-learning tables, from the folder named by the system property {@code skysieve.data}. */
final class LearningData {
    static final Path FOLDER =
            Path.of(System.getProperty("skysieve.data", "../shared/data")).resolve("active-learning");

    private LearningData() {}

    static boolean isThere() {
        return Files.isDirectory(FOLDER);
    }

    /** 1,465 alerts of 658 objects of ZTF with 12 sigmoid features, positive: SN Ia. */
    static FeatureTable ztf() throws IOException {
        var columns = new FeatureCsv.Columns(
                "objectId", "objectId", "ia", "1", Optional.empty(), List.of("src", "tns", "jd", "npts"));
        return new FeatureCsv(columns, new BadRows(new PrintWriter(Writer.nullWriter())))
                .read(FOLDER.resolve("ztf_tns/ztf_tns_sigmoid_features.csv"), false);
    }

    /** 12,904 objects of SNPCC with 20 Bazin parameters, positive: SN Ia. */
    static FeatureTable snpcc() throws IOException {
        return snpcc("query", false, 0);
    }

    /** The same after the 1,014 of the spectroscopic sample, whose labels are known from the start. */
    static FeatureTable snpccFromSpectroscopicSample() throws IOException {
        return snpcc("train", true, 1_000_000).and(snpcc());
    }

    private static FeatureTable snpcc(String name, boolean isStart, int firstGroup) throws IOException {
        List<String[]> parameters = words(FOLDER.resolve("snpcc/" + name + "_fitparameters.dat"));
        List<String[]> labels = words(FOLDER.resolve("snpcc/" + name + "_labels.dat"));
        int n = labels.size();
        float[] values = new float[20 * n];
        int[] groups = new int[n];
        boolean[] positive = new boolean[n];
        boolean[] start = new boolean[n];
        for (int i = 0; i < n; i++) {
            for (int f = 0; f < 20; f++) {
                values[20 * i + f] = Float.parseFloat(parameters.get(i)[f]);
            }
            groups[i] = firstGroup + i;
            positive[i] = labels.get(i)[2].equals("0");
            start[i] = isStart;
        }
        return new FeatureTable(20, values, groups, positive, start);
    }

    private static List<String[]> words(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .map(line -> line.strip().split("\\s+"))
                .toList();
    }

    /** 300 labels; three tenths of the groups are measured on. */
    static LearningRun.Settings settings(int start, int batch) {
        return new LearningRun.Settings(start, batch, 300, .3, HistogramForest.Options.defaults(0));
    }
}
