package org.skysieve.model;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

/** Candidates of the simulated survey as training samples: what a model knows before anybody has voted. */
public final class SimulatedSamples {
    /** Simulated candidates behind the built-in model, and beside the labels of a training. */
    public static final int USUAL = 2500;

    /** Apart from the seeds 1, 2, 3, ... that demos and tests simulate nights with. */
    private static final long SEED = 0x5ca1ab1e;

    /** "SKSS": Skysieve simulated samples. */
    private static final int MAGIC = 0x534b5353;

    private static final int CHUNK = 50;
    private static final int MOST = 1_000_000;

    private SimulatedSamples() {}

    /**
     * A sample and the brightness it is judged by.
     *
     * @param snr signal-to-noise of the detection
     */
    public record Simulated(TrainingSample sample, double snr) {}

    /**
     * Half real (class 0), half bogus (class 1); the same at every call.
     *
     * @param progress told the number done, now and then
     */
    static List<Simulated> make(int from, int count, double weight, IntConsumer progress) {
        SimulatedSurvey survey = survey();
        CutoutFeatures extractor = new CutoutFeatures();
        List<Simulated> samples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            samples.add(sample(survey, extractor, from + i, weight));
            if (i % 500 == 499) {
                progress.accept(i + 1);
            }
        }
        return samples;
    }

    /**
     * The first {@code count} candidates with weight 1, as {@link #make} gives them, on several threads.
     *
     * @param progress told the number done, now and then, from any thread
     */
    public static List<Simulated> make(int count, int threads, IntConsumer progress) {
        AtomicInteger done = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "simulated-samples");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<List<Simulated>>> chunks = new ArrayList<>();
            for (int from = 0; from < count; from += CHUNK) {
                int first = from;
                int size = Math.min(CHUNK, count - from);
                chunks.add(pool.submit(() -> {
                    List<Simulated> made = make(first, size, 1, ignored -> {});
                    progress.accept(done.addAndGet(size));
                    return made;
                }));
            }
            List<Simulated> all = new ArrayList<>(count);
            for (Future<List<Simulated>> chunk : chunks) {
                all.addAll(chunk.get());
            }
            return all;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("simulated samples: interrupted", stopped);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("simulated samples: " + failure.getCause(), failure);
        } finally {
            pool.shutdownNow();
        }
    }

    private static SimulatedSurvey survey() {
        return new SimulatedSurvey(SurveySettings.ofSeed(SEED).withRealShare(.5));
    }

    private static Simulated sample(SimulatedSurvey survey, CutoutFeatures extractor, int number, double weight) {
        SimulatedCandidate candidate = survey.candidate(number);
        AlertPacket packet = candidate.packet();
        return new Simulated(
                new TrainingSample(
                        // Negative: never the number of a stored object.
                        -1 - (packet.objectId().hashCode() & 0xffffffffL),
                        extractor.extract(
                                packet.cutouts(), CutoutFeatures.seeing(packet.survey(), packet.fwhmPixels())),
                        candidate.real() ? new double[] {1, 0} : new double[] {0, 1},
                        weight,
                        TrainingSample.Source.SIMULATED),
                candidate.snr());
    }

    /** A few words that change whenever the simulator's images or the features' meaning do: for names of kept files. */
    public static String fingerprint() {
        int hash = 7;
        for (Simulated simulated : make(0, 8, 1, done -> {})) {
            hash = 31 * hash + Arrays.hashCode(simulated.sample().features());
        }
        return "%d-%08x".formatted(CutoutFeatures.VERSION, hash);
    }

    /** Writes what {@link #read} gives back exactly. */
    public static void write(List<Simulated> samples, OutputStream target) throws IOException {
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(target, 1 << 16));
        out.writeInt(MAGIC);
        out.writeInt(CutoutFeatures.VERSION);
        out.writeInt(CutoutFeatures.count());
        out.writeInt(samples.size());
        for (Simulated simulated : samples) {
            TrainingSample sample = simulated.sample();
            out.writeLong(sample.group());
            out.writeBoolean(sample.target()[0] == 1);
            out.writeDouble(sample.weight());
            out.writeDouble(simulated.snr());
            for (float value : sample.features()) {
                out.writeFloat(value);
            }
        }
        out.writeInt(MAGIC);
        out.flush();
    }

    /** @throws IOException also if the bytes are something else, or of another version of the features */
    public static List<Simulated> read(InputStream source) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(source, 1 << 16));
        int magic = in.readInt();
        int version = in.readInt();
        int features = in.readInt();
        int count = in.readInt();
        if (magic != MAGIC
                || version != CutoutFeatures.VERSION
                || features != CutoutFeatures.count()
                || count < 0
                || count > MOST) {
            throw new IOException("simulated samples: got magic %08x, features version %d, %d features, %d samples"
                    .formatted(magic, version, features, count));
        }
        List<Simulated> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long group = in.readLong();
            double[] target = in.readBoolean() ? new double[] {1, 0} : new double[] {0, 1};
            double weight = in.readDouble();
            double snr = in.readDouble();
            float[] row = new float[features];
            for (int f = 0; f < features; f++) {
                row[f] = in.readFloat();
            }
            samples.add(new Simulated(
                    new TrainingSample(group, row, target, weight, TrainingSample.Source.SIMULATED), snr));
        }
        if (in.readInt() != MAGIC) {
            throw new IOException("simulated samples: the end is missing");
        }
        return samples;
    }
}
