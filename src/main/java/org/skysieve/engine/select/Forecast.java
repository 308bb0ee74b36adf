package org.skysieve.engine.select;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * When a completeness will be reached: votes and days, each with a {@value #CONFIDENCE} interval, by simulation of what is not
 * known (the chances of {@link VotesLeft}, the luck of single candidates, the completeness of finished work, the pace of
 * people, and that a crowd and a model do not stay as they are).
 *
 * <p>Of all positives that there are, finished work finds the share c. Of those that it will find, f are found by now. The
 * open candidates finish in an order that is mostly random, so a completeness C is reached once a share
 * {@code x = (C / c - f) / (1 - f)} of the votes that are left is cast.
 */
public final class Forecast {
    /** Of the intervals. */
    public static final double CONFIDENCE = 0.9;

    /** How far off a forecast is for all that changes meanwhile, as a share (log-normal): seen in simulated projects. */
    static final double CHANGE = 0.18;

    private static final int DRAWS = 400;

    private Forecast() {}

    /**
     * Where a workflow stands.
     *
     * @param openByState open candidates by {@link VotesLeft#state}
     * @param foundPositives candidates retired as positive
     * @param votesPerUsefulVote all votes cast for each that was not on a gold standard, at least 1
     */
    public record Standing(long[] openByState, long foundPositives, double votesPerUsefulVote) {}

    /**
     * A number with its standard error.
     *
     * @param error at least 0
     */
    public record Known(double value, double error) {
        double draw(SplittableRandom random) {
            return value + error * random.nextGaussian();
        }
    }

    /** The middle of what is to be expected, and its interval; infinite where it may never come. */
    public record Range(double middle, double low, double high) {}

    /**
     * @param votes until the target
     * @param days at the pace of late
     * @param votesLeft until everything is finished
     * @param completenessNow of all positives that there are, the share found by now
     * @param gain of completeness by the next {@code step} votes
     * @param reached the chance that finished work reaches the target
     */
    public record Outlook(
            Range votes, Range days, Range votesLeft, Range completenessNow, Range gain, double reached) {}

    /**
     * @param ceiling completeness of finished work
     * @param target completeness, in (0, 1)
     * @param votesADay the pace of late
     * @param step votes of {@link Outlook#gain}
     */
    public static Outlook of(
            VotesLeft left,
            Standing standing,
            Known ceiling,
            double target,
            Known votesADay,
            double step,
            SplittableRandom random) {
        double[] votes = new double[DRAWS];
        double[] days = new double[DRAWS];
        double[] all = new double[DRAWS];
        double[] now = new double[DRAWS];
        double[] gain = new double[DRAWS];
        double reached = 0;
        for (int i = 0; i < DRAWS; i++) {
            VotesLeft.Expected expected = left.draw(standing.openByState, random);
            double change = Math.exp(CHANGE * random.nextGaussian());
            double luck = Math.sqrt(expected.variance()) * random.nextGaussian();
            double rest = Math.max(0, (expected.votes() * change + luck) * standing.votesPerUsefulVote);
            double c = Math.max(0.01, Math.min(1, ceiling.draw(random)));
            double coming = Math.max(0, expected.positives() + Math.sqrt(expected.positives()) * random.nextGaussian());
            double found = standing.foundPositives + coming == 0
                    ? 1
                    : standing.foundPositives / (standing.foundPositives + coming);
            double share = found >= 1 ? (target <= c ? 0 : 2) : (target / c - found) / (1 - found);
            reached += share <= 1 ? 1.0 / DRAWS : 0;
            all[i] = rest;
            votes[i] = share > 1 ? Double.POSITIVE_INFINITY : Math.max(0, share) * rest;
            days[i] = votes[i] == 0 ? 0 : votes[i] / Math.max(1e-6, votesADay.draw(random));
            now[i] = c * found;
            gain[i] = rest <= 0 ? 0 : c * (1 - found) * Math.min(1, step / rest);
        }
        return new Outlook(range(votes), range(days), range(all), range(now), range(gain), reached);
    }

    private static Range range(double[] draws) {
        double[] sorted = draws.clone();
        Arrays.sort(sorted);
        double tail = (1 - CONFIDENCE) / 2;
        int last = sorted.length - 1;
        return new Range(
                sorted[last / 2], sorted[(int) Math.floor(tail * last)], sorted[(int) Math.ceil((1 - tail) * last)]);
    }
}
