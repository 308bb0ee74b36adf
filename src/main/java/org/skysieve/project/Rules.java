package org.skysieve.project;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * When a candidate has been seen enough, and what is shown.
 *
 * @param retireAt a candidate retires once its leading calibrated posterior reaches this, in (0.5, 1)
 * @param minVotes ... but not before so many votes, 1..maxVotes
 * @param maxVotes so many votes are enough whatever the posterior, at most 100
 * @param ambiguousBelow at maxVotes a label whose posterior is below this makes the candidate ambiguous, in [0, 1]; where
 *     thresholds of the posterior retire, in [0, retireAt]
 * @param explorationShare of assignments: drawn uniformly from the evaluation sample, in [0, 1)
 * @param goldShare of assignments: gold standards, to learn a newcomer's reliability, in [0, 1); decays
 * @param retrainEvery new labels between two training runs, at least 1
 * @param evaluationShare of objects kept for measuring, never trained on, in [0, 1)
 * @param promoteAt a new model takes over when P(it is better) reaches this, in [0.5, 1)
 * @param leaseMinutes an assignment is kept for its volunteer so long, 1..1440
 * @param retirePositiveAt as {@code retireAt}, for the first answer: a candidate wrongly retired as positive costs a
 *     follow-up, one wrongly retired as negative is lost, so the two need not be equally sure
 * @param varietyShare of assignments: drawn uniformly from all that the queue holds, in [0, 1); what the three shares
 *     leave goes to the most uncertain. Left out, it takes five parts in seven of what the other two leave
 * @param retirement what retires a candidate within these limits; left out, thresholds of the posterior
 * @param retrainOnDrift whether drift of the model starts a training; left out, it does not
 * @param modelKind what trainings make; left out, a forest
 * @param mix the strategies that share what gold, exploration and variety leave; left out, uncertainty alone
 * @param serving who is served what; left out, as usual
 */
