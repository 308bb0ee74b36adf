package org.skysieve.web;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.RestPath;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.Reveals;
import org.skysieve.collection.Collections;
import org.skysieve.collection.Favourites;
import org.skysieve.consensus.ConsensusLabels;
import org.skysieve.consensus.ConsensusView;
import org.skysieve.consensus.Trace;
import org.skysieve.consensus.Traces;
import org.skysieve.engine.context.SkyContext;
import org.skysieve.outcome.Outcome;
import org.skysieve.outcome.Outcomes;
import org.skysieve.outcome.VoteNews;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.score.ScoreView;
import org.skysieve.score.Scores;
import org.skysieve.selection.Uncertainties;
import org.skysieve.selection.UncertaintiesView;

/** The page of a candidate: what was seen, what people said, and why it has the label that it has. */
@Path("/candidates/{id}")
@Blocking
@Produces(MediaType.TEXT_HTML)
class CandidatePages {
    /** Arcseconds of a cutout's pixel, for whoever draws the cutouts beside the glance; absent where not known. */
    private static final String PIXEL_SCALE = "Skysieve-Pixel-Scale";

    /**
     * A line of the list of facts.
     *
     * @param notation whether the value is the field's own notation or the engine's English, whatever the page speaks
     */
    public record Fact(String label, String value, boolean notation) {
        static Fact words(String label, String value) {
            return new Fact(label, value, false);
        }

        static Fact notation(String label, String value) {
            return new Fact(label, value, true);
        }
    }

    /** @param bar SVG, ready */
    public record ClassBar(String label, String bar, String value) {}

    /** A step of the trace in words. */
    public record StepRow(String who, String what, String effect, String note, String when) {}

    /** What the consensus is made of, a column a class, in natural logarithms. */
    public record Term(String label, List<String> values) {}

    /**
     * The consensus of one workflow, as far as this reader may see it.
     *
     * @param hidden why it is not shown, or null if it is
     * @param state "open", "retired", "ambiguous"; {@code outcome} says it in words
     */
    public record Opinion(
            String question,
            List<String> classes,
            @Nullable String hidden,
            String state,
            String outcome,
            String reason,
            String votes,
            List<ClassBar> posterior,
            List<ClassBar> model,
            List<ClassBar> doubts,
            String route,
            List<StepRow> steps,
            List<Term> terms,
            String temperatures,
            List<AddedToAnswers.Added> added) {}

    /** Another detection of the same object. */
    public record Sibling(String id, String label) {}

    /** Everything on the page. */
    public record Details(
            String name,
            List<CandidateFigures.Panel> panels,
            List<Fact> facts,
            CandidateFigures.Curve curve,
            List<Opinion> opinions,
            List<Sibling> siblings,
            String skyViewer,
            Said talk) {}

    /**
     * What became of it outside, who is credited, and whether the reader keeps it.
     *
     * @param outcome in words; may be empty
     * @param outcomeUrl where it is reported; may be empty
     * @param credited names of people who consent; may be empty
     */
    public record Kept(
            String candidateId,
            boolean favourite,
            List<Collections.Title> collections,
            String outcome,
            String outcomeUrl,
            String credited) {}

    /**
     * What people say about it.
     *
     * @param folded whether the reader should answer first
     */
    public record Said(boolean folded, String summary, TalkPages.Thread thread) {}

    private final Frames frames;
    private final Projects projects;
    private final Workflows workflows;
    private final Candidates candidates;
    private final CandidateFigures figures;
    private final ClassificationLog log;
    private final ConsensusLabels labels;
    private final GoldStandards goldStandards;
    private final Reveals reveals;
    private final Traces traces;
    private final AddedToAnswers added;
    private final Scores scores;
    private final Uncertainties uncertainties;
    private final TalkPages talk;
    private final Outcomes outcomes;
    private final VoteNews news;
    private final Favourites favourites;
    private final Collections collections;
    private final CurrentVolunteer volunteer;
    private final Clock clock;
    private final RoutingContext request;

