package org.skysieve.model;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

import org.skysieve.platform.Acknowledged;

/** Sends labels over the channel {@code consensus-labels-out} and waits until each was taken. */
@ApplicationScoped
class LabelSender {
    private final Emitter<String> emitter;
    private final ObjectMapper json;

    LabelSender(@Channel("consensus-labels-out") Emitter<String> emitter, ObjectMapper json) {
        this.emitter = emitter;
        this.json = json;
    }

    /** @throws org.skysieve.platform.RetryLater if the channel refused a label, or did not take it in time */
    void send(List<ConsensusLabel> labels) {
        Acknowledged.send(
                emitter,
                "consensus-labels-out",
                labels.stream()
                        .map(label ->
                                new Acknowledged.Keyed(label.workflowId() + ":" + label.candidateId(), write(label)))
                        .toList());
    }

    private String write(ConsensusLabel label) {
        try {
            return json.writeValueAsString(label);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the label of candidate " + label.candidateId(), e);
        }
    }
}
