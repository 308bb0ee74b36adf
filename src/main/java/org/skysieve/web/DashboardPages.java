package org.skysieve.web;

import java.time.Clock;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.consensus.ConsensusProgress;
import org.skysieve.consensus.CrowdHealth;
import org.skysieve.ingest.DeadLetters;
import org.skysieve.model.Measured;
import org.skysieve.model.ModelRegistry;
import org.skysieve.model.ModelVersionView;
import org.skysieve.model.Training;
import org.skysieve.model.TrainingRunView;
import org.skysieve.platform.Language;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.selection.Forecasts;
import org.skysieve.selection.StatisticsView;
import org.skysieve.selection.StatisticsView.Estimate;

/** The dashboard of a project: how many, how good, and what the model has become. */
@Path("/projects/{slug}/dashboard")
@Blocking
@Produces(MediaType.TEXT_HTML)
class DashboardPages {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMM", Locale.ENGLISH);
    private static final int RUNS = 5;
    private static final int LETTERS = 5;
    /** The requirement of the LSST alert classifiers: 95 % pure at 90 % complete. */
    private static final double REQUIREMENT = 0.95;

    /** An estimate in words: the value, its interval, and what it rests on or why there is none. */
    public record EstimateRow(String key, String label, String value, String interval, String note) {}

    /** A version of the model. */
    public record ModelRow(
            int version, String state, String auc, String interval, String basis, String reason, String when) {}

    /** A training run. */
    public record RunRow(String state, String cause, String labels, String message, String when) {}

    /** A packet that could not be read. */
    public record LetterRow(String source, String reason, String when) {}

    /** A volunteer to have a look at. */
    public record FlaggedRow(String volunteer, String kind, String votes, String reason) {}

    /**
     * How the crowd does, for scientists and moderators.
     *
     * @param alpha Krippendorff's alpha in words
     * @param kappa Fleiss' kappa in words
     */
    public record Crowd(String alpha, String kappa, String basis, List<FlaggedRow> flagged) {}

