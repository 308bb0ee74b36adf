package org.skysieve.engine.learn;

import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.image.CutoutTriplet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** The net as it is served, on random weights: ONNX against a slow reference. */
class CutoutNetTest {
    private static final NetShape SHAPE = new NetShape(4, 6, 8, CutoutFeatures.count(), 16, 2);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theExportedGraphsSayWhatTheSumsByHandSay(long seed) {
        NetWeights weights = weights(SHAPE, seed);
        CutoutNet net = net(weights, 0, 0);
        NetSample sample = sample(seed);

        double[] served = net.raw(sample);

        assertThat(served).containsExactly(slow(weights, sample), within(1e-5));
    }

    @Test
    void withoutDropoutThereIsNothingToLearn() {
        CutoutNet net = net(weights(SHAPE, 1), 0, 0);

        Scored scored = net.score(sample(1));

        assertThat(scored.epistemic()).isCloseTo(0, within(1e-7));
        double[] raw = net.raw(sample(1));
        assertThat(scored.aleatoric()).isCloseTo(-raw[0] * Math.log(raw[0]) - raw[1] * Math.log(raw[1]), within(1e-5));
    }

    @Test
    void dropoutChangesTheDoubtAndNotTheAnswer() {
        CutoutNet sure = net(weights(SHAPE, 1), 0, 0);
        CutoutNet unsure = net(weights(SHAPE, 1), .2, .5);

        Scored scored = unsure.score(sample(2));

        assertThat(scored.probabilities()).containsExactly(sure.score(sample(2)).probabilities(), within(1e-6));
        assertThat(scored.epistemic()).isBetween(1e-4, Math.log(2));
        assertThat(scored.epistemic() + scored.aleatoric()).isLessThanOrEqualTo(Math.log(2) + 1e-6);
        assertThat(unsure.score(sample(2)).epistemic()).isEqualTo(scored.epistemic());
    }

    @Test
    void masksOfDropoutKeepTheMean() {
        float[] mask = NetWorker.keep(200_000, .3, new SplittableRandom(1));

        double mean = 0;
        int dropped = 0;
        for (float value : mask) {
            mean += value / mask.length;
            dropped += value == 0 ? 1 : 0;
        }
        assertThat(mean).isCloseTo(1, within(.006));
        assertThat(dropped / (double) mask.length).isCloseTo(.3, within(.005));
    }

