package org.skysieve.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

/**
 * Candidates of the simulated survey, images and all, for a net to begin with. Some lose rows or columns to a mask, or
 * their template, or are cut smaller, whatever their class: so that a net learns that this says nothing of a candidate.
 */
public final class SimulatedStamps {
    /** Candidates behind the pre-trained net. */
    public static final int USUAL = 12_000;

    /** Apart from {@link SimulatedSamples}, which judges, and from the seeds 1, 2, 3, ... of demos and tests. */
    private static final long SEED = 0x57a3b5;

    private static final double MASKED = .3;
    private static final double CUT = .08;
    private static final double NO_TEMPLATE = .04;

    /** What is masked stays so far from the candidate. */
    private static final int SPARED = 9;

    private static final int CHUNK = 50;

    private SimulatedStamps() {}

    /**
     * Half real (class 0), half bogus (class 1), of weight 1; the same at every call.
     *
     * @param from number of the first
     * @param progress told the number done, now and then, from any thread
     */
    public static List<NetSample> make(int from, int count, int threads, IntConsumer progress) {
        AtomicInteger done = new AtomicInteger();
        ExecutorService pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "simulated-stamps");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Future<List<NetSample>>> chunks = new ArrayList<>();
            for (int at = from; at < from + count; at += CHUNK) {
                int first = at;
                int size = Math.min(CHUNK, from + count - at);
                chunks.add(pool.submit(() -> {
                    SimulatedSurvey survey =
                            new SimulatedSurvey(SurveySettings.ofSeed(SEED).withRealShare(.5));
                    List<NetSample> made = new ArrayList<>(size);
                    for (int i = 0; i < size; i++) {
                        int number = first + i;
                        made.add(sample(survey.candidate(number), number));
                    }
                    progress.accept(done.addAndGet(size));
                    return made;
                }));
            }
            List<NetSample> all = new ArrayList<>(count);
            for (Future<List<NetSample>> chunk : chunks) {
                all.addAll(chunk.get());
            }
            return all;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("simulated stamps: interrupted", stopped);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("simulated stamps: " + failure.getCause(), failure);
        } finally {
            pool.shutdownNow();
        }
    }

    private static NetSample sample(SimulatedCandidate candidate, int number) {
        AlertPacket packet = candidate.packet();
        return CutoutNet.sample(
                // Negative: never the number of a stored object.
                -1 - (packet.objectId().hashCode() & 0xffffffffL),
                spoil(packet.cutouts(), new SplittableRandom(SEED + number)),
                packet.survey(),
                packet.fwhmPixels(),
                candidate.real() ? new double[] {1, 0} : new double[] {0, 1},
                1,
                TrainingSample.Source.SIMULATED);
    }

    /** What surveys lose: a band along one side, the template, the outer parts. */
    static CutoutTriplet spoil(CutoutTriplet whole, SplittableRandom random) {
        CutoutTriplet spoilt = whole;
        if (random.nextDouble() < MASKED) {
            int side = random.nextInt(4);
            double share = random.nextDouble();
            spoilt = new CutoutTriplet(
                    mask(spoilt.science(), side, share),
                    mask(spoilt.template(), side, share),
                    mask(spoilt.difference(), side, share));
        }
        if (random.nextDouble() < CUT) {
            int size = 31 + 2 * random.nextInt(15);
            spoilt = new CutoutTriplet(
                    cut(spoilt.science(), size), cut(spoilt.template(), size), cut(spoilt.difference(), size));
        }
        if (random.nextDouble() < NO_TEMPLATE) {
            spoilt = new CutoutTriplet(spoilt.science(), null, spoilt.difference());
        }
        return spoilt;
    }

    private static @Nullable Cutout mask(@Nullable Cutout cutout, int side, double share) {
        if (cutout == null) {
            return null;
        }
        int length = side < 2 ? cutout.height() : cutout.width();
        int depth = (int) Math.max(1, share * (length / 2 - SPARED));
        float[] pixels = cutout.pixels();
        for (int i = 0; i < pixels.length; i++) {
            int along = side < 2 ? i / cutout.width() : i % cutout.width();
            if (side % 2 == 0 ? along < depth : along >= length - depth) {
                pixels[i] = Float.NaN;
            }
        }
        return new Cutout(cutout.width(), cutout.height(), pixels);
    }

    /** The middle of it. */
    private static @Nullable Cutout cut(@Nullable Cutout cutout, int size) {
        if (cutout == null || cutout.width() <= size || cutout.height() <= size) {
            return cutout;
        }
        float[] pixels = new float[size * size];
        Arrays.fill(pixels, Float.NaN);
        int left = cutout.width() / 2 - size / 2;
        int low = cutout.height() / 2 - size / 2;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = cutout.at(left + i % size, low + i / size);
        }
        return new Cutout(size, size, pixels);
    }
}
