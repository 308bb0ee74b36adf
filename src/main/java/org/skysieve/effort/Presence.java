package org.skysieve.effort;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

/**
 * On which days somebody classified. What was read of the log once is kept as quarters of an hour, so that asking costs what
 * came since; a vote costs nothing more for it.
 */
@ApplicationScoped
public class Presence {
    private static final int QUARTER_SECONDS = 900;

    /** Younger entries are read again next time: one with a lower id may still be under way. */
    private static final Duration SETTLED = Duration.ofMinutes(10);

    private static final int LONGEST_ZONE = 60;

    private record Kept(long through, int[] quarters, boolean shown) {}

    private final Sql sql;
    private final Clock clock;

    Presence(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** The days of somebody in a time zone; nothing where they switched that off. */
    public Optional<DaysHere> of(long volunteerId, ZoneId zone) {
        Kept kept = kept(volunteerId);
        if (!kept.shown) {
            return Optional.empty();
        }
        return Optional.of(DaysHere.of(days(volunteerId, kept, zone), LocalDate.ofInstant(clock.instant(), zone)));
    }

    /** All days of somebody in UTC, in order, whether shown or not: for their own data. */
    public List<LocalDate> all(long volunteerId) {
        return List.copyOf(days(volunteerId, kept(volunteerId), ZoneOffset.UTC));
    }

    /** Whether somebody likes to see their days; yes until they say no. */
    public boolean shown(long volunteerId) {
        return kept(volunteerId).shown;
    }

    /** Switches the days on or off, wherever they would stand. */
    public void show(long volunteerId, boolean shown) {
        sql.update(
                "INSERT INTO presence (volunteer_id, shown) VALUES (?, ?)"
                        + " ON CONFLICT (volunteer_id) DO UPDATE SET shown = EXCLUDED.shown",
                volunteerId,
                shown);
    }

    /** The zone of that name as the tz database has it, {@code Europe/Madrid}; UTC for what is none. */
    public static ZoneId zone(@Nullable String name) {
        if (name == null || name.length() > LONGEST_ZONE) {
            return ZoneOffset.UTC;
        }
        try {
            return ZoneId.of(name);
        } catch (DateTimeException notAZone) {
            return ZoneOffset.UTC;
        }
    }

    private Kept kept(long volunteerId) {
        return sql.first(
                        "SELECT through_id, quarters, shown FROM presence WHERE volunteer_id = ?",
                        row -> new Kept(
                                row.getLong("through_id"),
                                quarters((Integer[]) row.getArray("quarters").getArray()),
                                row.getBoolean("shown")),
                        volunteerId)
                .orElse(new Kept(0, new int[0], true));
    }

    private TreeSet<LocalDate> days(long volunteerId, Kept kept, ZoneId zone) {
        TreeSet<Integer> quarters = new TreeSet<>();
        for (int quarter : kept.quarters) {
            quarters.add(quarter);
        }
        Instant settled = clock.instant().minus(SETTLED);
        long[] through = {kept.through};
        TreeSet<Integer> old = new TreeSet<>(quarters);
        sql.query(
                """
                SELECT floor(extract(epoch FROM created_at) / ?)::int AS quarter,
                       max(id) FILTER (WHERE created_at < ?) AS through
                FROM classification WHERE volunteer_id = ? AND id > ? GROUP BY 1
                """,
                row -> {
                    int quarter = row.getInt("quarter");
                    Long last = Sql.longOrNull(row, "through");
                    quarters.add(quarter);
                    if (last != null) {
                        old.add(quarter);
                        through[0] = Math.max(through[0], last);
                    }
                    return quarter;
                },
                QUARTER_SECONDS,
                settled,
                volunteerId,
                kept.through);
        if (through[0] > kept.through) {
            keep(volunteerId, through[0], old);
        }
        TreeSet<LocalDate> days = new TreeSet<>();
        quarters.forEach(quarter ->
                days.add(LocalDate.ofInstant(Instant.ofEpochSecond((long) quarter * QUARTER_SECONDS), zone)));
        return days;
    }

    private void keep(long volunteerId, long through, TreeSet<Integer> quarters) {
        // Two who read at once both have all up to where they got: the further one stays.
        sql.update("""
                INSERT INTO presence AS kept (volunteer_id, through_id, quarters) VALUES (?, ?, ?)
                ON CONFLICT (volunteer_id) DO UPDATE SET through_id = EXCLUDED.through_id, quarters = EXCLUDED.quarters
                WHERE kept.through_id < EXCLUDED.through_id
                """, volunteerId, through, quarters.toArray(Integer[]::new));
    }

    private static int[] quarters(Integer[] stored) {
        int[] quarters = new int[stored.length];
        for (int i = 0; i < stored.length; i++) {
            quarters[i] = stored[i];
        }
        return quarters;
    }
}