    @Test
    void savedAndLoadedItSaysTheSame() {
        CutoutNet net = net(weights(SHAPE, 4), .1, .3);
        byte[] saved = net.save();

        CutoutModel loaded = CutoutModel.load(saved);

        assertThat(loaded).isInstanceOf(CutoutNet.class);
        assertThat(loaded.save()).isEqualTo(saved);
        assertThat(loaded.provenance()).isEqualTo(net.provenance());
        CutoutTriplet cutouts = SyntheticCutouts.real(63, 2.5, 20, new SplittableRandom(1));
        assertThat(loaded.score(cutouts, "ztf", Double.NaN).probabilities())
                .isEqualTo(net.score(cutouts, "ztf", Double.NaN).probabilities());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 40, 400})
    void aFileCutShortIsRefused(int length) {
        byte[] saved = net(weights(SHAPE, 4), .1, .3).save();

        assertThatThrownBy(() -> CutoutModel.load(Arrays.copyOf(saved, length)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot read");
    }

    /** Any ONNX Runtime gives calibrated probabilities from the file alone, without knowing of its metadata. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theFileIsTheWholeNet(long seed) throws OrtException {
        NetWeights weights = weights(SHAPE, seed);
        Calibration calibration = Calibration.of(new double[] {1.7, .6}, new double[] {.3, -.2});
        CutoutNet net = new CutoutNet(
                List.of("real", "bogus"),
                weights,
                .1,
                .3,
                calibration,
                net(weights, 0, 0).provenance());
        NetSample sample = sample(seed);
        sample.sample().features()[3] = Float.NaN;
        float[] planes = new float[NetInput.PLANES * NetInput.PIXELS];
        NetInput.planes(sample.images(), planes, 0);

        OrtEnvironment runtime = OnnxRuntimes.environment();
        float[] said = new float[2];
        try (OrtSession session = runtime.createSession(net.save());
                OnnxTensor stamps = OnnxTensor.createTensor(
                        runtime, FloatBuffer.wrap(planes), new long[] {1, NetInput.PLANES, NetInput.SIDE, NetInput.SIDE
                        });
                OnnxTensor features = OnnxTensor.createTensor(
                        runtime, FloatBuffer.wrap(sample.sample().features()), new long[] {1, CutoutFeatures.count()});
                OrtSession.Result result = session.run(Map.of("stamps", stamps, "features", features))) {
            ((OnnxTensor) result.get("probabilities").orElseThrow())
                    .getFloatBuffer()
                    .get(said);
            assertThat(session.getMetadata().getCustomMetadata()).containsEntry("classes", "real,bogus");
        }

        double[] expected = net.answer(sample);
        assertThat((double) said[0]).isCloseTo(expected[0], within(1e-5));
        assertThat((double) said[1]).isCloseTo(expected[1], within(1e-5));
    }

    /** Retrained or edited elsewhere: its graph counts, not what we once wrote into its metadata. */
    @Test
    void anAlteredFileIsAnybodysNet() {
        CutoutNet net = net(weights(SHAPE, 4), .1, .3);
        OnnxGraph graph = OnnxExport.whole(net.weights(), Calibration.none(2));
        OnnxFile.read(net.save()).metadata().forEach(graph::metadata);
        graph.metadata("edited by", "Vera");
        CutoutTriplet cutouts = SyntheticCutouts.real(63, 2.5, 20, new SplittableRandom(1));

        CutoutModel loaded = CutoutModel.load(graph.bytes());

        assertThat(loaded).isInstanceOf(OutsideNet.class);
        assertThat(loaded.score(cutouts, "ztf", Double.NaN).probabilities())
                .containsExactly(net.score(cutouts, "ztf", Double.NaN).probabilities(), within(1e-5));
        assertThatThrownBy(() -> CutoutNet.load(graph.bytes())).hasMessageContaining("altered");
    }

    @Test
    void aWeightThatIsNoNumberIsRefused() {
        NetWeights weights = weights(SHAPE, 1);
        weights.valuesInternal("dense.bias")[3] = Float.NaN;
        byte[] saved = net(weights, 0, 0).save();

        assertThatThrownBy(() -> CutoutNet.load(saved)).hasMessageContaining("finite");
    }

    @Test
    void withoutAnyImageEitherIsAsLikely() {
        Scored scored = net(weights(SHAPE, 1), .2, .5).score(new CutoutTriplet(null, null, null), "ztf", Double.NaN);

        assertThat(scored.probabilities()).containsExactly(.5, .5);
        assertThat(scored.uncertainty()).isEqualTo(1);
    }

    @Test
    void severalThreadsGetTheSameAnswers() {
        CutoutNet net = net(weights(SHAPE, 7), .2, .5);
        List<NetSample> samples = java.util.stream.LongStream.range(0, 40)
                .mapToObj(CutoutNetTest::sample)
                .toList();
        List<Double> alone =
                samples.stream().map(s -> net.score(s).probabilities()[0]).toList();

        List<Double> together = samples.parallelStream()
                .map(s -> net.score(s).probabilities()[0])
                .toList();

        assertThat(together).isEqualTo(alone);
    }

    @Test
    void featuresAreNormalisedCutAndMasked() {
        NetShape shape = new NetShape(1, 1, 1, 2, 1, 2);
        NetWeights weights = NetWeights.random(
                shape,
                java.util.stream.IntStream.rangeClosed(-100, 100)
                        .mapToObj(i -> new float[] {i, Float.NaN})
                        .toList(),
                1);
        float[] metadata = new float[4];

        weights.metadata(new float[] {34, Float.NaN}, metadata, 0);
        assertThat(metadata[0]).isCloseTo(.5f, within(.01f));
        assertThat(metadata).endsWith(0, 1, 0);
        weights.metadata(new float[] {-1e9f, 0}, metadata, 0);
        assertThat(metadata[0]).isEqualTo(-4);
    }

    @Test
    void aLongCommandLineIsRefusedBeforeItCrashes() {
        OnnxRuntimes.check(OnnxRuntimes.LONGEST_COMMAND_LINE);
        assertThatThrownBy(() -> OnnxRuntimes.check(OnnxRuntimes.LONGEST_COMMAND_LINE + 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("3901 bytes");
        Path own = Path.of("/proc/self/cmdline");
        assertThat(OnnxRuntimes.commandLine(own) > 0).isEqualTo(Files.isReadable(own));
        assertThat(OnnxRuntimes.commandLine(Path.of("/nowhere"))).isZero();
    }

    /** Random weights, biases too. */
    static NetWeights weights(NetShape shape, long seed) {
        NetWeights weights = NetWeights.random(shape, List.of(), seed);
        SplittableRandom random = new SplittableRandom(seed + 100);
        for (Map.Entry<String, int[]> parameter : shape.parameters().entrySet()) {
            if (parameter.getValue().length == 1) {
                float[] bias = weights.valuesInternal(parameter.getKey());
                for (int i = 0; i < bias.length; i++) {
                    bias[i] = (float) (.1 * random.nextGaussian());
                }
            }
        }
        return weights;
    }

    static CutoutNet net(NetWeights weights, double dropInput, double dropHidden) {
        return new CutoutNet(
                List.of("real", "bogus"),
                weights,
                dropInput,
                dropHidden,
                Calibration.none(2),
                new Provenance("made up", Map.of(), Map.of(), "test", 1, Instant.EPOCH, List.of(), Map.of()));
    }

    static NetSample sample(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean real = random.nextBoolean();
        return CutoutNet.sample(
                seed,
                real ? SyntheticCutouts.real(63, 2.5, 15, random) : SyntheticCutouts.dipole(63, 2.5, 15, random),
                "ztf",
                Double.NaN,
                real ? new double[] {1, 0} : new double[] {0, 1},
                1,
                TrainingSample.Source.GOLD);
    }

    /** The net by its definition, in double precision. */
    private static double[] slow(NetWeights weights, NetSample sample) {
        NetShape shape = weights.shape();
        float[] planes = new float[NetInput.PLANES * NetInput.PIXELS];
        NetInput.planes(sample.images(), planes, 0);
        double[] x = new double[planes.length];
        Arrays.setAll(x, i -> planes[i]);
        int channels = NetInput.PLANES;
        int side = NetInput.SIDE;
        for (int pair = 0; pair < 3; pair++) {
            for (String half : new String[] {"a", "b"}) {
                x = convolve(
                        x,
                        channels,
                        side,
                        weights.valuesInternal("conv" + pair + half + ".weight"),
                        weights.valuesInternal("conv" + pair + half + ".bias"));
                channels = shape.channels(pair);
            }
            x = pool(x, channels, side);
            side /= 2;
        }
        float[] metadata = new float[shape.metadata()];
        weights.metadata(sample.sample().features(), metadata, 0);
        double[] seen = Arrays.copyOf(x, x.length + metadata.length);
        for (int i = 0; i < metadata.length; i++) {
            seen[x.length + i] = metadata[i];
        }
        double[] hidden = dense(seen, weights, "dense");
        Arrays.setAll(hidden, i -> Math.max(0, hidden[i]));
        double[] answer = dense(hidden, weights, "answer");
        double sum = Math.exp(answer[0]) + Math.exp(answer[1]);
        return new double[] {Math.exp(answer[0]) / sum, Math.exp(answer[1]) / sum};
    }

    private static double[] convolve(double[] x, int channels, int side, float[] weight, float[] bias) {
        double[] y = new double[bias.length * side * side];
        for (int to = 0; to < bias.length; to++) {
            for (int row = 0; row < side; row++) {
                for (int column = 0; column < side; column++) {
                    double sum = bias[to];
                    for (int from = 0; from < channels; from++) {
                        for (int k = 0; k < 9; k++) {
                            int r = row + k / 3 - 1;
                            int c = column + k % 3 - 1;
                            if (r >= 0 && c >= 0 && r < side && c < side) {
                                sum += weight[(to * channels + from) * 9 + k] * x[from * side * side + r * side + c];
                            }
                        }
                    }
                    y[to * side * side + row * side + column] = Math.max(0, sum);
                }
            }
        }
        return y;
    }

    private static double[] pool(double[] x, int channels, int side) {
        int half = side / 2;
        double[] y = new double[channels * half * half];
        for (int i = 0; i < y.length; i++) {
            int from = i / (half * half) * side * side + 2 * (i / half % half) * side + 2 * (i % half);
            y[i] = Math.max(Math.max(x[from], x[from + 1]), Math.max(x[from + side], x[from + side + 1]));
        }
        return y;
    }

    private static double[] dense(double[] x, NetWeights weights, String name) {
        float[] weight = weights.valuesInternal(name + ".weight");
        float[] bias = weights.valuesInternal(name + ".bias");
        double[] y = new double[bias.length];
        for (int to = 0; to < y.length; to++) {
            y[to] = bias[to];
            for (int from = 0; from < x.length; from++) {
                y[to] += weight[to * x.length + from] * x[from];
            }
        }
        return y;
    }
}
