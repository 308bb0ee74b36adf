package org.skysieve.web;

import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class WordingTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 %",
        "1, 100 %",
        "0.5, 50 %",
        "0.931, 93.1 %",
        "0.9999, > 99.9 %",
        "0.0003, < 0.1 %",
        "NaN, –",
    })
    void percentNeverRoundsToCertainty(double share, String words) {
        assertThat(Wording.percent(share)).isEqualTo(words);
    }

    @ParameterizedTest
    @CsvSource({"59, just now", "60, 1 minute ago", "3599, 59 minutes ago", "7200, 2 hours ago", "259200, 3 days ago"})
    void agoUsesTheLargestUnit(long seconds, String words) {
        Instant now = Instant.parse("2026-11-21T04:00:00Z");

        assertThat(Wording.ago(now.minusSeconds(seconds), now)).isEqualTo(words);
    }

    @Test
    void coordinatesAreSexagesimalAndCarryOver() {
        assertThat(Wording.rightAscension(187.5)).isEqualTo("12:30:00.00");
        // 59.999 s of time round up into the next minute, and the last one of a day to zero hours.
        assertThat(Wording.rightAscension(15 * (1 + 59.9999 / 3600))).isEqualTo("01:01:00.00");
        assertThat(Wording.rightAscension(359.9999999)).isEqualTo("00:00:00.00");
        assertThat(Wording.declination(-0.5)).isEqualTo("−00:30:00.0");
        assertThat(Wording.declination(41.26917)).isEqualTo("+41:16:09.0");
    }

    @Test
    void modifiedJulianDatesCountFromNovember1858() {
        assertThat(Wording.ofMjd(0)).isEqualTo(Instant.parse("1858-11-17T00:00:00Z"));
        assertThat(Wording.ofMjd(59_000.25)).isEqualTo(Instant.parse("2020-05-31T06:00:00Z"));
    }
}
