package org.skysieve.consensus;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;

import io.agroal.api.AgroalDataSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.arc.Arc;
import io.quarkus.arc.ManagedContext;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.ClassificationRecorded;
import org.skysieve.classification.LogPosition;
import org.skysieve.consensus.ConsensusStore.PendingGold;
import org.skysieve.consensus.ConsensusStore.Place;
import org.skysieve.consensus.WorkflowConsensus.Changes;
import org.skysieve.consensus.WorkflowConsensus.Standing;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.Outbox;

/**
 * Keeps every workflow's consensus up with its log: one thread, in one process at a time.
 *
 * <p>A batch of entries is one transaction: posteriors, reliabilities, trace, events and the cursor commit together, so
 * each vote counts exactly once whatever is killed when. Which process works is settled by a session's advisory lock;
 * should two ever work at once, the cursor's position fences the slower one off, which then starts from the store.
 */
@ApplicationScoped
class ConsensusRunner {
    /** The doorbell of the classification room, which this room rings too. */
    static final String TOPIC = "classification";

    private static final Logger LOG = Logger.getLogger(ConsensusRunner.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration ASK_TO_LEAD_EVERY = Duration.ofSeconds(1);
    private static final int TRANSACTION_SECONDS = 600;
    private static final int CHANGES_PER_EVENT = 500;
    private static final int REST_PER_REFIT = 19;
    private static final Duration LONGEST_REST = Duration.ofMinutes(10);

    private final ConsensusConfig config;
    private final ConsensusStore store;
    private final ClassificationLog log;
    private final Outbox outbox;
    private final Doorbell doorbell;
    private final AgroalDataSource dataSource;
    private final Clock clock;
    private final Timer latency;
    private final Counter applied;
    private final Map<Long, InMemory> inMemory = new HashMap<>();
    private final Set<Long> failing = new HashSet<>();
    /** By workflow, in {@link System#nanoTime()}: so that refits take at most a twentieth of the time. */
    private final Map<Long, Long> refitNotBefore = new HashMap<>();

    private boolean refitted;
    private @Nullable Connection leadership;
    /** Whether a batch of the last round was as large as can be: more is waiting. */
    private boolean fullBatch;

    private @Nullable Thread thread;
    private volatile boolean stopped;

    ConsensusRunner(
            ConsensusConfig config,
            ConsensusStore store,
            ClassificationLog log,
            Outbox outbox,
            Doorbell doorbell,
            AgroalDataSource dataSource,
            Clock clock,
            MeterRegistry metrics) {
        this.config = config;
        this.store = store;
        this.log = log;
        this.outbox = outbox;
        this.doorbell = doorbell;
        this.dataSource = dataSource;
        this.clock = clock;
        this.latency = Timer.builder("skysieve.consensus.latency")
                .description("From a vote's arrival to the commit of the consensus that holds it")
                .publishPercentiles(0.5, 0.95, 0.99)
                .register(metrics);
        this.applied = Counter.builder("skysieve.consensus.applied")
                .description("Entries of the log applied")
                .register(metrics);
    }

    /** A workflow's state machine and the place in the store that it equals. */
    private record InMemory(WorkflowConsensus consensus, Place place) {}

    void start(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER + 900) StartupEvent event) {
        if (config.run()) {
            thread = new Thread(this::run, "consensus");
            thread.setDaemon(true);
            thread.start();
        }
    }

    void stop(@Observes @Priority(1) ShutdownEvent event) throws InterruptedException {
        stopped = true;
        doorbell.ring(TOPIC);
        if (thread != null) {
            thread.join(STOP_WITHIN.toMillis());
        }
    }

