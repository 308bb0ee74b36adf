package org.skysieve.engine.learn;

import java.util.Map;

/** ONNX files as other people might write them. */
public final class OutsideNets {
    private OutsideNets() {}

    /** Two logits from the brightest pixel of the difference, in sigmas of its noise: real from about 5 on. */
    public static byte[] byBrightestPixel(Map<String, String> metadata) {
        OnnxGraph graph = new OnnxGraph("brightest");
        graph.input("stamps", "n", 3, 63, 63);
        graph.constant("weight", new float[] {0, 0, .3f, 0, 0, -.3f}, 2, 3);
        graph.constant("bias", new float[] {-1.5f, 1.5f}, 2);
        graph.node("GlobalMaxPool", "most", "stamps").add();
        graph.node("Flatten", "flat", "most").number("axis", 1).add();
        graph.node("Gemm", "logits", "flat", "weight", "bias")
                .number("transB", 1)
                .add();
        graph.output("logits", "n", 2);
        metadata.forEach(graph::metadata);
        return graph.bytes();
    }
}
