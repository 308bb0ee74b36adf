package org.skysieve.engine.learn;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The process that trains nets, started by {@link NetProcess}: reads {@code job} in a folder, leaves {@code result}
 * there, and tells its progress on standard output. It ends when its standard input does, that is with its parent,
 * however that died. All randomness is drawn in Java; one thread computes.
 */
public final class NetWorker {
    static final String JOB = "job";
    static final String RESULT = "result";

    /** Exit code of a training that ran away; its message is the last line on standard error. */
    static final int FAILED = 3;

    /** Exit code of a worker whose parent is gone. */
    static final int ORPHANED = 4;

    /** Steps over which the rate of Adam rises. */
    private static final int RISE = 30;

    /** Longest gradient that is followed. */
    private static final double LONGEST = 5;

    /** Weight of each step in the running mean of the weights. */
    private static final float FRESH = .03f;

    /** Share of the samples that lose one side to a mask, each time another: it says nothing of a candidate. */
    private static final double MASKED = .4;

    /** Pixels from the candidate that no such mask comes near. */
    private static final int SPARED = 9;

    private final NetJob job;
    private final TorchGradient torch;
    private final PrintStream progress;
    private final int[][] turns = turns();
    private final int rowStreak = CutoutFeatures.names().indexOf("diffRowStreak");
    private final int columnStreak = CutoutFeatures.names().indexOf("diffColumnStreak");
    private int trained;

    private NetWorker(NetJob job, TorchGradient torch, PrintStream progress) {
        this.job = job;
        this.torch = torch;
        this.progress = progress;
    }