    @SuppressWarnings("TooManyParameters")
    CandidatePages(
            Frames frames,
            Projects projects,
            Workflows workflows,
            Candidates candidates,
            CandidateFigures figures,
            ClassificationLog log,
            ConsensusLabels labels,
            GoldStandards goldStandards,
            Reveals reveals,
            Traces traces,
            AddedToAnswers added,
            Scores scores,
            Uncertainties uncertainties,
            TalkPages talk,
            Outcomes outcomes,
            VoteNews news,
            Favourites favourites,
            Collections collections,
            CurrentVolunteer volunteer,
            Clock clock,
            RoutingContext request) {
        this.frames = frames;
        this.projects = projects;
        this.workflows = workflows;
        this.candidates = candidates;
        this.figures = figures;
        this.log = log;
        this.labels = labels;
        this.goldStandards = goldStandards;
        this.reveals = reveals;
        this.traces = traces;
        this.added = added;
        this.scores = scores;
        this.uncertainties = uncertainties;
        this.talk = talk;
        this.outcomes = outcomes;
        this.news = news;
        this.favourites = favourites;
        this.collections = collections;
        this.volunteer = volunteer;
        this.clock = clock;
        this.request = request;
    }

    @GET
    @Operation(hidden = true)
    public TemplateInstance candidate(@RestPath long id) {
        Words words = frames.words();
        CandidateView candidate = candidates.find(id);
        ProjectView project = frames.in(projects.byId(candidate.projectId()));
        List<WorkflowView> workflowsOf = workflows.ofProject(project.id());
        List<Opinion> opinions = workflowsOf.stream()
                .map(workflow -> opinion(frames.in(workflow), id))
                .toList();
        Details details = new Details(
                candidate.objectId(),
                figures.panels(candidate, words),
                facts(candidate, words),
                figures.curve(candidate, words),
                opinions,
                candidates.ofObject(candidate.skyObjectId()).stream()
                        .filter(other -> other.id() != id)
                        .map(other ->
                                new Sibling(Long.toString(other.id()), words.time(Wording.ofMjd(other.timeMjd()))))
                        .toList(),
                String.format(
                        Locale.ROOT,
                        "https://aladin.cds.unistra.fr/AladinLite/?target=%.6f%%20%+.6f&fov=0.05",
                        candidate.ra(),
                        candidate.dec()),
                said(project.slug(), id, opinions));
        return Templates.candidate(
                frames.frame(candidate.objectId(), "candidate", project.credit()),
                project,
                details,
                kept(workflowsOf, id));
    }

    private Kept kept(List<WorkflowView> workflowsOf, long id) {
        OptionalLong reader = volunteer.idIfKnown();
        Optional<Outcome> outcome = outcomes.find(id);
        List<String> credited = List.of();
        for (WorkflowView workflow : workflowsOf) {
            // The first answer is what a project looks for; a gold standard was known before anybody looked.
            boolean discovered = labels.find(workflow.id(), id)
                    .filter(view -> view.outcome().equals("retired") && view.answer() == 0)
                    .isPresent();
            if (credited.isEmpty()
                    && discovered
                    && goldStandards.answer(workflow.id(), id).isEmpty()) {
                credited = news.credited(workflow.id(), id, 0);
            }
        }
        boolean account = volunteer.has(Role.VOLUNTEER);
        return new Kept(
                Long.toString(id),
                reader.isPresent() && favourites.has(reader.getAsLong(), id),
                account
                        ? collections.of(
                                volunteer.id(),
                                OptionalLong.of(candidates.find(id).projectId()))
                        : List.of(),
                BecamePages.outcomeInWords(frames.world(), outcome.orElse(null)),
                outcome.map(Outcome::url).orElse(""),
                String.join(", ", credited));
    }

