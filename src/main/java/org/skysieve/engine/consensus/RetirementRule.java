package org.skysieve.engine.consensus;

import java.util.List;

/** When a candidate needs no more votes. A pure function of its posterior and its votes; the records are data. */
public sealed interface RetirementRule {
    /**
     * @param posterior calibrated P(class)
     * @param answers how many standing votes each class has
     */
    Outcome decide(double[] posterior, int[] answers);

    /** How many earlier posteriors of the candidate the rule looks back at. */
    default int memory() {
        return 0;
    }

    /**
     * As {@link #decide(double[], int[])}, with the past at hand.
     *
     * @param earlier the posteriors after each earlier vote, oldest first: {@link #memory()} of them or more, or fewer
     *     where there were fewer votes
     */
    default Outcome decide(List<double[]> earlier, double[] posterior, int[] answers) {
        return decide(posterior, answers);
    }

    /** A label less probable than this holds after a refit only where the rule gives it anew. */
    default double ambiguousBelow() {
        return 0;
    }

    /**
     * Whether a label given before still holds after a refit: the rule gives it anew, or would give no other and it is not
     * ambiguous. Without that slack candidates at the threshold would go back and forth at every refit.
     *
     * @param anew what the rule decides now
     */
    default boolean holds(int label, Outcome anew, double[] posterior) {
        return anew.answer() == label && (anew.decision() == Decision.RETIRED || posterior[label] >= ambiguousBelow());
    }

    /** What a rule decides. */
    enum Decision {
        /** More votes are wanted. */
        OPEN,
        /** The leading class is the label. */
        RETIRED,
        /** The votes are spent and no class leads clearly. */
        AMBIGUOUS
    }

    /**
     * @param answer the label, or what it would be by now
     * @param reason the numbers behind the decision, for the trace
     */
    record Outcome(Decision decision, int answer, String reason) {}

    /**
     * Retires a candidate whose leading calibrated posterior reaches a threshold. Once {@code maxVotes} are cast, it
     * retires with at least {@code ambiguousBelow}, else it is ambiguous.
     *
     * @param retireAt in (0.5, 1]
     * @param classThresholds one per class in place of {@code retireAt}, or empty
     * @param minVotes fewer never retire, at least 0
     * @param maxVotes no more are asked for, at least {@code minVotes}
     * @param ambiguousBelow in [0, 1]
     */
    record PosteriorThreshold(
            double retireAt, List<Double> classThresholds, int minVotes, int maxVotes, double ambiguousBelow)
            implements RetirementRule {
        public PosteriorThreshold {
            classThresholds = List.copyOf(classThresholds);
            for (double threshold : classThresholds) {
                checkThreshold(threshold);
            }
            checkThreshold(retireAt);
            if (minVotes < 0 || maxVotes < Math.max(1, minVotes) || !(ambiguousBelow >= 0 && ambiguousBelow <= 1)) {
                throw new IllegalArgumentException(
                        "retirement: got " + minVotes + " to " + maxVotes + " votes and ambiguous below "
                                + ambiguousBelow + ", need 0 <= min <= max, max >= 1, and 0 to 1");
            }
        }

        private static void checkThreshold(double threshold) {
            if (!(threshold > 0.5 && threshold <= 1)) {
                throw new IllegalArgumentException(
                        "retirement: got threshold " + threshold + ", need 0.5 < threshold <= 1");
            }
        }

        @Override
        public Outcome decide(double[] posterior, int[] answers) {
            if (!classThresholds.isEmpty() && classThresholds.size() != posterior.length) {
                throw new IllegalArgumentException("retirement: got " + posterior.length + " probabilities, need "
                        + classThresholds.size() + ", one per class threshold");
            }
            int leading = leading(posterior);
            int votes = total(answers);
            double threshold = classThresholds.isEmpty() ? retireAt : classThresholds.get(leading);
            String numbers = "posterior " + round(posterior[leading]) + " after " + votes + " votes";
            if (votes >= minVotes && posterior[leading] >= threshold) {
                return new Outcome(Decision.RETIRED, leading, numbers + " reaches " + threshold);
            }
            if (votes < maxVotes) {
                return new Outcome(Decision.OPEN, leading, numbers + ", wanted " + threshold);
            }
            if (posterior[leading] >= ambiguousBelow) {
                return new Outcome(
                        Decision.RETIRED, leading, numbers + ", the most allowed, is at least " + ambiguousBelow);
            }
            return new Outcome(Decision.AMBIGUOUS, leading, numbers + ", the most allowed, is below " + ambiguousBelow);
        }
    }

