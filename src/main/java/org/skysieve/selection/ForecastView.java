package org.skysieve.selection;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * What further votes are expected to bring. Every range is the middle and a 90 % interval; null where it cannot be told,
 * or where it may never come (see {@code reasons}).
 *
 * @param at when the basis was read
 * @param completeness asked for: share of all positives (answer 0) that are labelled so
 * @param purity asked for
 * @param votes until that completeness, those on gold standards included
 * @param days until then, at the pace of late
 * @param votesLeft until nothing is open
 * @param completenessNow share of all positives labelled so by now; open ones count as not found
 * @param completenessAtEnd share labelled so once nothing is open
 * @param gainPerThousand what the next 1,000 votes add to the completeness
 * @param chance that finished work reaches that completeness
 * @param votesADay the pace of late
 * @param learnedFrom votes of late that the forecast rests on
 * @param reasons what cannot be told or reached, and why; empty if nothing
 */
public record ForecastView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long workflowId,
        Instant at,
        double completeness,
        double purity,
        @Nullable Range votes,
        @Nullable Range days,
        @Nullable Range votesLeft,
        @Nullable Range completenessNow,
        @Nullable Range completenessAtEnd,
        @Nullable Range gainPerThousand,
        @Nullable Double chance,
        double votesADay,
        long learnedFrom,
        List<String> reasons) {
    public ForecastView {
        reasons = List.copyOf(reasons);
    }

    /** @param high null where there is no upper end */
    public record Range(double value, double low, @Nullable Double high) {}
}
