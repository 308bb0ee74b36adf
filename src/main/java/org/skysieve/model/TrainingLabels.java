package org.skysieve.model;

import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.platform.Sql;

/** The labels that came over the channel: one a candidate and workflow, the newest. */
@ApplicationScoped
class TrainingLabels {
    private final Sql sql;
    private final Clock clock;

    TrainingLabels(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** @param evaluation whether the candidate belongs to the frozen sample that no model learns from */
    record Labelled(long candidateId, long skyObjectId, double[] target, String source, boolean evaluation) {}

    private static final String WITHDRAW = """
            DELETE FROM training_label l USING unnest(?::bigint[], ?::bigint[], ?::text[])
                AS n (workflow_id, candidate_id, source)
            WHERE l.workflow_id = n.workflow_id AND l.candidate_id = n.candidate_id AND l.source = n.source
            """;
    private static final String INSERT = """
            INSERT INTO training_label (workflow_id, candidate_id, target, source, received_at)
            SELECT n.workflow_id, c.id, n.target::double precision[], n.source, ?
            FROM unnest(?::bigint[], ?::bigint[], ?::text[], ?::text[]) AS n (workflow_id, candidate_id, source, target)
            JOIN candidate c ON c.id = n.candidate_id
            ORDER BY n.workflow_id, c.id
            ON CONFLICT (workflow_id, candidate_id) DO UPDATE SET target = excluded.target,
                source = excluded.source, received_at = excluded.received_at
            WHERE (training_label.source <> 'gold' OR excluded.source = 'gold')
              AND (training_label.target, training_label.source) IS DISTINCT FROM (excluded.target, excluded.source)
            """;

    private record Key(long workflowId, long candidateId) {}

    /**
     * Takes messages in, in their order and in one transaction; the same message again changes nothing.
     *
     * @return whether anything changed
     */
    @Transactional
    boolean take(List<ConsensusLabel> labels) {
        boolean changed = false;
        Map<Key, ConsensusLabel> apart = new LinkedHashMap<>();
        for (ConsensusLabel label : labels) {
            // Labels of different candidates have no order; a second of the same candidate waits for the first.
            if (apart.putIfAbsent(new Key(label.workflowId(), label.candidateId()), label) != null) {
                changed |= write(apart.values());
                apart.clear();
                apart.put(new Key(label.workflowId(), label.candidateId()), label);
            }
        }
        return changed | write(apart.values());
    }

    /** As {@link #take(List)}, of one. */
    boolean take(ConsensusLabel label) {
        return write(List.of(label));
    }

    private boolean write(Collection<ConsensusLabel> apart) {
        List<ConsensusLabel> withdrawn =
                apart.stream().filter(ConsensusLabel::withdrawn).toList();
        List<ConsensusLabel> held =
                apart.stream().filter(label -> !label.withdrawn()).toList();
        int changed = withdrawn.isEmpty()
                ? 0
                : sql.update(WITHDRAW, workflows(withdrawn), candidates(withdrawn), sources(withdrawn));
        changed += held.isEmpty()
                ? 0
                : sql.update(
                        INSERT,
                        clock.instant(),
                        workflows(held),
                        candidates(held),
                        sources(held),
                        // As PostgreSQL writes an array: unnest would flatten an array of arrays.
                        held.stream()
                                .map(label -> label.target()
                                        .toString()
                                        .replace('[', '{')
                                        .replace(']', '}'))
                                .toArray(String[]::new));
        return changed > 0;
    }

    private static long[] workflows(List<ConsensusLabel> labels) {
        return labels.stream().mapToLong(ConsensusLabel::workflowId).toArray();
    }

    private static long[] candidates(List<ConsensusLabel> labels) {
        return labels.stream().mapToLong(ConsensusLabel::candidateId).toArray();
    }

    private static String[] sources(List<ConsensusLabel> labels) {
        return labels.stream().map(ConsensusLabel::source).toArray(String[]::new);
    }

    /** Labels received after a time; all without one. */
    int countSince(long workflowId, Optional<Instant> since) {
        return sql.one(
                "SELECT count(*) FROM training_label WHERE workflow_id = ? AND received_at > ?",
                row -> row.getInt(1),
                workflowId,
                since.orElse(Instant.EPOCH));
    }

    /** The newest labels, in the order of candidates: of the evaluation sample, or of all others. */
    List<Labelled> newest(long workflowId, boolean evaluation, int limit) {
        return sql.query(
                "SELECT * FROM (SELECT l.candidate_id, c.sky_object_id, l.target, l.source, c.evaluation"
                        + " FROM training_label l JOIN candidate c ON c.id = l.candidate_id"
                        + " WHERE l.workflow_id = ? AND c.evaluation = ? ORDER BY l.received_at DESC, l.candidate_id"
                        + " LIMIT ?) newest ORDER BY candidate_id",
                row -> new Labelled(
                        row.getLong("candidate_id"),
                        row.getLong("sky_object_id"),
                        Sql.doubles(row, "target"),
                        row.getString("source"),
                        row.getBoolean("evaluation")),
                workflowId,
                evaluation,
                limit);
    }
}
