package org.skysieve.project;

import java.util.Map;

/** Texts in another language, by what they say in the original. */
public final class Phrases {
    public static final Phrases NONE = new Phrases(Map.of());

    private final Map<String, String> texts;

    Phrases(Map<String, String> texts) {
        this.texts = texts;
    }

    /** The original as it names its translation: browsers send lines with CR LF, files and the API without. */
    static String key(String original) {
        return original.replace("\r\n", "\n").strip();
    }

    /** A text of that original; the original itself where there is none. */
    public String of(String original) {
        String text = texts.getOrDefault(key(original), "");
        return text.isEmpty() ? original : text;
    }

    /** As {@link #of(String)}; a text that is too long for its place is none. */
    String of(String original, int most) {
        String text = of(original);
        return text.length() > most ? original : text;
    }
}
