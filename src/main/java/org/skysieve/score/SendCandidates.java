package org.skysieve.score;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

import org.skysieve.candidate.CandidatesAdded;
import org.skysieve.platform.Acknowledged;
import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Sends new candidates with their cutouts over the channel {@code candidates-out} to external models, if
 * {@code skysieve.external.candidates} is set: one message a candidate and workflow that has such models. What was not
 * acknowledged is sent again, so a candidate may come twice but is never lost.
 */
@ApplicationScoped
class SendCandidates implements OutboxConsumer<CandidatesAdded> {
    private static final int AT_ONCE = 50;

    private final boolean wanted;
    private final Emitter<String> emitter;
    private final ExternalModels models;
    private final Workflows workflows;
    private final ObjectMapper json;

    SendCandidates(
            @ConfigProperty(name = "skysieve.external.candidates") boolean wanted,
            @Channel("candidates-out") Emitter<String> emitter,
            ExternalModels models,
            Workflows workflows,
            ObjectMapper json) {
        this.wanted = wanted;
        this.emitter = emitter;
        this.models = models;
        this.workflows = workflows;
        this.json = json;
    }

    /** A message. */
    record Sent(long workflowId, ExternalCandidate candidate) {}

    @Override
    public String name() {
        return "score.external-candidates";
    }

    @Override
    public Class<CandidatesAdded> eventType() {
        return CandidatesAdded.class;
    }

    @Override
    public void accept(List<CandidatesAdded> events) {
        if (!wanted) {
            return;
        }
        for (CandidatesAdded event : events) {
            for (WorkflowView workflow : workflows.ofProject(event.projectId())) {
                if (models.any(workflow.id())) {
                    send(workflow.id(), event.candidateIds());
                }
            }
        }
    }

    private void send(long workflowId, List<Long> ids) {
        // Cutouts are large: a few at a time.
        for (int from = 0; from < ids.size(); from += AT_ONCE) {
            Acknowledged.send(
                    emitter,
                    "candidates-out",
                    models.describe(ids.subList(from, Math.min(ids.size(), from + AT_ONCE)), true).stream()
                            .map(candidate -> new Acknowledged.Keyed(
                                    workflowId + ":" + candidate.candidateId(), write(new Sent(workflowId, candidate))))
                            .toList());
        }
    }

    private String write(Sent sent) {
        try {
            return json.writeValueAsString(sent);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write candidate " + sent.candidate.candidateId(), e);
        }
    }
}