    /** Folded where the consensus is hidden too: what others say sways as much as what they answer. */
    private Said said(String slug, long id, List<Opinion> opinions) {
        TalkPages.Thread thread = talk.about(slug, id);
        int count = thread.comments().size();
        Words words = frames.words();
        CandidateMessages messages = words.candidate();
        boolean folded = count > 0 && opinions.stream().anyMatch(opinion -> opinion.hidden() != null);
        return new Said(
                folded,
                count == 0
                        ? messages.say()
                        : words.forms(
                                thread.next().isEmpty()
                                        ? words.talk().comments(words.count(count))
                                        : words.talk().commentsMore(words.count(count)),
                                count),
                thread);
    }

    /** What the classify page shows below the images: a few facts and a small light curve, without the page around. */
    @GET
    @Path("glance")
    @Operation(hidden = true)
    public TemplateInstance glance(@RestPath long id) {
        Words words = frames.words();
        CandidateMessages messages = words.candidate();
        CandidateView candidate = candidates.find(id);
        CandidateFigures.Curve curve = figures.smallCurve(candidate, words);
        if (candidate.pixelScaleArcsec() > 0) {
            request.response().putHeader(PIXEL_SCALE, Float.toString(candidate.pixelScaleArcsec()));
        }
        String snr = Float.isNaN(candidate.snr()) ? "" : Wording.decimals(candidate.snr(), 0);
        String mag = Float.isNaN(candidate.mag()) ? "" : Wording.decimals(candidate.mag(), 2);
        String spoken = candidate.objectId() + ". "
                + (mag.isEmpty()
                        ? ""
                        : messages.spokenMagnitude(mag, candidate.passband().label()) + " ")
                + (snr.isEmpty() ? "" : messages.spokenSignal(snr) + " ")
                + curve.spoken();
        return Templates.glance(candidate.objectId(), candidate.passband().label(), mag, snr, spoken, curve);
    }

    private static List<Fact> facts(CandidateView candidate, Words words) {
        CandidateMessages messages = words.candidate();
        List<Fact> facts = new ArrayList<>();
        facts.add(Fact.words(messages.survey(), messages.alert(candidate.survey(), Long.toString(candidate.candid()))));
        facts.add(Fact.words(messages.observed(), words.time(Wording.ofMjd(candidate.timeMjd()))));
        facts.add(Fact.notation(
                messages.position(),
                Wording.rightAscension(candidate.ra()) + " " + Wording.declination(candidate.dec())));
        if (!Float.isNaN(candidate.mag())) {
            String magnitude = Wording.decimals(candidate.mag(), 2)
                    + (Float.isNaN(candidate.magError()) ? "" : " ± " + Wording.decimals(candidate.magError(), 2));
            facts.add(Fact.words(
                    messages.brightness(),
                    candidate.positive()
                            ? messages.brightnessIn(
                                    magnitude, candidate.passband().label())
                            : messages.brightnessLess(
                                    magnitude, candidate.passband().label())));
        }
        if (!Float.isNaN(candidate.snr())) {
            facts.add(Fact.notation(messages.signal(), Wording.decimals(candidate.snr(), 1)));
        }
        if (!Float.isNaN(candidate.surveyScore())) {
            facts.add(Fact.notation(messages.surveyScore(), Wording.decimals(candidate.surveyScore(), 2)));
        }
        SkyContext context = candidate.context();
        if (context != null) {
            facts.add(Fact.notation(messages.context(), context.kind().label() + ": " + context.rule()));
            SkyContext.Host host = context.host();
            if (host != null) {
                facts.add(Fact.notation(
                        messages.host(),
                        host.catalogue() + " galaxy"
                                + (Double.isNaN(host.mag()) ? "" : " of r " + Wording.decimals(host.mag(), 1)) + ", "
                                + Wording.decimals(host.arcsec(), 2) + "″ from its centre; by chance in "
                                + Wording.decimals(100 * host.chance(), 1) + " % of places"));
            }
        }
        for (String remark : candidate.remarks()) {
            facts.add(Fact.notation(messages.remark(), remark));
        }
        return facts;
    }

