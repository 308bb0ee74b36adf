package org.skysieve.engine.learn;

/**
 * A cutout net as ONNX: the whole of it as the file that is kept and handed out ({@link #whole}), and in two parts, as
 * it is served. The trunk turns {@code images} (rows x 12 x 31 x 31, see {@link NetInput}) into an
 * {@code embedding}. The head turns {@code embedding}, {@code metadata} and two dropout masks into {@code probabilities}
 * (not calibrated); it is separate so that Monte-Carlo dropout can repeat it alone. A mask holds 0 where a unit is
 * dropped and 1 / (1 - rate) where it is kept; ones leave the net as it is. Either the masks have one row for all
 * candidates' rows, or a single candidate meets as many masks as there are passes.
 */
final class OnnxExport {
    /** Names of the constants by which features are normalised. */
    static final String CENTER = "features.center";

    static final String SCALE = "features.scale";
    private static final String[] DENSE = {"dense.weight", "dense.bias", "answer.weight", "answer.bias"};

    private OnnxExport() {}

    static byte[] trunk(NetWeights weights) {
        NetShape shape = weights.shape();
        OnnxGraph graph = new OnnxGraph("cutout-net-trunk");
        graph.input("images", "rows", NetInput.PLANES, NetInput.SIDE, NetInput.SIDE);
        convolutions(graph, weights, "images");
        graph.output("embedding", "rows", shape.embedding());
        return graph.bytes();
    }

    private static void convolutions(OnnxGraph graph, NetWeights weights, String images) {
        String from = images;
        for (int pair = 0; pair < 3; pair++) {
            for (String half : new String[] {"a", "b"}) {
                String name = "conv" + pair + half;
                constant(graph, weights, name + ".weight");
                constant(graph, weights, name + ".bias");
                graph.node("Conv", name, from, name + ".weight", name + ".bias")
                        .ints("kernel_shape", 3, 3)
                        .ints("pads", 1, 1, 1, 1)
                        .add();
                graph.node("Relu", name + ".relu", name).add();
                from = name + ".relu";
            }
            graph.node("MaxPool", "pool" + pair, from)
                    .ints("kernel_shape", 2, 2)
                    .ints("strides", 2, 2)
                    .add();
            from = "pool" + pair;
        }
        graph.node("Flatten", "embedding", from).number("axis", 1).add();
    }

    static byte[] head(NetWeights weights) {
        NetShape shape = weights.shape();
        OnnxGraph graph = new OnnxGraph("cutout-net-head");
        graph.input("embedding", "rows", shape.embedding());
        graph.input("metadata", "rows", shape.metadata());
        graph.input("keepInput", "passes", shape.embedding() + shape.metadata());
        graph.input("keepHidden", "passes", shape.hidden());
        for (String name : DENSE) {
            constant(graph, weights, name);
        }
        graph.node("Concat", "seen", "embedding", "metadata").number("axis", 1).add();
        graph.node("Mul", "seen.kept", "seen", "keepInput").add();
        graph.node("Gemm", "dense", "seen.kept", "dense.weight", "dense.bias")
                .number("transB", 1)
                .add();
        graph.node("Relu", "dense.relu", "dense").add();
        graph.node("Mul", "dense.kept", "dense.relu", "keepHidden").add();
        graph.node("Gemm", "answer", "dense.kept", "answer.weight", "answer.bias")
                .number("transB", 1)
                .add();
        graph.node("Softmax", "probabilities", "answer").number("axis", 1).add();
        graph.output("probabilities", "passes", shape.classes());
        return graph.bytes();
    }

    /**
     * The whole net as one graph: {@code stamps} (rows x 12 x 31 x 31, see {@link NetInput}) and {@code features} as
     * they are measured, NaN where not, to calibrated {@code probabilities}. Its constants hold every weight by name.
     */
    static OnnxGraph whole(NetWeights weights, Calibration calibration) {
        NetShape shape = weights.shape();
        OnnxGraph graph = new OnnxGraph("cutout-net");
        graph.input(OutsideNet.STAMPS, "n", NetInput.PLANES, NetInput.SIDE, NetInput.SIDE);
        graph.input(OutsideNet.FEATURES, "n", shape.features());
        graph.constant(CENTER, weights.centerInternal(), shape.features());
        graph.constant(SCALE, weights.scaleInternal(), shape.features());
        graph.constant("features.least", new float[] {-NetWeights.MOST});
        graph.constant("features.most", new float[] {NetWeights.MOST});
        graph.constant("features.absent", new float[] {0});
        graph.node("IsNaN", "features.missing", OutsideNet.FEATURES).add();
        graph.node("Sub", "features.shifted", OutsideNet.FEATURES, CENTER).add();
        graph.node("Div", "features.scaled", "features.shifted", SCALE).add();
        graph.node("Clip", "features.cut", "features.scaled", "features.least", "features.most")
                .add();
        graph.node("Where", "features.value", "features.missing", "features.absent", "features.cut")
                .add();
        graph.node("Not", "features.there", "features.missing").add();
        graph.node("Cast", "features.flag", "features.there").number("to", 1).add();
        graph.node("Concat", "metadata", "features.value", "features.flag")
                .number("axis", 1)
                .add();
        convolutions(graph, weights, OutsideNet.STAMPS);
        for (String name : DENSE) {
            constant(graph, weights, name);
        }
        graph.node("Concat", "seen", "embedding", "metadata").number("axis", 1).add();
        graph.node("Gemm", "dense", "seen", "dense.weight", "dense.bias")
                .number("transB", 1)
                .add();
        graph.node("Relu", "dense.relu", "dense").add();
        graph.node("Gemm", "answer", "dense.relu", "answer.weight", "answer.bias")
                .number("transB", 1)
                .add();
        graph.node("Softmax", "uncalibrated", "answer").number("axis", 1).add();
        graph.constant("calibration.least", new float[] {(float) Calibration.LEAST});
        graph.constant("calibration.slope", floats(calibration.slopes()), shape.classes());
        graph.constant("calibration.offset", floats(calibration.offsets()), shape.classes());
        graph.node("Max", "calibration.cut", "uncalibrated", "calibration.least")
                .add();
        graph.node("Log", "calibration.log", "calibration.cut").add();
        // The logarithm of what is normalised again.
        graph.node("LogSoftmax", "calibration.share", "calibration.log")
                .number("axis", 1)
                .add();
        graph.node("Mul", "calibration.scaled", "calibration.share", "calibration.slope")
                .add();
        graph.node("Add", "calibrated", "calibration.scaled", "calibration.offset")
                .add();
        graph.node("Softmax", OutsideNet.PROBABILITIES, "calibrated")
                .number("axis", 1)
                .add();
        graph.output(OutsideNet.PROBABILITIES, "n", shape.classes());
        return graph;
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static void constant(OnnxGraph graph, NetWeights weights, String name) {
        int[] dimensions = weights.shape().parameters().get(name);
        if (dimensions == null) {
            throw new IllegalStateException("net: no weights " + name);
        }
        graph.constant(name, weights.valuesInternal(name), dimensions);
    }
}
