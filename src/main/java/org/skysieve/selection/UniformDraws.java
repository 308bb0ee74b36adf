package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/**
 * Draws uniformly from what lies on a {@link OpenWork.Line}, without ORDER BY random().
 *
 * <p>Short lines are read whole. Of long ones a random stretch of the shuffled line is read, long enough for
 * {@value #EXPECTED} candidates on average, and all that lie in it are draws. A candidate lies in a stretch with probability
 * w (its length), the same for all, whatever the gaps between their places. Where a pool is thrown away before it is used
 * up, one that lies among many others is drawn a little less often than 1 / n says: by 1.6 % (one standard deviation between
 * candidates) where all but one draw of the smallest pool are thrown away, and nothing tells which candidates those are. Taking the next place after a random point
 * instead would favour those behind a wide gap. Draws of one stretch are neighbours on the line; places are random, so
 * neighbours have nothing else in common.
 *
 * <p>Such draws depend on nobody, so those of many stretches are mixed and kept for a moment for whoever asks next. Each is
 * given out once, and thrown away if it is not for who asked (seen before, or held by somebody): what is left is uniform
 * over what that person can be served. It is looked at in the request itself, several at a time.
 */
@ApplicationScoped
class UniformDraws {
    static final int SMALL = 256;
    static final int EXPECTED = 4;
    /** More than so many in a stretch come once in a million: {@value #EXPECTED} are expected. */
    private static final int MOST = 16;

    /** So many that are not for this person, and nothing of the line counts as left. */
    private static final int ATTEMPTS = 40;

    private static final int LOOKED_AT_ONCE = 6;
    private static final int FEWEST_STRETCHES = 24;
    private static final int MOST_STRETCHES = 64;
    private static final Duration FRESH = Duration.ofSeconds(10);
    /** Who came to the line since is not among the draws. */
    private static final Duration POOL_FRESH = Duration.ofSeconds(2);

    private static final int MOST_LINES = 1000;

    private record Count(int n, Instant at) {}

    private record LineOf(OpenWork.Line line, long workflowId) {}

    private final OpenWork work;
    private final Clock clock;
    private final Map<LineOf, Count> counts = new ConcurrentHashMap<>();
    private final Map<LineOf, Pool> pools = new ConcurrentHashMap<>();

    UniformDraws(OpenWork work, Clock clock) {
        this.work = work;
        this.clock = clock;
    }

    /** Draws from a long line that nobody has been given yet. */
    private final class Pool {
        private final LineOf of;
        private final Deque<Long> drawn = new ArrayDeque<>();
        private Instant at = Instant.EPOCH;
        /** Given out since {@code at}, and in the time before. */
        private int given;

        private int givenBefore;

        private Pool(LineOf of) {
            this.of = of;
        }

        /** The next draws, at most {@code count}; none where the line seems empty. */
        List<Long> take(int count, int n, SplittableRandom random) {
            List<Long> taken = poll(count);
            // One in e^24 rounds yields nothing where the line is as long as it was counted.
            for (int round = 0; round < 5 && taken.isEmpty(); round++) {
                fill(n, random);
                taken = poll(count);
            }
            return taken;
        }

        private synchronized List<Long> poll(int count) {
            beginAnew();
            List<Long> taken = new ArrayList<>();
            while (taken.size() < count && !drawn.isEmpty()) {
                taken.add(drawn.removeFirst());
            }
            given += taken.size();
            return taken;
        }

        private void beginAnew() {
            Instant now = clock.instant();
            Duration age = Duration.between(at, now).abs();
            if (age.compareTo(POOL_FRESH) > 0) {
                drawn.clear();
                givenBefore = age.compareTo(POOL_FRESH.multipliedBy(2)) > 0 ? 0 : given;
                given = 0;
                at = now;
            }
        }

        private void fill(int n, SplittableRandom random) {
            double width = (double) EXPECTED / n;
            double[] beginnings = new double[stretches()];
            for (int i = 0; i < beginnings.length; i++) {
                // From before the line's beginning, or that would lie in fewer stretches than the rest.
                beginnings[i] = random.nextDouble() * (1 + width) - width;
            }
            List<Long> found = work.inStretches(of.line, of.workflowId, beginnings, width, MOST);
            Collections.shuffle(found, new Random(random.nextLong()));
            synchronized (this) {
                beginAnew();
                drawn.addAll(found);
            }
        }

        /** For half the draws of a pool's life at the present load: what is thrown away unused was drawn in vain. */
        private synchronized int stretches() {
            int draws = Math.max(given, givenBefore) / 2;
            return Math.max(FEWEST_STRETCHES, Math.min(MOST_STRETCHES, draws / EXPECTED));
        }
    }

    /** For whom something is drawn, and what this request has looked at. */
    final class Asker {
        private final long workflowId;
        private final long volunteerId;
        private final @Nullable Instant now;
        private final Set<Long> taken = new HashSet<>();
        private final List<Sample> samples = new ArrayList<>();

        private Asker(long workflowId, long volunteerId, @Nullable Instant now, Collection<Long> except) {
            this.workflowId = workflowId;
            this.volunteerId = volunteerId;
            this.now = now;
            taken.addAll(except);
        }

        /**
         * What may be drawn from a line.
         *
         * @param expected how many this request will draw from it, more or less
         */
        Sample of(OpenWork.Line line, double expected) {
            Sample sample = new Sample(this, line, expected);
            samples.add(sample);
            return sample;
        }

