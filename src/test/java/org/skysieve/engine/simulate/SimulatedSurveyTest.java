package org.skysieve.engine.simulate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.lightcurve.LightCurvePoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SimulatedSurveyTest {
    private static final int MANY = 3000;
    /** Small stamps: what is tested here does not depend on their size. */
    private static final List<SimulatedCandidate> CANDIDATES =
            new SimulatedSurvey(SurveySettings.ofSeed(11).withStampSide(31)).candidates(0, MANY);

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -7, 20261121})
    void aCandidateDependsOnSettingsAndIndexOnly(long seed) {
        SimulatedSurvey forwards = new SimulatedSurvey(SurveySettings.ofSeed(seed));
        List<SimulatedCandidate> inOrder = forwards.candidates(0, 20);

        SimulatedSurvey again = new SimulatedSurvey(SurveySettings.ofSeed(seed));
        for (int i = 19; i >= 0; i--) {
            assertThat(again.candidate(i)).isEqualTo(inOrder.get(i));
        }
    }

    @Test
    void anotherSeedIsAnotherSurvey() {
        SimulatedCandidate one = new SimulatedSurvey(SurveySettings.ofSeed(1)).candidate(0);
        SimulatedCandidate two = new SimulatedSurvey(SurveySettings.ofSeed(2)).candidate(0);

        assertThat(one.packet().candid()).isNotEqualTo(two.packet().candid());
        assertThat(one.packet().cutouts()).isNotEqualTo(two.packet().cutouts());
    }

    @Test
    void everyCandidateIsDetectedAndPositiveAtItsCentre() {
        for (SimulatedCandidate candidate : CANDIDATES) {
            assertThat(candidate.snr()).as(candidate.subclass()).isGreaterThanOrEqualTo(5);
            Cutout difference = candidate.packet().cutouts().difference();
            // A mask may cover the peak, and small stamps lack rows.
            if (difference == null || difference.width() != 31 || difference.height() != 31 || hasNan(difference)) {
                continue;
            }
            double middle = 0;
            for (int y = 14; y <= 16; y++) {
                for (int x = 14; x <= 16; x++) {
                    middle = Math.max(middle, difference.at(x, y));
                }
            }
            assertThat(middle)
                    .as(candidate.subclass() + " " + candidate.index())
                    .isGreaterThan(0);
        }
    }

    @Test
    void sharesOfTheTruthAreThoseOfTheSettings() {
        double real = share(CANDIDATES.stream().filter(SimulatedCandidate::real).count(), MANY);

        // Candidates of one object share their truth: the variance grows by the mean square of the alerts per object.
        double inflation = (11 + 0.6 * (4 + 9) + 0.4 * 25) / 16;
        assertThat(real).isCloseTo(0.35, within(4 * Math.sqrt(0.35 * 0.65 / MANY * inflation)));
        for (Kind kind : Kind.values()) {
            double within = share(
                    CANDIDATES.stream()
                            .filter(c -> c.subclass().equals(kind.label))
                            .count(),
                    CANDIDATES.stream().filter(c -> c.real() == kind.real).count());
            double n = MANY * (kind.real ? 0.35 : 0.65) / inflation;
            assertThat(within)
                    .as(kind.label)
                    .isCloseTo(kind.share, within(4 * Math.sqrt(kind.share * (1 - kind.share) / n) + 0.002));
        }
    }

    @Test
    void idsAreUniqueAndCarryNoOrder() {
        Set<Long> candids = new HashSet<>();
        Set<String> places = new HashSet<>();
        int rising = 0;
        long last = 0;
        for (SimulatedCandidate candidate : CANDIDATES) {
            AlertPacket packet = candidate.packet();
            assertThat(candids.add(packet.candid())).isTrue();
            assertThat(String.valueOf(packet.candid())).hasSize(18);
            assertThat(packet.objectId()).matches("SIM26[a-z]{7}");
            places.add(packet.objectId());
            rising += packet.candid() > last ? 1 : 0;
            last = packet.candid();
        }

        assertThat(share(rising, MANY)).isCloseTo(0.5, within(4 * Math.sqrt(1.0 / 12 / MANY)));
        // 12 or 13 objects in every 16 candidates.
        assertThat(share(places.size(), MANY)).isBetween(12 / 16.0 - 0.005, 13 / 16.0);
    }

    @Test
    void laterAlertsOfAnObjectRepeatWhatEarlierOnesTold() {
        Map<String, SimulatedCandidate> last = new HashMap<>();
        int repeated = 0;
        for (SimulatedCandidate candidate : CANDIDATES) {
            SimulatedCandidate before = last.put(candidate.packet().objectId(), candidate);
            if (before == null) {
                continue;
            }
            repeated++;
            AlertPacket then = before.packet();
            AlertPacket now = candidate.packet();
            assertThat(now.timeMjd()).isGreaterThan(then.timeMjd());
            assertThat(candidate.subclass()).isEqualTo(before.subclass());
            assertThat(Math.abs(now.dec() - then.dec()) * 3600).isLessThan(2);
            List<LightCurvePoint> shared = then.history().points().stream()
                    .filter(p -> now.timeMjd() - p.timeMjd() <= 30)
                    .toList();
            assertThat(now.history().points()).containsAll(shared).hasSizeGreaterThan(shared.size());
        }
        assertThat(repeated).isGreaterThan(MANY / 8);
    }

    @Test
    void theHistoryEndsWithTheDetectionAndCoversThirtyDays() {
        for (SimulatedCandidate candidate : CANDIDATES) {
            AlertPacket packet = candidate.packet();
            List<LightCurvePoint> points = packet.history().points();

            LightCurvePoint end = points.get(points.size() - 1);
            assertThat(end.isDetection()).isTrue();
            assertThat(end.timeMjd()).isEqualTo(packet.timeMjd());
            assertThat(end.mag()).isEqualTo(packet.mag()).isLessThanOrEqualTo(end.limitMag());
            assertThat(points.get(0).timeMjd()).isGreaterThanOrEqualTo(packet.timeMjd() - 30);
        }
    }

    @Test
    void gapsBetweenNightsHaveTheQuantilesOfZtf() {
        double[] gaps = CANDIDATES.stream()
                .flatMapToDouble(c -> {
                    double[] nights = c.packet().history().points().stream()
                            .mapToDouble(p -> Math.floor(p.timeMjd()))
                            .distinct()
                            .toArray();
                    return IntStream.range(1, nights.length).mapToDouble(i -> nights[i] - nights[i - 1]);
                })
                .sorted()
                .toArray();

        assertThat(gaps).hasSizeGreaterThan(10 * MANY / 2);
        double[] quantiles = Arrays.stream(new double[] {.10, .25, .50, .75, .90})
                .map(q -> gaps[(int) (q * gaps.length)])
                .toArray();
        assertThat(quantiles).containsExactly(1, 2, 2, 3, 4);
    }

    @Test
    void idsAndPlacesDoNotTellTheTruth() {
        // Correlation with the truth, compared with its standard error under independence.
        double n = MANY / 1.8;
        assertThat(correlation(c -> (double) c.packet().candid())).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().objectId().hashCode())).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().objectId().charAt(5))).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().ra())).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().dec())).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().fwhmPixels())).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().remarks().size())).isCloseTo(0, within(4 / Math.sqrt(n)));
        assertThat(correlation(c -> c.packet().history().points().size())).isCloseTo(0, within(4 / Math.sqrt(n)));
        for (SimulatedCandidate candidate : CANDIDATES) {
            assertThat(candidate.packet().survey()).isEqualTo("ztf");
            assertThat(candidate.packet().toString().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain(candidate.subclass().toLowerCase(java.util.Locale.ROOT))
                    .doesNotContain("real")
                    .doesNotContain("bogus");
        }
    }

    @Test
    void theSurveysOwnScoreIsWeak() {
        double auc = areaUnderRoc(CANDIDATES.stream()
                .filter(c -> !Double.isNaN(c.packet().surveyScore()))
                .toList());

        // One unit-variance normal each, 1.2 apart (0.7 for the fifth that is faint): AUC = Phi(1.2 / sqrt 2) = 0.80.
        assertThat(auc).isBetween(0.74, 0.82);
    }

    @Test
    void aFewStampsAreMissingAndSaySo() {
        int missing = 0;
        for (SimulatedCandidate candidate : CANDIDATES) {
            AlertPacket packet = candidate.packet();
            int absent = (packet.cutouts().science() == null ? 1 : 0)
                    + (packet.cutouts().template() == null ? 1 : 0)
                    + (packet.cutouts().difference() == null ? 1 : 0);
            assertThat(packet.remarks()).hasSize(absent);
            missing += absent;
        }

        assertThat(share(missing, MANY)).isCloseTo(0.007, within(4 * Math.sqrt(0.007 / MANY)));
    }

    @Test
    void refusesWhatItCannotSimulate() {
        assertThatThrownBy(() -> SurveySettings.ofSeed(1).withStampSide(30))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got stampSide 30");
        assertThatThrownBy(() -> SurveySettings.ofSeed(1).withDrift(-0.1)).hasMessageContaining("got drift -0.1");
        assertThatThrownBy(() -> SurveySettings.ofSeed(1).withRealShare(1.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("1.5");
        assertThatThrownBy(() -> new SimulatedSurvey(SurveySettings.ofSeed(1)).candidate(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1})
    void driftCorrelatesTheNoiseOfTheDifference(double drift) {
        double variance = 0;
        double beside = 0;
        for (SimulatedCandidate candidate :
                new SimulatedSurvey(SurveySettings.ofSeed(2).withDrift(drift)).candidates(0, 60)) {
            Cutout difference = candidate.packet().cutouts().difference();
            if (!candidate.subclass().equals("asteroid") || difference == null) {
                continue;
            }
            float[] sizes = difference.pixels();
            Arrays.sort(sizes);
            // NaN sorts last: the lower quartile of a normal is at -0.6745 sigma.
            double sigma = -sizes[sizes.length / 4] / 0.6745;
            for (int y = 0; y < difference.height(); y++) {
                // Below the source: empty sky, a few stars' residuals, which the cut at 4 sigma leaves out.
                for (int x = 0; x + 1 < difference.width() && y < 20; x++) {
                    double here = difference.at(x, y) / sigma;
                    double next = difference.at(x + 1, y) / sigma;
                    if (Math.abs(here) < 4 && Math.abs(next) < 4) {
                        variance += (here * here + next * next) / 2;
                        beside += here * next;
                    }
                }
            }
        }

        // White noise shared with the science image, and the rest correlated by 0.4 drift.
        double shared = 0.93 * (1 - drift);
        assertThat(beside / variance).isCloseTo((1 - shared * shared) * 0.4 * drift, within(0.03));
    }

    private interface Value {
        double of(SimulatedCandidate candidate);
    }

    private static double correlation(Value value) {
        double sumX = 0;
        double sumXx = 0;
        double sumY = 0;
        double sumXy = 0;
        for (SimulatedCandidate candidate : CANDIDATES) {
            double x = value.of(candidate);
            double y = candidate.real() ? 1 : 0;
            sumX += x;
            sumXx += x * x;
            sumY += y;
            sumXy += x * y;
        }
        double n = CANDIDATES.size();
        double spreadX = Math.sqrt(sumXx / n - sumX / n * sumX / n);
        double spreadY = Math.sqrt(sumY / n * (1 - sumY / n));
        return (sumXy / n - sumX / n * sumY / n) / (spreadX * spreadY);
    }

    private static double areaUnderRoc(List<SimulatedCandidate> candidates) {
        double wins = 0;
        double pairs = 0;
        for (SimulatedCandidate real : candidates) {
            for (SimulatedCandidate bogus : candidates) {
                if (real.real() && !bogus.real()) {
                    pairs++;
                    wins += real.packet().surveyScore() > bogus.packet().surveyScore() ? 1 : 0;
                }
            }
        }
        return wins / pairs;
    }

    private static boolean hasNan(Cutout cutout) {
        for (float pixel : cutout.pixels()) {
            if (Float.isNaN(pixel)) {
                return true;
            }
        }
        return false;
    }

    private static double share(long part, long all) {
        return (double) part / all;
    }
}
