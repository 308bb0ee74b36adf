package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a cutout net is built: pairs of 3 x 3 convolutions with a halving maximum after each pair (after Simonyan and
 * Zisserman 2015, arXiv:1409.1556, as in Duev et al. 2019), then two dense layers that also see the measured features.
 * The convolutions are the trunk; what comes after them is the head, which is cheap enough to be repeated.
 *
 * @param features measured features beside the image; each comes twice, as a value and as "is it there"
 * @param hidden units of the dense layer
 */
record NetShape(int first, int second, int third, int features, int hidden, int classes) {
    private static final int MOST = 512;

    NetShape {
        require("first", first, 1);
        require("second", second, 1);
        require("third", third, 1);
        require("features", features, 0);
        require("hidden", hidden, 1);
        require("classes", classes, 2);
    }

    private static void require(String name, int value, int least) {
        if (value < least || value > MOST) {
            throw new IllegalArgumentException(
                    "net: got " + value + " for " + name + ", need " + least + " to " + MOST);
        }
    }

    /** Channels of a pair of convolutions, 0 to 2. */
    int channels(int pair) {
        return switch (pair) {
            case 0 -> first;
            case 1 -> second;
            case 2 -> third;
            default -> throw new IllegalArgumentException("net: got pair " + pair + ", need 0 to 2");
        };
    }

    /** Values that the trunk hands to the head: what is left of the image after three halvings, times the channels. */
    int embedding() {
        int side = NetInput.SIDE / 2 / 2 / 2;
        return third * side * side;
    }

    /** Numbers beside the image. */
    int metadata() {
        return 2 * features;
    }

    /** The learned arrays by name, with their dimensions, in the order in which files hold them. */
    Map<String, int[]> parameters() {
        Map<String, int[]> all = new LinkedHashMap<>();
        int from = NetInput.PLANES;
        for (int pair = 0; pair < 3; pair++) {
            int to = channels(pair);
            all.put("conv" + pair + "a.weight", new int[] {to, from, 3, 3});
            all.put("conv" + pair + "a.bias", new int[] {to});
            all.put("conv" + pair + "b.weight", new int[] {to, to, 3, 3});
            all.put("conv" + pair + "b.bias", new int[] {to});
            from = to;
        }
        all.put("dense.weight", new int[] {hidden, embedding() + metadata()});
        all.put("dense.bias", new int[] {hidden});
        all.put("answer.weight", new int[] {classes, hidden});
        all.put("answer.bias", new int[] {classes});
        return all;
    }

    void write(DataOutput out) throws IOException {
        for (int value : new int[] {first, second, third, features, hidden, classes}) {
            out.writeInt(value);
        }
    }

    static NetShape read(DataInput in) throws IOException {
        try {
            return new NetShape(in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt(), in.readInt());
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
