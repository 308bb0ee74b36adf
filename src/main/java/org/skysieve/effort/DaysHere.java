package org.skysieve.effort;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Days on which somebody classified, told so that nobody need fear to lose anything.
 *
 * <p>A run goes on over pauses of less than a week and counts the days of being here: with d1 &lt; d2 &lt; ... the days, di
 * and di+1 belong to one run where di+1 - di is at most seven days; its length is the number of its days. So a weekend off, or
 * five days, costs nothing, and who comes once a week has one long run.
 *
 * @param today in the reader's zone
 * @param lately the days of the last four weeks, today among them, in order
 * @param ofLastSeven on how many of the last seven days, today among them
 * @param run days of the present run; 0 where the last day is more than seven days ago
 * @param longest days of the longest run, which may be the present one
 */
public record DaysHere(LocalDate today, List<LocalDate> lately, int ofLastSeven, int run, int longest) {
    /** How far back {@code lately} goes. */
    public static final int LATELY = 28;

    private static final int WEEK = 7;

    public DaysHere {
        lately = List.copyOf(lately);
    }

    /** @param days in any order, even several times; those after {@code today} are left out: clocks and zones differ */
    static DaysHere of(Collection<LocalDate> days, LocalDate today) {
        TreeSet<LocalDate> known = new TreeSet<>(new TreeSet<>(days).headSet(today, true));
        int run = 0;
        int longest = 0;
        LocalDate before = LocalDate.MIN;
        for (LocalDate day : known) {
            run = run > 0 && ChronoUnit.DAYS.between(before, day) <= WEEK ? run + 1 : 1;
            longest = Math.max(longest, run);
            before = day;
        }
        return new DaysHere(
                today,
                List.copyOf(known.tailSet(today.minusDays(LATELY - 1L))),
                known.tailSet(today.minusDays(WEEK - 1L)).size(),
                run > 0 && ChronoUnit.DAYS.between(before, today) <= WEEK ? run : 0,
                longest);
    }
}
