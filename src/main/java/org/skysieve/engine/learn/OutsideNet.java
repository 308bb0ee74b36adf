package org.skysieve.engine.learn;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

/**
 * A net that somebody else trained, in whatever way, as an ONNX file that keeps the contract of docs/formats.md: an input
 * {@code stamps}, perhaps {@code features}, and an output {@code probabilities} or {@code logits}. What it says is
 * taken as it is, not calibrated; all of its doubt counts as aleatoric. Immutable and safe for several threads.
 */
public final class OutsideNet implements CutoutModel {
    /** Names of inputs and outputs, and of entries in the file's metadata. */
    static final String STAMPS = "stamps";

    static final String FEATURES = "features";
    static final String PROBABILITIES = "probabilities";
    static final String LOGITS = "logits";
    static final String CLASSES = "classes";
    static final String VALUES = "stamps.values";

    /** What a net tells apart that names no classes. */
    private static final List<String> USUAL_CLASSES = List.of("real", "bogus");

    /** Pixels a side where the net takes any number. */
    private static final int USUAL_SIDE = 63;

    private static final int MOST_SIDE = 256;
    private static final int MOST_CLASSES = 100;
    private static final double LEAST = 1e-6;

    /** The slowest that a net may be, on one thread. */
    private static final double MOST_SECONDS = .5;

    /** A first run that takes longer is stopped. */
    private static final int PATIENCE_SECONDS = 10;

    private static final int MOST_TEXT = 2000;

    /** How pixels are given. */
    enum Values {
        /** In units of the image's own noise, {@code x = (pixel - median) / (1.4826 MAD)}, as {@code sign(x) ln(1 + |x|)}. */
        LOG,
        /** As {@code x} itself. */
        SIGMA,
        /** As the survey gives them. */
        RAW;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What goes in.
     *
     * @param features the first so many of those measured; 0 for none
     */
    private record Form(Values values, int planes, int height, int width, int features) {}

    private final byte[] file;
    private final List<String> classes;
    private final Provenance provenance;
    private final Form form;
    private final String output;
    private final OrtSession session;
    private final ThreadLocal<Scratch> scratch;

    private OutsideNet(byte[] file, OnnxFile contents, OrtSession session) throws OrtException {
        this.file = file;
        this.session = session;
        Map<String, NodeInfo> inputs = session.getInputInfo();
        for (String name : inputs.keySet()) {
            if (!name.equals(STAMPS) && !name.equals(FEATURES)) {
                throw new IllegalArgumentException(
                        "onnx: input " + name + ": unknown, need stamps and perhaps features");
            }
        }
        Form goesIn = form(
                values(contents.metadata().get(VALUES)),
                shape(inputs, STAMPS, "input"),
                inputs.containsKey(FEATURES) ? features(shape(inputs, FEATURES, "input")) : 0);
        form = goesIn;
        scratch = ThreadLocal.withInitial(() -> new Scratch(goesIn));
        Map<String, NodeInfo> outputs = session.getOutputInfo();
        if (outputs.containsKey(PROBABILITIES) == outputs.containsKey(LOGITS)) {
            throw new IllegalArgumentException(
                    "onnx: output: got " + outputs.keySet() + ", need one named probabilities or one named logits");
        }
        output = outputs.containsKey(LOGITS) ? LOGITS : PROBABILITIES;
        shape(outputs, output, "output");
        classes = classes(contents.metadata().get(CLASSES));
        provenance = provenance(contents);
    }

    /** @throws IllegalArgumentException naming what does not fit */
    static OutsideNet load(byte[] file, OnnxFile contents) {
        OrtSession session = OnnxRuntimes.session(file);
        try {
            OutsideNet net = new OutsideNet(file.clone(), contents, session);
            OnnxRuntimes.closeWith(net, session);
            net.probe();
            return net;
        } catch (OrtException e) {
            throw new IllegalArgumentException("onnx: ONNX Runtime does not take it: " + e.getMessage(), e);
        }
    }

