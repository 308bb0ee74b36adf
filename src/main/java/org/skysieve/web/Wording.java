package org.skysieve.web;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Numbers and times as people read them. NaN is written as a dash. */
final class Wording {
    static final String NONE = "–";

    private static final DateTimeFormatter DAY_AND_TIME =
            DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    /** Modified Julian Date of 1970-01-01T00:00. */
    private static final double MJD_OF_EPOCH = 40_587;

    private static final double SECONDS_PER_DAY = 86_400;

    private Wording() {}

    /** 12,345. */
    static String count(long number) {
        return String.format(Locale.ENGLISH, "%,d", number);
    }

    /** "1 vote", "12,345 votes". */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    static String decimals(double value, int decimals) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ENGLISH, "%." + decimals + "f", value);
    }

    /** A probability or share in [0, 1]: "93.1 %"; near the ends never rounded to certainty. */
    static String percent(double share) {
        if (Double.isNaN(share)) {
            return NONE;
        }
        double percent = 100 * share;
        if (percent > 99.9 && percent < 100) {
            return "> 99.9 %";
        }
        if (percent > 0 && percent < 0.1) {
            return "< 0.1 %";
        }
        boolean whole = percent == Math.rint(percent);
        return String.format(Locale.ENGLISH, whole ? "%.0f %%" : "%.1f %%", percent);
    }

    /** "91.2 to 95.0 %". */
    static String interval(double low, double high) {
        return Double.isNaN(low) || Double.isNaN(high)
                ? NONE
                : String.format(Locale.ENGLISH, "%.1f to %.1f %%", 100 * low, 100 * high);
    }

    /** "21 Nov 2026, 04:14 UTC". */
    static String time(Instant instant) {
        return DAY_AND_TIME.format(instant) + " UTC";
    }

    /** "just now", "5 minutes ago", "3 days ago". */
    static String ago(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 60) {
            return "just now";
        }
        if (seconds < 3600) {
            return count(seconds / 60, "minute", "minutes") + " ago";
        }
        if (seconds < 2 * SECONDS_PER_DAY) {
            return count(seconds / 3600, "hour", "hours") + " ago";
        }
        return count((long) (seconds / SECONDS_PER_DAY), "day", "days") + " ago";
    }

    /** UTC of a Modified Julian Date; the difference between time scales (about a minute) is not seen here. */
    static Instant ofMjd(double mjd) {
        return Instant.ofEpochMilli(Math.round((mjd - MJD_OF_EPOCH) * SECONDS_PER_DAY * 1000));
    }

    /** 10:04:33.98 from degrees. */
    static String rightAscension(double degrees) {
        long hundredths = Math.floorMod(Math.round(degrees / 15 * 360_000), 24L * 360_000);
        return String.format(
                Locale.ROOT,
                "%02d:%02d:%05.2f",
                hundredths / 360_000,
                hundredths / 6_000 % 60,
                hundredths % 6_000 / 100.0);
    }

    /** +02:12:20.0 from degrees. */
    static String declination(double degrees) {
        long tenths = Math.round(Math.abs(degrees) * 36_000);
        return String.format(
                Locale.ROOT,
                "%s%02d:%02d:%04.1f",
                degrees < 0 ? "−" : "+",
                tenths / 36_000,
                tenths / 600 % 60,
                tenths % 600 / 10.0);
    }
}
