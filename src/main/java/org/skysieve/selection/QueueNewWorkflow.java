package org.skysieve.selection;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.WorkflowCreated;

/** A new workflow asks about all candidates that its project has. */
@ApplicationScoped
class QueueNewWorkflow implements OutboxConsumer<WorkflowCreated> {
    private final Queue queue;

    QueueNewWorkflow(Queue queue) {
        this.queue = queue;
    }

    @Override
    public String name() {
        return "selection.workflows";
    }

    @Override
    public Class<WorkflowCreated> eventType() {
        return WorkflowCreated.class;
    }

    @Override
    public void accept(List<WorkflowCreated> events) {
        events.forEach(event -> queue.rebuild(event.workflowId(), event.projectId()));
    }
}
