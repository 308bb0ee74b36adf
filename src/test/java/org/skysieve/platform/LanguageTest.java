package org.skysieve.platform;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class LanguageTest {
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # parameter, cookie, Accept-Language, chosen
            es,   ar,   en,                      SPANISH
            -,    ar,   es,                      ARABIC
            -,    -,    'es-MX,es;q=0.9,en;q=.8', SPANISH
            -,    -,    'de-DE,de;q=0.9,ar;q=.3', ARABIC
            -,    -,    'en;q=0.5,ar;q=0.7',     ARABIC
            -,    -,    'ar;q=0,es;q=0.1',       SPANISH
            -,    -,    'de,fr',                 ENGLISH
            -,    -,    '*',                     ENGLISH
            -,    -,    ';;;,q=x',               ENGLISH
            -,    -,    -,                       ENGLISH
            tlh,  es,   ar,                      SPANISH
            -,    xx,   ar,                      ARABIC
            ES,   -,    -,                       SPANISH
            ar_EG, -,   -,                       ARABIC
            """)
    void theAddressGoesBeforeTheCookieBeforeTheBrowserBeforeEnglish(
            String parameter, String cookie, String acceptLanguage, Language chosen) {
        assertThat(ReaderLanguage.choose(parameter, cookie, acceptLanguage)).isEqualTo(chosen);
    }

    @Test
    void aHeaderBeyondAllReasonIsNotParsed() {
        assertThat(Language.accepted("es," + "a".repeat(1000))).isEqualTo(Language.ENGLISH);
    }

    /** Samples of CLDR's plural rules for cardinals. */
    @ParameterizedTest
    @CsvSource({
        "ENGLISH, 0, OTHER",
        "ENGLISH, 1, ONE",
        "ENGLISH, 2, OTHER",
        "ENGLISH, 101, OTHER",
        "SPANISH, 0, OTHER",
        "SPANISH, 1, ONE",
        "SPANISH, 16, OTHER",
        "SPANISH, 1000000, MANY",
        "SPANISH, 1000001, OTHER",
        "SPANISH, 3000000, MANY",
        "ARABIC, 0, ZERO",
        "ARABIC, 1, ONE",
        "ARABIC, 2, TWO",
        "ARABIC, 3, FEW",
        "ARABIC, 10, FEW",
        "ARABIC, 11, MANY",
        "ARABIC, 26, MANY",
        "ARABIC, 99, MANY",
        "ARABIC, 100, OTHER",
        "ARABIC, 102, OTHER",
        "ARABIC, 103, FEW",
        "ARABIC, 110, FEW",
        "ARABIC, 111, MANY",
        "ARABIC, 1011, MANY",
        "ARABIC, 1000000, OTHER",
    })
    void pluralsFollowTheRulesOfTheLanguage(Language language, long number, Plural form) {
        assertThat(Plural.of(language, number)).isEqualTo(form);
        assertThat(language.plurals()).contains(form);
    }

    @Test
    void aMessageGivesTheFormThatGoesWithTheNumber() {
        assertThat(Plural.choose("1 vote|{n} votes", Language.ENGLISH, 1)).isEqualTo("1 vote");
        assertThat(Plural.choose("1 vote|{n} votes", Language.ENGLISH, 0)).isEqualTo("{n} votes");
        assertThat(Plural.choose("صفر|واحد|اثنان|قليل|كثير|غيرها", Language.ARABIC, 12))
                .isEqualTo("كثير");
        assertThat(Plural.choose("the same for all", Language.ARABIC, 12)).isEqualTo("the same for all");
    }

    @Test
    void aMessageWithTheWrongNumberOfFormsSaysWhatItNeeds() {
        assertThatThrownBy(() -> Plural.choose("uno|otros", Language.SPANISH, 1))
                .hasMessageContaining("got 2 forms, need [ONE, MANY, OTHER] in Español");
    }
}
