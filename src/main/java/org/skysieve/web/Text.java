package org.skysieve.web;

import io.quarkus.qute.TemplateExtension;

import org.skysieve.platform.Language;

/**
 * A text of a project on a page that may speak another language.
 *
 * @param tag language of the text itself: the project's where it is not translated
 * @param direction "rtl" or "ltr"
 */
public record Text(String words, String tag, String direction) {
    /**
     * @param page what the page speaks
     * @param own what the project's texts are written in
     */
    static Text of(String shown, String original, Language page, String own) {
        return shown.equals(original)
                ? new Text(shown, own, Language.directionOf(own))
                : new Text(shown, page.tag(), page.direction());
    }

    /** The attributes that tell a screen reader and the layout which language this is. */
    public String attributes() {
        return "lang=\"" + tag + "\" dir=\"" + direction + "\"";
    }

    /** As {@link #attributes()}, for templates that have a text and its original: {@code frame.language.tongue(..)}. */
    @TemplateExtension
    static String tongue(Language page, String shown, String original, String own) {
        return of(shown, original, page, own).attributes();
    }
}
