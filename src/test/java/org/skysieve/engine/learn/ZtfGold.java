package org.skysieve.engine.learn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.engine.alert.AlertSink;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assumptions.assumeThat;

/** The 372 labelled ZTF packets outside of the project; tests are skipped where they are absent. */
final class ZtfGold {
    static final List<String> CLASSES = List.of("real", "bogus");

    private ZtfGold() {}

    record Labelled(AlertPacket packet, boolean real, String subclass) {}

    static List<Labelled> load() throws IOException {
        Path folder = Path.of(System.getProperty("skysieve.data", "../shared/data"), "ztf", "gold");
        assumeThat(Files.isDirectory(folder))
                .as("ZTF gold packets in " + folder.toAbsolutePath() + " (skysieve.data)")
                .isTrue();
        Map<Long, String[]> labels = new HashMap<>();
        for (String line : Files.readAllLines(folder.resolve("labels.csv"))) {
            String[] cells = line.split(",", -1);
            if (Character.isDigit(cells[0].charAt(0))) {
                labels.put(Long.parseLong(cells[0]), cells);
            }
        }
        List<Labelled> gold = new ArrayList<>();
        AlertReader.read(folder, new AlertSink() {
            @Override
            public void accepted(String source, AlertPacket packet) {
                String[] cells = labels.get(packet.candid());
                gold.add(new Labelled(packet, cells[2].equals("real"), cells[3]));
            }

            @Override
            public void rejected(String source, String reason, byte[] raw) {
                throw new IllegalStateException(source + ": " + reason);
            }
        });
        return gold;
    }

    static List<TrainingSample> samples(List<Labelled> gold) {
        var extractor = new CutoutFeatures();
        List<TrainingSample> samples = new ArrayList<>();
        for (Labelled labelled : gold) {
            AlertPacket packet = labelled.packet();
            samples.add(new TrainingSample(
                    packet.objectId().hashCode(),
                    extractor.extract(packet.cutouts(), CutoutFeatures.seeing(packet.survey(), packet.fwhmPixels())),
                    labelled.real() ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    TrainingSample.Source.GOLD));
        }
        return samples;
    }

    /** Half real, half bogus. */
    static List<TrainingSample> simulated(int count, long seed) {
        var survey = new SimulatedSurvey(SurveySettings.ofSeed(seed).withRealShare(.5));
        var extractor = new CutoutFeatures();
        List<TrainingSample> samples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            AlertPacket packet = candidate.packet();
            samples.add(new TrainingSample(
                    packet.objectId().hashCode(),
                    extractor.extract(packet.cutouts(), CutoutFeatures.seeing(packet.survey(), packet.fwhmPixels())),
                    candidate.real() ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    TrainingSample.Source.SIMULATED));
        }
        return samples;
    }

    static float[] rows(List<TrainingSample> samples) {
        float[] rows = new float[samples.size() * CutoutFeatures.count()];
        for (int i = 0; i < samples.size(); i++) {
            System.arraycopy(samples.get(i).features(), 0, rows, i * CutoutFeatures.count(), CutoutFeatures.count());
        }
        return rows;
    }
}
