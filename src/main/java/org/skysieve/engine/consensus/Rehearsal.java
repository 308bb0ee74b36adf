package org.skysieve.engine.consensus;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.consensus.RetirementRule.Decision;
import org.skysieve.engine.consensus.RetirementRule.Outcome;
import org.skysieve.engine.math.Interval;

/**
 * What would have come of the votes of the past under another retirement rule. The votes are replayed in their order
 * through a {@link LiveConsensus}; one on a candidate that the rule has retired by then would not have been asked for: it
 * is left out and counts as saved, and so does every later edit or undo of it.
 *
 * <p>Limits. A rule that wants more votes than were cast leaves candidates open that it might have retired with them. And
 * people would have spent the votes saved on other candidates, which made reliabilities better known: nothing of that is
 * seen here. Gold standards are taken as unknown, so that they can judge; in earnest they help, so that what is found is
 * a little too pessimistic.
 *
 * <p>Not thread-safe. Deterministic.
 */
public final class Rehearsal {
    /** An entry's answer that takes the volunteer's vote on the candidate back. */
    public static final int WITHDRAWN = -1;

    private final LiveConsensus live;
    private final RetirementRule rule;
    private final int refitEvery;
    private final Map<Long, Course> courses = new HashMap<>();
    private long entries;
    private int sinceRefit;

    /**
     * @param refitEvery everything is fitted anew after so many entries, or a tenth of all votes if that is more; as live
     */
    public Rehearsal(ConsensusSettings settings, RetirementRule rule, int refitEvery) {
        if (refitEvery < 1) {
            throw new IllegalArgumentException("rehearsal: got a refit every " + refitEvery + " votes, need 1 or more");
        }
        this.live = new LiveConsensus(settings);
        this.rule = rule;
        this.refitEvery = refitEvery;
    }

    /**
     * An entry of the log of votes.
     *
     * @param answer the class, or {@link #WITHDRAWN}
     * @param model what the model said of the candidate, or null where that is unknown or not to be used
     * @param votesAlone whether the posterior of the votes decides, without the model
     */
    public record Entry(
            long candidate,
            long volunteer,
            int answer,
            boolean guest,
            Brightness brightness,
            double @Nullable [] model,
            boolean votesAlone) {}

    private static final class Course {
        /** Who has voted in the past, who would have been asked, and whose vote stands. */
        final Set<Long> cast = new HashSet<>();

        final Set<Long> asked = new HashSet<>();
        final Set<Long> voted = new HashSet<>();
        RecentPosteriors recent = RecentPosteriors.NONE;
        boolean votesAlone;
        boolean everRetired;
        Outcome outcome = new Outcome(Decision.OPEN, 0, "no vote");

        double[] decidedBy(ConsensusUpdate update) {
            return votesAlone ? update.crowd() : update.combined();
        }
    }

    /** Applies an entry, the next one in the order of the log. */
    public void apply(Entry entry) {
        entries++;
        Course course = courses.computeIfAbsent(entry.candidate(), id -> new Course());
        course.votesAlone = entry.votesAlone();
        if (entry.answer() != WITHDRAWN) {
            course.cast.add(entry.volunteer());
        }
        boolean stands = course.voted.contains(entry.volunteer());
        if (!stands && (entry.answer() == WITHDRAWN || course.outcome.decision() != Decision.OPEN)) {
            return;
        }
        ConsensusUpdate update;
        if (entry.answer() == WITHDRAWN) {
            course.voted.remove(entry.volunteer());
            update = live.withdraw(entry.candidate(), entry.volunteer());
        } else {
            course.asked.add(entry.volunteer());
            course.voted.add(entry.volunteer());
            // Later models may have learned the label of what was retired once.
            update = live.vote(
                    new Vote(entry.candidate(), entry.volunteer(), entry.answer(), entry.guest(), entry.brightness()),
                    course.everRetired ? null : entry.model());
        }
        double[] posterior = course.decidedBy(update);
        course.recent = stands
                ? course.recent.changed(posterior, rule.memory())
                : course.recent.voted(posterior, rule.memory());
        decide(course, update);
        if (++sinceRefit >= Math.max(refitEvery, live.votes() / 10)) {
            refit();
        }
    }

    private void decide(Course course, ConsensusUpdate update) {
        course.outcome =
                rule.decide(course.recent.earlier(), course.decidedBy(update), live.answers(update.candidate()));
        course.everRetired |= course.outcome.decision() != Decision.OPEN;
    }

