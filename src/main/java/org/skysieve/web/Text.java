package org.skysieve.web;

import io.quarkus.qute.TemplateExtension;

import org.skysieve.platform.Language;

/**
 * A text of a project on a page that may speak another language.
 *
 * @param language of the text itself: English where it is not translated
 */
public record Text(String words, Language language) {
    /** @param page what the page speaks */
    static Text of(String shown, String original, Language page) {
        return new Text(shown, shown.equals(original) ? Language.ENGLISH : page);
    }

    /** The attributes that tell a screen reader and the layout which language this is. */
    public String attributes() {
        return attributes(language);
    }

    /** As {@link #attributes()}, for templates that have a text and its original: {@code frame.language.tongue(..)}. */
    @TemplateExtension
    static String tongue(Language page, String shown, String original) {
        return of(shown, original, page).attributes();
    }

    private static String attributes(Language language) {
        return "lang=\"" + language.tag() + "\" dir=\"" + language.direction() + "\"";
    }
}
