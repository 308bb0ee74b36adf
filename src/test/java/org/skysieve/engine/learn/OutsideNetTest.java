package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

/** Nets of other people: what they are given, what is made of their answers, and what is refused in words. */
class OutsideNetTest {
    private static final CutoutTriplet CUTOUTS = SyntheticCutouts.real(63, 2.5, 20, new SplittableRandom(1));

    @Test
    void itsAnswerIsTakenAsItIs() {
        CutoutModel net = CutoutModel.load(
                OutsideNets.byBrightestPixel(Map.of("stamps.values", "sigma", "classes", "real,bogus")));

        Scored scored = net.score(CUTOUTS, "ztf", Double.NaN);

        double logit = .3 * Arrays.stream(sigmas(CUTOUTS.difference())).max().orElse(0) - 1.5;
        double p = 1 / (1 + Math.exp(-2 * logit));
        assertThat(net).isInstanceOf(OutsideNet.class);
        assertThat(scored.probabilities()).containsExactly(new double[] {p, 1 - p}, within(1e-5));
        assertThat(scored.epistemic()).isZero();
        assertThat(scored.aleatoric()).isCloseTo(-p * Math.log(p) - (1 - p) * Math.log(1 - p), within(1e-4));
    }

    @Test
    void itIsKeptAsItCame() {
        byte[] file = OutsideNets.byBrightestPixel(Map.of("description", "the brightest pixel", "made by", "Vera"));

        CutoutModel net = CutoutModel.load(file);

        assertThat(net.save()).isEqualTo(file);
        assertThat(net.classes()).containsExactly("real", "bogus");
        assertThat(net.provenance().description()).isEqualTo("the brightest pixel");
        assertThat(net.provenance().settings())
                .containsEntry("kind", "outside net")
                .containsEntry("made by", "Vera")
                .containsEntry("input", "log 3 x 63 x 63");
    }

    @ParameterizedTest
    @ValueSource(strings = {"log", "sigma", "raw"})
    void pixelsComeAsItAsksForThem(String values) {
        for (int plane = 0; plane < 3; plane++) {
            double given = onePixel(plane, 63, values, CUTOUTS);

            Cutout cutout = List.of(CUTOUTS.science(), CUTOUTS.template(), CUTOUTS.difference())
                    .get(plane);
            double sigma = sigmas(cutout)[31 * 63 + 31];
            double expected = switch (values) {
                case "log" -> Math.signum(sigma) * Math.log(1 + Math.abs(sigma));
                case "sigma" -> sigma;
                default -> cutout.at(31, 31);
            };
            assertThat(given).isCloseTo(expected, within(1e-3 * (1 + Math.abs(expected))));
        }
    }

