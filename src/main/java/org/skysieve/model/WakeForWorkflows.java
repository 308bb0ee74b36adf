package org.skysieve.model;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Doorbell;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.WorkflowCreated;

/** A new workflow wants its first model at once. */
@ApplicationScoped
class WakeForWorkflows implements OutboxConsumer<WorkflowCreated> {
    private final Doorbell doorbell;

    WakeForWorkflows(Doorbell doorbell) {
        this.doorbell = doorbell;
    }

    @Override
    public String name() {
        return "model.workflows";
    }

    @Override
    public Class<WorkflowCreated> eventType() {
        return WorkflowCreated.class;
    }

    @Override
    public void accept(List<WorkflowCreated> events) {
        doorbell.ring(Training.TOPIC);
    }
}
