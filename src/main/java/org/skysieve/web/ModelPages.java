package org.skysieve.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
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
import org.jboss.resteasy.reactive.multipart.FileUpload;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.model.DriftChecks;
import org.skysieve.model.DriftReport;
import org.skysieve.model.Measured;
import org.skysieve.model.ModelFiles;
import org.skysieve.model.ModelMetrics;
import org.skysieve.model.ModelRecipe;
import org.skysieve.model.ModelRegistry;
import org.skysieve.model.ModelVersionView;
import org.skysieve.model.Training;
import org.skysieve.model.TrainingRunView;
import org.skysieve.platform.Problem;
import org.skysieve.project.ModelKind;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** The models of a project: each version's card, drift, and what moderators may do. Plain forms without JavaScript. */
@Path("/projects/{slug}/models")
@Blocking
@Produces(MediaType.TEXT_HTML)
class ModelPages {
    private static final int CARDS = 20;
    private static final int EVENTS = 20;
    private static final int RUNS = 10;

    /** A name and a figure. */
    public record Line(String label, String value) {}

    /** Figures of one answer, or of candidates of one brightness. */
    public record Row(String label, String rows, String auc, String accuracyOrPurity, String completeness) {}

    /**
     * One version.
     *
     * @param confusion a row for each true answer: its name and the candidates taken for each answer
     * @param random what random selection would have needed; may be empty
     * @param curve the learning curve in words
     * @param calibration the calibration curve in words
     * @param calibrationChart SVG; empty if there is nothing to draw
     * @param curveChart SVG; empty if there is nothing to draw
     * @param open whether its figures are shown at once
     */
    public record Card(
            long id,
            int version,
            String state,
            String origin,
            String reason,
            String when,
            List<Figure> figures,
            String measuredOn,
            String random,
            List<Line> data,
            List<Row> byClass,
            List<Row> byBrightness,
            List<List<String>> confusion,
            List<Line> calibration,
            List<Line> curve,
            String calibrationChart,
            String curveChart,
            boolean open,
            boolean mayRollBack,
            boolean mayTry,
            boolean mayReproduce) {}

    /** A shifted quantity. */
    public record ShiftRow(String name, String psi, String ks, String p, String level) {}

    /** The last look for drift. */
    public record DriftCard(String level, String when, String reason, List<ShiftRow> shifts) {}

    /** Something that happened. */
    public record Event(int version, String what, String why, String when) {}

    /** A run. */
    public record RunRow(String kind, String state, String cause, String message, String when) {}

    /** Everything on the page. */
    public record Page(
            List<String> answers,
            List<Card> cards,
            @Nullable DriftCard drift,
            List<Event> history,
            List<RunRow> runs,
            List<ModelFiles.Format> formats,
            boolean moderates,
            boolean mayDownload,
            boolean nets) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final ModelRegistry registry;
    private final ModelFiles files;
    private final Training training;
    private final DriftChecks drift;
    private final CurrentVolunteer volunteer;
    private final Clock clock;