    /** @param args the folder of the job */
    public static void main(String[] args) {
        // What libraries print must not be taken for progress.
        PrintStream progress = System.out;
        System.setOut(System.err);
        Thread lifeline = new Thread(NetWorker::endWithTheParent, "lifeline");
        lifeline.setDaemon(true);
        lifeline.start();
        try {
            Path folder = Path.of(args[0]);
            NetJob job;
            try (DataInputStream in =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(folder.resolve(JOB)), 1 << 16))) {
                job = NetJob.read(in);
            }
            NetJob.Result result;
            try (TorchGradient torch = new TorchGradient()) {
                result = new NetWorker(job, torch, progress).run();
            }
            Path part = folder.resolve(RESULT + ".part");
            try (DataOutputStream out =
                    new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(part), 1 << 16))) {
                result.write(out);
            }
            Files.move(part, folder.resolve(RESULT));
            progress.flush();
            Runtime.getRuntime().halt(0);
        } catch (IOException | RuntimeException | Error e) {
            e.printStackTrace();
            System.err.println(e.getMessage() == null ? e.toString() : e.getMessage());
            System.err.flush();
            Runtime.getRuntime().halt(FAILED);
        }
    }

    private static void endWithTheParent() {
        try (InputStream in = System.in) {
            while (in.read() >= 0) {
                // The parent writes nothing: this waits for its end.
            }
        } catch (IOException e) {
            // As good as the end.
        }
        Runtime.getRuntime().halt(ORPHANED);
    }

    private NetJob.Result run() {
        int classes = job.start().shape().classes();
        double[] outOfFold = new double[job.samples().size() * classes];
        Arrays.fill(outOfFold, Double.NaN);
        NetWeights last = job.start();
        for (int f = 0; f < job.folds(); f++) {
            int leftOut = f;
            last = train(IntStream.range(0, job.fold().length)
                    .filter(i -> job.fold()[i] != leftOut)
                    .toArray());
            int[] judged = IntStream.range(0, job.fold().length)
                    .filter(i -> job.fold()[i] == leftOut)
                    .toArray();
            float[] p = predict(last, judged);
            for (int i = 0; i < p.length; i++) {
                outOfFold[judged[i / classes] * classes + i % classes] = p[i];
            }
        }
        if (job.onAll()) {
            last = train(IntStream.range(0, job.fold().length).toArray());
        }
        int[] first = IntStream.range(0, Math.min(NetJob.CHECKED, job.samples().size()))
                .toArray();
        return new NetJob.Result(last, outOfFold, predict(last, first));
    }

    /** Trains on some of the samples, from the job's start. */
    private NetWeights train(int[] which) {
        NetOptions options = job.options();
        // The same for every fold: what differs between them is what they have seen.
        SplittableRandom random = new SplittableRandom(options.seed());
        NetWeights weights = job.start().copy();
        NetWeights mean = job.start().copy();
        Map<String, float[]> gradient = new LinkedHashMap<>();
        Map<String, float[]> first = new LinkedHashMap<>();
        Map<String, float[]> second = new LinkedHashMap<>();
        weights.shape().parameters().forEach((name, dimensions) -> {
            first.put(name, new float[NetWeights.size(dimensions)]);
            second.put(name, new float[NetWeights.size(dimensions)]);
        });
        double[] balance = balance(which);
        int[] order = which.clone();
        int steps = options.epochs() * ((which.length + options.batch() - 1) / options.batch());
        int step = 0;
        for (int epoch = 0; epoch < options.epochs(); epoch++) {
            shuffle(order, random);
            double sum = 0;
            int batches = 0;
            for (int from = 0; from < order.length; from += options.batch()) {
                int[] rows = Arrays.copyOfRange(order, from, Math.min(order.length, from + options.batch()));
                float[] targets = targets(rows, balance);
                float loss = torch.gradient(weights, batch(weights, rows, random), targets, gradient);
                if (!Float.isFinite(loss)) {
                    throw new IllegalStateException(
                            "training ran away: the loss is " + loss + " in epoch " + (epoch + 1));
                }
                sum += loss;
                batches++;
                double rate = options.rate() * rate(step, steps);
                step++;
                follow(weights, gradient, first, second, rate, step);
                remember(mean, weights, Math.max(FRESH, 1f / step));
            }
            progress.println(String.format(
                    Locale.ROOT,
                    "%.4f training %d epoch %d loss %.4f",
                    (trained + (epoch + 1.) / options.epochs()) / (job.folds() + (job.onAll() ? 1 : 0)),
                    trained + 1,
                    epoch + 1,
                    sum / batches));
            progress.flush();
        }
        trained++;
        if (!mean.isFinite()) {
            throw new IllegalStateException("training ran away: a weight is not finite");
        }
        return mean;
    }

    /** Share of the highest rate at a step: up along a line, down along a cosine. */
    private static double rate(int step, int steps) {
        double rise = Math.min(1, (step + 1.) / Math.min(RISE, Math.max(1, steps / 5)));
        return rise * (.02 + .98 * .5 * (1 + Math.cos(Math.PI * step / steps)));
    }

    /** Weight of each sample of the job: its own times its class's, which count the same together; mean 1. */
    private double[] balance(int[] which) {
        int classes = job.start().shape().classes();
        double[] byClass = new double[classes];
        for (int i : which) {
            TrainingSample sample = job.samples().get(i).sample();
            for (int k = 0; k < classes; k++) {
                byClass[k] += sample.weight() * sample.target()[k];
            }
        }
        double[] weights = new double[job.samples().size()];
        double sum = 0;
        for (int i : which) {
            TrainingSample sample = job.samples().get(i).sample();
            for (int k = 0; k < classes; k++) {
                if (byClass[k] > 0) {
                    weights[i] += sample.weight() * sample.target()[k] / byClass[k];
                }
            }
            sum += weights[i];
        }
        for (int i : which) {
            weights[i] *= which.length / sum;
        }
        return weights;
    }

    private float[] targets(int[] rows, double[] balance) {
        int classes = job.start().shape().classes();
        float[] targets = new float[rows.length * classes];
        for (int i = 0; i < rows.length; i++) {
            for (int k = 0; k < classes; k++) {
                targets[i * classes + k] = (float)
                        (balance[rows[i]] * job.samples().get(rows[i]).sample().target()[k]);
            }
        }
        return targets;
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = order[i];
            order[i] = order[j];
            order[j] = swap;
        }
    }

    /** The rows, each turned and mirrored at random, and masks of dropout. */
    private TorchGradient.Batch batch(NetWeights weights, int[] rows, SplittableRandom random) {
        NetShape shape = weights.shape();
        float[] images = new float[rows.length * NetInput.PLANES * NetInput.PIXELS];
        float[] metadata = new float[rows.length * shape.metadata()];
        short[] turned = new short[NetInput.IMAGES * NetInput.PIXELS];
        for (int i = 0; i < rows.length; i++) {
            NetSample sample = job.samples().get(rows[i]);
            int turn = random.nextInt(turns.length);
            turn(sample.images(), turned, turns[turn]);
            if (random.nextDouble() < MASKED) {
                mask(turned, random.nextInt(4), SPARED + random.nextInt(2 * (NetInput.SIDE / 2) - SPARED));
            }
            NetInput.planes(turned, images, i * NetInput.PLANES * NetInput.PIXELS);
            float[] features = sample.sample().features();
            if (turn >= 4 && Math.max(rowStreak, columnStreak) < features.length) {
                // These turns make rows of columns.
                features = features.clone();
                float swap = features[rowStreak];
                features[rowStreak] = features[columnStreak];
                features[columnStreak] = swap;
            }
            weights.metadata(features, metadata, i * shape.metadata());
        }
        return new TorchGradient.Batch(
                rows.length,
                images,
                metadata,
                keep(
                        rows.length * (shape.embedding() + shape.metadata()),
                        job.options().dropInput(),
                        random),
                keep(rows.length * shape.hidden(), job.options().dropHidden(), random));
    }

    /** A mask of dropout: 0 with probability {@code drop}, else what keeps the mean. */
    static float[] keep(int size, double drop, SplittableRandom random) {
        float[] mask = new float[drop > 0 ? size : 0];
        float kept = (float) (1 / (1 - drop));
        for (int i = 0; i < mask.length; i++) {
            mask[i] = random.nextDouble() < drop ? 0 : kept;
        }
        return mask;
    }

    private float[] predict(NetWeights weights, int[] which) {
        int classes = weights.shape().classes();
        float[] all = new float[which.length * classes];
        for (int from = 0; from < which.length; from += job.options().batch()) {
            int[] rows = Arrays.copyOfRange(
                    which, from, Math.min(which.length, from + job.options().batch()));
            float[] images = new float[rows.length * NetInput.PLANES * NetInput.PIXELS];
            float[] metadata = new float[rows.length * weights.shape().metadata()];
            for (int i = 0; i < rows.length; i++) {
                NetSample sample = job.samples().get(rows[i]);
                NetInput.planes(sample.images(), images, i * NetInput.PLANES * NetInput.PIXELS);
                weights.metadata(
                        sample.sample().features(),
                        metadata,
                        i * weights.shape().metadata());
            }
            float[] p = torch.probabilities(
                    weights, new TorchGradient.Batch(rows.length, images, metadata, new float[0], new float[0]));
            System.arraycopy(p, 0, all, from * classes, p.length);
        }
        return all;
    }

    /** One step of Adam, on the gradient and the pull back to the start. */
    private void follow(
            NetWeights weights,
            Map<String, float[]> gradient,
            Map<String, float[]> first,
            Map<String, float[]> second,
            double rate,
            int step) {
        double length2 = 0;
        for (String name : first.keySet()) {
            for (float value : of(gradient, name)) {
                length2 += (double) value * value;
            }
        }
        float scale = (float) Math.min(1, LONGEST / Math.sqrt(length2));
        float pull = (float) job.options().pull();
        float stepSize = (float) (rate * Math.sqrt(1 - Math.pow(.999, step)) / (1 - Math.pow(.9, step)));
        for (String name : first.keySet()) {
            float[] w = weights.valuesInternal(name);
            float[] start = job.start().valuesInternal(name);
            float[] g = of(gradient, name);
            float[] m = of(first, name);
            float[] v = of(second, name);
            for (int i = 0; i < w.length; i++) {
                float slope = scale * g[i] + pull * (w[i] - start[i]);
                m[i] = .9f * m[i] + .1f * slope;
                v[i] = .999f * v[i] + .001f * slope * slope;
                w[i] -= stepSize * m[i] / ((float) Math.sqrt(v[i]) + 1e-8f);
            }
        }
    }

    private static void remember(NetWeights mean, NetWeights weights, float fresh) {
        for (String name : weights.shape().parameters().keySet()) {
            float[] to = mean.valuesInternal(name);
            float[] from = weights.valuesInternal(name);
            for (int i = 0; i < to.length; i++) {
                to[i] += fresh * (from[i] - to[i]);
            }
        }
    }

    private static float[] of(Map<String, float[]> arrays, String name) {
        float[] array = arrays.get(name);
        if (array == null) {
            throw new IllegalStateException("net: no gradient of " + name);
        }
        return array;
    }

    private static void turn(short[] images, short[] turned, int[] turn) {
        for (int image = 0; image < NetInput.IMAGES; image++) {
            int from = image * NetInput.PIXELS;
            for (int i = 0; i < NetInput.PIXELS; i++) {
                turned[from + i] = images[from + turn[i]];
            }
        }
    }

    /**
     * Masks what lies so far out on one side.
     *
     * @param side of columns: 0 the first, 1 the last; of rows: 2 the first, 3 the last
     * @param from the first masked pixel, counted from the candidate
     */
    static void mask(short[] images, int side, int from) {
        int half = NetInput.SIDE / 2;
        for (int i = 0; i < images.length; i++) {
            int at = i % NetInput.PIXELS;
            int away = (side < 2 ? at % NetInput.SIDE : at / NetInput.SIDE) - half;
            // The last three images have half the resolution.
            int pixels = (side % 2 == 0 ? -away : away) * (i < NetInput.IMAGES / 2 * NetInput.PIXELS ? 1 : 2);
            if (pixels >= from) {
                images[i] = NetInput.MASKED;
            }
        }
    }

    /** The eight symmetries of the square, as the pixel that comes to each place; the last four swap rows and columns. */
    static int[][] turns() {
        List<int[]> all = new ArrayList<>();
        int last = NetInput.SIDE - 1;
        for (int swap = 0; swap < 2; swap++) {
            for (int flip = 0; flip < 4; flip++) {
                int[] turn = new int[NetInput.PIXELS];
                for (int y = 0; y <= last; y++) {
                    for (int x = 0; x <= last; x++) {
                        int fx = (flip & 1) == 0 ? x : last - x;
                        int fy = (flip & 2) == 0 ? y : last - y;
                        turn[y * NetInput.SIDE + x] = swap == 0 ? fy * NetInput.SIDE + fx : fx * NetInput.SIDE + fy;
                    }
                }
                all.add(turn);
            }
        }
        return all.toArray(int[][]::new);
    }
}
