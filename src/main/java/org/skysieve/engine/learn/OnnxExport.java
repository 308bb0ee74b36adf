package org.skysieve.engine.learn;

/**
 * A cutout net as two ONNX graphs. The trunk turns {@code images} (rows x 12 x 31 x 31, see {@link NetInput}) into an
 * {@code embedding}. The head turns {@code embedding}, {@code metadata} and two dropout masks into {@code probabilities}
 * (not calibrated); it is separate so that Monte-Carlo dropout can repeat it alone. A mask holds 0 where a unit is
 * dropped and 1 / (1 - rate) where it is kept; ones leave the net as it is. Either the masks have one row for all
 * candidates' rows, or a single candidate meets as many masks as there are passes.
 */
final class OnnxExport {
    private OnnxExport() {}

    static byte[] trunk(NetWeights weights) {
        NetShape shape = weights.shape();
        OnnxGraph graph = new OnnxGraph("cutout-net-trunk");
        graph.input("images", "rows", NetInput.PLANES, NetInput.SIDE, NetInput.SIDE);
        String from = "images";
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
        graph.output("embedding", "rows", shape.embedding());
        return graph.bytes();
    }

    static byte[] head(NetWeights weights) {
        NetShape shape = weights.shape();
        OnnxGraph graph = new OnnxGraph("cutout-net-head");
        graph.input("embedding", "rows", shape.embedding());
        graph.input("metadata", "rows", shape.metadata());
        graph.input("keepInput", "passes", shape.embedding() + shape.metadata());
        graph.input("keepHidden", "passes", shape.hidden());
        for (String name : new String[] {"dense.weight", "dense.bias", "answer.weight", "answer.bias"}) {
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

    private static void constant(OnnxGraph graph, NetWeights weights, String name) {
        int[] dimensions = weights.shape().parameters().get(name);
        if (dimensions == null) {
            throw new IllegalStateException("net: no weights " + name);
        }
        graph.constant(name, weights.valuesInternal(name), dimensions);
    }
}