    /** As live: open candidates may retire; a retired one re-opens where its label no longer holds. */
    private void refit() {
        sinceRefit = 0;
        live.refit();
        courses.forEach((candidate, course) -> {
            Optional<ConsensusUpdate> found = live.find(candidate);
            if (found.isEmpty() || course.voted.isEmpty()) {
                return;
            }
            ConsensusUpdate update = found.get();
            Outcome before = course.outcome;
            double[] posterior = course.decidedBy(update);
            course.recent = course.recent.refitted(posterior, rule.memory());
            if (before.decision() == Decision.OPEN) {
                decide(course, update);
            } else if (before.decision() == Decision.RETIRED) {
                Outcome anew = rule.decide(course.recent.earlier(), posterior, live.answers(candidate));
                if (!rule.holds(before.answer(), anew, posterior)) {
                    course.outcome = anew;
                }
            }
        });
    }

    /**
     * A person counts once on a candidate, whatever they edited or took back.
     *
     * @param entries replayed: votes, edits and undos
     * @param cast votes of the past
     * @param used votes that the rule would have asked for
     * @param retired candidates with a label
     * @param ambiguous candidates that it gave up
     * @param open candidates whose votes of the past did not suffice
     */
    public record Report(long entries, long cast, long used, long retired, long ambiguous, long open) {
        /** Votes that the rule would not have asked for. */
        public long saved() {
            return cast - used;
        }

        /** Votes for each candidate that had any; NaN without candidates. */
        public double votesPerCandidate() {
            return used / (double) (retired + ambiguous + open);
        }
    }

    public Report report() {
        long[] counts = new long[Decision.values().length];
        long cast = 0;
        long used = 0;
        for (Course course : courses.values()) {
            counts[course.outcome.decision().ordinal()]++;
            cast += course.cast.size();
            used += course.asked.size();
        }
        return new Report(
                entries,
                cast,
                used,
                counts[Decision.RETIRED.ordinal()],
                counts[Decision.AMBIGUOUS.ordinal()],
                counts[Decision.OPEN.ordinal()]);
    }

    /**
     * How right the labels are.
     *
     * @param candidates whose truth is known and that had votes
     * @param accuracy share of the retired ones among them with the true label
     * @param purity share of the true ones among those retired as the positive class
     * @param completeness share retired as the positive class among those that truly are
     */
    public record Judgement(long candidates, Share accuracy, Share purity, Share completeness) {}

    /**
     * A share and its 95 % interval (Wilson).
     *
     * @param value NaN, as the ends, where {@code of} is 0
     */
    public record Share(long count, long of, double value, double low, double high) {
        static Share of(long count, long of) {
            if (of == 0) {
                return new Share(0, 0, Double.NaN, Double.NaN, Double.NaN);
            }
            Interval interval = Interval.wilson(count / (double) of, of, 0.95);
            return new Share(count, of, count / (double) of, interval.low(), interval.high());
        }
    }

    /**
     * Compares the labels with what is held true: gold standards, or where there are none the present consensus, which is
     * made of the same votes and therefore flatters.
     *
     * @param truth the class of candidates
     * @param positive the class that purity and completeness are about
     */
    public Judgement judge(Map<Long, Integer> truth, int positive) {
        long known = 0;
        long retired = 0;
        long right = 0;
        long said = 0;
        long saidAndIs = 0;
        long is = 0;
        for (Map.Entry<Long, Course> entry : courses.entrySet()) {
            Integer label = truth.get(entry.getKey());
            if (label == null) {
                continue;
            }
            Outcome outcome = entry.getValue().outcome;
            boolean settled = outcome.decision() == Decision.RETIRED;
            boolean positiveSaid = settled && outcome.answer() == positive;
            known++;
            retired += settled ? 1 : 0;
            right += settled && outcome.answer() == label ? 1 : 0;
            said += positiveSaid ? 1 : 0;
            is += label == positive ? 1 : 0;
            saidAndIs += positiveSaid && label == positive ? 1 : 0;
        }
        return new Judgement(known, Share.of(right, retired), Share.of(saidAndIs, said), Share.of(saidAndIs, is));
    }

    /** What the rule decided of a candidate; empty for one without entries. */
    public Optional<Outcome> outcome(long candidate) {
        return Optional.ofNullable(courses.get(candidate)).map(course -> course.outcome);
    }
}
