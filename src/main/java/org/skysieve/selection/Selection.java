package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.AssignmentView;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.ArmMix;
import org.skysieve.engine.select.Disagreement;
import org.skysieve.engine.select.QueryStrategy;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.engine.select.Steering;
import org.skysieve.platform.Problem;
import org.skysieve.platform.RandomSource;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Chooses what somebody sees next.
 *
 * <p>A batch is filled by, in this order: leases that the person still holds; leases that ran out unanswered and that
 * nobody has taken; new candidates on which nobody holds a lease; when those are used up, new candidates that others
 * hold, up to the quota; what the person gave back earlier. Each new place draws its arm first ({@link ArmMix}) and its
 * candidate within the arm; what is logged is how likely that place was to get that candidate by any arm. See docs/methods/selection.md.
 */
@ApplicationScoped
public class Selection {
    /** Most candidates in one answer, and most that one person can hold. */
    public static final int MAX_COUNT = 20;

    private static final int ROUNDS = 8;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final Duration RULES_FRESH = Duration.ofSeconds(5);
    private static final int MOST_WORKFLOWS = 1000;

    private final OpenWork work;
    private final UniformDraws uniform;
    private final GoldPool goldPool;
    private final Visitors visitors;
    private final KnownCandidates candidates;
    private final ShowcaseFeed showcase;
    private final Workflows workflows;
    private final RandomSource randomSource;
    private final Clock clock;
    private final Map<Long, KnownWorkflow> known = new ConcurrentHashMap<>();

    Selection(
            OpenWork work,
            UniformDraws uniform,
            GoldPool goldPool,
            Visitors visitors,
            KnownCandidates candidates,
            ShowcaseFeed showcase,
            Workflows workflows,
            RandomSource randomSource,
            Clock clock) {
        this.work = work;
        this.uniform = uniform;
        this.goldPool = goldPool;
        this.visitors = visitors;
        this.candidates = candidates;
        this.showcase = showcase;
        this.workflows = workflows;
        this.randomSource = randomSource;
        this.clock = clock;
    }

    private record KnownWorkflow(WorkflowView view, Ranking ranking, Instant at) {}

    /**
     * One request, and what it has found out so far.
     *
     * @param feed what is served, which need not be what was asked for
     */
    private record Request(
            long workflowId,
            long volunteerId,
            Feed feed,
            Rules rules,
            Ranking ranking,
            Visitors.Visitor visitor,
            Instant now,
            Instant until,
            SplittableRandom random) {
        boolean isShowcase() {
            return feed == Feed.SHOWCASE;
        }
    }

    /** As {@link #next(long, long, int, Feed)}, of the teaching feed. */
    @Transactional
    public Serving next(long workflowId, long volunteerId, int count) {
        return next(workflowId, volunteerId, count, Feed.TEACHING);
    }

    /**
     * Gives somebody up to {@code count} candidates to look at, counting those that they hold already by the same feed.
     *
     * @param count 1..20
     * @param feed what is asked for; where the showcase has had its share of late, or has nothing, teaching serves instead
     * @throws Problem 400 for another count, 404 without the workflow, 409 where it is not active
     */
    @Transactional
    public Serving next(long workflowId, long volunteerId, int count, Feed feed) {
        if (count < 1 || count > MAX_COUNT) {
            throw Problem.badField("count", "got " + count + ", need 1.." + MAX_COUNT);
        }
        KnownWorkflow workflow = known(workflowId);
        if (!workflow.view.active()) {
            throw Problem.conflict("workflow " + workflowId + " is not active");
        }
        Rules rules = workflow.view.rules();
        work.begin(workflowId, volunteerId);
        Instant now = clock.instant();
        Request request = new Request(
                workflowId,
                volunteerId,
                feed,
                rules,
                workflow.ranking,
                visitors.of(workflowId, volunteerId),
                now,
                now.plus(Duration.ofMinutes(rules.leaseMinutes())),
                randomSource.split());
        if (feed == Feed.TEACHING) {
            return fill(request, count, null);
        }
        boolean open = showcase.open(workflowId, rules);
        Serving shown = open ? fill(request, count, null) : new Serving(List.of(), null, null);
        Serving.Note note = open ? Serving.Note.SHOWCASE_EMPTY : Serving.Note.SHOWCASE_FULL;
        return shown.assignments().isEmpty() ? fill(teaching(request), count, note) : shown;
    }