    /**
     * The baseline of the field: two votes that agree, else the plurality of seven; a tie then is ambiguous. It looks at
     * no posterior.
     */
    record TwoAgreeElseSeven() implements RetirementRule {
        @Override
        public Outcome decide(double[] posterior, int[] answers) {
            int leading = 0;
            int ties = 0;
            for (int k = 0; k < answers.length; k++) {
                if (answers[k] > answers[leading]) {
                    leading = k;
                }
            }
            for (int count : answers) {
                ties += count == answers[leading] ? 1 : 0;
            }
            int votes = total(answers);
            if (votes >= 2 && answers[leading] == votes) {
                return new Outcome(Decision.RETIRED, leading, "two agree, else seven: " + votes + " votes agree");
            }
            if (votes < 7) {
                return new Outcome(Decision.OPEN, leading, "two agree, else seven: " + votes + " votes, need more");
            }
            return new Outcome(
                    ties == 1 ? Decision.RETIRED : Decision.AMBIGUOUS,
                    leading,
                    "two agree, else seven: " + answers[leading] + " of " + votes + " votes");
        }
    }

    /**
     * Retires a candidate once the label that costs least is expected to cost no more than {@code atMost}: the rule of
     * whoever can say what errors cost, such as a missed transient against a wasted spectrum. Not even a vote that tells
     * the truth could save more than the expected loss, so with {@code atMost} the cost of one more vote this stops where
     * no further vote can pay (the expected value of perfect information, Howard 1966).
     *
     * @param loss what label {@code a} costs when {@code t} is true, {@code loss.get(t).get(a)}, at least 0; 0 where they
     *     are the same
     * @param atMost in the units of the loss, at least 0
     */
    record ExpectedLoss(List<List<Double>> loss, double atMost) implements RetirementRule {
        public ExpectedLoss {
            loss = loss.stream().map(List::copyOf).toList();
            int classes = loss.size();
            for (int t = 0; t < classes; t++) {
                List<Double> row = loss.get(t);
                if (row.size() != classes
                        || row.get(t) != 0
                        || row.stream().anyMatch(cost -> !(cost >= 0 && cost < Double.POSITIVE_INFINITY))) {
                    throw new IllegalArgumentException("retirement: got losses " + row + " where class " + t
                            + " is true, need " + classes + " finite numbers >= 0, 0 for class " + t);
                }
            }
            if (!(atMost >= 0)) {
                throw new IllegalArgumentException("retirement: got an expected loss of " + atMost + ", need >= 0");
            }
        }

