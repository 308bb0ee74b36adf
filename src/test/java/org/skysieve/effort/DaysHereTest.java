package org.skysieve.effort;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class DaysHereTest {
    private static final LocalDate TODAY = LocalDate.of(2024, 3, 4);

    private static DaysHere daysAgo(int... daysAgo) {
        return DaysHere.of(IntStream.of(daysAgo).mapToObj(TODAY::minusDays).toList(), TODAY);
    }

    @Test
    void nobodyWasHereYet() {
        assertThat(daysAgo()).isEqualTo(new DaysHere(TODAY, List.of(), 0, 0, 0));
    }

    @Test
    void pausesOfSixDaysCostNothingAndLongerOnesBeginAnotherRun() {
        // Six days off lie between two days that are seven apart.
        assertThat(daysAgo(0, 7, 14))
                .extracting(DaysHere::run, DaysHere::longest)
                .containsExactly(3, 3);
        assertThat(daysAgo(0, 8, 9, 10))
                .extracting(DaysHere::run, DaysHere::longest)
                .containsExactly(1, 3);
    }

    @Test
    void theRunIsStillThereAWeekAfterItsLastDay() {
        assertThat(daysAgo(7, 8))
                .extracting(DaysHere::run, DaysHere::ofLastSeven)
                .containsExactly(2, 0);
        assertThat(daysAgo(8, 9)).extracting(DaysHere::run, DaysHere::longest).containsExactly(0, 2);
    }

    @Test
    void theLastSevenDaysAndTheLastFourWeeksHaveTodayAmongThem() {
        DaysHere days = daysAgo(0, 6, 7, 27, 28);

        assertThat(days.ofLastSeven()).isEqualTo(2);
        // Over the 29th of February.
        assertThat(days.lately())
                .containsExactly(TODAY.minusDays(27), TODAY.minusDays(7), LocalDate.of(2024, 2, 27), TODAY);
    }

    @Test
    void aDayOfTomorrowIsLeftOut() {
        assertThat(daysAgo(-1, 0)).isEqualTo(daysAgo(0, 0));
    }

    /** Seeds 1 to 3 at three densities. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithCountingDayByDay(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int trial = 0; trial < 300; trial++) {
            double share = new double[] {0.05, 0.2, 0.7}[trial % 3];
            List<LocalDate> days = new ArrayList<>();
            for (int ago = 0; ago < 120; ago++) {
                if (random.nextDouble() < share) {
                    days.add(random.nextInt(days.size() + 1), TODAY.minusDays(ago));
                }
            }

            assertThat(DaysHere.of(days, TODAY)).isEqualTo(slowly(new HashSet<>(days)));
        }
    }

    /** Walks every day of the calendar and asks of each pair of days whether all between them are at most six in a row. */
    private static DaysHere slowly(Set<LocalDate> days) {
        int longest = 0;
        int run = 0;
        int off = 0;
        for (LocalDate day = TODAY.minusDays(200); !day.isAfter(TODAY); day = day.plusDays(1)) {
            if (days.contains(day)) {
                run++;
                off = 0;
            } else {
                off++;
                // Today is not over: a day without an answer so far is no day off yet.
                if (off > 6 && day.isBefore(TODAY)) {
                    run = 0;
                }
            }
            longest = Math.max(longest, run);
        }
        List<LocalDate> lately = new ArrayList<>();
        int week = 0;
        for (int ago = 27; ago >= 0; ago--) {
            if (days.contains(TODAY.minusDays(ago))) {
                lately.add(TODAY.minusDays(ago));
                week += ago < 7 ? 1 : 0;
            }
        }
        return new DaysHere(TODAY, lately, week, run, longest);
    }
}
