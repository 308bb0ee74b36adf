package org.skysieve.web;

import jakarta.inject.Singleton;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.platform.ErrorPages;
import org.skysieve.platform.Language;
import org.skysieve.platform.ReaderLanguage;

/** Problems as pages in the look of the others; asks no database: who is signed in is told by the request alone. */
@Singleton
class SkyErrorPages implements ErrorPages {
    private final ReaderLanguage reader;
    private final CurrentVolunteer volunteer;

    SkyErrorPages(ReaderLanguage reader, CurrentVolunteer volunteer) {
        this.reader = reader;
        this.volunteer = volunteer;
    }

    @Override
    public String render(int status, String title, String detail) {
        Language language = reader.now();
        String headline = headline(Words.in(language).messages(), status, title);
        return Templates.error(Frame.ofError(headline, language, name()), status, headline, detail)
                .render();
    }

    private String name() {
        try {
            return volunteer.nameAtHand();
        } catch (RuntimeException whoIsNotKnown) {
            // Outside a request, or before anybody asked who sent it.
            return "";
        }
    }

    private static String headline(Messages messages, int status, String title) {
        return switch (status) {
            case 401 -> messages.errorSignIn();
            case 403 -> messages.errorForbidden();
            case 404 -> messages.errorNotFound();
            case 429 -> messages.errorTooFast();
            case 503 -> messages.errorUnavailable();
            default -> status >= 500 ? messages.errorBroken() : title;
        };
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance error(Frame frame, int status, String headline, String detail);

        private Templates() {}
    }
}