    private static Request teaching(Request request) {
        return new Request(
                request.workflowId,
                request.volunteerId,
                Feed.TEACHING,
                request.rules,
                request.ranking,
                request.visitor,
                request.now,
                request.until,
                request.random);
    }

    private Serving fill(Request request, int count, Serving.@Nullable Note note) {
        OpenWork.Held held = work.held(request.workflowId, request.volunteerId, request.now);
        List<AssignmentView> served = ofFeed(request, held.running());
        if (served.size() < count && held.ranOut() && renew(request, false, count - served.size())) {
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
        boolean nothing = first.isEmpty() && !request.isShowcase();
        return new Serving(first, nothing ? reason(request) : null, note);
    }

    private List<AssignmentView> held(Request request) {
        return ofFeed(
                request,
                work.held(request.workflowId, request.volunteerId, request.now).running());
    }

    private static List<AssignmentView> ofFeed(Request request, List<AssignmentView> held) {
        List<AssignmentView> served = new ArrayList<>();
        for (AssignmentView each : held) {
            if (each.strategy().equals(Arm.SHOWCASE.key()) == request.isShowcase()) {
                served.add(each);
            }
        }
        return served;
    }

    private boolean renew(Request request, boolean released, int limit) {
        return work.renew(
                        request.workflowId,
                        request.volunteerId,
                        request.isShowcase(),
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
        Map<OpenWork.Key, RankedWindow> windows = new EnumMap<>(OpenWork.Key.class);
        for (Ranking.Rank rank : request.isShowcase() ? Ranking.SHOWCASE : request.ranking.ranks()) {
            OpenWork.Key key = OpenWork.Key.of(rank.column());
            windows.put(key, new RankedWindow(rank, free ? request.visitor.cursor(key, request.now) : null));
        }
        for (int round = 0; round < ROUNDS && served.size() < need; round++) {
            windows.forEach((key, window) -> read(request, key, window, freeAt, refused));
            List<Offers.Choice> choices = offers(request, windows, freeAt, refused, need - served.size())
                    .draw(need - served.size(), request.random);
            int refusedBefore = refused.size();
            List<AssignmentView> written = take(request, choices, freeAt, refused);
            served.addAll(written);

            Set<Long> gone = new HashSet<>(refused);
            written.forEach(assignment -> gone.add(assignment.candidateId()));
            boolean more = false;
            for (RankedWindow window : windows.values()) {
                more |= window.advance(gone, choices.isEmpty(), served.size() >= need);
            }
            if (!more) {
                break;
            }
            if (!choices.isEmpty() && written.isEmpty() && refused.size() == refusedBefore) {
                // Others were faster. They are done in a moment, so what they left can be told then.
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        if (free) {
            windows.forEach((key, window) -> request.visitor.moveTo(key, window.cursor(), request.now));
        }
        return served;
    }

    private void read(
            Request request, OpenWork.Key key, RankedWindow window, @Nullable Instant freeAt, Set<Long> refused) {
        List<OpenWork.Entry> entries =
                work.window(key, request.workflowId, request.volunteerId, window.below(), freeAt, RankedWindow.SIZE);
        window.show(entries, usefulness(request, window.rank(), entries, freeAt));
        refused.forEach(window::remove);
        if (!request.isShowcase()) {
            Set<Long> reserved = showcase.reserved(request.workflowId, request.rules);
            // Where nothing else is left, a candidate is better than an empty page.
            if (!entries.stream().allMatch(entry -> reserved.contains(entry.candidateId()))) {
                reserved.forEach(window::remove);
            }
        }
    }

    /**
     * All arms that this request may draw from.
     *
     * @param places how many are to be filled
     */
    private Offers offers(
            Request request,
            Map<OpenWork.Key, RankedWindow> windows,
            @Nullable Instant freeAt,
            Set<Long> refused,
            int places) {
        Rules rules = request.rules;
        if (request.isShowcase()) {
            ArmMix alone = ArmMix.of(0, 0, 0, Map.of(Arm.SHOWCASE, 1.0), 0);
            Offers offers = new Offers(gold -> alone);
            windows.values().forEach(window -> offers.add(Arm.SHOWCASE, window));
            return offers;
        }
        int goldSeen = request.visitor.gold();
        double variety = varietyShare(request);
        Map<Arm, Double> weights = request.ranking.weights();
        Offers offers = new Offers(
                more -> ArmMix.of(rules.goldShare(), rules.explorationShare(), variety, weights, goldSeen + more));
        int goldLeft = goldPool.size(request.workflowId) - goldSeen;
        offers.add(
                Arm.GOLD,
                new GoldOffer(
                        goldLeft,
                        () -> goldPool.draw(request.workflowId, request.volunteerId, MAX_COUNT, request.random)));
        UniformDraws.Asker asker = uniform.asker(request.workflowId, request.volunteerId, freeAt, refused);
        offers.add(
                Arm.EXPLORATION,
                new Exploration(
                        () -> begun(request, freeAt, refused),
                        asker.of(OpenWork.Line.UNBEGUN, places * rules.explorationShare())));
        RankedWindow all = windows.get(OpenWork.Key.PRIORITY);
        // Both draw from the same queue, and the window knows for certain whether anything is left in it.
        if (rules.varietyShare() > 0 && all != null && all.available()) {
            offers.add(Arm.VARIETY, asker.of(OpenWork.Line.QUEUE, places * variety));
        }
        windows.values().forEach(window -> offers.add(window.rank().arm(), window));
        return offers;
    }

    private List<OpenWork.Entry> begun(Request request, @Nullable Instant freeAt, Set<Long> refused) {
        List<OpenWork.Entry> begun = new ArrayList<>(work.stretch(
                OpenWork.Line.BEGUN, request.workflowId, request.volunteerId, 0, 1, freeAt, Exploration.MOST));
        begun.removeIf(entry -> refused.contains(entry.candidateId()));
        return begun;
    }

    /** Moved with where this person stands: newcomers get more variety, the reliable more of what is ranked. */
    private static double varietyShare(Request request) {
        Rules rules = request.rules;
        double ranked = 1 - rules.goldShare() - rules.explorationShare() - rules.varietyShare();
        return Steering.varietyShare(
                rules.varietyShare(), ranked, standing(request), rules.serving().steering());
    }

    private static double standing(Request request) {
        double[] confusion = request.visitor.confusion();
        double skill = confusion == null ? 0 : Disagreement.skill(confusion, request.ranking.classes());
        return Steering.standing(
                request.visitor.votes(), skill, request.rules.serving().newcomerVotes());
    }

    /**
     * What each of a window is drawn by. What a vote of this very person settles is computed anew; among candidates that
     * others hold, those that fewer people are looking at come first.
     */
    private double[] usefulness(
            Request request, Ranking.Rank rank, List<OpenWork.Entry> window, @Nullable Instant freeAt) {
        double[] usefulness = RankedWindow.usefulness(rank, window);
        if (window.isEmpty()) {
            return usefulness;
        }
        List<Long> ids = window.stream().map(OpenWork.Entry::candidateId).toList();
        double[] confusion = request.visitor.confusion();
        if (rank.strategy() == RankingStrategy.SETTLING && confusion != null) {
            QueryStrategy personal = Ranking.settling(confusion, request.ranking.classes(), request.rules);
            Map<Long, Double> byId = new HashMap<>();
            candidates
                    .of(request.workflowId, request.ranking, ids)
                    .forEach(known -> byId.put(known.candidateId(), personal.usefulness(known.belief())));
            for (int i = 0; i < usefulness.length; i++) {
                usefulness[i] = byId.getOrDefault(ids.get(i), usefulness[i]);
            }
        }
        if (!request.isShowcase()) {
            RankedWindow.steer(
                    usefulness,
                    window,
                    standing(request),
                    request.rules.serving().steering());
        }
        if (freeAt == null) {
            Map<Long, OpenWork.Claims> claims = work.claims(request.workflowId, ids, request.now);
            for (int i = 0; i < usefulness.length; i++) {
                OpenWork.Claims others = claims.get(ids.get(i));
                usefulness[i] /= 1.0 + (others == null ? 0 : others.leases());
            }
        }
        return usefulness;
    }

    /**
     * Turns choices into assignments, as far as they are still to be had.
     *
     * @param refused those at their quota join it; those that somebody else is being served do not: that may pass
     */
    private List<AssignmentView> take(
            Request request, List<Offers.Choice> choices, @Nullable Instant freeAt, Set<Long> refused) {
        List<Long> wanted = choices.stream()
                .filter(choice -> !choice.arm().equals(Arm.GOLD))
                .map(Offers.Choice::candidateId)
                .toList();
        Set<Long> locked = wanted.isEmpty() ? Set.of() : work.lock(request.workflowId, wanted, freeAt);
        List<Offers.Choice> ours = choices.stream()
                .filter(choice -> choice.arm().equals(Arm.GOLD) || locked.contains(choice.candidateId()))
                .toList();
        List<AssignmentView> written = ours.isEmpty()
                ? List.of()
                : work.give(
                        request.workflowId,
                        request.volunteerId,
                        ours,
                        request.now,
                        request.until,
                        request.rules.maxVotes());
        Set<Long> left = new HashSet<>();
        ours.forEach(choice -> left.add(choice.candidateId()));
        int gold = 0;
        for (AssignmentView assignment : written) {
            left.remove(assignment.candidateId());
            gold += assignment.strategy().equals(Arm.GOLD.key()) ? 1 : 0;
        }
        refused.addAll(left);
        request.visitor.served(written.size(), gold);
        if (request.isShowcase()) {
            showcase.served(request.workflowId, written.size());
        }
        return written;
    }

    private Serving.Reason reason(Request request) {
        if (!work.anyOpen(request.workflowId)) {
            return Serving.Reason.NOTHING_OPEN;
        }
        boolean unseen = !work.window(OpenWork.Key.PRIORITY, request.workflowId, request.volunteerId, null, null, 1)
                        .isEmpty()
                || Stream.of(OpenWork.Line.BEGUN, OpenWork.Line.UNBEGUN)
                        .anyMatch(line -> !work.stretch(line, request.workflowId, request.volunteerId, 0, 1, null, 1)
                                .isEmpty());
        return unseen ? Serving.Reason.ALL_LEASED : Serving.Reason.ALL_SEEN;
    }

    /** What is in force, at most some seconds old. */
    Rules rules(long workflowId) {
        return known(workflowId).view.rules();
    }

    private KnownWorkflow known(long workflowId) {
        Instant now = clock.instant();
        KnownWorkflow cached = known.get(workflowId);
        if (cached == null || Duration.between(cached.at, now).abs().compareTo(RULES_FRESH) > 0) {
            WorkflowView view = workflows.byId(workflowId);
            cached = new KnownWorkflow(view, Ranking.of(view), now);
            if (known.size() >= MOST_WORKFLOWS) {
                known.clear();
            }
            known.put(workflowId, cached);
        }
        return cached;
    }
}