    private Opinion opinion(WorkflowView workflow, long candidateId) {
        Words words = frames.words();
        CandidateMessages messages = words.candidate();
        Optional<ConsensusView> consensus = labels.find(workflow.id(), candidateId);
        List<String> classes =
                workflow.answers().stream().map(AnswerOption::label).toList();
        boolean settled = consensus.isPresent() && !consensus.get().outcome().equals("open");
        OptionalLong reader = volunteer.idIfKnown();
        boolean voted = reader.isPresent() && log.hasClassified(workflow.id(), candidateId, reader.getAsLong());
        boolean gold = goldStandards.answer(workflow.id(), candidateId).isPresent();
        if (!voted && !volunteer.has(Role.SCIENTIST) && (gold || !settled)) {
            return new Opinion(
                    workflow.question(),
                    classes,
                    messages.hidden(),
                    "",
                    "",
                    "",
                    "",
                    List.of(),
                    List.of(),
                    List.of(),
                    "",
                    List.of(),
                    List.of(),
                    "",
                    List.of());
        }
        if (gold && reader.isPresent()) {
            reveals.note(workflow.id(), reader.getAsLong(), List.of(candidateId));
        }
        List<ClassBar> model = scores.find(workflow.id(), candidateId)
                .map(ScoreView::probabilities)
                .map(probabilities -> bars(classes, toDoubles(probabilities), words))
                .orElse(List.of());
        Optional<UncertaintiesView> doubts = uncertainties.of(workflow.id(), candidateId);
        List<ClassBar> doubtBars = doubts.map(view -> doubtBars(view, words)).orElse(List.of());
        String route = doubts.map(UncertaintiesView::route)
                .map(key -> routeInWords(key, messages))
                .orElse("");
        if (consensus.isEmpty()) {
            return new Opinion(
                    workflow.question(),
                    classes,
                    null,
                    "open",
                    messages.open(),
                    "",
                    votes(0, words),
                    List.of(),
                    model,
                    doubtBars,
                    route,
                    List.of(),
                    List.of(),
                    "",
                    List.of());
        }
        ConsensusView now = consensus.get();
        Optional<Trace> trace = traces.of(workflow.id(), candidateId);
        return new Opinion(
                workflow.question(),
                classes,
                null,
                now.outcome(),
                outcome(now, classes, messages),
                now.retireReason() == null ? "" : now.retireReason(),
                votes(now.votes(), words),
                bars(classes, now.combined(), words),
                model,
                doubtBars,
                route,
                trace.map(one -> steps(one, classes)).orElse(List.of()),
                trace.map(Trace::explanation)
                        .map(why -> terms(why, classes, messages))
                        .orElse(List.of()),
                trace.map(Trace::explanation)
                        .map(why -> temperatures(why, messages))
                        .orElse(""),
                added.of(workflow, candidateId, words));
    }

    private static List<ClassBar> doubtBars(UncertaintiesView doubts, Words words) {
        List<ClassBar> bars = new ArrayList<>();
        bar(bars, words.candidate().doubtPeople(), doubts.disagreement(), words);
        bar(bars, words.candidate().doubtEpistemic(), doubts.epistemic(), words);
        bar(bars, words.candidate().doubtAleatoric(), doubts.aleatoric(), words);
        return bars;
    }

    private static void bar(List<ClassBar> bars, String label, @Nullable Double share, Words words) {
        if (share != null) {
            bars.add(new ClassBar(label, Charts.posterior(share, bars.size()), words.percent(share)));
        }
    }

    /** The three uncertainties in a line. */
    static String doubtsInWords(UncertaintiesView doubts, Words words) {
        List<String> parts = new ArrayList<>();
        for (ClassBar bar : doubtBars(doubts, words)) {
            parts.add(bar.label() + " " + bar.value());
        }
        return String.join("; ", parts);
    }

