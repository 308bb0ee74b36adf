package org.skysieve.engine.simulate;

/**
 * What kind of survey is simulated.
 *
 * @param seed every candidate is a pure function of the settings (this seed among them) and its index
 * @param stampSide side of the square cutouts, pixels, odd, 21 to 127; ZTF has 63
 * @param realShare expected share of real candidates, in [0, 1]
 * @param survey the name packets carry: {@code ztf} makes them pass for ZTF's
 * @param startMjd the first night, Modified Julian Date
 * @param nights the first alerts of the objects are spread over so many nights, at least 1
 * @param drift how much another instrument this is than the one that the recipe was measured on, in [0, 1]: wider
 *     stars, correlated noise, shallower templates, softer artefacts and worse subtractions, so that a classifier
 *     trained without drift has something to learn
 */
public record SurveySettings(
        long seed, int stampSide, double realShare, String survey, double startMjd, int nights, double drift) {

    public SurveySettings {
        if (stampSide < 21 || stampSide > 127 || stampSide % 2 == 0) {
            throw new IllegalArgumentException(
                    "simulated survey: got stampSide " + stampSide + ", need an odd number in 21..127");
        }
        if (!(realShare >= 0 && realShare <= 1)) {
            throw new IllegalArgumentException("simulated survey: got realShare " + realShare + ", need [0, 1]");
        }
        if (survey.isBlank()) {
            throw new IllegalArgumentException("simulated survey: the survey name is blank");
        }
        if (!(startMjd > 0 && startMjd < 1e6)) {
            throw new IllegalArgumentException("simulated survey: got startMjd " + startMjd + ", need (0, 1e6)");
        }
        if (nights < 1) {
            throw new IllegalArgumentException("simulated survey: got " + nights + " nights, need at least 1");
        }
        if (!(drift >= 0 && drift <= 1)) {
            throw new IllegalArgumentException("simulated survey: got drift " + drift + ", need [0, 1]");
        }
    }

    /** A survey like ZTF: 63-pixel cutouts, 35 % real, a month from 2026-11-01. */
    public static SurveySettings ofSeed(long seed) {
        return new SurveySettings(seed, 63, 0.35, "ztf", 61345, 30, 0);
    }

    public SurveySettings withStampSide(int side) {
        return new SurveySettings(seed, side, realShare, survey, startMjd, nights, drift);
    }

    public SurveySettings withRealShare(double share) {
        return new SurveySettings(seed, stampSide, share, survey, startMjd, nights, drift);
    }

    public SurveySettings withSurvey(String name) {
        return new SurveySettings(seed, stampSide, realShare, name, startMjd, nights, drift);
    }

    public SurveySettings withDrift(double newDrift) {
        return new SurveySettings(seed, stampSide, realShare, survey, startMjd, nights, newDrift);
    }
}
