package org.skysieve.engine.select;

import java.util.Locale;
import java.util.Optional;

/**
 * Who should look at a candidate, from three uncertainties that are kept apart. Which of them is high tells what helps:
 *
 * <pre>
 *   volunteers   model    helps
 *   disagree     sure     {@link #EXPERT}: more votes of the same kind would go on disagreeing
 *   disagree     unsure   {@link #BOTH}: an expert, or the class "ambiguous"
 *   agree        unsure   {@link #TRAINING}: the label is what the model lacks
 *   agree        sure     nothing more
 * </pre>
 */
public enum Route {
    EXPERT,
    BOTH,
    TRAINING;

    /** Two thirds against one third of equal skill: .92; three quarters against one: .81. */
    static final double DISAGREE = 0.8;

    /** Nine of ten against one: .47. */
    static final double AGREE = 0.5;

    /** Entropy over ln K of a model that gives .8: .72. */
    static final double UNSURE = 0.72;

    /** The name in JSON and in the database. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The route of a candidate, if any.
     *
     * @param disagreement as {@link Disagreement#of}, NaN below two votes
     * @param modelDoubt (epistemic + aleatoric) / ln K, in [0, 1]; NaN without a model
     */
    public static Optional<Route> of(double disagreement, double modelDoubt) {
        if (disagreement >= DISAGREE) {
            return Optional.of(modelDoubt >= UNSURE ? BOTH : EXPERT);
        }
        return disagreement <= AGREE && modelDoubt >= UNSURE ? Optional.of(TRAINING) : Optional.empty();
    }
}
