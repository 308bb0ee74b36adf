package org.skysieve.web;

import jakarta.inject.Singleton;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

import org.skysieve.platform.ErrorPages;

/** Problems as pages in the look of the others; knows nobody and asks no database. */
@Singleton
class SkyErrorPages implements ErrorPages {
    @Override
    public String render(int status, String title, String detail) {
        String headline = headline(status, title);
        return Templates.error(Frame.anonymous(headline), status, headline, detail)
                .render();
    }

    private static String headline(int status, String title) {
        return switch (status) {
            case 401 -> "Please sign in";
            case 403 -> "This page is not for you";
            case 404 -> "There is nothing here";
            case 429 -> "A little slower, please";
            case 503 -> "Back in a moment";
            default -> status >= 500 ? "Something broke on our side" : title;
        };
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance error(Frame frame, int status, String headline, String detail);

        private Templates() {}
    }
}