    private static Form form(Values values, long[] stamps, int features) {
        String got = "onnx: input stamps: got float " + Arrays.toString(stamps)
                + ", need float [n, 3 or 6, height, width] with 1 to " + MOST_SIDE + " pixels a side, or [n, "
                + NetInput.PLANES + ", " + NetInput.SIDE + ", " + NetInput.SIDE + "]";
        if (stamps.length != 4) {
            throw new IllegalArgumentException(got);
        }
        boolean own = stamps[1] == NetInput.PLANES;
        long height = stamps[2] < 0 ? own ? NetInput.SIDE : USUAL_SIDE : stamps[2];
        long width = stamps[3] < 0 ? own ? NetInput.SIDE : USUAL_SIDE : stamps[3];
        boolean fits = own
                ? height == NetInput.SIDE && width == NetInput.SIDE
                : (stamps[1] == 3 || stamps[1] == 6)
                        && height >= 1
                        && width >= 1
                        && height <= MOST_SIDE
                        && width <= MOST_SIDE;
        if (!fits) {
            throw new IllegalArgumentException(got);
        }
        if (own && values != Values.LOG) {
            throw new IllegalArgumentException("onnx: metadata stamps.values: got " + values.key() + ", need log for "
                    + NetInput.PLANES + " planes");
        }
        rows("input stamps", stamps[0]);
        return new Form(values, (int) stamps[1], (int) height, (int) width, features);
    }

    private static Values values(@Nullable String named) {
        if (named == null) {
            return Values.LOG;
        }
        for (Values values : Values.values()) {
            if (values.key().equals(named)) {
                return values;
            }
        }
        throw new IllegalArgumentException(
                "onnx: metadata stamps.values: got \"" + cut(named) + "\", need log, sigma or raw");
    }

    private static List<String> classes(@Nullable String named) {
        if (named == null) {
            return USUAL_CLASSES;
        }
        List<String> keys =
                Arrays.stream(named.split(",", -1)).map(String::strip).toList();
        if (keys.size() < 2
                || keys.size() > MOST_CLASSES
                || keys.contains("")
                || Set.copyOf(keys).size() != keys.size()) {
            throw new IllegalArgumentException("onnx: metadata classes: got \"" + cut(named)
                    + "\", need 2 to 100 different answer keys with commas between them");
        }
        return keys;
    }