    /** The middle stays in the middle, whatever the size of the stamp and of the net's input. */
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 21, 63, 64, 80})
    void stampsOfAnySizeAreCentred(int side) {
        float[] pixels = new float[41 * 41];
        Arrays.fill(pixels, 3);
        pixels[20 * 41 + 20] = 7;
        pixels[0] = Float.NaN;
        Cutout cutout = new Cutout(41, 41, pixels);

        assertThat(onePixel(2, side, "raw", new CutoutTriplet(cutout, cutout, cutout)))
                .isCloseTo(7, within(1e-4));
    }

    @Test
    void masksSayWhereThereArePixels() {
        float[] pixels = new float[21 * 21];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 5;
        }
        pixels[3] = Float.NaN;
        CutoutTriplet cutouts = new CutoutTriplet(null, null, new Cutout(21, 21, pixels));

        // Of the mean of a mask, 63 pixels a side.
        double[] mean = means(6, cutouts);

        assertThat(mean[3]).isZero();
        assertThat(mean[4]).isZero();
        assertThat(mean[5]).isCloseTo((21. * 21 - 1) / (63 * 63), within(1e-5));
    }

    @Test
    void featuresComeAsTheyAreMeasured() {
        OnnxGraph graph = new OnnxGraph("features");
        graph.input("stamps", "n", 3, 63, 63);
        graph.input("features", "n", 2);
        graph.constant("weight", new float[] {.1f, .2f}, 1, 2);
        graph.node("Gemm", "logits", "features", "weight").number("transB", 1).add();
        graph.output("logits", "n", 1);

        Scored scored = CutoutModel.load(graph.bytes()).score(CUTOUTS, "ztf", Double.NaN);

        float[] features = new CutoutFeatures().extract(CUTOUTS, Double.NaN);
        double p = 1 / (1 + Math.exp(-.1 * features[0] - .2 * features[1]));
        // Never quite 0 or 1, as surely as it may be said.
        assertThat(scored.probabilities()[0]).isCloseTo(Math.min(p, 1 - 1e-6), within(1e-6));
    }

    @Test
    void whatShowsNothingIsNotAskedAbout() {
        CutoutModel net = CutoutModel.load(OutsideNets.byBrightestPixel(Map.of()));

        assertThat(net.score(new CutoutTriplet(null, null, null), "ztf", Double.NaN)
                        .probabilities())
                .containsExactly(.5, .5);
    }

    @Test
    void severalThreadsGetTheSameAnswers() {
        CutoutModel net = CutoutModel.load(OutsideNets.byBrightestPixel(Map.of()));
        List<CutoutTriplet> many = Stream.iterate(1L, seed -> seed + 1)
                .limit(20)
                .map(seed -> SyntheticCutouts.real(63, 2.5, seed, new SplittableRandom(seed)))
                .toList();
        List<Double> alone = many.stream()
                .map(one -> net.score(one, "ztf", Double.NaN).probabilities()[0])
                .toList();

        assertThat(many.parallelStream()
                        .map(one -> net.score(one, "ztf", Double.NaN).probabilities()[0])
                        .toList())
                .isEqualTo(alone);
    }

    @ParameterizedTest
    @MethodSource("unfit")
    void whatDoesNotFitIsNamed(Consumer<OnnxGraph> make, String words) {
        OnnxGraph graph = new OnnxGraph("unfit");
        make.accept(graph);

        assertThatThrownBy(() -> CutoutModel.load(graph.bytes()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(words);
    }

    private static Stream<Arguments> unfit() {
        return Stream.of(
                unfit("input images: unknown", g -> plain(g, "images", "logits", 2, 3, 63, 63)),
                unfit("need float [n, 3 or 6, height, width]", g -> plain(g, "stamps", "logits", 2, 63, 63, 3)),
                unfit("input stamps: got float [-1, 3969]", g -> plain(g, "stamps", "logits", 2, 3969)),
                unfit("[-1, 3, 300, 63]", g -> plain(g, "stamps", "logits", 2, 3, 300, 63)),
                unfit("[-1, 12, 63, 63]", g -> plain(g, "stamps", "logits", 2, 12, 63, 63)),
                unfit("output: got [softmax], need one named", g -> plain(g, "stamps", "softmax", 2, 3, 63, 63)),
                unfit("got [1, 3] for one candidate, need [1, 2]", g -> plain(g, "stamps", "logits", 3, 3, 63, 63)),
                unfit("name the output logits", g -> plain(g, "stamps", "probabilities", 2, 3, 63, 63)),
                unfit("input stamps: it is missing", g -> {
                    g.input("features", "n", 4);
                    g.node("Flatten", "logits", "features").number("axis", 1).add();
                    g.output("logits", "n", 4);
                }),
                unfit("input features: got float [-1, 57], need [n, 1 to 56]", g -> {
                    plain(g, "stamps", "logits", 2, 3, 63, 63);
                    g.input("features", "n", 57);
                }),
                unfit("metadata stamps.values: got \"asinh\", need log, sigma or raw", g -> {
                    plain(g, "stamps", "logits", 2, 3, 63, 63);
                    g.metadata("stamps.values", "asinh");
                }),
                unfit("metadata classes: got \"real\"", g -> {
                    plain(g, "stamps", "logits", 2, 3, 63, 63);
                    g.metadata("classes", "real");
                }),
                unfit("need [1, 3] for the classes [a, b, c]", g -> {
                    plain(g, "stamps", "logits", 2, 3, 63, 63);
                    g.metadata("classes", "a, b, c");
                }),
                unfit("ONNX Runtime does not take it", g -> {
                    g.input("stamps", "n", 3, 63, 63);
                    g.node("Wish", "logits", "stamps").add();
                    g.output("logits", "n", 2);
                }));
    }

    private static Arguments unfit(String words, Consumer<OnnxGraph> make) {
        return Arguments.of(make, words);
    }

    /** Zeros whatever comes. */
    private static void plain(OnnxGraph graph, String input, String output, int classes, int... dimensions) {
        int size = NetWeights.size(dimensions);
        graph.input(input, "n", dimensions);
        graph.constant("weight", new float[classes * size], classes, size);
        graph.node("Flatten", "flat", input).number("axis", 1).add();
        graph.node("Gemm", output, "flat", "weight").number("transB", 1).add();
        graph.output(output, "n", classes);
    }

    @Test
    void weightsInOtherFilesAndLoopsAreNotTaken() {
        // ModelProto { ir_version 8, graph { initializer { external_data {} } } }
        byte[] elsewhere = {8, 8, 0x3a, 4, 0x2a, 2, 0x6a, 0};
        // ... graph { node { op_type "Loop" } }
        byte[] loop = {8, 8, 0x3a, 8, 0x0a, 6, 0x22, 4, 'L', 'o', 'o', 'p'};

        assertThatThrownBy(() -> CutoutModel.load(elsewhere)).hasMessageContaining("another file are not taken");
        assertThatThrownBy(() -> CutoutModel.load(loop)).hasMessageContaining("the operator Loop is not taken");
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 10, 50, 200})
    void aFileCutShortIsRefused(int length) {
        byte[] file = OutsideNets.byBrightestPixel(Map.of());

        assertThatThrownBy(() -> CutoutModel.load(Arrays.copyOf(file, length)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot read");
    }

    /** What the net is given for the middle pixel, through the logit that it answers with. */
    private static double onePixel(int plane, int side, String values, CutoutTriplet cutouts) {
        OnnxGraph graph = new OnnxGraph("one pixel");
        graph.input("stamps", "n", 3, side, side);
        float[] weight = new float[3 * side * side];
        weight[plane * side * side + side / 2 * side + side / 2] = 1e-3f;
        graph.constant("weight", weight, 1, weight.length);
        graph.node("Flatten", "flat", "stamps").number("axis", 1).add();
        graph.node("Gemm", "logits", "flat", "weight").number("transB", 1).add();
        graph.output("logits", "n", 1);
        graph.metadata("stamps.values", values);
        double p = CutoutModel.load(graph.bytes())
                .score(cutouts, "ztf", Double.NaN)
                .probabilities()[0];
        return 1000 * Math.log(p / (1 - p));
    }

    private static double[] means(int planes, CutoutTriplet cutouts) {
        double[] means = new double[planes];
        for (int plane = 0; plane < planes; plane++) {
            OnnxGraph graph = new OnnxGraph("mean");
            graph.input("stamps", "n", planes, 63, 63);
            float[] weight = new float[planes];
            weight[plane] = 1;
            graph.constant("weight", weight, 1, planes);
            graph.node("GlobalAveragePool", "mean", "stamps").add();
            graph.node("Flatten", "flat", "mean").number("axis", 1).add();
            graph.node("Gemm", "logits", "flat", "weight").number("transB", 1).add();
            graph.output("logits", "n", 1);
            double p = CutoutModel.load(graph.bytes())
                    .score(cutouts, "ztf", Double.NaN)
                    .probabilities()[0];
            means[plane] = Math.log(p / (1 - p));
        }
        return means;
    }

    /** By the definition. */
    private static double[] sigmas(Cutout cutout) {
        double[] pixels = new double[cutout.width() * cutout.height()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = cutout.at(i % cutout.width(), i / cutout.width());
        }
        double median = median(pixels);
        double sigma = 1.4826
                * median(Arrays.stream(pixels).map(x -> Math.abs(x - median)).toArray());
        return Arrays.stream(pixels).map(x -> (x - median) / sigma).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