    /** Everything on the page. The charts are SVG, ready. */
    public record Dashboard(
            List<Figure> figures,
            String progress,
            List<String> legend,
            String votesPerDay,
            String estimates,
            List<EstimateRow> estimateRows,
            List<EstimateGroups.Section> groups,
            String sample,
            Outlook outlook,
            String random,
            List<ModelRow> models,
            List<RunRow> runs,
            List<LetterRow> letters,
            long letterCount,
            boolean mayExport,
            @Nullable Crowd crowd,
            RetirementForm rule,
            SelectionForm mix,
            long lag) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final ProjectFigures figures;
    private final ModelRegistry models;
    private final Training training;
    private final DeadLetters deadLetters;
    private final ConsensusProgress consensus;
    private final CrowdHealth health;
    private final Forecasts forecasts;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    DashboardPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            ProjectFigures figures,
            ModelRegistry models,
            Training training,
            DeadLetters deadLetters,
            ConsensusProgress consensus,
            CrowdHealth health,
            Forecasts forecasts,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.figures = figures;
        this.models = models;
        this.training = training;
        this.deadLetters = deadLetters;
        this.consensus = consensus;
        this.health = health;
        this.forecasts = forecasts;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance dashboard(
            @RestPath String slug, @RestQuery @Nullable String completeness, @RestQuery @Nullable String purity) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        Words english = Words.in(Language.ENGLISH);
        StatisticsView now = figures.of(workflow);
        Instant at = clock.instant();
        List<ModelVersionView> versions = models.versions(workflow.id());
        boolean moderates = volunteer.has(Role.MODERATOR);
        Dashboard dashboard = new Dashboard(
                ProjectFigures.figures(now, english),
                ProjectFigures.progress(workflow, now, english),
                ProjectFigures.legend(workflow, now, english),
                Charts.bars(
                        "Votes a day",
                        now.votesPerDay().stream()
                                .map(day -> new Charts.Bar(DAY.format(day.day()), day.votes()))
                                .toList()),
                Charts.estimates(
                        "Completeness and purity of the consensus, with 95 % intervals",
                        List.of(
                                ProjectFigures.drawn("Completeness", now.completeness()),
                                ProjectFigures.drawn("Purity", now.purity())),
                        0.5,
                        REQUIREMENT),
                List.of(
                        estimate("completeness", "Completeness", now.completeness()),
                        estimate("purity", "Purity", now.purity()),
                        estimate(
                                "prevalence",
                                "Share that is " + workflow.answers().get(0).label(),
                                now.prevalence()),
                        estimate("gold", "Agreement on gold standards", now.goldAgreement())),
                EstimateGroups.of(workflow, now),
                sample(now),
                Outlook.of(forecasts.of(
                        workflow.id(),
                        Outlook.share(completeness, Outlook.COMPLETENESS),
                        Outlook.share(purity, Outlook.PURITY))),
                RandomSelection.newest(versions, now.candidates().votesPerRetired()),
                versions.stream().map(version -> row(version, at)).toList(),
                training.runs(workflow.id()).stream()
                        .limit(RUNS)
                        .map(run -> row(run, at))
                        .toList(),
                moderates ? letters(project, at) : List.of(),
                deadLetters.count(project.id()),
                volunteer.has(Role.SCIENTIST),
                volunteer.has(Role.SCIENTIST) ? crowd(health.of(workflow.id())) : null,
                RetirementForm.of(workflow),
                SelectionForm.of(workflow),
                consensus.lag(workflow.id()));
        return Templates.dashboard(
                frames.frame("Dashboard: " + project.title(), "dashboard", project.credit()),
                project,
                workflow,
                dashboard);
    }

    private List<LetterRow> letters(ProjectView project, Instant at) {
        List<LetterRow> rows = new ArrayList<>();
        deadLetters
                .before(project.id(), Long.MAX_VALUE, LETTERS)
                .forEach(letter ->
                        rows.add(new LetterRow(letter.source(), letter.reason(), Wording.ago(letter.createdAt(), at))));
        return rows;
    }

    private static Crowd crowd(CrowdHealth.Health health) {
        return new Crowd(
                beyondChance(health.alpha()),
                beyondChance(health.kappa()),
                "from " + Wording.count(health.votes()) + " votes; " + Wording.count(health.candidates())
                        + " candidates have two or more",
                health.flagged().stream()
                        .map(flagged -> new FlaggedRow(
                                flagged.volunteer(), flagged.kind(), Wording.count(flagged.votes()), flagged.reason()))
                        .toList());
    }

    private static String beyondChance(@Nullable Double value) {
        return value == null ? "not measurable yet" : Wording.decimals(value, 2);
    }

    private static String sample(StatisticsView now) {
        StatisticsView.EvaluationSample sample = now.evaluation();
        return Wording.count(sample.begun()) + " of " + Wording.count(sample.candidates())
                + " candidates of the sample are begun, " + Wording.count(sample.finished()) + " finished; "
                + Wording.count(sample.judged()) + " were begun early enough to judge labels by. "
                + (sample.gold() == 0
                        ? "No gold standard has votes yet, so nothing checks the posteriors: intervals are wide."
                        : Wording.count(sample.gold(), "gold standard checks", "gold standards check")
                                + " the posteriors.");
    }

    private static EstimateRow estimate(String key, String label, Estimate estimate) {
        double value = ProjectFigures.orNaN(estimate.value());
        String interval = Wording.interval(ProjectFigures.orNaN(estimate.low()), ProjectFigures.orNaN(estimate.high()));
        String note = estimate.reason() != null
                ? estimate.reason()
                : "from " + Wording.count(estimate.n()) + ": " + estimate.method();
        return new EstimateRow(key, label, Wording.percent(value), interval, note);
    }

    private static ModelRow row(ModelVersionView version, Instant at) {
        Measured auc = version.metrics().auc();
        return new ModelRow(
                version.version(),
                version.state(),
                Wording.decimals(ProjectFigures.orNaN(auc.value()), 4),
                auc.low() == null || auc.high() == null
                        ? ""
                        : Wording.decimals(auc.low(), 3) + " to " + Wording.decimals(auc.high(), 3),
                version.metrics().basis(),
                version.reason(),
                Wording.ago(version.createdAt(), at));
    }

    private static RunRow row(TrainingRunView run, Instant at) {
        return new RunRow(
                run.state(),
                run.cause(),
                Wording.count(run.labels()),
                run.message(),
                Wording.ago(run.requestedAt(), at));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance dashboard(
                Frame frame, ProjectView project, WorkflowView workflow, Dashboard dashboard);

        private Templates() {}
    }
}
