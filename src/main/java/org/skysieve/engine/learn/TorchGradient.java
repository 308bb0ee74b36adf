package org.skysieve.engine.learn;

import java.util.LinkedHashMap;
import java.util.Map;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.pooling.Pool;
import ai.djl.training.GradientCollector;

/**
 * A cutout net in PyTorch: what it answers to a batch, and in which direction its weights would do better. Holds no
 * state there: every call brings the weights (half a megabyte, nothing beside the convolutions) and frees all that it
 * made, so native memory cannot grow. Only for the worker process: it loads libtorch.
 */
final class TorchGradient implements AutoCloseable {
    private static final Shape ONE = new Shape(1, 1);
    private static final Shape TWO = new Shape(2, 2);
    private static final Shape NONE = new Shape(0, 0);

    private final Engine engine = Engine.getEngine("PyTorch");
    private final NDManager manager = engine.newBaseManager(Device.cpu());

    /**
     * Rows of a batch.
     *
     * @param images {@code [row][PLANES][SIDE][SIDE]}
     * @param metadata {@code [row][metadata]}
     * @param keepInput dropout of what enters the head; empty for none
     * @param keepHidden dropout of the hidden layer; empty for none
     */
    record Batch(int rows, float[] images, float[] metadata, float[] keepInput, float[] keepHidden) {}

    /** @return probabilities, {@code [row * classes + class]} */
    float[] probabilities(NetWeights weights, Batch batch) {
        try (NDManager scratch = manager.newSubManager()) {
            return forward(scratch, parameters(scratch, weights), weights.shape(), batch)
                    .softmax(1)
                    .toFloatArray();
        }
    }

    /**
     * The gradient of the mean cross-entropy.
     *
     * @param targets {@code [row * classes + class]}, each row's distribution times its weight
     * @param gradient by name, as {@link NetShape#parameters}; written
     * @return the loss, nats
     */
    float gradient(NetWeights weights, Batch batch, float[] targets, Map<String, float[]> gradient) {
        NetShape shape = weights.shape();
        try (NDManager scratch = manager.newSubManager()) {
            Map<String, NDArray> parameters = parameters(scratch, weights);
            parameters.values().forEach(array -> array.setRequiresGradient(true));
            NDArray wanted = scratch.create(targets, new Shape(batch.rows, shape.classes()));
            float loss;
            try (GradientCollector collector = engine.newGradientCollector()) {
                NDArray mean = forward(scratch, parameters, shape, batch)
                        .logSoftmax(1)
                        .mul(wanted)
                        .sum()
                        .mul(-1f / batch.rows);
                collector.backward(mean);
                loss = mean.getFloat();
            }
            parameters.forEach((name, array) -> {
                try (NDArray slope = array.getGradient()) {
                    gradient.put(name, slope.toFloatArray());
                }
            });
            return loss;
        }
    }

    private static Map<String, NDArray> parameters(NDManager scratch, NetWeights weights) {
        Map<String, NDArray> arrays = new LinkedHashMap<>();
        weights.shape().parameters().forEach((name, dimensions) -> {
            long[] sizes = new long[dimensions.length];
            for (int i = 0; i < sizes.length; i++) {
                sizes[i] = dimensions[i];
            }
            arrays.put(name, scratch.create(weights.valuesInternal(name), new Shape(sizes)));
        });
        return arrays;
    }

    private static NDArray forward(NDManager scratch, Map<String, NDArray> weights, NetShape shape, Batch batch) {
        NDArray x = scratch.create(batch.images, new Shape(batch.rows, NetInput.PLANES, NetInput.SIDE, NetInput.SIDE));
        for (int pair = 0; pair < 3; pair++) {
            for (String half : new String[] {"a", "b"}) {
                String name = "conv" + pair + half;
                x = Activation.relu(
                        Conv2d.conv2d(x, of(weights, name + ".weight"), of(weights, name + ".bias"), ONE, ONE)
                                .singletonOrThrow());
            }
            x = Pool.maxPool2d(x, TWO, TWO, NONE, false);
        }
        int seen = shape.embedding() + shape.metadata();
        x = x.reshape(batch.rows, shape.embedding());
        if (shape.metadata() > 0) {
            NDArray metadata = scratch.create(batch.metadata, new Shape(batch.rows, shape.metadata()));
            x = x.concat(metadata, 1);
        }
        if (batch.keepInput.length > 0) {
            x = x.mul(scratch.create(batch.keepInput, new Shape(batch.rows, seen)));
        }
        x = Activation.relu(linear(x, weights, "dense"));
        if (batch.keepHidden.length > 0) {
            x = x.mul(scratch.create(batch.keepHidden, new Shape(batch.rows, shape.hidden())));
        }
        return linear(x, weights, "answer");
    }

    private static NDArray linear(NDArray x, Map<String, NDArray> weights, String name) {
        NDList out = Linear.linear(x, of(weights, name + ".weight"), of(weights, name + ".bias"));
        return out.singletonOrThrow();
    }

    private static NDArray of(Map<String, NDArray> weights, String name) {
        NDArray array = weights.get(name);
        if (array == null) {
            throw new IllegalStateException("net: no weights " + name);
        }
        return array;
    }

    @Override
    public void close() {
        manager.close();
    }
}
