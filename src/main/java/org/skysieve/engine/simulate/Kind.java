package org.skysieve.engine.simulate;

import java.util.SplittableRandom;

/**
 * What a simulated object is, with the shares and the brightness measured on ZTF: {@code share} among the real (or
 * bogus) candidates, {@code single} if such an object alerts only once, the signal-to-noise as a lognormal, and the
 * chance that another exposure of the place detects it too (bogus only; real objects have a light curve).
 */
enum Kind {
    ASTEROID("asteroid", true, .30, true, 20, .95, 0),
    VARIABLE("variable", true, .35, false, 20, .95, 0),
    SUPERNOVA("supernova", true, .22, false, 20, .95, 0),
    NUCLEAR("nuclear", true, .08, false, 20, .95, 0),
    ORPHAN("orphan", true, .05, false, 20, .95, 0),
    DIPOLE("dipole", false, .39, false, 0, 0, .25),
    HOT_PIXEL("hotPixel", false, .21, false, 12, .65, .08),
    RINGING("ringing", false, .11, false, 0, 0, .15),
    COSMIC_RAY("cosmicRay", false, .09, true, 16, .75, 0),
    SATURATED("saturated", false, .07, false, 25, .90, .30),
    TRAIL("trail", false, .055, true, 22, .80, 0),
    GHOST("ghost", false, .03, false, 9, .40, .03),
    EDGE("edge", false, .02, false, 15, .80, .10),
    COLUMN("column", false, .025, false, 9, .50, .10);

    /** The faintest detection that a survey reports, as a signal-to-noise. */
    static final double DETECTION_SNR = 5;

    final String label;
    final boolean real;
    final double share;
    final boolean single;
    private final double snrMedian;
    private final double snrSigma;
    final double recurrence;
    /** Share of detections that are brighter than the template. */
    final double positiveShare;

    Kind(
            String label,
            boolean real,
            double share,
            boolean single,
            double snrMedian,
            double snrSigma,
            double recurrence) {
        this.label = label;
        this.real = real;
        this.share = share;
        this.single = single;
        this.snrMedian = snrMedian;
        this.snrSigma = snrSigma;
        this.recurrence = recurrence;
        // Light that fell in is positive; pixels and subtractions go wrong both ways.
        this.positiveShare = switch (label) {
            case "cosmicRay", "trail" -> 0.97;
            case "ghost" -> 0.9;
            default -> 0.5;
        };
    }

    /** True if the residual of a bright star that did not subtract; its brightness follows from the star's. */
    boolean onBrightStar() {
        return this == DIPOLE || this == RINGING;
    }

    /** A signal-to-noise above the detection threshold. */
    double drawSnr(SplittableRandom random) {
        if (snrMedian == 0) {
            throw new IllegalStateException(label + ": its signal-to-noise follows from its star");
        }
        for (int attempt = 0; attempt < 100; attempt++) {
            double snr = snrMedian * Math.exp(snrSigma * random.nextGaussian());
            if (snr >= DETECTION_SNR && snr < 3000) {
                return snr;
            }
        }
        return DETECTION_SNR * 1.2;
    }

    /**
     * Draws the kind of an object such that the shares hold among candidates, although some kinds alert once only.
     *
     * @param several whether the object has several candidates
     * @param shareOfSeveral the share of candidates that belong to objects with several candidates
     */
    static Kind draw(SplittableRandom random, boolean real, boolean several, double shareOfSeveral) {
        double ofSingleKinds = 0;
        double total = 0;
        for (Kind kind : values()) {
            if (kind.real == real) {
                total += kind.share;
                ofSingleKinds += kind.single ? kind.share : 0;
            }
        }
        // Single kinds live among the (1 - shareOfSeveral) only, so there they are more frequent, the others less.
        double boostSingle = several ? 0 : 1 / (1 - shareOfSeveral);
        double ofSingleHere = ofSingleKinds / total * boostSingle;
        double boostOther = (1 - ofSingleHere) / (1 - ofSingleKinds / total);
        double u = random.nextDouble() * total;
        Kind last = real ? VARIABLE : DIPOLE;
        for (Kind kind : values()) {
            if (kind.real == real) {
                u -= kind.share * (kind.single ? boostSingle : boostOther);
                if (u < 0) {
                    return kind;
                }
            }
        }
        return last;
    }
}
