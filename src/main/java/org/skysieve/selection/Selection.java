package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.AssignmentView;
import org.skysieve.classification.Assignments;
import org.skysieve.classification.NewAssignment;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.ArmMix;
import org.skysieve.engine.select.PowerSampling;
import org.skysieve.platform.Problem;
import org.skysieve.platform.RandomSource;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;
import org.skysieve.score.ScoreView;
import org.skysieve.score.Scores;

/**
 * Chooses what somebody sees next.
 *
 * <p>A batch is filled by, in this order: leases that the person still holds; leases that ran out unanswered and that
 * nobody has taken; new candidates on which nobody holds a lease; when those are used up, new candidates that others
 * hold, up to the quota; what the person gave back earlier. Each new place draws its arm first ({@link ArmMix}) and its
 * candidate within the arm; the product of both probabilities is logged. See docs/methods/selection.md.
 */
@ApplicationScoped
public class Selection {
    /** Most candidates in one answer, and most that one person can hold. */
    public static final int MAX_COUNT = 20;

    private static final int WINDOW = 64;
    /** Steep enough that of a short queue the useless end is rarely drawn; in a long one the window is flat anyway. */
    private static final double POWER = 4;

    private static final int ROUNDS = 8;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Duration RULES_FRESH = Duration.ofSeconds(5);
    private static final int MOST_WORKFLOWS = 1000;

    private final OpenWork work;
    private final UniformDraws uniform;
    private final GoldPool goldPool;
    private final Visitors visitors;
    private final Assignments assignments;
    private final Scores scores;
    private final Workflows workflows;
    private final RandomSource randomSource;
    private final Clock clock;
    private final Map<Long, KnownWorkflow> known = new ConcurrentHashMap<>();

    Selection(
            OpenWork work,
            UniformDraws uniform,
            GoldPool goldPool,
            Visitors visitors,
            Assignments assignments,
            Scores scores,
            Workflows workflows,
            RandomSource randomSource,
            Clock clock) {
        this.work = work;
        this.uniform = uniform;
        this.goldPool = goldPool;
        this.visitors = visitors;
        this.assignments = assignments;
        this.scores = scores;
        this.workflows = workflows;
        this.randomSource = randomSource;
        this.clock = clock;
    }

    private record KnownWorkflow(WorkflowView view, Instant at) {}

    /** One request, and what it has found out so far. */
    private record Request(
            long workflowId,
            long volunteerId,
            Rules rules,
            Visitors.Visitor visitor,
            Instant now,
            Instant until,
            SplittableRandom random) {}

    /** A candidate drawn for a place. */
    private record Choice(long candidateId, float priority, Arm arm, double probability) {}

    /**
     * Gives somebody up to {@code count} candidates to look at, counting those that they hold already.
     *
     * @param count 1..20
     * @throws Problem 400 for another count, 404 without the workflow, 409 where it is not active
     */
    @Transactional
    public Serving next(long workflowId, long volunteerId, int count) {
        if (count < 1 || count > MAX_COUNT) {
            throw Problem.badField("count", "got " + count + ", need 1.." + MAX_COUNT);
        }
        WorkflowView workflow = workflow(workflowId);
        if (!workflow.active()) {
            throw Problem.conflict("workflow " + workflowId + " is not active");
        }
        work.begin(workflowId, volunteerId);
        Instant now = clock.instant();
        Request request = new Request(
                workflowId,
                volunteerId,
                workflow.rules(),
                visitors.of(workflowId, volunteerId),
                now,
                now.plus(Duration.ofMinutes(workflow.rules().leaseMinutes())),
                randomSource.split());

        List<AssignmentView> served = held(request);
        if (served.size() < count && renew(request, false, count - served.size())) {
            served = held(request);
        }
        if (served.size() < count) {
            served.addAll(serve(request, count - served.size(), true));
        }
        if (served.size() < count) {
            served.addAll(serve(request, count - served.size(), false));
        }
        if (served.size() < count && renew(request, true, count - served.size())) {
            served = held(request);
        }
        List<AssignmentView> first = served.subList(0, Math.min(count, served.size()));
        return new Serving(first, first.isEmpty() ? reason(request) : null);
    }

