package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What a worker process is to do: train a net on some samples, once without each fold, which it then predicts, and once
 * on all.
 *
 * @param start the weights to begin with
 * @param fold of each sample, from 0; -1 for one that is always learned from and never predicted
 * @param onAll whether to train once more on all samples; else the net of the last fold stays
 */
record NetJob(NetWeights start, NetOptions options, List<NetSample> samples, int[] fold, int folds, boolean onAll) {
    /** "SKNJ": Skysieve net job. */
    private static final int MAGIC = 0x534b4e4a;

    /** "SKNR": Skysieve net result. */
    private static final int RESULT_MAGIC = 0x534b4e52;

    private static final int MOST_SAMPLES = 200_000;

    /** Samples whose probabilities come back from PyTorch, to check the exported net against. */
    static final int CHECKED = 16;

    NetJob {
        if (samples.isEmpty() || samples.size() > MOST_SAMPLES || fold.length != samples.size()) {
            throw new IllegalArgumentException("net job: got " + samples.size() + " samples and " + fold.length
                    + " folds, need 1 to " + MOST_SAMPLES + " and as many");
        }
        if (folds < 1 && !onAll) {
            throw new IllegalArgumentException("net job: nothing to train: got no folds and not all samples");
        }
    }

    /** Pixels and features of a sample, and what is around them, in memory. */
    static long bytesPerSample() {
        return 2L * NetInput.IMAGES * NetInput.PIXELS + 4L * CutoutFeatures.count() + 200;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(MAGIC);
        start.write(out);
        options.write(out);
        out.writeInt(folds);
        out.writeBoolean(onAll);
        out.writeInt(samples.size());
        byte[] pixels = new byte[2 * NetInput.IMAGES * NetInput.PIXELS];
        for (int i = 0; i < samples.size(); i++) {
            TrainingSample sample = samples.get(i).sample();
            out.writeInt(fold[i]);
            out.writeLong(sample.group());
            out.writeDouble(sample.weight());
            out.writeByte(sample.source().ordinal());
            for (double value : sample.target()) {
                out.writeDouble(value);
            }
            for (int f = 0; f < start.shape().features(); f++) {
                out.writeFloat(sample.features()[f]);
            }
            ByteBuffer.wrap(pixels).asShortBuffer().put(samples.get(i).images());
            out.write(pixels);
        }
        out.writeInt(MAGIC);
    }

    static NetJob read(DataInput in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("net job: this is something else");
        }
        NetWeights start = NetWeights.read(in);
        NetOptions options = NetOptions.read(in);
        int folds = in.readInt();
        boolean onAll = in.readBoolean();
        int count = in.readInt();
        if (count < 1 || count > MOST_SAMPLES) {
            throw new IOException("net job: got " + count + " samples, need 1 to " + MOST_SAMPLES);
        }
        int[] fold = new int[count];
        List<NetSample> samples = new ArrayList<>(count);
        byte[] pixels = new byte[2 * NetInput.IMAGES * NetInput.PIXELS];
        for (int i = 0; i < count; i++) {
            fold[i] = in.readInt();
            long group = in.readLong();
            double weight = in.readDouble();
            TrainingSample.Source source = TrainingSample.Source.values()[in.readByte()];
            double[] target = new double[start.shape().classes()];
            for (int k = 0; k < target.length; k++) {
                target[k] = in.readDouble();
            }
            float[] features = new float[start.shape().features()];
            for (int f = 0; f < features.length; f++) {
                features[f] = in.readFloat();
            }
            in.readFully(pixels);
            short[] images = new short[pixels.length / 2];
            ByteBuffer.wrap(pixels).asShortBuffer().get(images);
            samples.add(new NetSample(new TrainingSample(group, features, target, weight, source), images));
        }
        if (in.readInt() != MAGIC) {
            throw new IOException("net job: the end is missing");
        }
        return new NetJob(start, options, samples, fold, folds, onAll);
    }

    /**
     * What the worker found.
     *
     * @param outOfFold {@code [sample * classes + class]}, not calibrated; NaN where no fold predicted it
     * @param checked what PyTorch says of the first {@link #CHECKED} samples by the final weights
     */
    record Result(NetWeights weights, double[] outOfFold, float[] checked) {

        void write(DataOutput out) throws IOException {
            out.writeInt(RESULT_MAGIC);
            weights.write(out);
            out.writeInt(outOfFold.length);
            for (double value : outOfFold) {
                out.writeDouble(value);
            }
            out.writeInt(checked.length);
            for (float value : checked) {
                out.writeFloat(value);
            }
            out.writeInt(RESULT_MAGIC);
        }

        static Result read(DataInput in) throws IOException {
            if (in.readInt() != RESULT_MAGIC) {
                throw new IOException("net result: this is something else");
            }
            NetWeights weights = NetWeights.read(in);
            double[] outOfFold = new double[in.readInt()];
            for (int i = 0; i < outOfFold.length; i++) {
                outOfFold[i] = in.readDouble();
            }
            float[] checked = new float[in.readInt()];
            for (int i = 0; i < checked.length; i++) {
                checked[i] = in.readFloat();
            }
            if (in.readInt() != RESULT_MAGIC) {
                throw new IOException("net result: the end is missing");
            }
            return new Result(weights, outOfFold, checked);
        }
    }
}
