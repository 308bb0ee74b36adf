package org.skysieve.web;

import java.net.URI;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.consensus.Reliabilities;
import org.skysieve.consensus.ReliabilityView;
import org.skysieve.effort.Certificate;
import org.skysieve.effort.Certificates;
import org.skysieve.effort.Efforts;
import org.skysieve.effort.Given;
import org.skysieve.effort.Presence;
import org.skysieve.engine.consensus.Brightness;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** A volunteer's own work in a project: days, hours, skill by class and brightness. Nobody is compared with anybody. */
@Path("/projects/{slug}")
@Blocking
@Produces(MediaType.TEXT_HTML)
class MePages {
    /** A session that began longer ago is not one. */
    private static final Duration LONGEST_SESSION = Duration.ofHours(24);

    /** @param chart SVG, ready */
    public record Row(String label, String chart, String value, String interval, String counts) {}

    /** The rows of one class by brightness. */
    public record Bins(String label, List<Row> rows) {}

    /**
     * Everything on the page.
     *
     * @param classes by class, as the consensus weighs this person's votes; empty before the first vote
     */
    public record Me(
            List<Figure> figures,
            List<Row> classes,
            List<Bins> bins,
            String weakest,
            boolean guest,
            List<Made> certificates) {}

    /** A certificate that was made. */
    public record Made(String code, String when) {}

    /** What became of a session; {@code answered} is empty where nothing was. */
    public record Summary(String answered, String settled, String agreed) {}

    /** A certificate, in words. */
    public record Paper(String name, String says, String issued, String url) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Efforts efforts;
    private final Certificates certificates;
    private final Reliabilities reliabilities;
    private final Presence presence;
    private final DaysShown days;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    MePages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Efforts efforts,
            Certificates certificates,
            Reliabilities reliabilities,
            Presence presence,
            DaysShown days,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.efforts = efforts;
        this.certificates = certificates;
        this.reliabilities = reliabilities;
        this.presence = presence;
        this.days = days;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Path("me")
    @Operation(hidden = true)
    public TemplateInstance me(@RestPath String slug) {
        ProjectView project = frames.in(projects.bySlug(slug));
        WorkflowView workflow = frames.in(workflows.asked(project));
        OptionalLong id = volunteer.idIfKnown();
        Given given = id.isEmpty() ? new Given(0, 0, 0, 0, null, null) : efforts.of(id.getAsLong());
        Optional<ReliabilityView> known =
                id.isEmpty() ? Optional.empty() : reliabilities.of(workflow.id(), id.getAsLong());
        List<Efforts.Cell> cells =
                id.isEmpty() ? List.of() : efforts.skill(workflow.id(), id.getAsLong(), workflow.classes());
        Me me = new Me(
                figures(given),
                known.map(view -> classes(workflow, view)).orElse(List.of()),
                bins(workflow, cells),
                known.map(view -> weakest(workflow, view)).orElse(""),
                volunteer.isGuest(),
                volunteer.isGuest()
                        ? List.of()
                        : certificates.of(volunteer.id()).stream()
                                .map(one -> new Made(one.code(), frames.words().time(one.issuedAt())))
                                .toList());
        return Templates.me(
                frames.frame(frames.world().meTitle(project.title()), "me", project.credit()), project, me, days.now());
    }

    /** Shows the days of being here, or hides them everywhere. */
    @POST
    @Path("me/days")
    @Operation(hidden = true)
    public Response showDays(@RestPath String slug, @RestForm boolean shown) {
        projects.bySlug(slug);
        presence.show(volunteer.id(), shown);
        return Response.seeOther(URI.create("/projects/" + slug + "/me")).build();
    }

    @POST
    @Path("me/certificates")
    @Operation(hidden = true)
    public Response issue(@RestPath String slug) {
        projects.bySlug(slug);
        return Response.seeOther(URI.create(
                        "/certificates/" + certificates.issue(volunteer).code()))
                .build();
    }

