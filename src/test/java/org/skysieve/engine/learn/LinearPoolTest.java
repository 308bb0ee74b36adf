package org.skysieve.engine.learn;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class LinearPoolTest {
    @Test
    void oneMemberKeepsItsWord() {
        Scored only = new Scored(new double[] {.8, .2}, .1, LinearPool.entropy(new double[] {.8, .2}) - .1);

        Scored pooled = LinearPool.of(List.of(new LinearPool.Member(3, only)));

        assertThat(pooled.probabilities()).containsExactly(.8, .2);
        assertThat(pooled.epistemic()).isCloseTo(.1, within(1e-12));
        assertThat(pooled.aleatoric()).isCloseTo(only.aleatoric(), within(1e-12));
    }

    @Test
    void sureMembersThatContradictEachOtherAreDoubtThatALabelTakesAway() {
        Scored real = new Scored(new double[] {1, 0}, 0, 0);
        Scored bogus = new Scored(new double[] {0, 1}, 0, 0);

        Scored pooled = LinearPool.of(List.of(new LinearPool.Member(.5, real), new LinearPool.Member(.5, bogus)));

        assertThat(pooled.probabilities()).containsExactly(.5, .5);
        assertThat(pooled.epistemic()).isCloseTo(Math.log(2), within(1e-12));
        assertThat(pooled.aleatoric()).isZero();
    }

    @Test
    void weightsCountByTheirShareOfTheSum() {
        Scored one = new Scored(new double[] {.9, .1}, 0, LinearPool.entropy(new double[] {.9, .1}));
        Scored other = new Scored(new double[] {.5, .5}, 0, Math.log(2));

        Scored pooled = LinearPool.of(List.of(new LinearPool.Member(3, one), new LinearPool.Member(1, other)));

        assertThat(pooled.probabilities()[0]).isCloseTo(.8, within(1e-12));
        assertThat(pooled.aleatoric()).isCloseTo(.75 * one.aleatoric() + .25 * Math.log(2), within(1e-12));
    }

    @Test
    void refusesWhatCannotBePooled() {
        Scored two = new Scored(new double[] {1, 0}, 0, 0);
        Scored three = new Scored(new double[] {1, 0, 0}, 0, 0);

        assertThatThrownBy(() -> LinearPool.of(List.of(new LinearPool.Member(0, two))))
                .hasMessageContaining("more than 0");
        assertThatThrownBy(() -> LinearPool.of(List.of(new LinearPool.Member(1, two), new LinearPool.Member(1, three))))
                .hasMessageContaining("got 3 classes, need 2");
    }
}