        /** Looks at draws for all the lines that have none left to give, in one statement. */
        private void look(SplittableRandom random) {
            Map<Sample, List<Long>> drawn = new HashMap<>();
            List<Long> all = new ArrayList<>();
            for (Sample sample : samples) {
                if (sample.wantsMore()) {
                    List<Long> ids = pool(sample.line, workflowId).take(sample.wanted(), sample.n, random);
                    sample.lookedAt(ids.size());
                    drawn.put(sample, ids);
                    all.addAll(ids);
                }
            }
            Map<Long, OpenWork.Entry> found = new HashMap<>();
            if (!all.isEmpty()) {
                work.unseenOpen(workflowId, volunteerId, all, now)
                        .forEach(entry -> found.put(entry.candidateId(), entry));
            }
            drawn.forEach((sample, ids) -> {
                for (Long id : ids) {
                    OpenWork.Entry entry = found.get(id);
                    if (entry != null && sample.line.holds(entry)) {
                        sample.ready.add(entry);
                    }
                }
            });
        }
    }

    /**
     * What one request may draw from. A draw's probability is 1 / n: exact for short lines; for long ones n is their size, at
     * most ten seconds old and above 4,096 estimated, which also counts the few that this person has seen or somebody holds.
     */
    final class Sample implements Offers.Offer {
        private final Asker asker;
        private final OpenWork.Line line;
        private final int n;
        private final List<OpenWork.Entry> all;
        /** Drawn, and to be had when looked at. */
        private final Deque<OpenWork.Entry> ready = new ArrayDeque<>();

        private double expected;
        private int inVain;
        private boolean exhausted;

        private Sample(Asker asker, OpenWork.Line line, double expected) {
            this.asker = asker;
            this.line = line;
            this.expected = expected;
            n = count(line, asker.workflowId);
            // Twice the limit: the cached count may be ten seconds old.
            all = n <= SMALL
                    ? new ArrayList<>(
                            work.stretch(line, asker.workflowId, asker.volunteerId, 0, 1, asker.now, 2 * SMALL))
                    : new ArrayList<>();
            all.removeIf(entry -> asker.taken.contains(entry.candidateId()));
        }

        /** False once nothing can be drawn; a large sample counts as available until a draw has failed. */
        @Override
        public boolean available() {
            return n <= SMALL ? !all.isEmpty() : !exhausted;
        }

        @Override
        public double probability(OpenWork.Entry entry) {
            if (n <= SMALL) {
                boolean there = all.stream().anyMatch(other -> other.candidateId() == entry.candidateId());
                return there ? 1.0 / all.size() : 0;
            }
            return line.holds(entry) && !asker.taken.contains(entry.candidateId()) ? 1.0 / n : 0;
        }

        @Override
        public Optional<Offers.Draw> next(SplittableRandom random) {
            if (n <= SMALL) {
                if (all.isEmpty()) {
                    return Optional.empty();
                }
                double probability = 1.0 / all.size();
                OpenWork.Entry entry = all.remove(random.nextInt(all.size()));
                return Optional.of(new Offers.Draw(entry, probability));
            }
            while (!exhausted) {
                OpenWork.Entry entry = ready.pollFirst();
                if (entry != null) {
                    if (asker.taken.add(entry.candidateId())) {
                        inVain = 0;
                        return Optional.of(new Offers.Draw(entry, 1.0 / n));
                    }
                } else if (inVain < ATTEMPTS) {
                    asker.look(random);
                } else {
                    exhausted = true;
                }
            }
            // Nearly all of a large sample is seen or held, or the count is old: count again for the next request.
            counts.remove(new LineOf(line, asker.workflowId));
            return Optional.empty();
        }

        private boolean wantsMore() {
            return n > SMALL && !exhausted && ready.isEmpty() && inVain < ATTEMPTS;
        }

        private int wanted() {
            return (int) Math.max(1, Math.min(LOOKED_AT_ONCE, Math.ceil(expected)));
        }

        private void lookedAt(int ids) {
            // An empty line is as good as one that has been looked through.
            inVain += ids == 0 ? ATTEMPTS : ids;
            // What comes after what was expected comes by chance; after many in vain it is searched for.
            expected = inVain > LOOKED_AT_ONCE ? LOOKED_AT_ONCE : 2;
        }

        @Override
        public void remove(long candidateId) {
            asker.taken.add(candidateId);
            all.removeIf(entry -> entry.candidateId() == candidateId);
        }
    }

    /**
     * @param now with a time: only candidates on which nobody holds a lease then; null: all
     * @param except candidates that are not to be drawn
     */
    Asker asker(long workflowId, long volunteerId, @Nullable Instant now, Collection<Long> except) {
        return new Asker(workflowId, volunteerId, now, except);
    }

    private Pool pool(OpenWork.Line line, long workflowId) {
        if (pools.size() >= MOST_LINES) {
            pools.clear();
        }
        return pools.computeIfAbsent(new LineOf(line, workflowId), Pool::new);
    }

    private int count(OpenWork.Line line, long workflowId) {
        Instant now = clock.instant();
        LineOf key = new LineOf(line, workflowId);
        Count count = counts.get(key);
        if (count == null || Duration.between(count.at, now).abs().compareTo(FRESH) > 0) {
            count = new Count(work.count(line, workflowId), now);
            if (counts.size() >= MOST_LINES) {
                counts.clear();
            }
            counts.put(key, count);
        }
        return count.n;
    }
}
