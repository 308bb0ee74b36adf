package org.skysieve.model;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

import org.skysieve.model.TrainingLabels.Labelled;

/**
 * The labels that a model version learned from and was judged on, as they were then: the table of labels goes on changing.
 * Images are not in it; those of a candidate never change.
 *
 * @param training in the order of candidates
 * @param evaluation labels of the frozen sample that no model learns from, in the order of candidates
 * @param explored ids of those candidates of {@code evaluation} whose label is the crowd's and that uniform exploration
 *     had begun: an unbiased sample of what comes in
 */
record Snapshot(List<Labelled> training, List<Labelled> evaluation, List<Long> explored) {
    /** "SKTS": Skysieve training snapshot. */
    private static final int MAGIC = 0x534b5453;

    private static final int FORMAT = 1;
    private static final int MOST = 10_000_000;

    Snapshot {
        training = List.copyOf(training);
        evaluation = List.copyOf(evaluation);
        explored = explored.stream().sorted().toList();
    }

    int size() {
        return training.size() + evaluation.size();
    }

    /** Expected training labels by source and class. */
    Map<String, Map<String, Double>> counts(List<String> classes) {
        Map<String, Map<String, Double>> counts = new TreeMap<>();
        for (Labelled label : training) {
            Map<String, Double> ofSource = counts.computeIfAbsent(label.source(), source -> {
                Map<String, Double> zeros = new LinkedHashMap<>();
                classes.forEach(key -> zeros.put(key, 0.));
                return zeros;
            });
            for (int k = 0; k < classes.size(); k++) {
                ofSource.merge(classes.get(k), label.target()[k], Double::sum);
            }
        }
        return counts;
    }

    /** SHA-256 of the labels, in hexadecimal digits: the same labels give the same. */
    String hash() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(plain()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    byte[] write() {
        var bytes = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.BEST_SPEED);
        try (var out = new DeflaterOutputStream(bytes, deflater)) {
            out.write(plain());
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot: writing to memory failed", e);
        } finally {
            deflater.end();
        }
        return bytes.toByteArray();
    }

    private byte[] plain() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeByte(FORMAT);
            write(out, training);
            write(out, evaluation);
            out.writeInt(explored.size());
            for (long id : explored) {
                out.writeLong(id);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot: writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, List<Labelled> labels) throws IOException {
        out.writeInt(labels.size());
        for (Labelled label : labels) {
            out.writeLong(label.candidateId());
            out.writeLong(label.skyObjectId());
            out.writeUTF(label.source());
            out.writeShort(label.target().length);
            for (double share : label.target()) {
                out.writeDouble(share);
            }
        }
    }

    /** @throws IllegalArgumentException if the bytes are something else */
    static Snapshot read(byte[] content) {
        try (var in = new DataInputStream(
                new BufferedInputStream(new InflaterInputStream(new ByteArrayInputStream(content)), 1 << 16))) {
            int magic = in.readInt();
            int format = in.readUnsignedByte();
            if (magic != MAGIC || format != FORMAT) {
                throw new IOException(
                        "got magic %08x and format %d, need %08x and %d".formatted(magic, format, MAGIC, FORMAT));
            }
            List<Labelled> training = labels(in, false);
            List<Labelled> evaluation = labels(in, true);
            List<Long> explored = new ArrayList<>();
            for (int i = count(in); i > 0; i--) {
                explored.add(in.readLong());
            }
            return new Snapshot(training, evaluation, explored);
        } catch (IOException e) {
            throw new IllegalArgumentException("snapshot: cannot read it: " + e.getMessage(), e);
        }
    }

    private static List<Labelled> labels(DataInputStream in, boolean evaluation) throws IOException {
        List<Labelled> labels = new ArrayList<>();
        for (int i = count(in); i > 0; i--) {
            long candidateId = in.readLong();
            long skyObjectId = in.readLong();
            String source = in.readUTF();
            double[] target = new double[in.readUnsignedShort()];
            for (int k = 0; k < target.length; k++) {
                target[k] = in.readDouble();
            }
            labels.add(new Labelled(candidateId, skyObjectId, target, source, evaluation));
        }
        return labels;
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MOST) {
            throw new IOException("got " + count + " rows, need 0 to " + MOST);
        }
        return count;
    }
}