        @Override
        public Outcome decide(double[] posterior, int[] answers) {
            if (posterior.length != loss.size()) {
                throw new IllegalArgumentException(
                        "retirement: got " + posterior.length + " probabilities, need " + loss.size());
            }
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int a = 0; a < posterior.length; a++) {
                double expected = 0;
                for (int t = 0; t < posterior.length; t++) {
                    expected += posterior[t] * loss.get(t).get(a);
                }
                if (expected < least) {
                    least = expected;
                    best = a;
                }
            }
            String numbers = "expected loss " + round(least) + " after " + total(answers) + " votes";
            return least <= atMost
                    ? new Outcome(Decision.RETIRED, best, numbers + " is at most " + atMost)
                    : new Outcome(Decision.OPEN, best, numbers + ", wanted " + atMost);
        }
    }

    /**
     * Retires a candidate that further votes no longer move: over its last {@code votes} votes the same class has led and
     * its probability has stayed within {@code within}. Where no class leads clearly by then, it is ambiguous:
     * more votes of this crowd would not tell. Where nothing but the present posterior is known, it stays open.
     *
     * @param votes how many, at least 1
     * @param within the largest less the smallest probability of the leading class, in [0, 1]
     * @param ambiguousBelow in [0, 1]
     */
    record Stability(int votes, double within, double ambiguousBelow) implements RetirementRule {
        public Stability {
            if (votes < 1 || !(within >= 0 && within <= 1) || !(ambiguousBelow >= 0 && ambiguousBelow <= 1)) {
                throw new IllegalArgumentException("retirement: got stability over " + votes + " votes within " + within
                        + " and ambiguous below " + ambiguousBelow + ", need 1 vote or more, 0 to 1, and 0 to 1");
            }
        }

        @Override
        public int memory() {
            return votes;
        }

        @Override
        public Outcome decide(double[] posterior, int[] answers) {
            return decide(List.of(), posterior, answers);
        }

        @Override
        public Outcome decide(List<double[]> earlier, double[] posterior, int[] answers) {
            int leading = leading(posterior);
            if (earlier.size() < votes) {
                return new Outcome(
                        Decision.OPEN,
                        leading,
                        "stability: after " + total(answers) + " votes, need " + (votes + 1) + " to compare");
            }
            double low = posterior[leading];
            double high = low;
            for (double[] before : earlier.subList(earlier.size() - votes, earlier.size())) {
                if (leading(before) != leading) {
                    return new Outcome(
                            Decision.OPEN, leading, "stability: another class led within the last " + votes + " votes");
                }
                low = Math.min(low, before[leading]);
                high = Math.max(high, before[leading]);
            }
            String numbers =
                    "stability: the posterior moved by " + round(high - low) + " over the last " + votes + " votes";
            if (high - low > within) {
                return new Outcome(Decision.OPEN, leading, numbers + ", wanted " + within);
            }
            String lead = numbers + ", at most " + within + ", and " + round(posterior[leading]) + " is ";
            return posterior[leading] >= ambiguousBelow
                    ? new Outcome(Decision.RETIRED, leading, lead + "at least " + ambiguousBelow)
                    : new Outcome(Decision.AMBIGUOUS, leading, lead + "below " + ambiguousBelow);
        }
    }

    /**
     * Puts limits on the votes of any other rule: it decides nothing before {@code minVotes}, and after {@code maxVotes}
     * the label that it would give by then stands if its posterior is at least {@code ambiguousBelow}, else the candidate
     * is ambiguous.
     *
     * @param minVotes at least 0
     * @param maxVotes at least 1 and {@code minVotes}
     * @param ambiguousBelow in [0, 1]
     */
    record VoteLimits(RetirementRule rule, int minVotes, int maxVotes, double ambiguousBelow)
            implements RetirementRule {
        public VoteLimits {
            if (minVotes < 0 || maxVotes < Math.max(1, minVotes) || !(ambiguousBelow >= 0 && ambiguousBelow <= 1)) {
                throw new IllegalArgumentException(
                        "retirement: got " + minVotes + " to " + maxVotes + " votes and ambiguous below "
                                + ambiguousBelow + ", need 0 <= min <= max, max >= 1, and 0 to 1");
            }
        }

        @Override
        public int memory() {
            return rule.memory();
        }

        @Override
        public Outcome decide(double[] posterior, int[] answers) {
            return decide(List.of(), posterior, answers);
        }

        @Override
        public Outcome decide(List<double[]> earlier, double[] posterior, int[] answers) {
            int votes = total(answers);
            Outcome outcome = rule.decide(earlier, posterior, answers);
            if (votes < minVotes) {
                return new Outcome(
                        Decision.OPEN, outcome.answer(), votes + " votes, need " + minVotes + " before any rule");
            }
            if (votes < maxVotes || outcome.decision() != Decision.OPEN) {
                return outcome;
            }
            int label = outcome.answer();
            String numbers = "vote limit: posterior " + round(posterior[label]) + " after " + votes
                    + " votes, the most allowed, is ";
            return posterior[label] >= ambiguousBelow
                    ? new Outcome(Decision.RETIRED, label, numbers + "at least " + ambiguousBelow)
                    : new Outcome(Decision.AMBIGUOUS, label, numbers + "below " + ambiguousBelow);
        }
    }

    private static int leading(double[] posterior) {
        int leading = 0;
        for (int k = 1; k < posterior.length; k++) {
            if (posterior[k] > posterior[leading]) {
                leading = k;
            }
        }
        return leading;
    }

    private static int total(int[] answers) {
        int votes = 0;
        for (int count : answers) {
            votes += count;
        }
        return votes;
    }

    private static double round(double p) {
        return Math.floor(p * 10_000) / 10_000;
    }
}
