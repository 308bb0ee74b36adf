package org.skysieve.consensus;

import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.narayana.jta.QuarkusTransaction;

import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.ClassificationRecorded;
import org.skysieve.classification.LogPosition;
import org.skysieve.consensus.ConsensusStore.Place;
import org.skysieve.consensus.WorkflowConsensus.Standing;
import org.skysieve.platform.Sql;

/** Rebuilds a workflow's consensus from its log and compares it with what is stored, bit for bit. */
@ApplicationScoped
public class ConsensusAudit {
    private static final int PAGE = 2_000;
    private static final int TRANSACTION_SECONDS = 1_800;

    private final Sql sql;
    private final ConsensusStore store;
    private final ClassificationLog log;

    ConsensusAudit(Sql sql, ConsensusStore store, ClassificationLog log) {
        this.sql = sql;
        this.store = store;
        this.log = log;
    }

    /**
     * @param entries of the log replayed, gold standards included
     * @param candidates compared
     * @param differences how many of them differ in any bit of a posterior, in votes, outcome or answer
     * @param maxDifference the largest difference of a probability
     */
    public record Verification(long entries, long candidates, long differences, double maxDifference) {}

    /** Takes the time of a replay: minutes for a million votes. Votes go on meanwhile. */
    public Verification verify(long workflowId) {
        return QuarkusTransaction.requiringNew().timeout(TRANSACTION_SECONDS).call(() -> verifyOneSnapshot(workflowId));
    }

    /** A gold standard or a refit: what the order holds besides classifications. */
    private record Mark(long position, long candidate, int gold, Instant at) {}

    private Verification verifyOneSnapshot(long workflowId) {
        // One snapshot for log and store: else votes that come meanwhile would look like differences.
        sql.with(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY");
            }
            return Connection.TRANSACTION_REPEATABLE_READ;
        });
        Place place = store.place(workflowId);
        WorkflowConsensus rebuilt = replay(workflowId, place);
        long[] counts = new long[2];
        double[] largest = new double[1];
        Set<Long> unseen = new HashSet<>(rebuilt.standings().keySet());
        store.forEach(workflowId, row -> {
            if (row.getBytes("state") == null) {
                return;
            }
            long candidate = row.getLong("candidate_id");
            counts[0]++;
            unseen.remove(candidate);
            Standing expected = rebuilt.standings().get(candidate);
            double[] crowd = Sql.doubles(row, "crowd");
            double[] combined = Sql.doubles(row, "combined");
            if (expected == null) {
                counts[1]++;
                largest[0] = 1;
                return;
            }
            largest[0] = Math.max(largest[0], distance(expected.crowd(), crowd));
            largest[0] = Math.max(largest[0], distance(expected.combined(), combined));
            boolean same = Arrays.equals(expected.crowd(), crowd)
                    && Arrays.equals(expected.combined(), combined)
                    && expected.votes() == row.getInt("votes")
                    && expected.answer() == row.getInt("answer")
                    && expected.outcome().equals(row.getString("outcome"));
            counts[1] += same ? 0 : 1;
        });
        return new Verification(
                place.position(),
                counts[0] + unseen.size(),
                counts[1] + unseen.size(),
                unseen.isEmpty() ? largest[0] : 1);
    }

    /** Applies the whole log up to {@code end} to a new state machine. */
    WorkflowConsensus replay(long workflowId, Place end) {
        WorkflowConsensus rebuilt = new WorkflowConsensus(store.classes(workflowId), store.rulesOf(workflowId));
        Deque<Mark> marks = new ArrayDeque<>(marks(workflowId));
        LogPosition at = LogPosition.START;
        boolean more = true;
        while (more) {
            List<ClassificationRecorded> page = new ArrayList<>();
            for (ClassificationRecorded entry : log.after(workflowId, at, PAGE)) {
                if (entry.position().compareTo(end.log()) <= 0) {
                    page.add(entry);
                }
            }
            more = page.size() == PAGE;
            Set<Long> candidates = new HashSet<>();
            page.forEach(entry -> candidates.add(entry.candidateId()));
            Map<Long, Boolean> evaluation = store.evaluation(candidates);
            for (ClassificationRecorded entry : page) {
                applyMarks(rebuilt, marks);
                rebuilt.apply(entry, evaluation.getOrDefault(entry.candidateId(), false));
                at = entry.position();
                rebuilt.takeChanges();
            }
        }
        applyMarks(rebuilt, marks);
        return rebuilt;
    }

    /** Applies the gold standards and refits whose place is next. */
    private void applyMarks(WorkflowConsensus rebuilt, Deque<Mark> marks) {
        while (!marks.isEmpty() && marks.peek().position == rebuilt.position() + 1) {
            Mark mark = marks.remove();
            if (mark.candidate == WorkflowConsensus.EVERYTHING) {
                rebuilt.refit(mark.at);
            } else {
                boolean evaluation = store.evaluation(List.of(mark.candidate)).getOrDefault(mark.candidate, false);
                rebuilt.gold(mark.candidate, mark.gold, evaluation, mark.at);
            }
            rebuilt.takeChanges();
        }
    }

    private List<Mark> marks(long workflowId) {
        return sql.query(
                "SELECT position, candidate_id, crowd, created_at FROM consensus_step WHERE workflow_id = ?"
                        + " AND (kind = 'gold' OR kind = 'refit' AND candidate_id = 0) ORDER BY position",
                row -> new Mark(
                        row.getLong("position"),
                        row.getLong("candidate_id"),
                        // The posterior of a gold standard is certain: its class is where the 1 stands.
                        certain(Sql.doubles(row, "crowd")),
                        Sql.instant(row, "created_at")),
                workflowId);
    }

    private static int certain(double[] crowd) {
        for (int k = 0; k < crowd.length; k++) {
            if (crowd[k] == 1) {
                return k;
            }
        }
        return -1;
    }

    private static double distance(double[] one, double[] other) {
        if (one.length != other.length) {
            return 1;
        }
        double largest = 0;
        for (int k = 0; k < one.length; k++) {
            largest = Math.max(largest, Math.abs(one[k] - other[k]));
        }
        return largest;
    }
}
