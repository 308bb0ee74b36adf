package org.skysieve.web;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;

import org.skysieve.platform.Language;
import org.skysieve.platform.Plural;

/**
 * The words of the reader's language: its messages, and numbers, shares and times as its readers write them. What
 * astronomers write the same everywhere (magnitudes, coordinates, dates as MJD) stays with {@link Wording}.
 */
record Words(
        Language language,
        Messages messages,
        ClassifyMessages classify,
        CandidateMessages candidate,
        TalkMessages talk) {
    private static final long HOURS_FROM = 3600;
    private static final long DAYS_FROM = 2 * 86_400L;

    static Words in(Language language) {
        return new Words(
                language,
                bundle(Messages.class, language),
                bundle(ClassifyMessages.class, language),
                bundle(CandidateMessages.class, language),
                bundle(TalkMessages.class, language));
    }

    /** The texts of a bundle in a language; what it lacks is English. */
    static <T> T bundle(Class<T> messages, Language language) {
        return language == Language.ENGLISH
                ? MessageBundles.get(messages)
                : MessageBundles.get(messages, Localized.Literal.of(language.tag()));
    }

    /** 12,345; 12.345 in Spanish. */
    String count(long number) {
        DecimalFormat format = new DecimalFormat("#,##0", symbols());
        // Spanish groups from five digits on: CLDR's minimum of grouping digits, which Java does not know.
        format.setGroupingUsed(language != Language.SPANISH || Math.abs(number) >= 10_000);
        return format.format(number);
    }

    /** The form of a message with a count in it that goes with the number: see {@link Plural#choose}. */
    String forms(String message, long number) {
        return Plural.choose(message, language, number);
    }

    String decimals(double value, int decimals) {
        if (Double.isNaN(value)) {
            return Wording.NONE;
        }
        DecimalFormat format = new DecimalFormat("0", symbols());
        format.setMinimumFractionDigits(decimals);
        format.setMaximumFractionDigits(decimals);
        return format.format(value);
    }

    /** A share in [0, 1] as a percentage; near the ends never rounded to certainty. */
    String percent(double share) {
        if (Double.isNaN(share)) {
            return Wording.NONE;
        }
        double percent = 100 * share;
        if (percent > 99.9 && percent < 100) {
            return messages.percentAbove(decimals(99.9, 1));
        }
        if (percent > 0 && percent < 0.1) {
            return messages.percentBelow(decimals(0.1, 1));
        }
        return messages.percent(decimals(percent, percent == Math.rint(percent) ? 0 : 1));
    }

    /** Two shares in [0, 1]: "91.2 to 95.0 %". */
    String interval(double low, double high) {
        return Double.isNaN(low) || Double.isNaN(high)
                ? Wording.NONE
                : messages.percentInterval(decimals(100 * low, 1), decimals(100 * high, 1));
    }

    /** "21 Nov 2026, 04:14 UTC". */
    String time(Instant instant) {
        String pattern = language == Language.ARABIC ? "d MMM uuuu، HH:mm" : "d MMM uuuu, HH:mm";
        return messages.utc(DateTimeFormatter.ofPattern(pattern, language.locale())
                .withZone(ZoneOffset.UTC)
                .format(instant));
    }

    /** "just now", "5 minutes ago", "3 days ago". */
    String ago(Instant then, Instant now) {
        long seconds = Math.max(0, Duration.between(then, now).toSeconds());
        if (seconds < 60) {
            return messages.justNow();
        }
        if (seconds < HOURS_FROM) {
            return forms(messages.minutesAgo(count(seconds / 60)), seconds / 60);
        }
        if (seconds < DAYS_FROM) {
            return forms(messages.hoursAgo(count(seconds / 3600)), seconds / 3600);
        }
        return forms(messages.daysAgo(count(seconds / 86_400)), seconds / 86_400);
    }

    private DecimalFormatSymbols symbols() {
        return DecimalFormatSymbols.getInstance(language.locale());
    }
}
