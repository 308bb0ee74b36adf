package org.skysieve.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/** A language that the volunteers' pages speak. Its texts are in {@code messages/*_TAG.properties}. */
public enum Language {
    ENGLISH("en", "English", "en", false, Plural.ONE, Plural.OTHER),
    SPANISH("es", "Español", "es", false, Plural.ONE, Plural.MANY, Plural.OTHER),
    // Western digits: magnitudes, dates of observation and coordinates are written in them, and a page has one kind.
    ARABIC("ar", "العربية", "ar-u-nu-latn", true, Plural.values());

    private static final Set<String> RIGHT_TO_LEFT =
            Set.of("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi");

    private final String tag;
    private final String ownName;
    private final Locale locale;
    private final boolean rightToLeft;
    private final List<Plural> plurals;

    Language(String tag, String ownName, String locale, boolean rightToLeft, Plural... plurals) {
        this.tag = tag;
        this.ownName = ownName;
        this.locale = Locale.forLanguageTag(locale);
        this.rightToLeft = rightToLeft;
        this.plurals = List.of(plurals);
    }

    /** As the attribute {@code lang} and the names of the files have it: "es". */
    public String tag() {
        return tag;
    }

    /** What those who speak it call it. */
    public String ownName() {
        return ownName;
    }

    /** For numbers and dates, with the digits that the pages use. */
    public Locale locale() {
        return locale;
    }

    /** "rtl" or "ltr". */
    public String direction() {
        return rightToLeft ? "rtl" : "ltr";
    }

    /** "rtl" or "ltr" of any language, also of one that the pages do not speak. */
    public static String directionOf(String tag) {
        String primary = tag.strip().split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return RIGHT_TO_LEFT.contains(primary) ? "rtl" : "ltr";
    }

    /** The forms that its nouns have beside a number, in the order in which a message lists them. */
    public List<Plural> plurals() {
        return plurals;
    }

    /** The language of a tag: "es", "es-MX" and "ES" are Spanish. */
    public static Optional<Language> of(@Nullable String tag) {
        if (tag == null) {
            return Optional.empty();
        }
        String primary = tag.strip().split("[-_]", 2)[0];
        for (Language language : values()) {
            if (language.tag.equalsIgnoreCase(primary)) {
                return Optional.of(language);
            }
        }
        return Optional.empty();
    }

    /** The first of the languages that a browser asks for which we speak; English if none, or the header is broken. */
    public static Language accepted(@Nullable String acceptLanguage) {
        List<Locale.LanguageRange> wanted = new ArrayList<>();
        try {
            // The longest that browsers send is some 100 characters.
            if (acceptLanguage != null && acceptLanguage.length() <= 500) {
                wanted = Locale.LanguageRange.parse(acceptLanguage);
            }
        } catch (IllegalArgumentException notAHeader) {
            return ENGLISH;
        }
        return wanted.stream()
                .filter(range -> range.getWeight() > 0)
                .flatMap(range -> of(range.getRange()).stream())
                .findFirst()
                .orElse(ENGLISH);
    }
}
