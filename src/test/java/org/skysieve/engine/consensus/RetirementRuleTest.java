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
        assertThat(rule.decide(any, new int[] {0, 2}))
                .isEqualTo(new Outcome(Decision.RETIRED, 1, "two agree, else seven: 2 votes agree"));
        assertThat(rule.decide(any, new int[] {2, 1}).decision()).isEqualTo(Decision.OPEN);
        assertThat(rule.decide(any, new int[] {4, 3}))
                .isEqualTo(new Outcome(Decision.RETIRED, 0, "two agree, else seven: 4 of 7 votes"));
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
        Stability rule = new Stability(2, 0.05, 0.8);
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
                .isEqualTo("stability: another class led within the last 2 votes");
    }

    @Test
    void voteLimitsHoldAnyRule() {
        VoteLimits rule = new VoteLimits(new Stability(1, 0.05, 0.7), 3, 5, 0.7);
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
    void whatIsStableWithoutALeadIsAmbiguous() {
        Stability rule = new Stability(1, 0.05, 0.8);

        assertThat(rule.decide(List.of(new double[] {0.62, 0.38}), new double[] {0.6, 0.4}, new int[] {3, 2}))
                .isEqualTo(
                        new Outcome(
                                Decision.AMBIGUOUS,
                                0,
                                "stability: the posterior moved by 0.02 over the last 1 votes, at most 0.05, and 0.6 is below 0.8"));
    }

    @Test
    void theLastVoteSettlesTheLabelThatTheRuleWouldGive() {
        // Labelling "real" is cheaper down to P(real) = 1 / 11, but that is not much of a label.
        ExpectedLoss loss = new ExpectedLoss(List.of(List.of(0.0, 10.0), List.of(1.0, 0.0)), 0.1);
        VoteLimits rule = new VoteLimits(loss, 1, 4, 0.4);

        assertThat(rule.decide(new double[] {0.45, 0.55}, new int[] {2, 1}).decision())
                .isEqualTo(Decision.OPEN);
        assertThat(rule.decide(new double[] {0.45, 0.55}, new int[] {2, 2}))
                .isEqualTo(new Outcome(
                        Decision.RETIRED,
                        0,
                        "vote limit: posterior 0.45 after 4 votes, the most allowed, is at least 0.4"));
        assertThat(rule.decide(new double[] {0.35, 0.65}, new int[] {2, 2}).decision())
                .isEqualTo(Decision.AMBIGUOUS);
    }

    @Test
    void aLabelHoldsUntilAnotherIsGivenOrItIsAmbiguous() {
        double[] near = {0.85, 0.15};
        int[] answers = {3, 1};

        // 0.98 is wanted, but what was retired once stays down to 0.8.
        assertThat(RULE.holds(0, RULE.decide(near, answers), near)).isTrue();
        assertThat(RULE.holds(1, RULE.decide(near, answers), near)).isFalse();
        double[] low = {0.79, 0.21};
        assertThat(RULE.holds(0, RULE.decide(low, answers), low)).isFalse();
        // A rule that looks at no posterior gives its label anew.
        RetirementRule baseline = new VoteLimits(new TwoAgreeElseSeven(), 1, 12, 0.8);
        assertThat(baseline.holds(1, baseline.decide(near, new int[] {0, 2}), near))
                .isTrue();
    }

    @Test
    void votesAreLookedBackAtAndEditsStartAnew() {
        double[] a = {0.6, 0.4};
        double[] b = {0.7, 0.3};
        double[] c = {0.8, 0.2};
        RecentPosteriors two =
                RecentPosteriors.NONE.voted(a, 2).voted(b, 2).voted(c, 2).voted(a, 2);

        assertThat(two.posteriors()).containsExactly(b, c, a);
        assertThat(two.earlier()).containsExactly(b, c);
        assertThat(two.refitted(b, 2).posteriors()).containsExactly(b, c, b);
        assertThat(two.changed(b, 2).posteriors()).containsExactly(b);
        assertThat(two.voted(b, 1).posteriors()).containsExactly(a, b);
        assertThat(two.voted(b, 0)).isEqualTo(RecentPosteriors.NONE);
        assertThat(RecentPosteriors.NONE.earlier()).isEmpty();
    }

    @Test
    void refusesRulesThatCannotHold() {
        assertThatThrownBy(() -> new PosteriorThreshold(0.5, List.of(), 2, 12, 0.8))
                .hasMessageContaining("got threshold 0.5");
        assertThatThrownBy(() -> new PosteriorThreshold(0.9, List.of(), 5, 4, 0.8))
                .hasMessageContaining("got 5 to 4 votes");
    }
}
