package org.skysieve.engine.consensus;

import java.util.List;

/** When a candidate needs no more votes. A pure function of its posterior and its votes; the records are data. */
public sealed interface RetirementRule {
    /**
     * @param posterior calibrated P(class)
     * @param answers how many standing votes each class has
     */
    Outcome decide(double[] posterior, int[] answers);

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
     * @param answer the leading class
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
                return new Outcome(Decision.RETIRED, leading, votes + " votes agree");
            }
            if (votes < 7) {
                return new Outcome(Decision.OPEN, leading, votes + " votes, need two that agree or seven");
            }
            return new Outcome(
                    ties == 1 ? Decision.RETIRED : Decision.AMBIGUOUS,
                    leading,
                    answers[leading] + " of " + votes + " votes");
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
