package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Everything that a cutout net has learned: the arrays that {@link NetShape#parameters} names, and by which centre and
 * scale each measured feature is taken. Immutable but for {@link #valuesInternal}.
 */
final class NetWeights {
    /** Normalised features are cut here: one wild feature is not to drown the others. */
    static final float MOST = 4;

    private final NetShape shape;
    private final float[] center;
    private final float[] scale;
    private final Map<String, float[]> values = new LinkedHashMap<>();

    private NetWeights(NetShape shape, float[] center, float[] scale) {
        this.shape = shape;
        this.center = center;
        this.scale = scale;
    }

    /**
     * Random weights to begin with: normal with variance 2 / inputs (He et al. 2015, arXiv:1502.01852), biases 0.
     * Centre and scale of each feature are its median and half the distance of its 16th and 84th percentile.
     *
     * @param rows feature vectors of typical candidates, to normalise by
     */
    static NetWeights random(NetShape shape, List<float[]> rows, long seed) {
        float[] center = new float[shape.features()];
        float[] scale = new float[shape.features()];
        Arrays.fill(scale, 1);
        for (int f = 0; f < shape.features(); f++) {
            int feature = f;
            double[] sorted = rows.stream()
                    .mapToDouble(row -> row[feature])
                    .filter(value -> !Double.isNaN(value))
                    .sorted()
                    .toArray();
            if (sorted.length > 0) {
                center[f] = (float) sorted[sorted.length / 2];
                double spread =
                        (sorted[(int) (.84 * (sorted.length - 1))] - sorted[(int) (.16 * (sorted.length - 1))]) / 2;
                // Most candidates agree on some features (no masked pixel): the few others are what they are there for.
                scale[f] = (float) Math.max(spread, 1e-3 + .1 * (sorted[sorted.length - 1] - sorted[0]));
            }
        }
        NetWeights weights = new NetWeights(shape, center, scale);
        SplittableRandom random = new SplittableRandom(seed);
        shape.parameters().forEach((name, dimensions) -> {
            int size = size(dimensions);
            float[] array = new float[size];
            if (dimensions.length > 1) {
                double sigma = Math.sqrt(2. * dimensions[0] / size);
                for (int i = 0; i < size; i++) {
                    array[i] = (float) (sigma * random.nextGaussian());
                }
            }
            weights.values.put(name, array);
        });
        return weights;
    }

    /** Of each feature; not to be written. */
    float[] centerInternal() {
        return center;
    }

    /** Of each feature; not to be written. */
    float[] scaleInternal() {
        return scale;
    }

    /**
     * From arrays by name, such as another file format holds.
     *
     * @throws IllegalArgumentException naming an array that is missing, has another size or holds no finite number
     */
    static NetWeights of(NetShape shape, float[] center, float[] scale, Function<String, float[]> arrays) {
        NetWeights weights = new NetWeights(
                shape, finite("center", shape.features(), center), finite("scale", shape.features(), scale));
        shape.parameters()
                .forEach((name, dimensions) ->
                        weights.values.put(name, finite(name, size(dimensions), arrays.apply(name))));
        return weights;
    }

    private static float[] finite(String name, int size, float[] array) {
        if (array.length != size) {
            throw new IllegalArgumentException("net: got " + array.length + " values for " + name + ", need " + size);
        }
        for (float value : array) {
            if (!Float.isFinite(value)) {
                throw new IllegalArgumentException("net: got " + value + " in " + name + ", need a finite number");
            }
        }
        return array;
    }

    NetShape shape() {
        return shape;
    }

    /** The array itself, for this package's loops: to be written by training alone. */
    float[] valuesInternal(String name) {
        float[] array = values.get(name);
        if (array == null) {
            throw new IllegalArgumentException("net: no weights " + name);
        }
        return array;
    }

    NetWeights copy() {
        NetWeights copy = new NetWeights(shape, center, scale);
        values.forEach((name, array) -> copy.values.put(name, array.clone()));
        return copy;
    }

    /** Whether no weight has run away. */
    boolean isFinite() {
        for (float[] array : values.values()) {
            for (float value : array) {
                if (!Float.isFinite(value)) {
                    return false;
                }
            }
        }
        return true;
    }

    /**
     * A candidate's measured features as the head takes them: {@code (value - centre) / scale} cut at 4 or 0 where not
     * measured, then for each 1 where it is measured.
     *
     * @param features at least as many as the net knows; later ones are left out
     */
    void metadata(float[] features, float[] target, int from) {
        int count = shape.features();
        if (features.length < count) {
            throw new IllegalArgumentException("net: got " + features.length + " features, need " + count);
        }
        for (int f = 0; f < count; f++) {
            boolean there = !Float.isNaN(features[f]);
            float z = there ? (features[f] - center[f]) / scale[f] : 0;
            target[from + f] = Math.max(-MOST, Math.min(MOST, z));
            target[from + count + f] = there ? 1 : 0;
        }
    }

    static int size(int[] dimensions) {
        int size = 1;
        for (int dimension : dimensions) {
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    void write(DataOutput out) throws IOException {
        shape.write(out);
        write(out, center);
        write(out, scale);
        for (String name : shape.parameters().keySet()) {
            write(out, valuesInternal(name));
        }
    }

    private static void write(DataOutput out, float[] array) throws IOException {
        for (float value : array) {
            out.writeFloat(value);
        }
    }

    static NetWeights read(DataInput in) throws IOException {
        NetShape shape = NetShape.read(in);
        NetWeights weights = new NetWeights(shape, read(in, shape.features()), read(in, shape.features()));
        for (Map.Entry<String, int[]> parameter : shape.parameters().entrySet()) {
            weights.values.put(parameter.getKey(), read(in, size(parameter.getValue())));
        }
        return weights;
    }

    private static float[] read(DataInput in, int size) throws IOException {
        float[] array = new float[size];
        for (int i = 0; i < size; i++) {
            array[i] = in.readFloat();
            if (!Float.isFinite(array[i])) {
                throw new IOException("net: got the weight " + array[i] + ", need a finite number");
            }
        }
        return array;
    }
}
