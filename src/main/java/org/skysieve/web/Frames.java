package org.skysieve.web;

import jakarta.enterprise.context.RequestScoped;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.talk.Notices;

/** Makes the frame of a page from the request: who is signed in, which theme was chosen. */
@RequestScoped
class Frames {
    static final String THEME_COOKIE = "skysieve-theme";

    private final RoutingContext request;
    private final CurrentVolunteer volunteer;
    private final Notices notices;

    Frames(RoutingContext request, CurrentVolunteer volunteer, Notices notices) {
        this.request = request;
        this.volunteer = volunteer;
        this.notices = notices;
    }

    Frame frame(String title, String here) {
        return frame(title, here, "");
    }

    Frame frame(String title, String here, String credit) {
        boolean signedIn = !volunteer.isGuest();
        return new Frame(
                title,
                here,
                theme(),
                signedIn,
                signedIn ? volunteer.displayName() : "",
                credit,
                signedIn ? notices.unread(volunteer.id()) : 0);
    }

    private String theme() {
        Cookie cookie = request.request().getCookie(THEME_COOKIE);
        String chosen = cookie == null ? "" : cookie.getValue();
        // Anything else than these two words never reaches the page.
        return chosen.equals("dark") || chosen.equals("light") ? chosen : "";
    }
}
