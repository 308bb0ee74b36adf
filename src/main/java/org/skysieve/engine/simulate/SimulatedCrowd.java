package org.skysieve.engine.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.skysieve.engine.alert.AlertPacket;

/**
 * Volunteers who answer "real" (0) or "bogus" (1) and err as people do.
 *
 * <p>A volunteer who is not a spammer answers rightly with probability {@code l / 2 + (1 - l) / (1 + exp(-x))}, where l
 * is the share of slips and
 *
 * <pre>x = skill + ease(subclass) + bias(volunteer, truth) - faintness(snr, truth) - difficulty(candidate) - fatigue</pre>
 *
 * as in item response theory (Rasch 1960; Whitehill et al. 2009 for crowds). The difficulty is shared by everybody: some
 * candidates fool most people, so errors are correlated. Weighted by activity the accuracy is about 0.84 on
 * {@link SurveySettings#ofSeed default} surveys.
 *
 * <p>An answer is a pure function of (seed, volunteer, candid, votes so far in the session), so that two selection rules
 * meet the same crowd. Thread-safe.
 */
public final class SimulatedCrowd {
    /** The answers' numbers in the workflow. */
    public static final int REAL = 0;

    public static final int BOGUS = 1;

    private static final long VOLUNTEER = 11;
    private static final long ANSWER = 12;
    private static final long DIFFICULTY = 13;
    private static final long PACE = 14;

    private static final double SLIPS = 0.02;
    private static final double DIFFICULTY_SPREAD = 0.9;
    /** Fatigue grows in steps of so many votes. */
    private static final int FATIGUE_STEP = 25;

    /** How a volunteer answers. */
    public enum Style {
        EXPERIENCED,
        AVERAGE,
        CARELESS,
        /** Always the same answer. */
        CONSTANT_SPAMMER,
        /** A coin. */
        RANDOM_SPAMMER;

        public boolean isSpammer() {
            return this == CONSTANT_SPAMMER || this == RANDOM_SPAMMER;
        }
    }

    private record Volunteer(
            Style style,
            boolean guest,
            double skill,
            double biasToReal,
            double activity,
            int sessionLength,
            int constantAnswer) {}

    private final long seed;
    private final Volunteer[] volunteers;
    private final double[] activityUpTo;

    /** @throws IllegalArgumentException if there are fewer than one or more than a million volunteers */
    public SimulatedCrowd(long seed, int size) {
        if (size < 1 || size > 1_000_000) {
            throw new IllegalArgumentException("simulated crowd: got " + size + " volunteers, need 1 to 1000000");
        }
        this.seed = seed;
        volunteers = new Volunteer[size];
        activityUpTo = new double[size];
        double sum = 0;
        for (int v = 0; v < size; v++) {
            volunteers[v] = draw(Scramble.random(seed, VOLUNTEER, v));
            sum += volunteers[v].activity();
            activityUpTo[v] = sum;
        }
    }

    private static Volunteer draw(SplittableRandom random) {
        boolean guest = random.nextDouble() < 0.30;
        double u = random.nextDouble();
        Style style = u < 0.015
                ? Style.CONSTANT_SPAMMER
                : u < 0.03
                        ? Style.RANDOM_SPAMMER
                        : u < (guest ? 0.08 : 0.25)
                                ? Style.EXPERIENCED
                                : u < (guest ? 0.70 : 0.86) ? Style.AVERAGE : Style.CARELESS;
        double skill = switch (style) {
            case EXPERIENCED -> 0.9 + 0.35 * random.nextGaussian();
            case AVERAGE -> 0.5 * random.nextGaussian();
            case CARELESS -> -1.1 + 0.4 * random.nextGaussian();
            case CONSTANT_SPAMMER, RANDOM_SPAMMER -> 0;
        };
        // Heavy-tailed: a few people give most of the votes, guests few.
        double activity = Math.exp(1.3 * random.nextGaussian());
        if (style == Style.EXPERIENCED) {
            activity *= 3;
        }
        if (guest) {
            activity *= 0.3;
        }
        int session = (int) Math.max(10, Math.min(400, 45 * Math.exp(0.8 * random.nextGaussian())));
        return new Volunteer(style, guest, skill, 0.35 * random.nextGaussian(), activity, session, random.nextInt(2));
    }

    public int size() {
        return volunteers.length;
    }

