package org.skysieve.engine.consensus;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.consensus.RetirementRule.Decision;
import org.skysieve.engine.consensus.RetirementRule.ExpectedLoss;
import org.skysieve.engine.consensus.RetirementRule.Outcome;
import org.skysieve.engine.consensus.RetirementRule.PosteriorThreshold;
import org.skysieve.engine.consensus.RetirementRule.Stability;
import org.skysieve.engine.consensus.RetirementRule.TwoAgreeElseSeven;
import org.skysieve.engine.consensus.RetirementRule.VoteLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RetirementRuleTest {
    private static final PosteriorThreshold RULE = new PosteriorThreshold(0.98, List.of(), 2, 12, 0.8);

    @Test
    void retiresAtTheThresholdButNotBeforeTheLeastVotes() {
        assertThat(RULE.decide(new double[] {0.99, 0.01}, new int[] {1, 0}).decision())
                .isEqualTo(Decision.OPEN);
        assertThat(RULE.decide(new double[] {0.98, 0.02}, new int[] {2, 0}))
                .isEqualTo(new Outcome(Decision.RETIRED, 0, "posterior 0.98 after 2 votes reaches 0.98"));
        assertThat(RULE.decide(new double[] {0.9799, 0.0201}, new int[] {2, 0}).decision())
                .isEqualTo(Decision.OPEN);
    }

    @Test
    void theLastVoteSettlesALeadAndCallsTheRestAmbiguous() {
        assertThat(RULE.decide(new double[] {0.2, 0.8}, new int[] {4, 8}).decision())
                .isEqualTo(Decision.RETIRED);
        assertThat(RULE.decide(new double[] {0.21, 0.79}, new int[] {5, 7}).decision())
                .isEqualTo(Decision.AMBIGUOUS);
        assertThat(RULE.decide(new double[] {0.21, 0.79}, new int[] {5, 6}).decision())
                .isEqualTo(Decision.OPEN);
    }

    @Test
    void aClassMayHaveAThresholdOfItsOwn() {
        PosteriorThreshold rule = new PosteriorThreshold(0.98, List.of(0.95, 0.999), 2, 12, 0.8);

        assertThat(rule.decide(new double[] {0.96, 0.04}, new int[] {2, 0}).decision())
                .isEqualTo(Decision.RETIRED);
        assertThat(rule.decide(new double[] {0.01, 0.99}, new int[] {0, 2}).decision())
                .isEqualTo(Decision.OPEN);
    }

    @Test
    void twoAgreeElseSevenLooksAtVotesAlone() {
        RetirementRule rule = new TwoAgreeElseSeven();
        double[] any = {0.5, 0.5};

        assertThat(rule.decide(any, new int[] {1, 0}).decision()).isEqualTo(Decision.OPEN);
        assertThat(rule.decide(any, new int[] {0, 2})).isEqualTo(new Outcome(Decision.RETIRED, 1, "2 votes agree"));
        assertThat(rule.decide(any, new int[] {2, 1}).decision()).isEqualTo(Decision.OPEN);
        assertThat(rule.decide(any, new int[] {4, 3})).isEqualTo(new Outcome(Decision.RETIRED, 0, "4 of 7 votes"));
        assertThat(rule.decide(new double[] {.4, .3, .3}, new int[] {3, 3, 1}).decision())
                .isEqualTo(Decision.AMBIGUOUS);
    }

    @Test
    void expectedLossWeighsWhatErrorsCost() {
        // To miss a real one costs 10, to follow up a bogus one 1.
        ExpectedLoss rule = new ExpectedLoss(List.of(List.of(0.0, 10.0), List.of(1.0, 0.0)), 0.2);

        assertThat(rule.decide(new double[] {0.85, 0.15}, new int[] {2, 0}).decision())
                .isEqualTo(Decision.RETIRED);
        // Bogus is likelier here, and yet "real" is the label that costs less.
        assertThat(rule.decide(new double[] {0.4, 0.6}, new int[] {2, 3}).answer())
                .isZero();
        assertThat(rule.decide(new double[] {0.03, 0.97}, new int[] {0, 3}))
                .isEqualTo(new Outcome(Decision.OPEN, 1, "expected loss 0.3 after 3 votes, wanted 0.2"));
        assertThat(rule.decide(new double[] {0.01, 0.99}, new int[] {0, 3}).decision())
                .isEqualTo(Decision.RETIRED);
        assertThatThrownBy(() -> new ExpectedLoss(List.of(List.of(0.0, 1.0), List.of(1.0, 0.5)), 0.1))
                .hasMessageContaining("class 1 is true");
    }

    @Test
    void stabilityLooksBackAtTheLastVotes() {
        Stability rule = new Stability(2, 0.05);
        double[] now = {0.9, 0.1};
        int[] answers = {4, 1};

        assertThat(rule.decide(now, answers).decision()).isEqualTo(Decision.OPEN);
        assertThat(rule.decide(List.of(new double[] {0.88, 0.12}), now, answers).decision())
                .isEqualTo(Decision.OPEN);
        assertThat(rule.decide(List.of(new double[] {0.3, 0.7}, new double[] {0.86, 0.14}, now), now, answers)
                        .decision())
                .isEqualTo(Decision.RETIRED);
        assertThat(rule.decide(List.of(new double[] {0.84, 0.16}, now), now, answers)
                        .decision())
                .isEqualTo(Decision.OPEN);
        assertThat(rule.decide(List.of(new double[] {0.48, 0.52}, now), now, answers)
                        .reason())
                .isEqualTo("another class led within the last 2 votes");
    }

    @Test
    void voteLimitsHoldAnyRule() {
        VoteLimits rule = new VoteLimits(new Stability(1, 0.05), 3, 5, 0.7);
        List<double[]> calm = List.of(new double[] {0.9, 0.1});
        List<double[]> jump = List.of(new double[] {0.5, 0.5});

        assertThat(rule.memory()).isEqualTo(1);
        assertThat(rule.decide(calm, new double[] {0.9, 0.1}, new int[] {2, 0}))
                .isEqualTo(new Outcome(Decision.OPEN, 0, "2 votes, need 3 before any rule"));
        assertThat(rule.decide(calm, new double[] {0.9, 0.1}, new int[] {3, 0}).decision())
                .isEqualTo(Decision.RETIRED);
        assertThat(rule.decide(jump, new double[] {0.8, 0.2}, new int[] {3, 1}).decision())
                .isEqualTo(Decision.OPEN);
        assertThat(rule.decide(jump, new double[] {0.8, 0.2}, new int[] {4, 1}).decision())
                .isEqualTo(Decision.RETIRED);
        assertThat(rule.decide(jump, new double[] {0.6, 0.4}, new int[] {3, 2}).decision())
                .isEqualTo(Decision.AMBIGUOUS);
    }

    @Test
    void refusesRulesThatCannotHold() {
        assertThatThrownBy(() -> new PosteriorThreshold(0.5, List.of(), 2, 12, 0.8))
                .hasMessageContaining("got threshold 0.5");
        assertThatThrownBy(() -> new PosteriorThreshold(0.9, List.of(), 5, 4, 0.8))
                .hasMessageContaining("got 5 to 4 votes");
    }
}
