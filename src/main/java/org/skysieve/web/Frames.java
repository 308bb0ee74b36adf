package org.skysieve.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.RequestScoped;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.outcome.VoteNews;
import org.skysieve.platform.ReaderLanguage;
import org.skysieve.project.Phrases;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Translations;
import org.skysieve.project.WorkflowView;
import org.skysieve.talk.Notices;

/** Makes the frame of a page from the request: who is signed in, which language and theme were chosen. */
@RequestScoped
class Frames {
    static final String THEME_COOKIE = "skysieve-theme";

    private static final Set<String> SIGN_IN_PAGES = Set.of("sign-in", "sign-up");

    private final RoutingContext request;
    private final CurrentVolunteer volunteer;
    private final Notices notices;
    private final VoteNews news;
    private final Translations translations;
    private final Map<Long, Phrases> boards = new HashMap<>();
    private final Map<Long, Phrases> guides = new HashMap<>();
    private @Nullable Words words;

    Frames(
            RoutingContext request,
            CurrentVolunteer volunteer,
            Notices notices,
            VoteNews news,
            Translations translations) {
        this.request = request;
        this.volunteer = volunteer;
        this.notices = notices;
        this.news = news;
        this.translations = translations;
    }

    Frame frame(String title, String here) {
        return frame(title, here, "");
    }

    Frame frame(String title, String here, String credit) {
        boolean signedIn = !volunteer.isGuest();
        return new Frame(
                title,
                here,
                words().language(),
                Frame.tongues(words().language(), address()),
                theme(),
                signedIn,
                signedIn ? volunteer.displayName() : "",
                signedIn || SIGN_IN_PAGES.contains(here)
                        ? ""
                        : "?next=" + URLEncoder.encode(request.request().uri(), StandardCharsets.UTF_8),
                credit,
                signedIn ? notices.unread(volunteer.id()) + news.unread(volunteer.id()) : 0);
    }

    /** The words of the reader's language. */
    Words words() {
        if (words == null) {
            words = Words.in(ReaderLanguage.of(request));
        }
        return words;
    }

    /** The texts of learning, one's own work and what one keeps. */
    WorldMessages world() {
        return Words.bundle(WorldMessages.class, words().language());
    }

    /** The texts of the classify page without a script. */
    PlainMessages plain() {
        return Words.bundle(PlainMessages.class, words().language());
    }

    /** A project in the reader's language, as far as it is translated. */
    ProjectView in(ProjectView project) {
        return translations.in(words().language(), project);
    }

    /** A workflow in the reader's language, as far as it is translated; its keys stay. */
    WorkflowView in(WorkflowView workflow) {
        return translations.in(words().language(), workflow);
    }

    /** What field guide and tutorial of a workflow say in the reader's language. */
    Phrases textsOf(WorkflowView workflow) {
        return guides.computeIfAbsent(workflow.id(), id -> translations.words(words().language(), workflow));
    }

    /** What the boards of a project say in the reader's language. */
    Phrases textsOf(ProjectView project) {
        return boards.computeIfAbsent(project.id(), id -> translations.words(words().language(), project));
    }

    /** The texts of the reader's language. */
    Messages messages() {
        return words().messages();
    }

    /** The address of this page with what it was asked, ready for a language to be named. */
    private String address() {
        String query = request.request().query();
        String kept =
                query == null ? "" : query.replaceAll("(^|&)lang=[^&]*", "").replaceFirst("^&", "");
        return request.request().path() + "?" + (kept.isEmpty() ? "" : kept + "&");
    }

    private String theme() {
        Cookie cookie = request.request().getCookie(THEME_COOKIE);
        String chosen = cookie == null ? "" : cookie.getValue();
        // Anything else than these two words never reaches the page.
        return chosen.equals("dark") || chosen.equals("light") ? chosen : "";
    }
}
