package org.skysieve.engine.learn;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MetricsTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void theAucEqualsTheCountOverAllPairs(long seed) {
        var random = new SplittableRandom(seed);
        int n = 120;
        double[] scores = new double[n];
        double[] positive = new double[n];
        double[] weights = new double[n];
        for (int i = 0; i < n; i++) {
            // Few distinct scores: many ties. Half of the targets are soft.
            scores[i] = random.nextInt(20) / 20.;
            positive[i] = i % 2 == 0 ? random.nextInt(2) : random.nextDouble();
            weights[i] = random.nextInt(3);
        }

        double auc = Metrics.auc(scores, positive, weights);

        assertThat(auc).isCloseTo(aucOverPairs(scores, positive, weights), within(1e-12));
    }

    @Test
    void theAucOfOneClassAloneIsNotMeasurable() {
        assertThat(Metrics.auc(new double[] {.1, .2}, new double[] {1, 1}, new double[] {1, 1}))
                .isNaN();
    }

    @Test
    void perfectAndUselessScoresHaveAnAucOfOneAndOneHalf() {
        double[] positive = {0, 0, 1, 1};
        double[] ones = {1, 1, 1, 1};

        assertThat(Metrics.auc(new double[] {.1, .2, .3, .4}, positive, ones)).isEqualTo(1);
        assertThat(Metrics.auc(new double[] {.4, .3, .2, .1}, positive, ones)).isEqualTo(0);
        assertThat(Metrics.auc(new double[] {.5, .5, .5, .5}, positive, ones)).isEqualTo(.5);
    }

    @Test
    void lossesHaveTheirClosedForms() {
        double[] p = {.8, .2, .4, .6};
        double[] targets = {1, 0, 1, 0};
        double[] weights = {1, 3};

        assertThat(Metrics.logLoss(p, targets, 2, weights))
                .isCloseTo(-(Math.log(.8) + 3 * Math.log(.4)) / 4, within(1e-12));
        assertThat(Metrics.brier(p, targets, 2, weights)).isCloseTo((.08 + 3 * .72) / 4, within(1e-12));
        assertThat(Metrics.accuracy(p, targets, 2, weights)).isCloseTo(.25, within(1e-12));
        assertThat(Metrics.logLoss(new double[] {0, 1}, new double[] {1, 0}, 2, new double[] {1}))
                .isCloseTo(-Math.log(1e-6), within(1e-9));
    }

    @Test
    void theCalibrationErrorIsTheGapBetweenConfidenceAndHits() {
        // Ten rows say .9, seven are right.
        double[] p = new double[20];
        double[] targets = new double[20];
        double[] weights = new double[10];
        Arrays.fill(weights, 1);
        for (int i = 0; i < 10; i++) {
            p[2 * i] = .9;
            p[2 * i + 1] = .1;
            targets[2 * i + (i < 7 ? 0 : 1)] = 1;
        }

        assertThat(Metrics.calibrationError(p, targets, 2, weights)).isCloseTo(.2, within(1e-12));
    }

    @Test
    void completenessAndPurityCountTheChosen() {
        double[] p = {.9, .1, .6, .4, .5, .5, .2, .8};
        double[] targets = {1, 0, 0, 1, 1, 0, 1, 0};
        double[] weights = {1, 1, 1, 1};

        assertThat(Metrics.completeness(p, targets, 2, weights, 0, .5)).isCloseTo(2 / 3., within(1e-12));
        assertThat(Metrics.purity(p, targets, 2, weights, 0, .5)).isCloseTo(2 / 3., within(1e-12));
        assertThat(Metrics.purity(p, targets, 2, weights, 0, .95)).isNaN();
    }

    @Test
    void intervalsCoverTheTrueAccuracy() {
        // 60 sets of 200 rows, a model that is right with probability .8: nominal 95 %, standard error .028.
        var random = new SplittableRandom(17);
        int covered = 0;
        for (int set = 0; set < 60; set++) {
            double[] p = new double[400];
            double[] targets = new double[400];
            int[] groups = new int[200];
            for (int i = 0; i < 200; i++) {
                p[2 * i] = .8;
                p[2 * i + 1] = .2;
                targets[2 * i + (random.nextDouble() < .8 ? 0 : 1)] = 1;
                groups[i] = i;
            }
            Interval accuracy =
                    new Evaluation(2, targets, ones(200), groups).report(p, set).accuracy();
            covered += accuracy.low() <= .8 && .8 <= accuracy.high() ? 1 : 0;
        }

        assertThat(covered / 60.).isBetween(.85, 1.);
    }

    @Test
    void rowsOfOneObjectDoNotNarrowTheInterval() {
        double[] p = new double[400];
        double[] targets = new double[400];
        int[] each = new int[200];
        int[] tens = new int[200];
        for (int i = 0; i < 200; i++) {
            p[2 * i] = 1;
            targets[2 * i + (i / 10 % 4 == 0 ? 1 : 0)] = 1;
            each[i] = i;
            tens[i] = i / 10;
        }

        Interval narrow =
                new Evaluation(2, targets, ones(200), each).report(p, 1).accuracy();
        Interval wide = new Evaluation(2, targets, ones(200), tens).report(p, 1).accuracy();

        // Twenty objects instead of 200 rows: sqrt(10) = 3.2 times wider.
        assertThat((wide.high() - wide.low()) / (narrow.high() - narrow.low())).isBetween(2.4, 4.2);
    }

    @Test
    void aBetterChallengerIsSeenAndAnEqualOneIsNot() {
        var random = new SplittableRandom(3);
        int n = 300;
        double[] good = new double[2 * n];
        double[] bad = new double[2 * n];
        double[] targets = new double[2 * n];
        int[] groups = new int[n];
        for (int i = 0; i < n; i++) {
            int label = random.nextInt(2);
            targets[2 * i + label] = 1;
            good[2 * i + label] = .6 + .3 * random.nextDouble();
            good[2 * i + 1 - label] = 1 - good[2 * i + label];
            bad[2 * i] = random.nextDouble();
            bad[2 * i + 1] = 1 - bad[2 * i];
            groups[i] = i;
        }
        var evaluation = new Evaluation(2, targets, ones(n), groups);

        Evaluation.Comparison better = evaluation.compare(bad, good, 1);
        Evaluation.Comparison same = evaluation.compare(good, good, 1);

        assertThat(better.probabilityLogLossBetter()).isEqualTo(1);
        assertThat(better.probabilityAucBetter()).isEqualTo(1);
        assertThat(better.logLossGain().low()).isPositive();
        assertThat(same.logLossGain().value()).isZero();
        assertThat(same.probabilityLogLossBetter()).isEqualTo(.5);
    }

    private static double aucOverPairs(double[] scores, double[] positive, double[] weights) {
        double area = 0;
        double pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (i != j) {
                    double pair = weights[i] * positive[i] * weights[j] * (1 - positive[j]);
                    pairs += pair;
                    area += scores[i] > scores[j] ? pair : scores[i] == scores[j] ? pair / 2 : 0;
                }
            }
        }
        return area / pairs;
    }

    private static double[] ones(int n) {
        double[] ones = new double[n];
        Arrays.fill(ones, 1);
        return ones;
    }
}
