package org.skysieve.engine.math;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class ReliabilityDiagramTest {
    @Test
    void whatIsClaimedIsComparedWithWhatCameTrue() {
        // Four rows at 0.9 of which two hold, two rows at 0.6 that both hold.
        double[] probabilities = {.9, .1, .9, .1, .1, .9, .1, .9, .6, .4, .6, .4};
        double[] targets = {1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1, 0};
        double[] weights = {1, 1, 1, 1, 1, 1};

        ReliabilityDiagram diagram = ReliabilityDiagram.of(probabilities, targets, 2, weights, 10);

        assertThat(diagram.bins()).hasSize(10);
        assertThat(diagram.bins().get(9)).isEqualTo(new ReliabilityDiagram.Bin(.9, 1, 4, .9, .5));
        assertThat(diagram.bins().get(6).accuracy()).isEqualTo(1);
        assertThat(diagram.bins().get(0).confidence()).isNaN();
        assertThat(diagram.count()).isEqualTo(6);
        assertThat(diagram.expectedError()).isCloseTo((4 * .4 + 2 * .4) / 6, within(1e-12));
        assertThat(diagram.overconfidence()).isCloseTo((4 * .4 - 2 * .4) / 6, within(1e-12));
    }

    @Test
    void weightsCountRowsAndCertaintyBelongsToTheLastBin() {
        double[] probabilities = {1, 0, 1, 0};
        double[] targets = {1, 0, 0, 1};

        ReliabilityDiagram diagram = ReliabilityDiagram.of(probabilities, targets, 2, new double[] {3, 1}, 15);

        assertThat(diagram.bins().get(14).count()).isEqualTo(4);
        assertThat(diagram.bins().get(14).accuracy()).isEqualTo(.75);
        assertThat(diagram.expectedError()).isEqualTo(.25);
    }

    @Test
    void perfectProbabilitiesHaveNoError() {
        double[] probabilities = new double[20];
        double[] targets = new double[20];
        for (int i = 0; i < 10; i++) {
            probabilities[2 * i] = .7;
            probabilities[2 * i + 1] = .3;
            targets[2 * i + (i < 7 ? 0 : 1)] = 1;
        }
        double[] weights = new double[10];
        Arrays.fill(weights, 1);

        assertThat(ReliabilityDiagram.of(probabilities, targets, 2, weights, 15).expectedError())
                .isCloseTo(0, within(1e-12));
        assertThat(LogLoss.mean(probabilities, targets, 2, weights, 1e-6))
                .isCloseTo(-.7 * Math.log(.7) - .3 * Math.log(.3), within(1e-12));
    }

    @Test
    void certaintyThatIsWrongCostsNoMoreThanTheCut() {
        assertThat(LogLoss.mean(new double[] {1, 0}, new double[] {0, 1}, 2, new double[] {1}, 1e-6))
                .isCloseTo(-Math.log(1e-6), within(1e-12));
        assertThat(LogLoss.mean(new double[0], new double[0], 2, new double[0], 1e-6))
                .isNaN();
        assertThat(ReliabilityDiagram.of(new double[0], new double[0], 2, new double[0], 15)
                        .expectedError())
                .isNaN();
    }

    @Test
    void refusesOtherShapes() {
        assertThatThrownBy(() -> ReliabilityDiagram.of(new double[4], new double[2], 2, new double[2], 15))
                .hasMessageContaining("got 4 probabilities and 2 targets");
        assertThatThrownBy(() -> LogLoss.mean(new double[4], new double[4], 2, new double[1], 1e-6))
                .hasMessageContaining("need rows * classes = 1 * 2");
    }
}