    public long seed() {
        return seed;
    }

    /** True for people who do not sign in: about 30 %. */
    public boolean isGuest(int volunteer) {
        return volunteers[volunteer].guest();
    }

    public Style style(int volunteer) {
        return volunteers[volunteer].style();
    }

    /** How often this volunteer comes, relative to the others; positive. */
    public double activity(int volunteer) {
        return volunteers[volunteer].activity();
    }

    /** Votes in a row before a rest; fatigue starts again from zero after it. */
    public int sessionLength(int volunteer) {
        return volunteers[volunteer].sessionLength();
    }

    /** Draws a volunteer in proportion to activity. */
    public int drawByActivity(SplittableRandom random) {
        double at = random.nextDouble() * activityUpTo[activityUpTo.length - 1];
        int found = Arrays.binarySearch(activityUpTo, at);
        return Math.min(volunteers.length - 1, found < 0 ? -found - 1 : found + 1);
    }

    /**
     * The volunteer's answer: {@link #REAL} or {@link #BOGUS}.
     *
     * @param votesSoFarInSession for fatigue, not negative
     */
    public int answer(int volunteer, SimulatedCandidate candidate, int votesSoFarInSession) {
        int truth = candidate.real() ? REAL : BOGUS;
        double chance = chanceOfRightAnswer(volunteer, candidate, votesSoFarInSession);
        double u = unit(Scramble.mix(
                seed ^ Scramble.mix(volunteer + 1L), ANSWER, candidate.packet().candid()));
        return u < chance ? truth : 1 - truth;
    }

    /** The probability that {@link #answer} is the truth. */
    public double chanceOfRightAnswer(int volunteer, SimulatedCandidate candidate, int votesSoFarInSession) {
        if (votesSoFarInSession < 0) {
            throw new IllegalArgumentException(
                    "simulated crowd: got " + votesSoFarInSession + " votes so far, need >= 0");
        }
        Volunteer who = volunteers[volunteer];
        boolean real = candidate.real();
        switch (who.style()) {
            case CONSTANT_SPAMMER:
                return who.constantAnswer() == (real ? REAL : BOGUS) ? 1 : 0;
            case RANDOM_SPAMMER:
                return 0.5;
            default:
                break;
        }
        double faintness = Math.exp(-(candidate.snr() - Kind.DETECTION_SNR) / 6) * (real ? 1.6 : 1.0);
        double fatigue = Math.min(0.8, 0.06 * (votesSoFarInSession / FATIGUE_STEP));
        double x = who.skill()
                + ease(candidate.subclass())
                + (real ? who.biasToReal() : -who.biasToReal())
                - faintness
                - difficulty(candidate.packet())
                - fatigue;
        return SLIPS / 2 + (1 - SLIPS) / (1 + Math.exp(-x));
    }

    /** Time from seeing to answering, milliseconds: lognormal, longer for what is difficult. */
    public int elapsedMs(int volunteer, SimulatedCandidate candidate) {
        SplittableRandom random = Scramble.random(
                seed ^ Scramble.mix(volunteer + 1L), PACE, candidate.packet().candid());
        double seconds = 2.8 * Math.exp(0.5 * random.nextGaussian() + 0.25 * difficulty(candidate.packet()));
        return (int) Math.min(120_000, 1000 * seconds);
    }

    /** How much harder than its like this candidate is, for everybody: a normal of mean 0. */
    private double difficulty(AlertPacket packet) {
        return DIFFICULTY_SPREAD
                * Scramble.random(seed, DIFFICULTY, packet.candid()).nextGaussian();
    }

    /** The logit of a right answer of an average volunteer to a bright candidate of average difficulty. */
    private static double ease(String subclass) {
        return switch (subclass) {
            case "asteroid", "orphan" -> 2.6;
            case "supernova" -> 2.4;
            case "variable" -> 2.2;
            case "nuclear" -> 1.5;
            case "trail", "edge", "saturated" -> 2.8;
            case "ringing" -> 2.6;
            case "dipole" -> 2.1;
            case "cosmicRay", "column" -> 2.2;
            case "hotPixel" -> 1.7;
            case "ghost" -> 1.9;
            default -> throw new IllegalArgumentException("simulated crowd: unknown subclass " + subclass);
        };
    }

    /** A uniform number in [0, 1) from 53 bits. */
    private static double unit(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }
}
