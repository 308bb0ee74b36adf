package org.skysieve.web;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import org.skysieve.platform.Language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class ChartsSharesTest {
    private static final Pattern FILL = Pattern.compile("class=\"fill\"[^>]*width=\"([0-9.]+)\"");
    private static final Pattern TRACK = Pattern.compile("class=\"track\"[^>]*width=\"([0-9.]+)\"");

    @Test
    void whatIsOpenStaysEmpty() {
        String bar = Charts.shares(
                "",
                List.of(new Charts.Bar("Real", 20), new Charts.Bar("Bogus", 10)),
                120,
                MessageFiles.words(Language.ENGLISH));

        Matcher track = TRACK.matcher(bar);
        Matcher fill = FILL.matcher(bar);
        assertThat(track.find()).isTrue();
        double whole = Double.parseDouble(track.group(1));
        assertThat(fill.find()).isTrue();
        assertThat(Double.parseDouble(fill.group(1))).isCloseTo(whole / 6 - 2, within(.1));
        assertThat(fill.find()).isTrue();
        assertThat(Double.parseDouble(fill.group(1))).isCloseTo(whole / 12 - 2, within(.1));
    }
}