    /**
     * What became of the session so far, without the page around.
     *
     * @param since when it began, ISO 8601
     */
    @GET
    @Path("me/session")
    @Operation(hidden = true)
    public TemplateInstance session(@RestPath String slug, @RestQuery @Nullable String since) {
        ProjectView project = frames.in(projects.bySlug(slug));
        WorkflowView workflow = frames.in(workflows.asked(project));
        Instant earliest = clock.instant().minus(LONGEST_SESSION);
        Instant start = earliest;
        try {
            Instant asked = since == null ? earliest : Instant.parse(since);
            start = asked.isBefore(earliest) ? earliest : asked;
        } catch (DateTimeException notATime) {
            // A day, then.
        }
        OptionalLong id = volunteer.idIfKnown();
        Efforts.Session now =
                id.isEmpty() ? new Efforts.Session(0, 0, 0) : efforts.since(workflow.id(), id.getAsLong(), start);
        return Templates.session(
                project,
                new Summary(
                        now.answered() == 0
                                ? ""
                                : frames.words()
                                        .forms(
                                                frames.world()
                                                        .sessionAnswered(
                                                                frames.words().count(now.answered())),
                                                now.answered()),
                        frames.words().count(now.settled()),
                        frames.words().count(now.agreed())),
                days.now());
    }

    static Paper paper(Certificate certificate, String root, Frames frames) {
        Words words = frames.words();
        WorldMessages texts = frames.world();
        String first = certificate.firstDay().toString();
        String last = certificate.lastDay().toString();
        return new Paper(
                certificate.name(),
                texts.certificateSays(
                        words.forms(
                                texts.certificateCandidates(words.count(certificate.answers())), certificate.answers()),
                        words.forms(texts.certificateDays(words.count(certificate.days())), certificate.days()),
                        first.equals(last) ? texts.certificateOn(first) : texts.certificateSpan(first, last),
                        timeSpent(certificate.seconds(), frames)),
                texts.certificateIssued(words.time(certificate.issuedAt())),
                root + "/certificates/" + certificate.code());
    }

    private List<Figure> figures(Given given) {
        WorldMessages texts = frames.world();
        Words words = frames.words();
        return List.of(
                new Figure("answered", texts.figureAnswered(), words.count(given.answers()), ""),
                new Figure("month", texts.figureMonth(), words.count(given.daysThisMonth()), ""),
                new Figure("days", texts.figureDays(), words.count(given.days()), ""),
                new Figure("time", texts.figureTime(), timeSpent(given.seconds(), frames), texts.estimated()));
    }

    private static String timeSpent(long seconds, Frames frames) {
        Words words = frames.words();
        long minutes = Math.round(seconds / 60.0);
        return seconds < 3600
                ? words.forms(frames.world().minutes(words.count(minutes)), minutes)
                : frames.world().hours(words.decimals(seconds / 3600.0, 1));
    }

    private List<Row> classes(WorkflowView workflow, ReliabilityView known) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < workflow.classes(); i++) {
            ReliabilityView.Accuracy accuracy = known.accuracy().get(i);
            rows.add(row(workflow.answers().get(i).label(), accuracy.mean(), accuracy.low(), accuracy.high(), ""));
        }
        return rows;
    }

    private List<Bins> bins(WorkflowView workflow, List<Efforts.Cell> cells) {
        List<Bins> bins = new ArrayList<>();
        for (int i = 0; i < workflow.classes(); i++) {
            int answer = i;
            List<Row> rows = cells.stream()
                    .filter(cell -> cell.answer() == answer && cell.n() > 0)
                    .map(cell -> row(
                            words(cell.brightness()),
                            cell.mean(),
                            cell.low(),
                            cell.high(),
                            frames.world()
                                    .of(
                                            frames.words().count(cell.right()),
                                            frames.words().count(cell.n()))))
                    .toList();
            if (!rows.isEmpty()) {
                bins.add(new Bins(workflow.answers().get(i).label(), rows));
            }
        }
        return bins;
    }

    private Row row(String label, double mean, double low, double high, String counts) {
        return new Row(
                label,
                Charts.inline(new Charts.Estimate(label, mean, low, high), 0, frames.words()),
                frames.words().percent(mean),
                frames.words().interval(low, high),
                counts);
    }

    private String words(Brightness brightness) {
        return switch (brightness) {
            case FAINT -> frames.world().faint();
            case MEDIUM -> frames.world().medium();
            case BRIGHT -> frames.world().bright();
            case UNKNOWN -> frames.world().notMeasured();
        };
    }

    private static String weakest(WorkflowView workflow, ReliabilityView known) {
        int weakest = 0;
        for (int i = 1; i < workflow.classes(); i++) {
            if (known.accuracy().get(i).mean() < known.accuracy().get(weakest).mean()) {
                weakest = i;
            }
        }
        return workflow.answers().get(weakest).label();
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance me(Frame frame, ProjectView project, Me me, DaysShown.Shown days);

        static native TemplateInstance session(ProjectView project, Summary summary, DaysShown.Shown days);

        private Templates() {}
    }
}
