package org.skysieve.web;

import java.time.Instant;

import org.junit.jupiter.api.Test;

import org.skysieve.platform.Language;

import static org.assertj.core.api.Assertions.assertThat;

class WordsTest {
    private static final Instant NOW = Instant.parse("2026-11-21T04:14:00Z");
    private final Words english = MessageFiles.words(Language.ENGLISH);
    private final Words spanish = MessageFiles.words(Language.SPANISH);
    private final Words arabic = MessageFiles.words(Language.ARABIC);

    @Test
    void numbersAreGroupedAsTheLanguageDoes() {
        assertThat(english.count(1234567)).isEqualTo("1,234,567");
        assertThat(spanish.count(1234567)).isEqualTo("1.234.567");
        assertThat(spanish.count(1234)).isEqualTo("1234");
        assertThat(arabic.count(1234567)).isEqualTo("1,234,567");
    }

    @Test
    void sharesAreNeverRoundedToCertainty() {
        assertThat(english.percent(.931)).isEqualTo("93.1 %");
        assertThat(english.percent(.9999)).isEqualTo("> 99.9 %");
        assertThat(english.percent(1)).isEqualTo("100 %");
        assertThat(spanish.percent(.931)).isEqualTo("93,1 %");
        assertThat(spanish.percent(.0004)).isEqualTo("< 0,1 %");
        assertThat(arabic.percent(.9999)).isEqualTo("أكثر من 99.9%");
        assertThat(spanish.interval(.912, .95)).isEqualTo("91,2 a 95,0 %");
    }

    @Test
    void timesNameTheMonthInTheLanguageAndStayUtc() {
        assertThat(english.time(NOW)).isEqualTo("21 Nov 2026, 04:14 UTC");
        assertThat(spanish.time(NOW)).isEqualTo("21 nov 2026, 04:14 UTC");
        assertThat(arabic.time(NOW)).isEqualTo("21 نوفمبر 2026، 04:14 بالتوقيت العالمي");
    }

    @Test
    void agoTakesTheFormOfTheNumber() {
        assertThat(english.ago(NOW.minusSeconds(3), NOW)).isEqualTo("just now");
        assertThat(english.ago(NOW.minusSeconds(60), NOW)).isEqualTo("1 minute ago");
        assertThat(spanish.ago(NOW.minusSeconds(7200), NOW)).isEqualTo("hace 2 horas");
        assertThat(arabic.ago(NOW.minusSeconds(7200), NOW)).isEqualTo("قبل ساعتين");
        assertThat(arabic.ago(NOW.minusSeconds(5 * 86_400), NOW)).isEqualTo("قبل 5 أيام");
        assertThat(arabic.ago(NOW.minusSeconds(11 * 86_400), NOW)).isEqualTo("قبل 11 يومًا");
    }

    @Test
    void theEnglishOfThePagesIsThatOfTheScientistsPages() {
        for (double share : new double[] {Double.NaN, 0, .0004, .5, .931, .99951, 1}) {
            assertThat(english.percent(share)).isEqualTo(Wording.percent(share));
        }
        for (long seconds : new long[] {0, 59, 61, 3599, 3600, 90_000, 200_000}) {
            assertThat(english.ago(NOW.minusSeconds(seconds), NOW))
                    .isEqualTo(Wording.ago(NOW.minusSeconds(seconds), NOW));
        }
    }
}