    /** Who should look at it, and why. */
    static String routeInWords(String route, CandidateMessages messages) {
        return switch (route) {
            case "expert" -> messages.routeExpert();
            case "both" -> messages.routeBoth();
            case "training" -> messages.routeTraining();
            default -> "";
        };
    }

    private static String votes(int votes, Words words) {
        return words.forms(words.candidate().votes(words.count(votes)), votes);
    }

    private static String outcome(ConsensusView now, List<String> classes, CandidateMessages messages) {
        return switch (now.outcome()) {
            case "retired" -> messages.settled(classes.get(now.answer()));
            case "ambiguous" -> messages.ambiguous();
            default -> messages.open();
        };
    }

    private static List<ClassBar> bars(List<String> classes, List<Double> probabilities, Words words) {
        List<ClassBar> bars = new ArrayList<>();
        for (int i = 0; i < classes.size() && i < probabilities.size(); i++) {
            double p = probabilities.get(i);
            bars.add(new ClassBar(classes.get(i), Charts.posterior(p, i), words.percent(p)));
        }
        return bars;
    }

    private List<StepRow> steps(Trace trace, List<String> classes) {
        Words words = frames.words();
        CandidateMessages messages = words.candidate();
        List<StepRow> rows = new ArrayList<>();
        for (Trace.Step step : trace.steps()) {
            Integer answer = step.answer();
            String said = answer == null ? "" : classes.get(answer);
            String what = switch (step.kind()) {
                case "vote" -> messages.stepVote(said);
                case "edit" -> messages.stepEdit(said);
                case "undo" -> messages.stepUndo();
                case "gold" -> messages.stepGold();
                case "refit" -> messages.stepRefit();
                default -> step.kind();
            };
            String lead = classes.get(0);
            if (step.combined().isEmpty()) {
                continue;
            }
            double after = step.combined().get(0);
            List<Double> before = step.before();
            String effect = before == null || before.isEmpty()
                    ? lead + " " + words.percent(after)
                    : lead + " " + words.messages().change(words.percent(before.get(0)), words.percent(after));
            rows.add(new StepRow(
                    step.volunteer() == null ? "Skysieve" : step.volunteer(),
                    what,
                    effect,
                    step.note(),
                    words.ago(step.at(), clock.instant())));
        }
        return rows;
    }

    private static List<Term> terms(Trace.Why why, List<String> classes, CandidateMessages messages) {
        List<Term> terms = new ArrayList<>();
        terms.add(new Term(messages.sumPrior(), logs(why.prior(), 1)));
        for (Trace.VoteTerm vote : why.votes()) {
            terms.add(new Term(
                    messages.sumVote(vote.volunteer(), classes.get(vote.answer())),
                    logs(vote.logLikelihood(), why.voteTemperature())));
        }
        if (!why.model().isEmpty()) {
            terms.add(new Term(messages.sumModel(), logs(why.model(), why.modelTemperature())));
        }
        return terms;
    }

    private static List<String> logs(List<Double> values, double temperature) {
        return values.stream()
                .map(value -> Wording.decimals(value / temperature, 3).replace('-', '−'))
                .toList();
    }

    private static String temperatures(Trace.Why why, CandidateMessages messages) {
        return why.gold() != null
                ? messages.sumGold()
                : messages.sumCalibrated(
                        Wording.decimals(why.voteTemperature(), 3), Wording.decimals(why.modelTemperature(), 3));
    }

    private static List<Double> toDoubles(float[] values) {
        List<Double> all = new ArrayList<>(values.length);
        for (float value : values) {
            all.add((double) value);
        }
        return all;
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance candidate(Frame frame, ProjectView project, Details details, Kept kept);

        static native TemplateInstance glance(
                String name, String passband, String mag, String snr, String spoken, CandidateFigures.Curve curve);

        private Templates() {}
    }
}
