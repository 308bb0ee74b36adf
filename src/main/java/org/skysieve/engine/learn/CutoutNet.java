package org.skysieve.engine.learn;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;

import org.skysieve.engine.image.CutoutTriplet;

/**
 * Classifies candidates by a convolutional net on their cutouts and on what {@link CutoutFeatures} measures of them,
 * served by ONNX Runtime on the caller's thread. Monte-Carlo dropout (Gal and Ghahramani 2016, arXiv:1506.02142) runs the
 * convolutions once and the dense head {@value #PASSES} times. Immutable and safe for several threads.
 */
public final class CutoutNet implements CutoutModel {
    /** Passes with dropout behind an uncertainty. */
    public static final int PASSES = 20;

    /** "SKCN": Skysieve cutout net. */
    private static final int MAGIC = 0x534b434e;

    private static final int FORMAT = 1;
    private static final long DROPOUT_SEED = 1;
    private static final String BUILTIN = "/nets/real-bogus.skcn";
    private static final ThreadLocal<NetInput> INPUTS = ThreadLocal.withInitial(NetInput::new);

    private final List<String> classes;
    private final NetWeights weights;
    private final double dropInput;
    private final double dropHidden;
    private final Calibration calibration;
    private final Provenance provenance;
    private final OrtEnvironment runtime = OnnxRuntimes.environment();
    private final OrtSession trunk;
    private final OrtSession head;

    /** Masks of dropout, a pass a row; the first row keeps all. */
    private final OnnxTensor keepInput;

    private final OnnxTensor keepHidden;
    private final OnnxTensor keepAllInput;
    private final OnnxTensor keepAllHidden;
    private final ThreadLocal<Scratch> scratch = ThreadLocal.withInitial(Scratch::new);

    CutoutNet(
            List<String> classes,
            NetWeights weights,
            double dropInput,
            double dropHidden,
            Calibration calibration,
            Provenance provenance) {
        this.classes = List.copyOf(classes);
        this.weights = weights;
        this.dropInput = dropInput;
        this.dropHidden = dropHidden;
        this.calibration = calibration;
        this.provenance = provenance;
        NetShape shape = weights.shape();
        int seen = shape.embedding() + shape.metadata();
        keepInput = masks(PASSES, seen, dropInput);
        keepHidden = masks(PASSES, shape.hidden(), dropHidden);
        keepAllInput = masks(0, seen, dropInput);
        keepAllHidden = masks(0, shape.hidden(), dropHidden);
        trunk = session(OnnxExport.trunk(weights));
        head = session(OnnxExport.head(weights));
    }

