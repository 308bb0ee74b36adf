package org.skysieve.score;

import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.reactive.messaging.annotations.Blocking;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

import org.skysieve.platform.Problem;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Takes the scores of external models from the channel {@code external-scores-in}: the body of the REST call with
 * {@code workflowId} and {@code model} beside it. A message that makes no sense is logged and dropped: it would make none
 * the next time either.
 */
@ApplicationScoped
class ExternalScoresChannel {
    private static final Logger LOG = Logger.getLogger(ExternalScoresChannel.class);

    private final ExternalModels models;
    private final Workflows workflows;
    private final ObjectMapper json;

    ExternalScoresChannel(ExternalModels models, Workflows workflows, ObjectMapper json) {
        this.models = models;
        this.workflows = workflows;
        this.json = json;
    }

    @Incoming("external-scores-in")
    @Blocking
    void receive(String message) {
        try {
            JsonNode node = json.readTree(message);
            long workflowId = node.path("workflowId").asLong();
            Optional<WorkflowView> workflow = workflows.find(workflowId);
            if (workflow.isEmpty()) {
                LOG.warnf("Dropped external scores: workflowId: got %s", node.path("workflowId"));
                return;
            }
            models.take(workflow.get(), node.path("model").asText(), json.treeToValue(node, ExternalScores.class));
        } catch (JsonProcessingException e) {
            LOG.warnf("Dropped unreadable external scores: reason=\"%s\"", e.getOriginalMessage());
        } catch (Problem e) {
            LOG.warnf("Dropped external scores: %s", e.getMessage());
        }
    }
}