    /** Open leases, without those whose candidate has been settled meanwhile: a vote there would be wasted. */
    private List<AssignmentView> held(Request request) {
        List<AssignmentView> held = assignments.open(request.workflowId, request.volunteerId);
        List<Long> ids = held.stream().map(AssignmentView::candidateId).toList();
        Set<Long> open = ids.isEmpty() ? Set.of() : work.open(request.workflowId, ids);
        List<AssignmentView> useful = new ArrayList<>();
        for (AssignmentView each : held) {
            if (open.contains(each.candidateId()) || each.strategy().equals(Arm.GOLD.key())) {
                useful.add(each);
            }
        }
        return useful;
    }

    private boolean renew(Request request, boolean released, int limit) {
        return work.renew(
                        request.workflowId,
                        request.volunteerId,
                        released,
                        request.now,
                        request.until,
                        request.rules.maxVotes(),
                        limit)
                > 0;
    }

    /**
     * Fills places with new candidates.
     *
     * @param free only with candidates on which nobody holds a lease; else with any below the quota
     */
    private List<AssignmentView> serve(Request request, int need, boolean free) {
        List<AssignmentView> served = new ArrayList<>();
        Set<Long> refused = new HashSet<>();
        @Nullable Instant freeAt = free ? request.now : null;
        OpenWork.@Nullable Entry below = free ? request.visitor.cursor(request.now) : null;
        OpenWork.@Nullable Entry cursor = below;
        for (int round = 0; round < ROUNDS && served.size() < need; round++) {
            List<OpenWork.Entry> window = work.window(request.workflowId, request.volunteerId, below, freeAt, WINDOW);
            List<Choice> choices = draw(request, need - served.size(), window, freeAt, refused);
            int refusedBefore = refused.size();
            List<AssignmentView> written = take(request, choices, freeAt, refused);
            served.addAll(written);

            Set<Long> gone = new HashSet<>(refused);
            written.forEach(assignment -> gone.add(assignment.candidateId()));
            boolean exhausted = window.size() < WINDOW;
            if (exhausted && below != null && served.size() < need) {
                // The end of the queue, but not from the top: what came back above the cursor is still there.
                below = null;
                cursor = null;
            } else if (choices.isEmpty()) {
                break;
            } else {
                cursor = below(gone, window, below);
                // A short window holds all there is: it can be read again as it is.
                below = exhausted ? below : cursor;
                if (written.isEmpty() && refused.size() == refusedBefore) {
                    // Others were faster. They are done in a moment, so what they left can be told then.
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            }
        }
        if (free) {
            request.visitor.moveTo(cursor, request.now);
        }
        return served;
    }

    /** The position below which everything lies that can still be served. */
    private static OpenWork.@Nullable Entry below(
            Set<Long> gone, List<OpenWork.Entry> window, OpenWork.@Nullable Entry before) {
        OpenWork.Entry last = before;
        for (OpenWork.Entry entry : window) {
            if (!gone.contains(entry.candidateId())) {
                // Just above this one: all that this person has seen before it need not be walked again.
                return new OpenWork.Entry(entry.candidateId() + 1, entry.priority());
            }
            last = entry;
        }
        return last;
    }

    /** Draws arm and candidate for each place. */
    private List<Choice> draw(
            Request request, int need, List<OpenWork.Entry> window, @Nullable Instant freeAt, Set<Long> refused) {
        UniformDraws.Sample evaluation =
                uniform.sample(OpenWork.Line.EVALUATION, request.workflowId, request.volunteerId, freeAt, refused);
        UniformDraws.Sample variety =
                uniform.sample(OpenWork.Line.QUEUE, request.workflowId, request.volunteerId, freeAt, refused);
        PowerSampling uncertainty = new PowerSampling(usefulness(request, window, freeAt), POWER);
        for (int i = 0; i < window.size(); i++) {
            if (refused.contains(window.get(i).candidateId())) {
                uncertainty.remove(i);
            }
        }
        int goldSeen = request.visitor.gold();
        int goldLeft = goldPool.size(request.workflowId) - goldSeen;
        @Nullable List<Long> gold = null;
        int goldDrawn = 0;

        List<Choice> choices = new ArrayList<>();
        while (choices.size() < need) {
            Set<Arm> available = EnumSet.noneOf(Arm.class);
            if (uncertainty.remaining() > 0) {
                available.add(Arm.UNCERTAINTY);
            }
            if (evaluation.available()) {
                available.add(Arm.EXPLORATION);
            }
            // Both draw from the same queue, and the window knows for certain whether anything is left in it.
            if (request.rules.varietyShare() > 0 && uncertainty.remaining() > 0 && variety.available()) {
                available.add(Arm.VARIETY);
            }
            if (available.isEmpty()) {
                break;
            }
            // Gold comes between real work, never instead of it: it would cost votes and settle nothing.
            if (goldLeft - goldDrawn > 0) {
                available.add(Arm.GOLD);
            }
            ArmMix mix = ArmMix.of(
                    request.rules.goldShare(),
                    request.rules.explorationShare(),
                    request.rules.varietyShare(),
                    goldSeen + goldDrawn);
            Arm arm = mix.draw(available, request.random);
            double armProbability = mix.probability(arm, available);
            switch (arm) {
                case UNCERTAINTY -> {
                    PowerSampling.Draw draw = uncertainty.next(request.random);
                    OpenWork.Entry entry = window.get(draw.index());
                    choices.add(choice(entry, arm, armProbability * draw.probability()));
                    evaluation.remove(entry.candidateId());
                    variety.remove(entry.candidateId());
                }
                case EXPLORATION, VARIETY -> {
                    Optional<UniformDraws.Draw> draw = (arm == Arm.VARIETY ? variety : evaluation).next(request.random);
                    if (draw.isPresent()) {
                        OpenWork.Entry entry = draw.get().entry();
                        choices.add(
                                choice(entry, arm, armProbability * draw.get().probability()));
                        evaluation.remove(entry.candidateId());
                        variety.remove(entry.candidateId());
                        int index = window.indexOf(entry);
                        if (index >= 0) {
                            uncertainty.remove(index);
                        }
                    }
                }
                case GOLD -> {
                    if (gold == null) {
                        gold = goldPool.draw(
                                request.workflowId, request.volunteerId, need - choices.size(), request.random);
                    }
                    if (goldDrawn < gold.size()) {
                        double probability = armProbability / (goldLeft - goldDrawn);
                        choices.add(new Choice(gold.get(goldDrawn), 0, arm, probability));
                        goldDrawn++;
                    } else {
                        goldLeft = goldDrawn;
                    }
                }
            }
        }
        return choices;
    }

    private static Choice choice(OpenWork.Entry entry, Arm arm, double probability) {
        return new Choice(entry.candidateId(), entry.priority(), arm, probability);
    }

    /** Priorities; among candidates that others hold, those that fewer people are looking at come first. */
    private double[] usefulness(Request request, List<OpenWork.Entry> window, @Nullable Instant freeAt) {
        double[] usefulness = new double[window.size()];
        Map<Long, OpenWork.Claims> claims = freeAt != null || window.isEmpty()
                ? Map.of()
                : work.claims(
                        request.workflowId,
                        window.stream().map(OpenWork.Entry::candidateId).toList(),
                        request.now);
        for (int i = 0; i < usefulness.length; i++) {
            OpenWork.Entry entry = window.get(i);
            OpenWork.Claims others = claims.get(entry.candidateId());
            usefulness[i] = entry.priority() / (1.0 + (others == null ? 0 : others.leases()));
        }
        return usefulness;
    }

    /**
     * Turns choices into assignments, as far as they are still to be had.
     *
     * @param refused those at their quota join it; those that somebody else is being served do not: that may pass
     */
    private List<AssignmentView> take(
            Request request, List<Choice> choices, @Nullable Instant freeAt, Set<Long> refused) {
        List<Long> wanted = choices.stream()
                .filter(choice -> choice.arm != Arm.GOLD)
                .map(Choice::candidateId)
                .toList();
        Set<Long> locked = wanted.isEmpty() ? Set.of() : work.lock(request.workflowId, wanted, freeAt);
        // Under the lock nobody else can serve them, so what is counted now holds until the commit.
        Map<Long, OpenWork.Claims> claims =
                locked.isEmpty() ? Map.of() : work.claims(request.workflowId, locked, request.now);
        Map<Long, Choice> taken = new LinkedHashMap<>();
        for (Choice choice : choices) {
            OpenWork.Claims others = claims.get(choice.candidateId);
            if (choice.arm == Arm.GOLD || (others != null && others.total() < request.rules.maxVotes())) {
                taken.put(choice.candidateId, choice);
            } else if (others != null) {
                refused.add(choice.candidateId);
            }
        }
        List<AssignmentView> written = write(request, taken.values());
        List<Long> leased = new ArrayList<>();
        int gold = 0;
        for (AssignmentView assignment : written) {
            taken.remove(assignment.candidateId());
            if (assignment.strategy().equals(Arm.GOLD.key())) {
                gold++;
            } else {
                leased.add(assignment.candidateId());
            }
        }
        refused.addAll(taken.keySet());
        if (!leased.isEmpty()) {
            work.lease(request.workflowId, leased, request.until);
        }
        request.visitor.served(written.size(), gold);
        return written;
    }

    // NullAway does not see "float @Nullable []" in a class file, which is what it reads when compiling incrementally.
    @SuppressWarnings("NullAway")
    private List<AssignmentView> write(Request request, Collection<Choice> choices) {
        Map<Long, ScoreView> evidence = scores.byIds(
                request.workflowId, choices.stream().map(Choice::candidateId).toList());
        List<NewAssignment> rows = new ArrayList<>();
        for (Choice choice : choices) {
            ScoreView score = evidence.get(choice.candidateId);
            rows.add(new NewAssignment(
                    request.workflowId,
                    choice.candidateId,
                    request.volunteerId,
                    choice.arm.key(),
                    choice.priority,
                    choice.probability,
                    score == null ? null : score.modelVersionId(),
                    score == null ? null : score.probabilities(),
                    request.now,
                    request.until));
        }
        List<AssignmentView> written = new ArrayList<>(assignments.insertAll(rows));
        written.sort(Comparator.comparingLong(AssignmentView::id));
        return written;
    }

    private Serving.Reason reason(Request request) {
        if (!work.anyOpen(request.workflowId)) {
            return Serving.Reason.NOTHING_OPEN;
        }
        boolean unseen = !work.window(request.workflowId, request.volunteerId, null, null, 1)
                        .isEmpty()
                || !work.stretch(OpenWork.Line.EVALUATION, request.workflowId, request.volunteerId, 0, 1, null, 1)
                        .isEmpty();
        return unseen ? Serving.Reason.ALL_LEASED : Serving.Reason.ALL_SEEN;
    }

    /** What is in force, at most some seconds old. */
    Rules rules(long workflowId) {
        return workflow(workflowId).rules();
    }

    private WorkflowView workflow(long workflowId) {
        Instant now = clock.instant();
        KnownWorkflow cached = known.get(workflowId);
        if (cached == null || Duration.between(cached.at, now).abs().compareTo(RULES_FRESH) > 0) {
            cached = new KnownWorkflow(workflows.byId(workflowId), now);
            if (known.size() >= MOST_WORKFLOWS) {
                known.clear();
            }
            known.put(workflowId, cached);
        }
        return cached.view;
    }
}