    @SuppressWarnings("TooManyParameters")
    ModelPages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            ModelRegistry registry,
            ModelFiles files,
            Training training,
            DriftChecks drift,
            CurrentVolunteer volunteer,
            Clock clock) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.registry = registry;
        this.files = files;
        this.training = training;
        this.drift = drift;
        this.volunteer = volunteer;
        this.clock = clock;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance models(@RestPath String slug) {
        ProjectView project = projects.bySlug(slug);
        WorkflowView workflow = workflows.asked(project);
        Instant at = clock.instant();
        boolean moderates = volunteer.has(Role.MODERATOR);
        Page page = new Page(
                workflow.answers().stream().map(answer -> answer.label()).toList(),
                registry.versions(workflow.id()).stream()
                        .limit(CARDS)
                        .map(version -> card(version, moderates, at))
                        .toList(),
                drift.newest(workflow.id(), 1).stream()
                        .findFirst()
                        .map(report -> drift(report, at))
                        .orElse(null),
                registry.history(workflow.id(), EVENTS).stream()
                        .map(one -> new Event(one.version(), one.what(), one.why(), Wording.ago(one.at(), at)))
                        .toList(),
                training.runs(workflow.id()).stream()
                        .limit(RUNS)
                        .map(run -> run(run, at))
                        .toList(),
                files.formats(),
                moderates,
                volunteer.has(Role.SCIENTIST),
                workflow.answers().stream().map(answer -> answer.key()).toList().equals(List.of("real", "bogus")));
        return Templates.models(
                frames.frame("Models: " + project.title(), "dashboard", project.credit()), project, workflow, page);
    }

    /** One click, and an earlier version serves again. */
    @POST
    @Path("{modelId}/rollback")
    @Operation(hidden = true)
    public Response rollback(@RestPath String slug, @RestPath long modelId) {
        volunteer.require(Role.MODERATOR);
        registry.rollback(workflows.asked(projects.bySlug(slug)).id(), modelId, volunteer.displayName());
        return back(slug);
    }

    @POST
    @Path("{modelId}/trial")
    @Operation(hidden = true)
    public Response tryAgain(@RestPath String slug, @RestPath long modelId) {
        volunteer.require(Role.MODERATOR);
        training.requestTrial(workflows.asked(projects.bySlug(slug)).id(), modelId, byWhom());
        return back(slug);
    }

    @POST
    @Path("{modelId}/reproduction")
    @Operation(hidden = true)
    public Response reproduce(@RestPath String slug, @RestPath long modelId) {
        volunteer.require(Role.MODERATOR);
        training.requestReproduction(workflows.asked(projects.bySlug(slug)).id(), modelId, byWhom());
        return back(slug);
    }

    @POST
    @Path("training")
    @Operation(hidden = true)
    public Response train(@RestPath String slug, @RestForm @Nullable String kind) {
        volunteer.require(Role.MODERATOR);
        training.request(
                workflows.asked(projects.bySlug(slug)).id(),
                kind == null || kind.isEmpty() ? null : ModelKind.ofKey(kind),
                byWhom());
        return back(slug);
    }

    @POST
    @Path("drift")
    @Operation(hidden = true)
    public Response look(@RestPath String slug) {
        volunteer.require(Role.MODERATOR);
        drift.check(workflows.asked(projects.bySlug(slug)).id());
        return back(slug);
    }

    @POST
    @Path("upload")
    // Checked before the body is read: nobody else may spool a file here.
    @RolesAllowed("moderator")
    @Consumes(MediaType.MULTIPART_FORM_DATA)
    @Operation(hidden = true)
    public Response upload(@RestPath String slug, @RestForm("file") @Nullable FileUpload file) throws IOException {
        volunteer.require(Role.MODERATOR);
        if (file == null || file.size() == 0) {
            throw Problem.badField("file", "got nothing, need a model");
        }
        try (InputStream in = Files.newInputStream(file.uploadedFile())) {
            files.upload(workflows.asked(projects.bySlug(slug)).id(), in, volunteer.displayName());
        }
        return back(slug);
    }

    private String byWhom() {
        return "asked for by " + volunteer.displayName();
    }

    private static Response back(String slug) {
        return Response.seeOther(URI.create("/projects/" + slug + "/models")).build();
    }

    private static Card card(ModelVersionView version, boolean moderates, Instant at) {
        ModelMetrics metrics = version.metrics();
        ModelMetrics.Detail detail = metrics.detail();
        List<Row> byClass = new ArrayList<>();
        List<List<String>> confusion = new ArrayList<>();
        List<Line> calibration = new ArrayList<>();
        List<Line> curve = new ArrayList<>();
        String random = detail == null || detail.control() == null
                ? ""
                : "Random selection: " + RandomSelection.words(detail.control(), null);
        if (detail != null) {
            for (int k = 0; k < detail.byClass().size(); k++) {
                ModelMetrics.OfClass one = detail.byClass().get(k);
                byClass.add(new Row(
                        one.answer(),
                        Wording.count(Math.round(one.rows())),
                        measured(one.auc(), 3),
                        measured(one.purity(), 3),
                        measured(one.completeness(), 3)));
                List<String> counts = new ArrayList<>(List.of(one.answer()));
                detail.confusion().get(k).forEach(count -> counts.add(Wording.count(Math.round(count))));
                confusion.add(counts);
            }
            detail.reliability()
                    .forEach(bin -> calibration.add(new Line(
                            "said " + Wording.decimals(bin.confidence(), 3),
                            Wording.decimals(bin.accuracy(), 3) + " true, of "
                                    + Wording.count(Math.round(bin.rows())))));
            detail.learningCurve()
                    .forEach(point -> curve.add(new Line(
                            Wording.count(point.labels()) + " labels",
                            "AUC " + measured(point.auc(), 3) + ", log loss " + measured(point.logLoss(), 3))));
        }
        boolean champion = version.state().equals("champion");
        String name = " of version " + version.version();
        List<Charts.Point> calibrated = detail == null ? List.of() : calibrated(detail);
        List<Charts.Point> learned = detail == null ? List.of() : learned(detail);
        return new Card(
                version.id(),
                version.version(),
                version.state(),
                version.origin(),
                version.reason(),
                Wording.ago(version.createdAt(), at),
                metrics.rows() == 0
                        ? List.of()
                        : List.of(
                                figure("auc", "AUC", metrics.auc(), 4),
                                figure("log-loss", "Log loss", metrics.logLoss(), 3),
                                figure("calibration-error", "Calibration error", metrics.calibrationError(), 3),
                                figure("accuracy", "Accuracy", metrics.accuracy(), 3)),
                metrics.rows() == 0
                        ? "Not measured yet."
                        : "Measured on " + Wording.count(metrics.rows()) + " candidates: " + basis(metrics.basis())
                                + ".",
                random,
                data(version),
                byClass,
                metrics.byBrightness().stream()
                        .map(bin -> new Row(
                                (bin.name() == null ? "" : bin.name() + ", ") + "S/N from "
                                        + Wording.decimals(bin.minSnr(), 0),
                                Wording.count(bin.rows()),
                                measured(bin.auc(), 3),
                                measured(bin.accuracy(), 3),
                                bin.completeness() == null ? Wording.NONE : measured(bin.completeness(), 3)))
                        .toList(),
                confusion,
                calibration,
                curve,
                calibrated.isEmpty()
                        ? ""
                        : Charts.calibration(
                                "Calibration" + name + ": what it said against what came true",
                                calibrated,
                                1. / Math.max(2, byClass.size())),
                learned.size() < 2 ? "" : Charts.learning("Learning curve" + name + ": AUC by labels", "AUC", learned),
                champion,
                moderates && !champion && !version.state().equals("waiting"),
                moderates && !champion,
                moderates && version.recipe() != null);
    }

    private static Figure figure(String key, String label, Measured measured, int decimals) {
        Double low = measured.low();
        Double high = measured.high();
        return new Figure(
                key,
                label,
                Wording.decimals(ProjectFigures.orNaN(measured.value()), decimals),
                low == null || high == null
                        ? ""
                        : Wording.decimals(low, decimals) + " to " + Wording.decimals(high, decimals));
    }

    private static String basis(String basis) {
        return switch (basis) {
            case "evaluation" -> "the evaluation sample";
            case "cross-validation" ->
                "the evaluation sample and the training labels, each predicted without its object";
            case "simulation" -> "held-out candidates of the simulated survey";
            default -> basis;
        };
    }

    private static List<Charts.Point> calibrated(ModelMetrics.Detail detail) {
        return detail.reliability().stream()
                .map(bin -> {
                    // Of a share: Wilson's interval (1927) at 95 %.
                    double n = bin.rows();
                    double z = 1.96;
                    double middle = (bin.accuracy() + z * z / (2 * n)) / (1 + z * z / n);
                    double half = z
                            / (1 + z * z / n)
                            * Math.sqrt(bin.accuracy() * (1 - bin.accuracy()) / n + z * z / (4 * n * n));
                    return new Charts.Point(
                            bin.confidence(),
                            bin.accuracy(),
                            middle - half,
                            middle + half,
                            n,
                            "said " + Wording.decimals(bin.confidence(), 3) + ", came true "
                                    + Wording.decimals(bin.accuracy(), 3) + ", of " + Wording.count(Math.round(n)));
                })
                .toList();
    }

    private static List<Charts.Point> learned(ModelMetrics.Detail detail) {
        return detail.learningCurve().stream()
                .filter(point -> point.auc().value() != null)
                .map(point -> new Charts.Point(
                        point.labels(),
                        ProjectFigures.orNaN(point.auc().value()),
                        ProjectFigures.orNaN(point.auc().low()),
                        ProjectFigures.orNaN(point.auc().high()),
                        1,
                        Wording.count(point.labels()) + " labels: AUC " + measured(point.auc(), 3)))
                .toList();
    }

    private static List<Line> data(ModelVersionView version) {
        List<Line> lines = new ArrayList<>();
        ModelRecipe recipe = version.recipe();
        if (recipe != null) {
            lines.add(new Line(
                    "Labels",
                    Wording.count(recipe.labels()) + " to learn from, " + Wording.count(recipe.evaluation())
                            + " to be judged on, " + Wording.count(recipe.explored()) + " of these explored"));
            recipe.labelsBySource().forEach((source, counts) -> {
                List<String> words = new ArrayList<>();
                counts.forEach((answer, count) -> words.add(Wording.decimals(count, 0) + " " + answer));
                lines.add(new Line("From " + source, String.join(", ", words)));
            });
            lines.add(new Line(
                    "Made",
                    recipe.modelKind() == null
                            ? "a forest"
                            : "a " + recipe.modelKind().key()));
            lines.add(new Line("Policy", recipe.policy()));
            lines.add(new Line("Snapshot", recipe.snapshot()));
            lines.add(new Line("Seed", Long.toString(recipe.seed())));
            lines.add(new Line("Code", recipe.codeVersion()));
        }
        lines.add(new Line("Size", Wording.count(version.bytes()) + " bytes"));
        return lines;
    }

    private static String measured(Measured measured, int decimals) {
        Double low = measured.low();
        Double high = measured.high();
        String value = Wording.decimals(ProjectFigures.orNaN(measured.value()), decimals);
        return low == null || high == null
                ? value
                : value + " (" + Wording.decimals(low, decimals) + " to " + Wording.decimals(high, decimals) + ")";
    }

    private static DriftCard drift(DriftReport report, Instant at) {
        List<ShiftRow> rows = new ArrayList<>();
        List<DriftReport.Shift> shifts = new ArrayList<>(report.scores().shifts());
        shifts.addAll(report.inputs().shifts());
        for (DriftReport.Shift shift : shifts) {
            rows.add(new ShiftRow(
                    shift.name(),
                    Wording.decimals(ProjectFigures.orNaN(shift.psi()), 3),
                    Wording.decimals(ProjectFigures.orNaN(shift.ks()), 3),
                    Wording.decimals(ProjectFigures.orNaN(shift.p()), 4),
                    shift.level()));
        }
        return new DriftCard(report.level(), Wording.ago(report.checkedAt(), at), report.reason(), rows);
    }

    private static RunRow run(TrainingRunView run, Instant at) {
        return new RunRow(run.kind(), run.state(), run.cause(), run.message(), Wording.ago(run.requestedAt(), at));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance models(Frame frame, ProjectView project, WorkflowView workflow, Page page);

        private Templates() {}
    }
}
