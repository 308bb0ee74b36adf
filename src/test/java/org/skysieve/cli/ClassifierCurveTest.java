package org.skysieve.cli;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ClassifierCurveTest {
    private static List<ClassifierCurve.Point> curve(double... aucs) {
        List<ClassifierCurve.Point> points = new ArrayList<>();
        for (double auc : aucs) {
            points.add(new ClassifierCurve.Point(100L * (points.size() + 1), 0, auc, auc, auc));
        }
        return points;
    }

    @Test
    void votesToAQualityAreReadOffTheMeanOfThreePoints() {
        List<ClassifierCurve.Point> points = curve(0.5, 0.6, 0.7, 0.8, 0.9);

        // Means over up to three: .5, .55, .6, .7, .8.
        assertThat(ClassifierCurve.last(points)).isCloseTo(0.8, within(1e-12));
        assertThat(ClassifierCurve.votesTo(0.65, points).orElseThrow()).isCloseTo(350, within(1e-9));
        assertThat(ClassifierCurve.votesTo(0.5, points)).hasValue(100);
        assertThat(ClassifierCurve.votesTo(0.81, points)).isEmpty();
    }

    @Test
    void whatSelectionSavesIsTheShareOfVotesToTheQualityOfRandomSelection() {
        SelectionContest contest =
                new SelectionContest(curve(0.7, 0.8, 0.9, 0.9, 0.9, 0.9), curve(0.5, 0.6, 0.7, 0.8, 0.8, 0.8));

        assertThat(contest.quality()).isCloseTo(0.8, within(1e-12));
        assertThat(contest.votesAtRandom()).isEqualTo(600);
        assertThat(contest.firstAtRandom().orElseThrow()).isCloseTo(600, within(1e-9));
        assertThat(contest.votesSelected().orElseThrow()).isCloseTo(300, within(1e-9));
        assertThat(contest.saved()).isCloseTo(0.5, within(1e-12));
        assertThat(contest.toMap()).containsEntry("rareSelected", 0.9);
        SelectionContest lost = new SelectionContest(curve(0.5, 0.5, 0.5), curve(0.6, 0.6, 0.6));
        assertThat(lost.saved()).isNaN();
        assertThat(lost.toMap()).containsEntry("votesSaved", null);
    }

    @Test
    void moreLabelsMakeABetterForestAndNoLabelCountsBeforeItRetired() {
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(3));
        ClassifierCurve curve = new ClassifierCurve(new SampleRows(), List.of(), i -> survey.candidate(1000 + i), 300);
        for (int i = 0; i < 300; i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            curve.add(candidate, candidate.real() ? new double[] {1, 0} : new double[] {0, 1}, 3 * (i + 1));
        }

        List<ClassifierCurve.Point> points = curve.points(90, 900, 1);

        assertThat(points).hasSize(10);
        assertThat(points.get(0).labels()).isEqualTo(30);
        assertThat(points.get(9).labels()).isEqualTo(300);
        assertThat(points.get(9).auc())
                .isGreaterThan(points.get(0).auc())
                .isGreaterThan(0.95)
                .isLessThan(1);
    }
}
