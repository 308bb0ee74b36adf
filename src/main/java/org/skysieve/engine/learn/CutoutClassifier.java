package org.skysieve.engine.learn;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

import org.skysieve.engine.image.CutoutTriplet;

/**
 * Classifies candidates by their cutouts: {@link CutoutFeatures}, a {@link HistogramForest} and a {@link Calibration},
 * with the {@link Provenance} of it all. Immutable and safe for several threads.
 */
public final class CutoutClassifier implements CutoutModel {
    /** "SKCC": Skysieve cutout classifier. */
    private static final int MAGIC = 0x534b4343;

    private static final int FORMAT = 1;

    private final List<String> classes;
    private final HistogramForest forest;
    private final Calibration calibration;
    private final Provenance provenance;
    private final ThreadLocal<CutoutFeatures> extractors = ThreadLocal.withInitial(CutoutFeatures::new);

    CutoutClassifier(List<String> classes, HistogramForest forest, Calibration calibration, Provenance provenance) {
        this.classes = List.copyOf(classes);
        this.forest = forest;
        this.calibration = calibration;
        this.provenance = provenance;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    /**
     * Calibrated class probabilities, {@code [class]}.
     *
     * @param survey short name in lower case: it decides what {@code fwhmPixels} is worth
     * @param fwhmPixels as the alert gives it; NaN if unknown
     */
    public double[] probabilities(CutoutTriplet cutouts, String survey, double fwhmPixels) {
        return probabilities(features(cutouts, survey, fwhmPixels));
    }

    /** @param features as {@link CutoutFeatures} extracts them */
    public double[] probabilities(float[] features) {
        return calibration.apply(forest.probabilities(known(features)));
    }

    /** @param rows feature vectors one after the other; gives {@code [row * classes + class]} */
    public double[] probabilitiesOfAll(float[] rows) {
        double[] all = forest.probabilitiesOfAll(known(rows));
        calibration.applyAll(all);
        return all;
    }

    @Override
    public Scored score(CutoutTriplet cutouts, String survey, double fwhmPixels) {
        return score(features(cutouts, survey, fwhmPixels));
    }

    private float[] features(CutoutTriplet cutouts, String survey, double fwhmPixels) {
        double seeing = CutoutFeatures.seeing(survey, fwhmPixels);
        return extractors.get().extract(cutouts, seeing > 0 ? seeing : Double.NaN);
    }

    /** @param features as {@link CutoutFeatures} extracts them */
    public Scored score(float[] features) {
        if (seesNothing(features)) {
            // No image at all: the trees would answer by what their heavier branches hold.
            double[] any = new double[classes.size()];
            Arrays.fill(any, 1. / any.length);
            return new Scored(any, 0, Math.log(any.length));
        }
        double[] trees = forest.treeProbabilities(known(features));
        int count = classes.size();
        double[] mean = new double[count];
        double meanEntropy = 0;
        for (int t = 0; t < forest.trees(); t++) {
            for (int k = 0; k < count; k++) {
                double p = trees[t * count + k];
                mean[k] += p / forest.trees();
                meanEntropy += entropy(p) / forest.trees();
            }
        }
        double total = 0;
        for (double p : mean) {
            total += entropy(p);
        }
        return new Scored(calibration.apply(mean), Math.max(0, total - meanEntropy), meanEntropy);
    }

    /** Of each feature vector what the forest was trained on: features of a later version are left out. */
    private float[] known(float[] rows) {
        int all = CutoutFeatures.count();
        int own = forest.features();
        if (own == all || rows.length % all != 0) {
            return rows;
        }
        float[] cut = new float[rows.length / all * own];
        for (int i = 0; i < rows.length / all; i++) {
            System.arraycopy(rows, i * all, cut, i * own, own);
        }
        return cut;
    }

    private static boolean seesNothing(float[] features) {
        for (float value : features) {
            if (!Float.isNaN(value)) {
                return false;
            }
        }
        return true;
    }

    private static double entropy(double p) {
        return p > 0 ? -p * Math.log(p) : 0;
    }

    @Override
    public byte[] save() {
        var bytes = new ByteArrayOutputStream();
        try {
            var header = new DataOutputStream(bytes);
            header.writeInt(MAGIC);
            header.writeByte(FORMAT);
            header.flush();
            var deflater = new Deflater(Deflater.BEST_SPEED);
            try (var out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater, 1 << 16))) {
                out.writeInt(CutoutFeatures.version(forest.features()));
                out.writeShort(classes.size());
                for (String key : classes) {
                    out.writeUTF(key);
                }
                provenance.write(out);
                calibration.write(out);
                forest.write(out);
            } finally {
                deflater.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("classifier: writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException if the bytes are not a model, or of a version that this code cannot serve */
    public static CutoutClassifier load(byte[] saved) {
        try {
            var header = new DataInputStream(new ByteArrayInputStream(saved));
            int magic = header.readInt();
            int format = header.readUnsignedByte();
            if (magic != MAGIC || format != FORMAT) {
                throw new IOException(
                        "got magic %08x and format %d, need %08x and %d".formatted(magic, format, MAGIC, FORMAT));
            }
            var in = new DataInputStream(new BufferedInputStream(new InflaterInputStream(header), 1 << 16));
            int features = in.readInt();
            if (features < 1 || features > CutoutFeatures.VERSION) {
                throw new IOException(
                        "got a model of features version " + features + ", need 1 to " + CutoutFeatures.VERSION);
            }
            List<String> classes = new ArrayList<>();
            for (int i = in.readUnsignedShort(); i > 0; i--) {
                classes.add(in.readUTF());
            }
            Provenance provenance = Provenance.read(in);
            Calibration calibration = Calibration.read(in);
            HistogramForest forest = HistogramForest.read(in);
            if (forest.classes() != classes.size()
                    || calibration.classes() != classes.size()
                    || forest.features() != CutoutFeatures.count(features)) {
                throw new IOException("got a forest of " + forest.classes() + " classes and " + forest.features()
                        + " features, need " + classes.size() + " and " + CutoutFeatures.count(features));
            }
            return new CutoutClassifier(classes, forest, calibration, provenance);
        } catch (IOException e) {
            throw new IllegalArgumentException("classifier: cannot read the saved model: " + e.getMessage(), e);
        }
    }
}
