package org.skysieve.engine.learn;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** The net that comes with the program, on labelled ZTF packets. */
class NetGoldTest {
    @Test
    void theSimulationAloneCarriesOverToRealCandidates() throws IOException {
        List<NetSample> gold = samples(ZtfGold.load());
        CutoutNet net = CutoutNet.builtin();

        double[] p = new double[2 * gold.size()];
        for (int i = 0; i < gold.size(); i++) {
            System.arraycopy(net.score(gold.get(i)).probabilities(), 0, p, 2 * i, 2);
        }

        Evaluation.Report report = evaluation(gold).report(p, 1);
        System.out.println("ZTF gold, net of the simulation only: " + report);
        assertThat(report.auc().value()).isGreaterThanOrEqualTo(.96);
        assertThat(report.accuracy().value()).isGreaterThanOrEqualTo(.93);
    }

    @Test
    void fineTunedItReachesTheTargets() throws IOException {
        assumeThat(System.getProperty("os.name") + " " + System.getProperty("os.arch"))
                .as("libtorch is packed for Linux on x86-64 alone")
                .isEqualTo("Linux amd64");
        List<NetSample> gold = samples(ZtfGold.load());

        CutoutNetTrainer.Trained trained = new CutoutNetTrainer(
                        ZtfGold.CLASSES, NetOptions.ofFineTuning(1), NetProcess.in(Path.of("target", "net-cache")))
                .fineTune(CutoutNet.builtin(), gold, 5, "gold", "test", Instant.EPOCH, share -> {});

        Evaluation.Report report = evaluation(gold).report(trained.predicted().probabilities(), 1);
        System.out.println("ZTF gold, net fine-tuned, five folds by object: " + report);
        assertThat(report.auc().value()).isGreaterThanOrEqualTo(.985);
        assertThat(report.accuracy().value()).isGreaterThanOrEqualTo(.95);
        assertThat(report.calibrationError().value()).isLessThanOrEqualTo(.03);
    }

    @ParameterizedTest
    @CsvSource({"0,10", "58,63", "53,63", "0,15", "45,50", "48,63"})
    void aStampWithNanRowsScoresLikeTheSameStampWithoutThem(int from, int to) throws IOException {
        List<ZtfGold.Labelled> labelled = ZtfGold.load();
        CutoutNet net = CutoutNet.builtin();

        double[] moved = new double[labelled.size()];
        int flipped = 0;
        for (int i = 0; i < moved.length; i++) {
            CutoutTriplet whole = labelled.get(i).packet().cutouts();
            double before = net.score(whole, "ztf", Double.NaN).probabilities()[0];
            CutoutTriplet masked = new CutoutTriplet(
                    mask(whole.science(), from, to),
                    mask(whole.template(), from, to),
                    mask(whole.difference(), from, to));
            double after = net.score(masked, "ztf", Double.NaN).probabilities()[0];
            moved[i] = Math.abs(after - before);
            flipped += before >= .5 == after >= .5 ? 0 : 1;
        }

        Arrays.sort(moved);
        double mean = Arrays.stream(moved).average().orElseThrow();
        System.out.printf(
                "ZTF gold, net, rows %d to %d masked: p moves by %.4f on average, %.3f at the 95th percentile, %.3f at"
                        + " most; %d of %d change sides%n",
                from, to, mean, moved[(int) (.95 * moved.length)], moved[moved.length - 1], flipped, moved.length);
        // A quarter of a stamp holds stars and trails that say something, too: it cannot be nothing.
        assertThat(mean).isLessThan(.018);
        assertThat(moved[(int) (.95 * moved.length)]).isLessThan(.09);
        assertThat(flipped).isLessThanOrEqualTo(moved.length / 60);
    }

    @ParameterizedTest
    @CsvSource({"31", "45", "51"})
    void smallerStampsScoreLikeWholeOnes(int side) throws IOException {
        List<ZtfGold.Labelled> labelled = ZtfGold.load();
        CutoutNet net = CutoutNet.builtin();

        int right = 0;
        for (ZtfGold.Labelled one : labelled) {
            CutoutTriplet whole = one.packet().cutouts();
            CutoutTriplet cut = new CutoutTriplet(
                    crop(whole.science(), side), crop(whole.template(), side), crop(whole.difference(), side));
            right += net.score(cut, "ztf", Double.NaN).probabilities()[0] >= .5 == one.real() ? 1 : 0;
        }

        System.out.printf("ZTF gold, net, stamps of %d: right %d of %d%n", side, right, labelled.size());
        assertThat(right).isGreaterThan((int) (.9 * labelled.size()));
    }

    private static Evaluation evaluation(List<NetSample> samples) {
        return new CutoutClassifierTrainer(ZtfGold.CLASSES, CutoutClassifierTrainer.defaultOptions(1))
                .evaluation(samples.stream().map(NetSample::sample).toList());
    }

    private static List<NetSample> samples(List<ZtfGold.Labelled> gold) {
        List<NetSample> samples = new ArrayList<>();
        for (ZtfGold.Labelled one : gold) {
            samples.add(CutoutNet.sample(
                    one.packet().objectId().hashCode(),
                    one.packet().cutouts(),
                    one.packet().survey(),
                    one.packet().fwhmPixels(),
                    one.real() ? new double[] {1, 0} : new double[] {0, 1},
                    1,
                    TrainingSample.Source.GOLD));
        }
        return samples;
    }

    private static @Nullable Cutout mask(@Nullable Cutout cutout, int from, int to) {
        if (cutout == null) {
            return null;
        }
        float[] pixels = cutout.pixels();
        for (int y = from; y < Math.min(to, cutout.height()); y++) {
            Arrays.fill(pixels, y * cutout.width(), (y + 1) * cutout.width(), Float.NaN);
        }
        return new Cutout(cutout.width(), cutout.height(), pixels);
    }

    private static @Nullable Cutout crop(@Nullable Cutout cutout, int side) {
        if (cutout == null || cutout.width() < side || cutout.height() < side) {
            return cutout;
        }
        float[] pixels = new float[side * side];
        int left = cutout.width() / 2 - side / 2;
        int low = cutout.height() / 2 - side / 2;
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = cutout.at(left + i % side, low + i / side);
        }
        return new Cutout(side, side, pixels);
    }
}
