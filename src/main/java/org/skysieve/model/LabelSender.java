package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;

import org.skysieve.platform.RetryLater;

/**
 * Sends labels over the channel {@code consensus-labels-out} and waits until each was taken. Called by the outbox's
 * consumers: what was not acknowledged is sent again, so a label may come twice but is never lost.
 */
@ApplicationScoped
class LabelSender {
    /** Fewer than the emitter buffers, so sending never overflows. */
    private static final int AT_ONCE = 64;

    private static final int PATIENCE_SECONDS = 30;

    private final Emitter<String> emitter;
    private final ObjectMapper json;

    LabelSender(@Channel("consensus-labels-out") Emitter<String> emitter, ObjectMapper json) {
        this.emitter = emitter;
        this.json = json;
    }

    /** @throws RetryLater if the channel refused a label, or did not take it within 30 seconds */
    void send(List<ConsensusLabel> labels) {
        for (int from = 0; from < labels.size(); from += AT_ONCE) {
            List<CompletableFuture<Void>> taken = new ArrayList<>();
            for (ConsensusLabel label : labels.subList(from, Math.min(labels.size(), from + AT_ONCE))) {
                taken.add(send(label));
            }
            await(CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)));
        }
    }

    private CompletableFuture<Void> send(ConsensusLabel label) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        Message<String> message = Message.of(
                        write(label),
                        () -> {
                            taken.complete(null);
                            return CompletableFuture.completedFuture(null);
                        },
                        reason -> {
                            taken.completeExceptionally(reason);
                            return CompletableFuture.completedFuture(null);
                        })
                // Labels of one candidate stay in order on Kafka; other connectors ignore the key.
                .addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey(label.workflowId() + ":" + label.candidateId())
                        .build());
        emitter.send(message);
        return taken;
    }

    private static void await(CompletableFuture<Void> taken) {
        try {
            taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLater("consensus-labels-out: interrupted while sending", e);
        } catch (ExecutionException e) {
            throw new RetryLater("consensus-labels-out: a label was refused", e);
        } catch (TimeoutException e) {
            throw new RetryLater("consensus-labels-out: no acknowledgement within " + PATIENCE_SECONDS + " s", e);
        }
    }

    private String write(ConsensusLabel label) {
        try {
            return json.writeValueAsString(label);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the label of candidate " + label.candidateId(), e);
        }
    }
}
