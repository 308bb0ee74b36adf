package org.skysieve.model;

import org.skysieve.engine.learn.TrainingSample.Source;

/**
 * Which sources of labels count how much in the trainings of a workflow. A weight of 1 is that of one candidate with a
 * person-made label; 0 leaves the source out. None of them ever enters the evaluation sample.
 *
 * @param crowd weight of the volunteers' consensus, in [0, 10]
 * @param gold weight of gold standards, in [0, 10]
 * @param realAnswer key of the answer that minor planets, variable stars and injections get
 * @param bogusAnswer key of the answer that random detections get
 */
public record LabelPolicy(
        double crowd,
        double gold,
        String realAnswer,
        String bogusAnswer,
        MinorPlanets minorPlanets,
        VariableStars variableStars,
        RandomDetections randomDetections,
        Injections injections) {

    /**
     * Detections at the place of a known object of the solar system.
     *
     * @param most the newest so many, 1 to 20,000
     * @param withinArcsec of the predicted place, above 0 and at most 5
     */
    public record MinorPlanets(double weight, int most, double withinArcsec) {}

    /**
     * Detections on a catalogued point source that was detected often and has no bright star near or in it.
     *
     * @param withinArcsec of the source, above 0 and at most 1.5
     * @param detections the survey's count of detections at the place, at least
     */
    public record VariableStars(double weight, int most, double withinArcsec, int detections) {}

    /**
     * Detections drawn uniformly, neither known as a minor planet nor on a catalogued point source: mostly bogus.
     *
     * @param contamination share of them that is real, in [0, 0.5): their target is not 0 and 1
     */
    public record RandomDetections(double weight, int most, double contamination) {}

    /**
     * Point sources set into the stamps of candidates with a host galaxy.
     *
     * @param snrFrom least signal-to-noise, 3 to snrTo; drawn uniformly in its logarithm
     * @param snrTo largest, at most 300
     */
    public record Injections(double weight, int most, double snrFrom, double snrTo) {}

    /** People's labels alone; the others are ready with sensible numbers and weight 0. */
    static LabelPolicy usual(String realAnswer, String bogusAnswer) {
        return new LabelPolicy(
                1,
                1,
                realAnswer,
                bogusAnswer,
                new MinorPlanets(0, 1000, 2),
                new VariableStars(0, 1000, 1, 20),
                new RandomDetections(0, 1000, .1),
                new Injections(0, 500, 5, 30));
    }

    /** Weight of a source that is a rule. */
    double weightOf(Source source) {
        return switch (source) {
            case MINOR_PLANET -> minorPlanets.weight();
            case VARIABLE_STAR -> variableStars.weight();
            case RANDOM -> randomDetections.weight();
            case INJECTED -> injections.weight();
            default -> throw new IllegalArgumentException("label policy: " + source.key() + " is no rule");
        };
    }

    /** The most candidates of a source that is a rule. */
    int mostOf(Source source) {
        return switch (source) {
            case MINOR_PLANET -> minorPlanets.most();
            case VARIABLE_STAR -> variableStars.most();
            case RANDOM -> randomDetections.most();
            case INJECTED -> injections.most();
            default -> throw new IllegalArgumentException("label policy: " + source.key() + " is no rule");
        };
    }

    /** For people: which sources count how much. */
    String inWords() {
        StringBuilder words = new StringBuilder();
        append(words, "crowd posteriors from votes alone", crowd);
        append(words, "gold standards", gold);
        append(words, "minor planets", minorPlanets.weight());
        append(words, "variable stars", variableStars.weight());
        append(words, "random detections", randomDetections.weight());
        append(words, "injections", injections.weight());
        return words.toString();
    }

    private static void append(StringBuilder words, String source, double weight) {
        if (weight > 0) {
            words.append(words.isEmpty() ? "" : ", ")
                    .append(source)
                    .append(" with weight ")
                    .append(weight);
        }
    }
}
