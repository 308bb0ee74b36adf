package org.skysieve.engine.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.engine.alert.AlertSink;
import org.skysieve.engine.context.ContextRules;
import org.skysieve.engine.context.KnownReal;
import org.skysieve.engine.context.SkyContext;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.image.PointSourceInjection;
import org.skysieve.engine.learn.TrainingSample.Source;
import org.skysieve.engine.learn.ZtfGold.Labelled;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What labels by rules add to few labels by people, on real packets: prints the table of docs/methods/algorithmic-labels.md.
 * Four in ten objects judge, labels are drawn from the others; rules see what of those is not drawn, and the unlabelled
 * packets. People err in 3 % and are 95 % sure.
 */
class AlgorithmicLabelsGainTest {
    private static final int SEEDS = 5;
    private static final int[] LABELS = {50, 100, 200};
    private static final int SIMULATED = 1500;
    private static final double JUDGES = .4;

    private record Sample(TrainingSample sample, AlertPacket packet) {}

    /** Log loss, AUC and accuracy. */
    private record Figures(double logLoss, double auc, double accuracy) {}

    @Test
    void rulesAddLittleAndDoNoHarm() throws IOException {
        List<Labelled> gold = ZtfGold.load();
        List<TrainingSample> samples = ZtfGold.samples(gold);
        List<AlertPacket> unlabelled = unlabelled();
        List<TrainingSample> simulated = ZtfGold.simulated(SIMULATED, 7);

        for (boolean withSimulation : new boolean[] {true, false}) {
            for (int count : LABELS) {
                double[][] difference = new double[3][SEEDS];
                double[] without = new double[3];
                int ruled = 0;
                for (int seed = 0; seed < SEEDS; seed++) {
                    Split split = split(gold, samples, unlabelled, count, seed);
                    List<TrainingSample> beside = withSimulation ? simulated : List.of();
                    Figures people = figures(split, List.of(), beside, seed);
                    Figures rules = figures(split, split.ruled, beside, seed);
                    difference[0][seed] = rules.logLoss - people.logLoss;
                    difference[1][seed] = rules.auc - people.auc;
                    difference[2][seed] = rules.accuracy - people.accuracy;
                    without[0] += people.logLoss / SEEDS;
                    without[1] += people.auc / SEEDS;
                    without[2] += people.accuracy / SEEDS;
                    ruled += split.ruled.size();
                }
                System.out.printf(
                        Locale.ROOT,
                        "gain of rules: simulation %b, %d labels + %d by rules: log loss %.3f %s, AUC %.4f %s,"
                                + " accuracy %.3f %s%n",
                        withSimulation,
                        count,
                        ruled / SEEDS,
                        without[0],
                        words(difference[0]),
                        without[1],
                        words(difference[1]),
                        without[2],
                        words(difference[2]));
                assertThat(mean(difference[0])).as("log loss").isLessThan(.05);
                assertThat(mean(difference[1])).as("AUC").isGreaterThan(-.01);
            }
        }
    }

    private record Split(List<TrainingSample> people, List<TrainingSample> ruled, List<TrainingSample> judges) {}

    private static Split split(
            List<Labelled> gold, List<TrainingSample> samples, List<AlertPacket> unlabelled, int count, long seed) {
        SplittableRandom random = new SplittableRandom(1000 + seed);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < samples.size(); i++) {
            order.add(i);
        }
        java.util.Collections.shuffle(order, new java.util.Random(random.nextLong()));
        List<TrainingSample> judges = new ArrayList<>();
        List<TrainingSample> people = new ArrayList<>();
        List<AlertPacket> seen = new ArrayList<>(unlabelled);
        Set<Long> judging = new HashSet<>();
        for (int i : order) {
            if (judging.size() < JUDGES * samples.size()) {
                judging.add(samples.get(i).group());
            }
        }
        for (int i : order) {
            TrainingSample sample = samples.get(i);
            if (judging.contains(sample.group())) {
                judges.add(sample);
            } else if (people.size() < count) {
                boolean right = random.nextDouble() >= .03;
                double real = gold.get(i).real() == right ? .95 : .05;
                people.add(new TrainingSample(
                        sample.group(), sample.features(), new double[] {real, 1 - real}, 1, Source.CROWD));
            } else {
                seen.add(gold.get(i).packet());
            }
        }
        Set<Long> objects = new HashSet<>(judging);
        people.forEach(sample -> objects.add(sample.group()));
        List<TrainingSample> ruled = new ArrayList<>();
        CutoutFeatures extractor = new CutoutFeatures();
        for (AlertPacket packet : seen) {
            long group = packet.objectId().hashCode();
            SkyContext context = ContextRules.classify(packet.surroundings(), packet.mag());
            if (objects.contains(group)) {
                continue;
            }
            if (KnownReal.minorPlanet(context, 2).isPresent()) {
                ruled.add(real(extractor, packet, packet.cutouts(), Source.MINOR_PLANET));
            } else if (KnownReal.variableStar(context, packet.surroundings(), 1, 20)
                    .isPresent()) {
                ruled.add(real(extractor, packet, packet.cutouts(), Source.VARIABLE_STAR));
            } else if (context.host() != null) {
                double fwhm = packet.fwhmPixels() >= 1.6 && packet.fwhmPixels() <= 4 ? packet.fwhmPixels() : 2.25;
                Optional<CutoutTriplet> images = PointSourceInjection.inject(
                        packet.cutouts(),
                        packet.positive(),
                        fwhm,
                        5 * Math.pow(6, random.nextDouble()),
                        random.nextDouble(-.5, .5),
                        random.nextDouble(-.5, .5),
                        random.split());
                images.ifPresent(stamps -> ruled.add(real(extractor, packet, stamps, Source.INJECTED)));
            }
        }
        return new Split(people, ruled, judges);
    }

    private static TrainingSample real(
            CutoutFeatures extractor, AlertPacket packet, CutoutTriplet images, Source source) {
        return new TrainingSample(
                packet.objectId().hashCode(),
                extractor.extract(images, CutoutFeatures.seeing(packet.survey(), packet.fwhmPixels())),
                new double[] {1, 0},
                .5,
                source);
    }

    private static Figures figures(Split split, List<TrainingSample> ruled, List<TrainingSample> simulated, long seed) {
        CutoutClassifierTrainer trainer = new CutoutClassifierTrainer(
                        ZtfGold.CLASSES,
                        CutoutClassifierTrainer.defaultOptions(seed).withTrees(100))
                .beside(ruled);
        CutoutClassifier model = trainer.trainMixed(split.people, simulated, "", "", Instant.EPOCH)
                .model();
        Evaluation.Report report =
                trainer.evaluation(split.judges).report(model.probabilitiesOfAll(ZtfGold.rows(split.judges)), seed);
        return new Figures(
                report.logLoss().value(),
                report.auc().value(),
                report.accuracy().value());
    }

    private static List<AlertPacket> unlabelled() throws IOException {
        List<AlertPacket> packets = new ArrayList<>();
        Path folder = Path.of(System.getProperty("skysieve.data", "../shared/data"), "ztf", "unlabelled");
        AlertReader.read(folder, new AlertSink() {
            @Override
            public void accepted(String source, AlertPacket packet) {
                packets.add(packet);
            }

            @Override
            public void rejected(String source, String reason, byte[] raw) {
                throw new IllegalStateException(source + ": " + reason);
            }
        });
        return packets;
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    /** Mean and its standard error. */
    private static String words(double[] values) {
        double mean = mean(values);
        double variance = Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
        return String.format(Locale.ROOT, "%+.4f +- %.4f", mean, Math.sqrt(variance / values.length));
    }
}