public record Rules(
        double retireAt,
        int minVotes,
        int maxVotes,
        double ambiguousBelow,
        double explorationShare,
        double goldShare,
        int retrainEvery,
        double evaluationShare,
        double promoteAt,
        int leaseMinutes,
        double retirePositiveAt,
        double varietyShare,
        Retirement retirement,
        boolean retrainOnDrift,
        ModelKind modelKind,
        List<RankedStrategy> mix,
        ServingRules serving) {
    private static final int MOST_VOTES = 100;

    public static final Rules DEFAULT = new Rules(0.92, 2, 10, 0.8, 0.15, 0.08, 150, 0.2, 0.9, 10, 0.95, 0.55);

    public Rules {
        check(retireAt > 0.5 && retireAt < 1, "retireAt", retireAt, "(0.5, 1)");
        check(retirePositiveAt > 0.5 && retirePositiveAt < 1, "retirePositiveAt", retirePositiveAt, "(0.5, 1)");
        check(maxVotes >= 1 && maxVotes <= MOST_VOTES, "maxVotes", maxVotes, "1..100");
        check(minVotes >= 1 && minVotes <= maxVotes, "minVotes", minVotes, "1..maxVotes");
        boolean threshold = retirement.equals(Retirement.USUAL);
        check(
                ambiguousBelow >= 0 && ambiguousBelow <= (threshold ? retireAt : 1),
                "ambiguousBelow",
                ambiguousBelow,
                threshold ? "[0, retireAt]" : "[0, 1]");
        check(explorationShare >= 0 && explorationShare < 1, "explorationShare", explorationShare, "[0, 1)");
        check(goldShare >= 0 && goldShare < 1, "goldShare", goldShare, "[0, 1)");
        check(varietyShare >= 0 && varietyShare < 1, "varietyShare", varietyShare, "[0, 1)");
        check(
                explorationShare + goldShare + varietyShare < 1,
                "explorationShare + goldShare + varietyShare",
                explorationShare + goldShare + varietyShare,
                "below 1");
        check(retrainEvery >= 1, "retrainEvery", retrainEvery, "1 or more");
        check(evaluationShare >= 0 && evaluationShare < 1, "evaluationShare", evaluationShare, "[0, 1)");
        check(promoteAt >= 0.5 && promoteAt < 1, "promoteAt", promoteAt, "[0.5, 1)");
        check(leaseMinutes >= 1 && leaseMinutes <= 1440, "leaseMinutes", leaseMinutes, "1..1440");
        mix = RankedStrategy.check(mix);
    }

    /** With thresholds of the posterior for the first answer and for the others. */
    public Rules(
            double retireAt,
            int minVotes,
            int maxVotes,
            double ambiguousBelow,
            double explorationShare,
            double goldShare,
            int retrainEvery,
            double evaluationShare,
            double promoteAt,
            int leaseMinutes,
            double retirePositiveAt,
            double varietyShare) {
        this(
                retireAt,
                minVotes,
                maxVotes,
                ambiguousBelow,
                explorationShare,
                goldShare,
                retrainEvery,
                evaluationShare,
                promoteAt,
                leaseMinutes,
                retirePositiveAt,
                varietyShare,
                Retirement.USUAL,
                false,
                ModelKind.FOREST,
                RankedStrategy.USUAL,
                ServingRules.USUAL);
    }

    /** The same but for what trainings make. */
    public Rules withModelKind(ModelKind other) {
        return new Rules(
                retireAt,
                minVotes,
                maxVotes,
                ambiguousBelow,
                explorationShare,
                goldShare,
                retrainEvery,
                evaluationShare,
                promoteAt,
                leaseMinutes,
                retirePositiveAt,
                varietyShare,
                retirement,
                retrainOnDrift,
                other,
                mix,
                serving);
    }

    /**
     * With what a form asks a newcomer to this: how many votes, which shares, how long a lease. What gold standards and
     * exploration leave is divided as before.
     *
     * @throws WrongField for a value out of range
     */
    public Rules with(int fewest, int most, double gold, double exploration, int lease) {
        boolean same = gold == goldShare && exploration == explorationShare;
        double left = 1 - goldShare - explorationShare;
        return new Rules(
                retireAt,
                fewest,
                most,
                ambiguousBelow,
                exploration,
                gold,
                retrainEvery,
                evaluationShare,
                promoteAt,
                lease,
                retirePositiveAt,
                same || left <= 0 ? varietyShare : Math.max(0, varietyShare / left * (1 - gold - exploration)),
                retirement,
                retrainOnDrift,
                modelKind,
                mix,
                serving);
    }

    /** The same but for what is served. */
    public Rules withSelection(List<RankedStrategy> otherMix, ServingRules otherServing) {
        return new SelectionChange(otherMix, otherServing, null, null, null).of(this);
    }

    /** What JSON leaves out keeps its default. */
    @JsonCreator
    static Rules of(
            @Nullable Double retireAt,
            @Nullable Integer minVotes,
            @Nullable Integer maxVotes,
            @Nullable Double ambiguousBelow,
            @Nullable Double explorationShare,
            @Nullable Double goldShare,
            @Nullable Integer retrainEvery,
            @Nullable Double evaluationShare,
            @Nullable Double promoteAt,
            @Nullable Integer leaseMinutes,
            @Nullable Double retirePositiveAt,
            @Nullable Double varietyShare,
            @Nullable Retirement retirement,
            @Nullable Boolean retrainOnDrift,
            @Nullable ModelKind modelKind,
            @Nullable List<RankedStrategy> mix,
            @Nullable ServingRules serving) {
        return new Rules(
                or(retireAt, DEFAULT.retireAt),
                or(minVotes, DEFAULT.minVotes),
                or(maxVotes, DEFAULT.maxVotes),
                or(ambiguousBelow, DEFAULT.ambiguousBelow),
                or(explorationShare, DEFAULT.explorationShare),
                or(goldShare, DEFAULT.goldShare),
                or(retrainEvery, DEFAULT.retrainEvery),
                or(evaluationShare, DEFAULT.evaluationShare),
                or(promoteAt, DEFAULT.promoteAt),
                or(leaseMinutes, DEFAULT.leaseMinutes),
                or(retirePositiveAt, or(retireAt, DEFAULT.retirePositiveAt)),
                or(
                        varietyShare,
                        usualVariety(or(explorationShare, DEFAULT.explorationShare), or(goldShare, DEFAULT.goldShare))),
                retirement == null ? Retirement.USUAL : retirement,
                retrainOnDrift != null && retrainOnDrift,
                modelKind == null ? ModelKind.FOREST : modelKind,
                mix == null ? RankedStrategy.USUAL : mix,
                serving == null ? ServingRules.USUAL : serving);
    }

    /** As large a part of what the other two shares leave as by default: a large exploration share alone is no error. */
    private static double usualVariety(double explorationShare, double goldShare) {
        double part = DEFAULT.varietyShare / (1 - DEFAULT.explorationShare - DEFAULT.goldShare);
        return Math.max(0, part * (1 - explorationShare - goldShare));
    }

    private static double or(@Nullable Double given, double otherwise) {
        return given == null ? otherwise : given;
    }

    private static int or(@Nullable Integer given, int otherwise) {
        return given == null ? otherwise : given;
    }

    static void check(boolean valid, String name, Number got, String need) {
        if (!valid) {
            throw new WrongField(name, "got " + got + ", need " + need);
        }
    }
}
