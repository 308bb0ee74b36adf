package org.skysieve.selection;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidatesAdded;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** New candidates join the queue of every workflow of their project. */
@ApplicationScoped
class QueueNewCandidates implements OutboxConsumer<CandidatesAdded> {
    private final Queue queue;
    private final Workflows workflows;

    QueueNewCandidates(Queue queue, Workflows workflows) {
        this.queue = queue;
        this.workflows = workflows;
    }

    @Override
    public String name() {
        return "selection.candidates";
    }

    @Override
    public Class<CandidatesAdded> eventType() {
        return CandidatesAdded.class;
    }

    @Override
    public void accept(List<CandidatesAdded> events) {
        SortedMap<Long, Set<Long>> byProject =
                Batches.by(events, CandidatesAdded::projectId, CandidatesAdded::candidateIds);
        byProject.forEach((projectId, ids) -> {
            for (WorkflowView workflow : workflows.ofProject(projectId)) {
                queue.refresh(workflow.id(), ids);
            }
        });
    }
}