    /** The net that has seen the simulated survey alone, made by {@code make pretrain}: tells real from bogus. */
    public static CutoutNet builtin() {
        try (InputStream in = CutoutNet.class.getResourceAsStream(BUILTIN)) {
            if (in == null) {
                throw new IllegalStateException("net: the resource " + BUILTIN + " is missing; make pretrain makes it");
            }
            return load(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("net: cannot read the resource " + BUILTIN, e);
        }
    }

    private OnnxTensor masks(int passes, int size, double drop) {
        float[] masks = new float[(1 + passes) * size];
        Arrays.fill(masks, 1);
        if (drop > 0) {
            // Always the same: the same candidate has the same uncertainty today and tomorrow.
            float[] drawn = NetWorker.keep(passes * size, drop, new SplittableRandom(DROPOUT_SEED));
            System.arraycopy(drawn, 0, masks, size, drawn.length);
        }
        try {
            return OnnxTensor.createTensor(runtime, direct(masks.length).put(0, masks), new long[] {1 + passes, size});
        } catch (OrtException e) {
            throw new IllegalStateException("net: ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private OrtSession session(byte[] graph) {
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setIntraOpNumThreads(1);
            options.setInterOpNumThreads(1);
            return runtime.createSession(graph, options);
        } catch (OrtException e) {
            throw new IllegalArgumentException("net: ONNX Runtime does not take it: " + e.getMessage(), e);
        }
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public Provenance provenance() {
        return provenance;
    }

    NetWeights weights() {
        return weights;
    }

    /** The convolutions as an ONNX file: {@code images} to {@code embedding}; docs/formats.md. */
    public byte[] trunkOnnx() {
        return OnnxExport.trunk(weights);
    }

    /** The dense layers as an ONNX file: {@code embedding} and {@code metadata} to {@code probabilities}; docs/formats.md. */
    public byte[] headOnnx() {
        return OnnxExport.head(weights);
    }

    /** Makes a candidate into something to learn from, with a label. */
    public static NetSample sample(
            long group,
            CutoutTriplet cutouts,
            String survey,
            double fwhmPixels,
            double[] target,
            double weight,
            TrainingSample.Source source) {
        NetInput input = INPUTS.get();
        float[] features = new float[CutoutFeatures.count()];
        short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];
        double seeing = CutoutFeatures.seeing(survey, fwhmPixels);
        input.measure(cutouts, seeing > 0 ? seeing : Double.NaN, features, images);
        return new NetSample(new TrainingSample(group, features, target, weight, source), images);
    }

    @Override
    public Scored score(CutoutTriplet cutouts, String survey, double fwhmPixels) {
        Scratch own = scratch.get();
        double seeing = CutoutFeatures.seeing(survey, fwhmPixels);
        own.input.measure(cutouts, seeing > 0 ? seeing : Double.NaN, own.features, own.images);
        return score(own, own.features, own.images, PASSES);
    }

    /** Scores what was measured before. */
    public Scored score(NetSample sample) {
        return score(scratch.get(), sample.sample().features(), sample.images(), PASSES);
    }

    /** Calibrated class probabilities in one pass, without a word on their uncertainty. */
    public double[] answer(NetSample sample) {
        return score(scratch.get(), sample.sample().features(), sample.images(), 0)
                .probabilities();
    }

    /** Class probabilities as the net gives them, not calibrated. */
    double[] raw(NetSample sample) {
        float[] p = passes(scratch.get(), sample.sample().features(), sample.images(), 0);
        double[] raw = new double[p.length];
        Arrays.setAll(raw, k -> p[k]);
        return raw;
    }

    /** @param passes with dropout, 0 or {@link #PASSES}; without any, both kinds of uncertainty are in the aleatoric one */
    private Scored score(Scratch own, float[] features, short[] images, int passes) {
        int count = classes.size();
        if (seesNothing(images)) {
            double[] any = new double[count];
            Arrays.fill(any, 1. / count);
            return new Scored(any, 0, Math.log(count));
        }
        float[] p = passes(own, features, images, passes);
        double[] raw = new double[count];
        double[] mean = new double[count];
        double meanEntropy = 0;
        for (int k = 0; k < count; k++) {
            raw[k] = p[k];
        }
        // The first pass drops nothing: it is the answer; the others tell how far it can be trusted.
        int first = passes == 0 ? 0 : 1;
        for (int pass = first; pass <= passes; pass++) {
            for (int k = 0; k < count; k++) {
                double q = p[pass * count + k];
                mean[k] += q / (passes + 1 - first);
                meanEntropy += entropy(q) / (passes + 1 - first);
            }
        }
        double total = 0;
        for (double q : mean) {
            total += entropy(q);
        }
        return new Scored(calibration.apply(raw), Math.max(0, total - meanEntropy), meanEntropy);
    }

    private static boolean seesNothing(short[] images) {
        for (short pixel : images) {
            if (pixel != NetInput.MASKED) {
                return false;
            }
        }
        return true;
    }

    private static double entropy(double p) {
        return p > 0 ? -p * Math.log(p) : 0;
    }

    /** {@code [pass * classes + class]}, the first pass without dropout. */
    private float[] passes(Scratch own, float[] features, short[] images, int passes) {
        NetShape shape = weights.shape();
        NetInput.planes(images, own.planes, 0);
        weights.metadata(features, own.metadata, 0);
        own.directPlanes.put(0, own.planes);
        own.directMetadata.put(0, own.metadata);
        try (OnnxTensor planes = OnnxTensor.createTensor(
                        runtime, own.directPlanes, new long[] {1, NetInput.PLANES, NetInput.SIDE, NetInput.SIDE});
                OnnxTensor metadata =
                        OnnxTensor.createTensor(runtime, own.directMetadata, new long[] {1, shape.metadata()});
                OrtSession.Result embedding = trunk.run(Map.of("images", planes));
                OrtSession.Result answer = head.run(Map.of(
                        "embedding",
                        (OnnxTensor) embedding.get(0),
                        "metadata",
                        metadata,
                        "keepInput",
                        passes == 0 ? keepAllInput : keepInput,
                        "keepHidden",
                        passes == 0 ? keepAllHidden : keepHidden))) {
            float[] p = new float[(1 + passes) * shape.classes()];
            ((OnnxTensor) answer.get(0)).getFloatBuffer().get(p);
            return p;
        } catch (OrtException e) {
            throw new IllegalStateException("net: ONNX Runtime failed: " + e.getMessage(), e);
        }
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(Float.BYTES * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** What one thread works in. */
    final class Scratch {
        final NetInput input = INPUTS.get();
        final float[] features = new float[CutoutFeatures.count()];
        final short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];
        private final float[] planes = new float[NetInput.PLANES * NetInput.PIXELS];
        private final float[] metadata = new float[weights.shape().metadata()];

        /** ONNX Runtime reads direct memory where it lies, and copies anything else. */
        private final FloatBuffer directPlanes = direct(planes.length);

        private final FloatBuffer directMetadata = direct(metadata.length);
    }

    @Override
    public byte[] save() {
        var bytes = new ByteArrayOutputStream();
        try {
            var header = new DataOutputStream(bytes);
            header.writeInt(MAGIC);
            header.writeByte(FORMAT);
            header.flush();
            var deflater = new Deflater(Deflater.BEST_COMPRESSION);
            try (var out = new DataOutputStream(new DeflaterOutputStream(bytes, deflater, 1 << 16))) {
                out.writeShort(classes.size());
                for (String key : classes) {
                    out.writeUTF(key);
                }
                provenance.write(out);
                calibration.write(out);
                out.writeDouble(dropInput);
                out.writeDouble(dropHidden);
                weights.write(out);
            } finally {
                deflater.end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("net: writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    /** Whether the bytes begin as a net does. */
    static boolean isOne(byte[] saved) {
        return saved.length >= 4 && ByteBuffer.wrap(saved).getInt() == MAGIC;
    }

    /** @throws IllegalArgumentException if the bytes are not a net, or of a version that this code cannot serve */
    public static CutoutNet load(byte[] saved) {
        try {
            var header = new DataInputStream(new ByteArrayInputStream(saved));
            int magic = header.readInt();
            int format = header.readUnsignedByte();
            if (magic != MAGIC || format != FORMAT) {
                throw new IOException(
                        "got magic %08x and format %d, need %08x and %d".formatted(magic, format, MAGIC, FORMAT));
            }
            var in = new DataInputStream(new BufferedInputStream(new InflaterInputStream(header), 1 << 16));
            List<String> classes = new ArrayList<>();
            for (int i = in.readUnsignedShort(); i > 0; i--) {
                classes.add(in.readUTF());
            }
            Provenance provenance = Provenance.read(in);
            Calibration calibration = Calibration.read(in);
            double dropInput = in.readDouble();
            double dropHidden = in.readDouble();
            NetWeights weights = NetWeights.read(in);
            NetShape shape = weights.shape();
            if (shape.classes() != classes.size()
                    || calibration.classes() != classes.size()
                    || shape.features() > CutoutFeatures.count()) {
                throw new IOException("got a net of " + shape.classes() + " classes and " + shape.features()
                        + " features, need " + classes.size() + " and at most " + CutoutFeatures.count());
            }
            if (!(dropInput >= 0 && dropInput < 1 && dropHidden >= 0 && dropHidden < 1)) {
                throw new IOException("got dropout " + dropInput + " and " + dropHidden + ", need [0, 1)");
            }
            return new CutoutNet(classes, weights, dropInput, dropHidden, calibration, provenance);
        } catch (IOException e) {
            throw new IllegalArgumentException("net: cannot read the saved model: " + e.getMessage(), e);
        }
    }
}
