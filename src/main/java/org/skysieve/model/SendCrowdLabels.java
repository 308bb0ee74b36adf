package org.skysieve.model;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.consensus.CandidateRetired;
import org.skysieve.platform.OutboxConsumer;

/** Retired candidates become labels: the posterior of the votes alone, so that no model learns from a model. */
@ApplicationScoped
class SendCrowdLabels implements OutboxConsumer<CandidateRetired> {
    private final LabelSender sender;

    SendCrowdLabels(LabelSender sender) {
        this.sender = sender;
    }

    @Override
    public String name() {
        return "model.crowd-labels";
    }

    @Override
    public Class<CandidateRetired> eventType() {
        return CandidateRetired.class;
    }

    @Override
    public void accept(List<CandidateRetired> events) {
        sender.send(events.stream()
                .map(event -> new ConsensusLabel(
                        event.workflowId(),
                        event.candidateId(),
                        event.crowd(),
                        ConsensusLabel.CROWD,
                        event.outcome().equals("open")))
                .toList());
    }
}