    private static long[] shape(Map<String, NodeInfo> nodes, String name, String what) {
        NodeInfo node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("onnx: " + what + " " + name + ": it is missing, got " + nodes.keySet());
        }
        if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
            throw new IllegalArgumentException(
                    "onnx: " + what + " " + name + ": got " + node.getInfo() + ", need a tensor of 32-bit floats");
        }
        return tensor.getShape();
    }

    private static void rows(String what, long rows) {
        if (rows >= 0 && rows != 1) {
            throw new IllegalArgumentException("onnx: " + what + ": got the first dimension " + rows
                    + ", need it open (any number of candidates) or 1");
        }
    }

    private static int features(long[] shape) {
        int all = CutoutFeatures.count();
        if (shape.length != 2 || shape[1] == 0 || shape[1] > all) {
            throw new IllegalArgumentException(
                    "onnx: input features: got float " + Arrays.toString(shape) + ", need [n, 1 to " + all + "]");
        }
        rows("input features", shape[0]);
        return shape[1] < 0 ? all : (int) shape[1];
    }

    private Provenance provenance(OnnxFile contents) {
        Map<String, String> settings = new HashMap<>();
        contents.metadata().forEach((name, value) -> settings.put(cut(name), cut(value)));
        settings.put("kind", "outside net");
        settings.put("input", form.values.key() + " " + form.planes + " x " + form.height + " x " + form.width);
        String description = contents.metadata().getOrDefault("description", "");
        return new Provenance(
                description.isEmpty() ? "a net that was trained elsewhere" : cut(description),
                Map.of(),
                Map.of(),
                contents.producer().isEmpty() ? "unknown" : cut(contents.producer()),
                0,
                Instant.EPOCH,
                CutoutFeatures.names().subList(0, form.features),
                new TreeMap<>(settings));
    }

    private static String cut(String text) {
        return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
    }

    /** Asks it twice: whether it answers at all, in the right shape, and soon enough. */
    private void probe() {
        Scratch own = scratch.get();
        Arrays.fill(own.features, Float.NaN);
        try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
            ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "onnx-probe");
                thread.setDaemon(true);
                return thread;
            });
            try {
                watch.schedule(
                        () -> {
                            options.setTerminate(true);
                            return true;
                        },
                        PATIENCE_SECONDS,
                        TimeUnit.SECONDS);
                run(own, options);
                long started = System.nanoTime();
                for (int i = 0; i < own.stamps.length; i++) {
                    own.stamps[i] = (i * 31 % 17 - 8) / 8f;
                }
                Arrays.fill(own.features, 0);
                probabilities(run(own, options));
                double seconds = (System.nanoTime() - started) / 1e9;
                if (seconds > MOST_SECONDS) {
                    throw new IllegalArgumentException(String.format(
                            Locale.ROOT,
                            "onnx: it takes %.1f s a candidate on one thread, may take %.1f",
                            seconds,
                            MOST_SECONDS));
                }
            } finally {
                // Nobody terminates options that are closed.
                watch.shutdownNow();
                watch.awaitTermination(1, TimeUnit.SECONDS);
            }
        } catch (OrtException e) {
            throw new IllegalArgumentException("onnx: it does not run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("onnx: interrupted", e);
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

    /** The file as it came. */
    @Override
    public byte[] save() {
        return file.clone();
    }

    @Override
    public Scored score(CutoutTriplet cutouts, String survey, double fwhmPixels) {
        int count = classes.size();
        double[] p = new double[count];
        Arrays.fill(p, 1. / count);
        if (!cutouts.isEmpty()) {
            Scratch own = scratch.get();
            double seeing = CutoutFeatures.seeing(survey, fwhmPixels);
            if (own.measure(cutouts, seeing > 0 ? seeing : Double.NaN)) {
                try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
                    p = probabilities(run(own, options));
                } catch (OrtException e) {
                    throw new IllegalArgumentException("onnx: it does not run: " + e.getMessage(), e);
                } finally {
                    Reference.reachabilityFence(this);
                }
            }
        }
        double entropy = 0;
        for (double q : p) {
            entropy -= q > 0 ? q * Math.log(q) : 0;
        }
        return new Scored(p, 0, entropy);
    }

    /** What the graph answers for what stands in the scratch. */
    private float[] run(Scratch own, OrtSession.RunOptions options) throws OrtException {
        Map<String, OnnxTensor> inputs = new HashMap<>();
        try {
            own.directStamps.put(0, own.stamps);
            inputs.put(STAMPS, OnnxTensor.createTensor(OnnxRuntimes.environment(), own.directStamps, new long[] {
                1, form.planes, form.height, form.width
            }));
            if (form.features > 0) {
                own.directFeatures.put(0, own.features, 0, form.features);
                inputs.put(
                        FEATURES,
                        OnnxTensor.createTensor(
                                OnnxRuntimes.environment(), own.directFeatures, new long[] {1, form.features}));
            }
            try (OrtSession.Result result = session.run(inputs, Set.of(output), options)) {
                OnnxTensor tensor = (OnnxTensor) result.get(0);
                long[] shape = tensor.getInfo().getShape();
                FloatBuffer buffer = tensor.getFloatBuffer();
                int got = buffer.remaining();
                if (shape.length != 2 || shape[0] != 1 || !(got == classes.size() || got == 1 && classes.size() == 2)) {
                    throw new IllegalArgumentException("onnx: output " + output + ": got "
                            + Arrays.toString(shape) + " for one candidate, need [1, " + classes.size()
                            + "] for the classes " + classes + (classes.size() == 2 ? ", or [1, 1]" : ""));
                }
                float[] answer = new float[got];
                buffer.get(answer);
                return answer;
            }
        } finally {
            inputs.values().forEach(OnnxTensor::close);
        }
    }

    /** From the graph's output: checked, and never quite 0 or 1. */
    private double[] probabilities(float[] answer) {
        double[] p = new double[classes.size()];
        boolean logits = output.equals(LOGITS);
        if (answer.length == 1) {
            p[0] = logits ? 1 / (1 + Math.exp(-answer[0])) : answer[0];
            p[1] = 1 - p[0];
        } else {
            double most = Double.NEGATIVE_INFINITY;
            for (float value : answer) {
                most = Math.max(most, value);
            }
            double sum = 0;
            for (int k = 0; k < p.length; k++) {
                p[k] = logits ? Math.exp(answer[k] - most) : answer[k];
                sum += p[k];
            }
            if (logits) {
                for (int k = 0; k < p.length; k++) {
                    p[k] /= sum;
                }
            }
        }
        double sum = 0;
        for (double q : p) {
            if (!(q >= -1e-3 && q <= 1 + 1e-3)) {
                throw new IllegalArgumentException("onnx: output " + output + ": got " + Arrays.toString(answer)
                        + (logits ? ", need finite numbers" : ", need numbers from 0 to 1"));
            }
            sum += q;
        }
        if (Math.abs(sum - 1) > .01) {
            throw new IllegalArgumentException(
                    "onnx: output " + output + ": got " + Arrays.toString(answer) + " with the sum " + (float) sum
                            + ", need the sum 1; name the output logits if it is not normalised");
        }
        double kept = 0;
        for (int k = 0; k < p.length; k++) {
            p[k] = Math.max(LEAST, p[k]);
            kept += p[k];
        }
        for (int k = 0; k < p.length; k++) {
            p[k] /= kept;
        }
        return p;
    }

    /** What one thread works in. */
    private static final class Scratch {
        private final Form form;
        private final NetInput input = new NetInput();
        private final float[] features = new float[CutoutFeatures.count()];
        private final short[] images = new short[NetInput.IMAGES * NetInput.PIXELS];
        private final float[] stamps;
        private final FloatBuffer directStamps;
        private final FloatBuffer directFeatures;
        private float[] raw = new float[0];

        Scratch(Form form) {
            this.form = form;
            stamps = new float[form.planes * form.height * form.width];
            directStamps = direct(stamps.length);
            directFeatures = direct(Math.max(1, form.features));
        }

        /** @return whether there is anything to see */
        boolean measure(CutoutTriplet cutouts, double seeingPixels) {
            input.measure(cutouts, seeingPixels, features, images);
            if (form.planes == NetInput.PLANES) {
                NetInput.planes(images, stamps, 0);
                return any(images);
            }
            Stamp[] three = input.stamps();
            Arrays.fill(stamps, 0);
            boolean any = false;
            for (int i = 0; i < three.length; i++) {
                if (three[i].present) {
                    any = true;
                    copy(three[i], form.values == Values.RAW ? pixels(three[i], cutouts, i) : three[i].value, i);
                }
            }
            return any;
        }

        private static boolean any(short[] images) {
            for (short pixel : images) {
                if (pixel != NetInput.MASKED) {
                    return true;
                }
            }
            return false;
        }

        /** In the survey's unit. */
        private float[] pixels(Stamp stamp, CutoutTriplet cutouts, int which) {
            int size = stamp.width * stamp.height;
            if (raw.length < size) {
                raw = new float[size];
            }
            Cutout cutout = switch (which) {
                case 0 -> cutouts.science();
                case 1 -> cutouts.template();
                default -> cutouts.difference();
            };
            if (cutout != null) {
                cutout.copyTo(raw, 0);
                return raw;
            }
            // Science less template stands in for the difference.
            for (int i = 0; i < size; i++) {
                raw[i] = (float) (stamp.value[i] * stamp.sigma);
            }
            return raw;
        }

        private void copy(Stamp stamp, float[] from, int plane) {
            int height = form.height;
            int width = form.width;
            int left = stamp.width / 2 - width / 2;
            int low = stamp.height / 2 - height / 2;
            for (int y = Math.max(0, -low); y < height && y + low < stamp.height; y++) {
                for (int x = Math.max(0, -left); x < width && x + left < stamp.width; x++) {
                    float value = from[(y + low) * stamp.width + x + left];
                    if (!Float.isNaN(value)) {
                        int at = y * width + x;
                        stamps[plane * height * width + at] = form.values == Values.LOG
                                ? Math.copySign((float) Math.log1p(Math.abs(value)), value)
                                : value;
                        if (form.planes == 6) {
                            stamps[(3 + plane) * height * width + at] = 1;
                        }
                    }
                }
            }
        }
    }

    private static FloatBuffer direct(int size) {
        return ByteBuffer.allocateDirect(Float.BYTES * size)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }
}
