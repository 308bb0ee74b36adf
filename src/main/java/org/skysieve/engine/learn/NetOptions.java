package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * How a cutout net is trained: Adam (Kingma and Ba 2015, arXiv:1412.6980) with a rate that rises over the first steps and
 * falls along a cosine; the weights that stay are a running mean over the last steps.
 *
 * @param epochs times that each sample is seen, each time turned or mirrored another way
 * @param batch samples a step
 * @param rate highest step of Adam
 * @param pull how strongly weights are held to those that training starts from: {@code pull / 2} times the squared
 *     distance is added to the loss (L2-SP, Li et al. 2018, arXiv:1802.01483), so that a few hundred labels adapt a net
 *     without forgetting the simulation
 * @param dropInput share of the head's input that is dropped at random
 * @param dropHidden share of the hidden layer that is dropped at random
 * @param seed of all that is drawn: the same seed, samples and machine give the same net
 */
public record NetOptions(
        int epochs, int batch, double rate, double pull, double dropInput, double dropHidden, long seed) {

    public NetOptions {
        if (epochs < 1 || epochs > 1000 || batch < 1 || batch > 1024) {
            throw new IllegalArgumentException("net options: got " + epochs + " epochs and batches of " + batch
                    + ", need 1 to 1000 and 1 to 1024");
        }
        if (!(rate > 0 && rate <= 1) || !(pull >= 0 && pull <= 1000)) {
            throw new IllegalArgumentException(
                    "net options: got rate " + rate + " and pull " + pull + ", need (0, 1] and [0, 1000]");
        }
        if (!(dropInput >= 0 && dropInput < 1) || !(dropHidden >= 0 && dropHidden < 1)) {
            throw new IllegalArgumentException(
                    "net options: got dropout " + dropInput + " and " + dropHidden + ", need [0, 1)");
        }
    }

    /** From random weights, on thousands of simulated candidates. */
    public static NetOptions ofPretraining(long seed) {
        return new NetOptions(5, 32, 1e-3, 0, .2, .4, seed);
    }

    /** From a pre-trained net, on some hundreds of labels. */
    public static NetOptions ofFineTuning(long seed) {
        return new NetOptions(8, 32, 3e-4, .1, .2, .4, seed);
    }

    public NetOptions withEpochs(int other) {
        return new NetOptions(other, batch, rate, pull, dropInput, dropHidden, seed);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(epochs);
        out.writeInt(batch);
        out.writeDouble(rate);
        out.writeDouble(pull);
        out.writeDouble(dropInput);
        out.writeDouble(dropHidden);
        out.writeLong(seed);
    }

    static NetOptions read(DataInput in) throws IOException {
        return new NetOptions(
                in.readInt(),
                in.readInt(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readDouble(),
                in.readLong());
    }
}
