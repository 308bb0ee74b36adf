package org.skysieve.engine.context;

import java.util.Locale;
import java.util.Optional;

/**
 * Which detections are real for a reason outside of their images: the rules behind algorithmic labels
 * (docs/methods/algorithmic-labels.md), after Killestein et al. (2021). Stricter than {@link ContextRules}, since here an
 * error teaches a model.
 */
public final class KnownReal {
    private KnownReal() {}

    /**
     * A known object of the solar system at its predicted place and of its predicted brightness.
     *
     * @param withinArcsec of the predicted place; an object whose distance is not given does not count
     * @return the rule with its numbers; empty if it does not hold
     */
    public static Optional<String> minorPlanet(SkyContext context, double withinArcsec) {
        return context.kind() == SkyContext.Kind.SOLAR_SYSTEM && context.arcsec() <= withinArcsec
                ? Optional.of(text("minor planet within %.2f″: %s", withinArcsec, context.rule()))
                : Optional.empty();
    }

    /**
     * A catalogued point source that was detected often. Not one that is bright, or has a bright star nearby: there most
     * detections are residuals of the subtraction, however often they come.
     *
     * @param withinArcsec of the source
     * @param detections the survey's count at this place, at least
     * @return the rule with its numbers; empty if it does not hold
     */
    public static Optional<String> variableStar(
            SkyContext context, Surroundings around, double withinArcsec, int detections) {
        return context.kind() == SkyContext.Kind.VARIABLE_STAR
                        && context.arcsec() <= withinArcsec
                        && around.detections() >= detections
                        && around.neighbours().stream().noneMatch(ContextRules::isBrightStar)
                ? Optional.of(text(
                        "catalogued point source within %.2f″, detected %d times (at least %d), no bright star: %s",
                        withinArcsec, around.detections(), detections, context.rule()))
                : Optional.empty();
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ENGLISH, format, values);
    }
}
