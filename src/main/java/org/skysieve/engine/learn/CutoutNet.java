package org.skysieve.engine.learn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.DateTimeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

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

    /** Begins the names of what the file's metadata says of the net beyond the contract for any net. */
    private static final String PREFIX = "skysieve.";

    private static final String FORMAT_KEY = PREFIX + "net";
    private static final String FORMAT = "1";
    private static final long DROPOUT_SEED = 1;
    private static final String BUILTIN = "/nets/real-bogus.onnx";
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
    private final ThreadLocal<Scratch> scratch;

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
        trunk = OnnxRuntimes.session(OnnxExport.trunk(weights));
        head = OnnxRuntimes.session(OnnxExport.head(weights));
        scratch = ThreadLocal.withInitial(() -> new Scratch(shape.metadata()));
        OnnxRuntimes.closeWith(this, trunk, head, keepInput, keepHidden, keepAllInput, keepAllHidden);
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
        } finally {
            // Its sessions are closed once nobody can reach it.
            Reference.reachabilityFence(this);
        }
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(Float.BYTES * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /** What one thread works in. */
    private static final class Scratch {
        final NetInput input = INPUTS.get();
        final float[] features = new float[CutoutFeatures.count()];
        final short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];
        private final float[] planes = new float[NetInput.PLANES * NetInput.PIXELS];
        private final float[] metadata;

        /** ONNX Runtime reads direct memory where it lies, and copies anything else. */
        private final FloatBuffer directPlanes = direct(planes.length);

        private final FloatBuffer directMetadata;

        Scratch(int metadata) {
            this.metadata = new float[metadata];
            directMetadata = direct(metadata);
        }
    }

    /** One ONNX file: the whole net as a graph, and in its metadata what else belongs to it (docs/formats.md). */
    @Override
    public byte[] save() {
        OnnxGraph graph = OnnxExport.whole(weights, calibration);
        graph.metadata(FORMAT_KEY, FORMAT);
        graph.metadata(OutsideNet.CLASSES, String.join(",", classes));
        graph.metadata(OutsideNet.VALUES, "log");
        graph.metadata(PREFIX + "slope", numbers(calibration.slopes()));
        graph.metadata(PREFIX + "offset", numbers(calibration.offsets()));
        graph.metadata(PREFIX + "dropInput", Double.toString(dropInput));
        graph.metadata(PREFIX + "dropHidden", Double.toString(dropHidden));
        provenance.entries().forEach((key, value) -> graph.metadata(PREFIX + key, value));
        return graph.bytes();
    }

    private static String numbers(double[] values) {
        return Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(","));
    }

    /**
     * A file that {@link #save} wrote.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static CutoutNet load(byte[] saved) {
        return load(saved, OnnxFile.read(saved))
                .orElseThrow(() -> new IllegalArgumentException(
                        "net: cannot read the saved model: it was not written by" + " this program, or altered"));
    }

    /**
     * A file that {@link #save} wrote: then its weights are the net, by name. Empty for any other, even if only one byte of
     * it was altered.
     */
    static Optional<CutoutNet> load(byte[] saved, OnnxFile contents) {
        Map<String, String> metadata = contents.metadata();
        if (!FORMAT.equals(metadata.get(FORMAT_KEY))) {
            return Optional.empty();
        }
        CutoutNet net;
        try {
            float[] center = array(contents, OnnxExport.CENTER);
            NetShape shape = new NetShape(
                    rows(contents, "conv0a.weight"),
                    rows(contents, "conv1a.weight"),
                    rows(contents, "conv2a.weight"),
                    center.length,
                    rows(contents, "dense.weight"),
                    rows(contents, "answer.weight"));
            NetWeights weights =
                    NetWeights.of(shape, center, array(contents, OnnxExport.SCALE), name -> array(contents, name));
            Calibration calibration =
                    Calibration.of(numbers(metadata, PREFIX + "slope"), numbers(metadata, PREFIX + "offset"));
            double dropInput = numbers(metadata, PREFIX + "dropInput")[0];
            double dropHidden = numbers(metadata, PREFIX + "dropHidden")[0];
            List<String> classes = List.of(text(metadata, OutsideNet.CLASSES).split(",", -1));
            if (shape.classes() != classes.size()
                    || calibration.classes() != classes.size()
                    || shape.features() > CutoutFeatures.count()) {
                throw new IllegalArgumentException("got a net of " + shape.classes() + " classes and "
                        + shape.features() + " features, need " + classes.size() + " and at most "
                        + CutoutFeatures.count());
            }
            if (!(dropInput >= 0 && dropInput < 1 && dropHidden >= 0 && dropHidden < 1)) {
                throw new IllegalArgumentException("got dropout " + dropInput + " and " + dropHidden + ", need [0, 1)");
            }
            Provenance provenance = Provenance.of(
                    key -> metadata.get(PREFIX + key),
                    metadata.keySet().stream()
                            .filter(key -> key.startsWith(PREFIX))
                            .map(key -> key.substring(PREFIX.length()))
                            .toList());
            net = new CutoutNet(classes, weights, dropInput, dropHidden, calibration, provenance);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new IllegalArgumentException("net: cannot read the saved model: " + e.getMessage(), e);
        }
        return Arrays.equals(net.save(), saved) ? Optional.of(net) : Optional.empty();
    }

    private static OnnxFile.Tensor tensor(OnnxFile contents, String name) {
        OnnxFile.Tensor tensor = contents.constant(name);
        if (tensor == null) {
            throw new IllegalArgumentException("it has no array " + name);
        }
        return tensor;
    }

    private static float[] array(OnnxFile contents, String name) {
        return tensor(contents, name).values();
    }

    private static int rows(OnnxFile contents, String name) {
        int[] dimensions = tensor(contents, name).dimensions();
        return dimensions.length == 0 ? 0 : dimensions[0];
    }

    private static String text(Map<String, String> metadata, String key) {
        String value = metadata.get(key);
        if (value == null) {
            throw new IllegalArgumentException("its metadata has no entry " + key);
        }
        return value;
    }

    private static double[] numbers(Map<String, String> metadata, String key) {
        return Arrays.stream(text(metadata, key).split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }
}
