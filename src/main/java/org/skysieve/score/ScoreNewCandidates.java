package org.skysieve.score;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidatesAdded;
import org.skysieve.platform.Doorbell;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Puts new candidates before the scorer, which works at its own pace outside the relay's transaction. */
@ApplicationScoped
class ScoreNewCandidates implements OutboxConsumer<CandidatesAdded> {
    private final Workflows workflows;
    private final Sql sql;
    private final Doorbell doorbell;

    ScoreNewCandidates(Workflows workflows, Sql sql, Doorbell doorbell) {
        this.workflows = workflows;
        this.sql = sql;
        this.doorbell = doorbell;
    }

    @Override
    public String name() {
        return "score.candidates";
    }

    @Override
    public Class<CandidatesAdded> eventType() {
        return CandidatesAdded.class;
    }

    @Override
    public void accept(List<CandidatesAdded> events) {
        SortedMap<Long, TreeSet<Long>> byProject = new TreeMap<>();
        for (CandidatesAdded event : events) {
            byProject
                    .computeIfAbsent(event.projectId(), unused -> new TreeSet<>())
                    .addAll(event.candidateIds());
        }
        byProject.forEach((projectId, ids) -> {
            for (WorkflowView workflow : workflows.ofProject(projectId)) {
                sql.update(
                        "INSERT INTO score_pending (workflow_id, candidate_id) SELECT ?, id FROM unnest(?) AS new (id)"
                                + " ORDER BY id ON CONFLICT DO NOTHING",
                        workflow.id(),
                        ids);
            }
        });
        doorbell.ring(Scorer.TOPIC);
    }
}
