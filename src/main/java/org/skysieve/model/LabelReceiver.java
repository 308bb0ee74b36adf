package org.skysieve.model;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.reactive.messaging.annotations.Blocking;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

import org.skysieve.platform.Doorbell;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Takes labels from the channel {@code consensus-labels-in} into the training set, one after the other. A message that
 * makes no sense is logged and dropped: it would make none the next time either.
 */
@ApplicationScoped
class LabelReceiver {
    private static final Logger LOG = Logger.getLogger(LabelReceiver.class);

    private final TrainingLabels labels;
    private final Workflows workflows;
    private final Doorbell doorbell;
    private final ObjectMapper json;

    LabelReceiver(TrainingLabels labels, Workflows workflows, Doorbell doorbell, ObjectMapper json) {
        this.labels = labels;
        this.workflows = workflows;
        this.doorbell = doorbell;
        this.json = json;
    }

    @Incoming("consensus-labels-in")
    @Blocking
    void receive(String message) {
        ConsensusLabel label;
        try {
            label = json.readValue(message, ConsensusLabel.class);
        } catch (JsonProcessingException e) {
            LOG.warnf("Dropped an unreadable label: reason=\"%s\"", e.getOriginalMessage());
            return;
        }
        Optional<WorkflowView> workflow = workflows.find(label.workflowId());
        if (workflow.isEmpty() || !fits(label, workflow.get().classes())) {
            LOG.warnf(
                    "Dropped a label that fits no workflow: workflow=%d candidate=%d classes=%d source=%s",
                    label.workflowId(), label.candidateId(), label.target().size(), label.source());
            return;
        }
        if (labels.take(label)) {
            doorbell.ring(Training.TOPIC);
        }
    }

    private static boolean fits(ConsensusLabel label, int classes) {
        boolean known = ConsensusLabel.CROWD.equals(label.source()) || ConsensusLabel.GOLD.equals(label.source());
        if (label.withdrawn()) {
            return known;
        }
        double sum = 0;
        for (double p : label.target()) {
            sum += p >= 0 ? p : Double.NaN;
        }
        return known && label.target().size() == classes && Math.abs(sum - 1) < 1e-3;
    }
}
