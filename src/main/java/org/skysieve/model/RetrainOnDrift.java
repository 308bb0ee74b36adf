package org.skysieve.model;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.Workflows;

/** Asks for a training where a model has drifted and the workflow's rules want that. */
@ApplicationScoped
class RetrainOnDrift implements OutboxConsumer<ModelDrifted> {
    private final Training training;
    private final Workflows workflows;

    RetrainOnDrift(Training training, Workflows workflows) {
        this.training = training;
        this.workflows = workflows;
    }

    @Override
    public String name() {
        return "model.drift";
    }

    @Override
    public Class<ModelDrifted> eventType() {
        return ModelDrifted.class;
    }

    @Override
    public void accept(List<ModelDrifted> events) {
        for (ModelDrifted event : events) {
            if (workflows.byId(event.workflowId()).rules().retrainOnDrift()) {
                training.request(event.workflowId(), "drift of " + event.kinds());
            }
        }
    }
}
