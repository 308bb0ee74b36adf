package org.skysieve.web;

import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

import jakarta.enterprise.context.RequestScoped;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.effort.DaysHere;
import org.skysieve.effort.Presence;

/** The days on which the reader classified, in words and as a strip; they praise and never threaten. */
@RequestScoped
class DaysShown {
    /** Where scripts note the browser's time zone, for these days alone. */
    static final String ZONE_COOKIE = "skysieve-zone";

    private static final int CELL = 20;
    private static final int HEIGHT = 44;

    /**
     * What is said of the days.
     *
     * @param off switched off: nothing is said
     * @param strip SVG of four weeks with its text alternative; empty, as all, before the first answer
     */
    public record Shown(boolean off, String lately, String runs, String zone, String strip) {}

    private final RoutingContext request;
    private final CurrentVolunteer volunteer;
    private final Presence presence;
    private final Frames frames;

    DaysShown(RoutingContext request, CurrentVolunteer volunteer, Presence presence, Frames frames) {
        this.request = request;
        this.volunteer = volunteer;
        this.presence = presence;
        this.frames = frames;
    }

    Shown now() {
        OptionalLong id = volunteer.idIfKnown();
        ZoneId zone = zone();
        return id.isEmpty()
                ? new Shown(false, "", "", "", "")
                : presence.of(id.getAsLong(), zone)
                        .map(days -> words(days, zone))
                        .orElse(new Shown(true, "", "", "", ""));
    }

    private Shown words(DaysHere days, ZoneId zone) {
        if (days.longest() == 0) {
            return new Shown(false, "", "", "", "");
        }
        WorldMessages texts = frames.world();
        Words words = frames.words();
        String lately = days.ofLastSeven() == 0
                ? texts.daysWelcome()
                : words.forms(texts.daysOfSeven(words.count(days.ofLastSeven())), days.ofLastSeven());
        String longest = words.forms(texts.daysLongest(words.count(days.longest())), days.longest());
        String run = days.run() == 0 ? "" : words.forms(texts.daysRun(words.count(days.run())), days.run());
        // One day is no run, and who is on the longest need not hear it twice.
        String runs = days.longest() == 1
                ? ""
                : days.run() == days.longest() ? texts.daysRunLongest(run) : (run + " " + longest).strip();
        return new Shown(
                false,
                lately,
                runs,
                texts.daysZone(zone == ZoneOffset.UTC ? "UTC" : zone.getId().replace('_', ' ')),
                strip(days));
    }

    private String strip(DaysHere days) {
        DateTimeFormatter format =
                DateTimeFormatter.ofPattern("d MMM", frames.words().language().locale());
        Set<LocalDate> here = new HashSet<>(days.lately());
        String said = days.lately().isEmpty()
                ? frames.world().daysStripNone()
                : frames.world()
                        .daysStrip(days.lately().stream().map(format::format).collect(Collectors.joining(", ")));
        Svg svg = new Svg(DaysHere.LATELY * CELL, HEIGHT, "chart days", said);
        LocalDate first = days.today().minusDays(DaysHere.LATELY - 1L);
        for (int i = 0; i < DaysHere.LATELY; i++) {
            LocalDate day = first.plusDays(i);
            svg.open("").title(format.format(day));
            svg.rect(here.contains(day) ? "day here" : "day", i * CELL + 2, 2, CELL - 4, CELL - 4, 4);
            svg.close();
        }
        svg.text("", 2, HEIGHT - 4, "start", format.format(first));
        svg.text("", DaysHere.LATELY * CELL - 2, HEIGHT - 4, "end", format.format(days.today()));
        return svg.toString();
    }

    private ZoneId zone() {
        Cookie cookie = request.request().getCookie(ZONE_COOKIE);
        return Presence.zone(cookie == null ? null : cookie.getValue());
    }
}
