package org.skysieve.engine.learn;

/**
 * One candidate to learn from.
 *
 * @param group the sky object: samples of one group are never split between learning and judging
 * @param features as {@link CutoutFeatures} extracts them; not to be written afterwards
 * @param target class distribution, {@code [class]}, sum 1; not to be written afterwards
 * @param weight non-negative; 1 is one label of a person-made consensus
 */
public record TrainingSample(long group, float[] features, double[] target, double weight, Source source) {

    /** The same with another weight; shares the arrays. */
    public TrainingSample withWeight(double other) {
        return new TrainingSample(group, features, target, other, source);
    }

    /** Where a sample's label comes from. */
    public enum Source {
        /** The consensus of the volunteers. */
        CROWD,
        /** A gold standard. */
        GOLD,
        /** The simulated survey: always in training, never in judging. */
        SIMULATED,
        /** A rule: at the place of a known object of the solar system. As those below, never in judging. */
        MINOR_PLANET,
        /** A rule: on a catalogued point source that varies. */
        VARIABLE_STAR,
        /** A rule: drawn at random from all detections, most of which are bogus. */
        RANDOM,
        /** A point source set into the stamps of a real candidate. */
        INJECTED;

        /** Whether people made the label: only such labels judge and calibrate. */
        public boolean fromPeople() {
            return this == CROWD || this == GOLD;
        }

        /** @throws IllegalArgumentException if no source has that key */
        public static Source ofKey(String key) {
            return valueOf(key.toUpperCase(java.util.Locale.ROOT).replace('-', '_'));
        }

        /** In lower case, as provenance and metrics write it. */
        public String key() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
