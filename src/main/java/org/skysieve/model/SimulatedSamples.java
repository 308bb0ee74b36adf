package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

/** Candidates of the simulated survey as training samples: what a model knows before anybody has voted. */
final class SimulatedSamples {
    /** Apart from the seeds 1, 2, 3, ... that demos and tests simulate nights with. */
    private static final long SEED = 0x5ca1ab1e;

    private SimulatedSamples() {}

    /** A sample and the brightness it is judged by. */
    record Simulated(TrainingSample sample, double snr) {}

    /**
     * Half real (class 0), half bogus (class 1); the same at every call.
     *
     * @param progress told the number done, now and then
     */
    static List<Simulated> make(int from, int count, double weight, IntConsumer progress) {
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(SEED).withRealShare(.5));
        CutoutFeatures extractor = new CutoutFeatures();
        List<Simulated> samples = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            SimulatedCandidate candidate = survey.candidate(from + i);
            AlertPacket packet = candidate.packet();
            samples.add(new Simulated(
                    new TrainingSample(
                            // Negative: never the number of a stored object.
                            -1 - (packet.objectId().hashCode() & 0xffffffffL),
                            extractor.extract(
                                    packet.cutouts(), CutoutFeatures.seeing(packet.survey(), packet.fwhmPixels())),
                            candidate.real() ? new double[] {1, 0} : new double[] {0, 1},
                            weight,
                            TrainingSample.Source.SIMULATED),
                    candidate.snr()));
            if (i % 500 == 499) {
                progress.accept(i + 1);
            }
        }
        return samples;
    }
}