    private void run() {
        int failures = 0;
        try (Doorbell.Bell bell = doorbell.listen(TOPIC)) {
            while (!stopped) {
                boolean worked = false;
                try {
                    if (!lead()) {
                        inMemory.clear();
                        bell.await(ASK_TO_LEAD_EVERY);
                        continue;
                    }
                    worked = applyAll();
                    failures = failing.isEmpty() ? 0 : failures + 1;
                } catch (RuntimeException e) {
                    failures++;
                    LOG.warnf("Consensus waits: failures=%d cause=%s", failures, e);
                    resign();
                }
                if (failures > 0) {
                    long millis = config.poll().toMillis() << Math.min(failures, 10);
                    bell.await(Duration.ofMillis(Math.min(millis, LONGEST_PAUSE.toMillis())));
                } else if (!worked) {
                    bell.await(config.poll());
                } else if (!fullBatch) {
                    Thread.sleep(config.gather().toMillis());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            resign();
        }
    }

    /** One batch of each workflow that has work; returns whether there may be more. */
    private boolean applyAll() {
        boolean worked = false;
        fullBatch = false;
        for (long workflowId : store.withWork()) {
            if (stopped) {
                return false;
            }
            ManagedContext context = Arc.container().requestContext();
            context.activate();
            try {
                step(workflowId);
                worked = true;
                failing.remove(workflowId);
            } catch (RuntimeException e) {
                // Memory may be ahead of the store now: forget it. One workflow's trouble must not stop the others.
                inMemory.remove(workflowId);
                if (failing.add(workflowId)) {
                    LOG.errorf(e, "Consensus failed, starts again from the store: workflow=%d", workflowId);
                }
            } finally {
                context.terminate();
            }
        }
        return worked;
    }

    private void step(long workflowId) {
        long start = System.nanoTime();
        refitted = false;
        List<Instant> arrivals =
                QuarkusTransaction.requiringNew().timeout(TRANSACTION_SECONDS).call(() -> applyBatch(workflowId));
        if (refitted) {
            long took = System.nanoTime() - start;
            refitNotBefore.put(workflowId, System.nanoTime() + Math.min(REST_PER_REFIT * took, LONGEST_REST.toNanos()));
        }
        Instant now = clock.instant();
        for (Instant arrival : arrivals) {
            latency.record(
                    Duration.between(arrival, now).isNegative() ? Duration.ZERO : Duration.between(arrival, now));
        }
        applied.increment(arrivals.size());
    }

    /** All reading and computing comes first: from its first write on, a transaction holds readers of the log back. */
    private List<Instant> applyBatch(long workflowId) {
        InMemory known = inMemory.get(workflowId);
        if (known == null) {
            Place place = store.place(workflowId);
            known = new InMemory(store.load(workflowId, place), place);
        }
        WorkflowConsensus consensus = known.consensus;
        // Before the log is read: what was committed when somebody asked is then in what is read.
        ConsensusStore.Refits refits = store.refits(workflowId);
        List<PendingGold> gold = store.pendingGold(workflowId, config.batch());
        List<ClassificationRecorded> entries = log.after(workflowId, known.place.log(), config.batch());
        // Only once all is applied: who asked wants what they saw in the fit.
        boolean last = gold.size() < config.batch() && entries.size() < config.batch();
        fullBatch |= !last;
        boolean wanted = last && refits.due();
        if (gold.isEmpty() && entries.isEmpty() && !wanted) {
            return List.of();
        }
        Map<Long, Boolean> evaluation = evaluationOf(gold, entries);
        Instant now = clock.instant();
        for (PendingGold one : gold) {
            consensus.gold(one.candidate(), one.answer(), evaluation.getOrDefault(one.candidate(), false), micros(now));
            refitIfDue(workflowId, consensus, now);
        }
        LogPosition reached = known.place.log();
        List<Instant> arrivals = new ArrayList<>(entries.size());
        for (ClassificationRecorded entry : entries) {
            consensus.apply(entry, evaluation.getOrDefault(entry.candidateId(), false));
            reached = entry.position();
            arrivals.add(entry.createdAt());
            refitIfDue(workflowId, consensus, now);
        }
        if (wanted && consensus.progress().sinceRefit() > 0) {
            refit(workflowId, consensus, now);
        }

        Place next = new Place(reached, consensus.position(), consensus.progress());
        Changes changes = consensus.takeChanges();
        store.write(workflowId, known.place, next, consensus, changes);
        store.removeGold(gold);
        if (wanted) {
            store.refitDone(workflowId, refits.wanted());
        }
        publish(workflowId, consensus, changes);
        inMemory.put(workflowId, new InMemory(consensus, next));
        return arrivals;
    }

    private void refitIfDue(long workflowId, WorkflowConsensus consensus, Instant now) {
        // A refit writes every candidate: with many votes and candidates one would follow the other without end. When
        // one is made is free: its place in the order is in the trace, and a replay follows that.
        Long notBefore = refitNotBefore.get(workflowId);
        if (consensus.refitDue(config.refitEvery()) && (notBefore == null || System.nanoTime() - notBefore >= 0)) {
            refit(workflowId, consensus, now);
        }
    }

    private void refit(long workflowId, WorkflowConsensus consensus, Instant now) {
        refitted = true;
        long start = System.nanoTime();
        var refit = consensus.refit(micros(now));
        LOG.debugf(
                "Refitted: workflow=%d votes=%d sweeps=%d millis=%d",
                workflowId, consensus.live().votes(), refit.sweeps(), (System.nanoTime() - start) / 1_000_000);
    }

    /** As PostgreSQL keeps it: a rebuild must read the same time back. */
    private static Instant micros(Instant time) {
        return time.truncatedTo(java.time.temporal.ChronoUnit.MICROS);
    }

    private Map<Long, Boolean> evaluationOf(List<PendingGold> gold, List<ClassificationRecorded> entries) {
        Set<Long> candidates = new HashSet<>();
        gold.forEach(one -> candidates.add(one.candidate()));
        entries.forEach(entry -> candidates.add(entry.candidateId()));
        return store.evaluation(candidates);
    }

    private void publish(long workflowId, WorkflowConsensus consensus, Changes changes) {
        List<ConsensusChanged.Change> told = new ArrayList<>();
        for (long candidate : changes.told) {
            Standing standing = consensus.standing(candidate);
            told.add(new ConsensusChanged.Change(
                    candidate, standing.votes(), ConsensusLabels.list(standing.combined()), standing.outcome()));
        }
        List<Record> events = new ArrayList<>();
        for (int from = 0; from < told.size(); from += CHANGES_PER_EVENT) {
            events.add(new ConsensusChanged(
                    workflowId, told.subList(from, Math.min(told.size(), from + CHANGES_PER_EVENT))));
        }
        changes.touched.forEach((candidate, before) -> {
            Standing after = consensus.standing(candidate);
            boolean gold = consensus.live().find(candidate).stream().anyMatch(held -> held.gold() >= 0);
            // A gold standard is nobody's vote: who wants those listens to GoldStandardSet.
            if (!gold && labelMoved(before, after)) {
                events.add(new CandidateRetired(
                        workflowId, candidate, after.answer(), ConsensusLabels.list(after.crowd()), after.outcome()));
            }
        });
        outbox.publishAll(events);
    }

    private static boolean labelMoved(Optional<Standing> before, Standing after) {
        String was = before.map(Standing::outcome).orElse("open");
        if (!was.equals(after.outcome())) {
            return true;
        }
        return !after.isOpen() && before.isPresent() && before.get().answer() != after.answer();
    }

    /** Whether this process does the work. The lock lives as long as its connection. */
    private boolean lead() {
        try {
            Connection held = leadership;
            if (held != null) {
                if (held.isValid(2)) {
                    return true;
                }
                resign();
            }
            Connection asking = dataSource.getConnection();
            try (PreparedStatement statement = asking.prepareStatement(
                            "SELECT pg_try_advisory_lock(hashtextextended('skysieve.consensus', 0))");
                    ResultSet row = statement.executeQuery()) {
                if (row.next() && row.getBoolean(1)) {
                    leadership = asking;
                    return true;
                }
            } catch (SQLException e) {
                asking.close();
                throw e;
            }
            asking.close();
            return false;
        } catch (SQLException e) {
            throw new org.skysieve.platform.SqlFailure(e);
        }
    }

    /** Gives the lock back and forgets everything; the store knows all. */
    private void resign() {
        inMemory.clear();
        Connection held = leadership;
        leadership = null;
        if (held == null) {
            return;
        }
        try (held) {
            try (PreparedStatement statement =
                    held.prepareStatement("SELECT pg_advisory_unlock(hashtextextended('skysieve.consensus', 0))")) {
                statement.execute();
            }
        } catch (SQLException e) {
            LOG.debugf("The consensus lock went with its connection: cause=%s", e);
        }
    }
}
