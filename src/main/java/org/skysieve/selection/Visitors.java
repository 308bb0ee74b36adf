package org.skysieve.selection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.consensus.Reliabilities;
import org.skysieve.consensus.ReliabilityView;

/**
 * What this process remembers about who asked lately: how much they have been served, and down to where they have seen
 * everything. All of it can be lost: it is read again from the database, or found again by scanning from the top.
 */
@ApplicationScoped
class Visitors {
    private static final int MOST = 20_000;
    private static final Duration FRESH = Duration.ofMinutes(5);

    private record Key(long workflowId, long volunteerId) {}

    private final OpenWork work;
    private final Reliabilities reliabilities;
    private final Clock clock;
    private final Map<Key, Visitor> visitors = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Visitor> eldest) {
            return size() > MOST;
        }
    };

    Visitors(OpenWork work, Reliabilities reliabilities, Clock clock) {
        this.work = work;
        this.reliabilities = reliabilities;
        this.clock = clock;
    }

    Visitor of(long workflowId, long volunteerId) {
        Key key = new Key(workflowId, volunteerId);
        Instant now = clock.instant();
        synchronized (visitors) {
            Visitor known = visitors.get(key);
            if (known != null && Duration.between(known.since, now).abs().compareTo(FRESH) < 0) {
                return known;
            }
        }
        Visitor visitor = new Visitor(
                work.served(workflowId, volunteerId),
                reliabilities.of(workflowId, volunteerId).orElse(null),
                now);
        synchronized (visitors) {
            visitors.put(key, visitor);
        }
        return visitor;
    }

    /** One person in one workflow. */
    static final class Visitor {
        /**
         * Below so many served candidates a scan from the top costs little, and a cursor would hide what has come back
         * above it: a candidate whose votes disagree.
         */
        private static final int CURSOR_FROM = 1000;

        private static final Duration CURSOR_LIFE = Duration.ofMinutes(1);

        private final Instant since;
        private final @Nullable ReliabilityView reliability;
        private int served;
        private int gold;
        private final Map<OpenWork.Key, OpenWork.Position> cursors = new EnumMap<>(OpenWork.Key.class);
        private Instant cursorSince = Instant.EPOCH;

        Visitor(OpenWork.Served served, @Nullable ReliabilityView reliability, Instant since) {
            this.reliability = reliability;
            this.served = served.all();
            this.gold = served.gold();
            this.since = since;
        }

        synchronized int gold() {
            return gold;
        }

        synchronized void served(int count, int goldCount) {
            served += count;
            gold += goldCount;
        }

        /** P(answer | truth) of theirs, or null while nothing is known of them. */
        double @Nullable [] confusion() {
            return reliability == null
                    ? null
                    : reliability.confusion().stream()
                            .flatMap(List::stream)
                            .mapToDouble(Double::doubleValue)
                            .toArray();
        }

        /** Votes of theirs that the consensus counts. */
        int votes() {
            return reliability == null ? 0 : reliability.votes();
        }

        /** All that this person can be served lies below; null: start from the top. */
        synchronized OpenWork.@Nullable Position cursor(OpenWork.Key key, Instant now) {
            if (Duration.between(cursorSince, now).abs().compareTo(CURSOR_LIFE) > 0) {
                cursors.clear();
            }
            return cursors.get(key);
        }

        synchronized void moveTo(OpenWork.Key key, OpenWork.@Nullable Position position, Instant now) {
            if (position == null || served < CURSOR_FROM) {
                cursors.remove(key);
                return;
            }
            if (cursors.isEmpty()) {
                cursorSince = now;
            }
            cursors.put(key, position);
        }
    }
}
