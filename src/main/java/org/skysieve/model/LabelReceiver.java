package org.skysieve.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.reactive.messaging.annotations.Blocking;
import org.eclipse.microprofile.reactive.messaging.Acknowledgment;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Doorbell;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Takes labels from the channel {@code consensus-labels-in} into the training set, in their order, those that have come in
 * one transaction; a message is acknowledged once its label is committed. A message that makes no sense is logged and
 * dropped: it would make none the next time either.
 *
 * <pre>
 *   channel -> waiting (at most 256; then the channel waits) -> one thread: up to 256 -> commit -> acknowledged
 * </pre>
 */
@ApplicationScoped
class LabelReceiver {
    private static final int MOST = 256;
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Logger LOG = Logger.getLogger(LabelReceiver.class);

    private final TrainingLabels labels;
    private final Workflows workflows;
    private final Doorbell doorbell;
    private final ObjectMapper json;
    private final BlockingQueue<Message<String>> waiting = new ArrayBlockingQueue<>(MOST);
    private @Nullable Thread thread;

    LabelReceiver(TrainingLabels labels, Workflows workflows, Doorbell doorbell, ObjectMapper json) {
        this.labels = labels;
        this.workflows = workflows;
        this.doorbell = doorbell;
        this.json = json;
    }

    void start(@Observes StartupEvent event) {
        Thread worker = new Thread(this::work, "labels");
        worker.setDaemon(true);
        thread = worker;
        worker.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        Thread worker = thread;
        if (worker != null) {
            worker.interrupt();
            worker.join(PATIENCE.toMillis());
        }
    }

    @Incoming("consensus-labels-in")
    @Acknowledgment(Acknowledgment.Strategy.MANUAL)
    @Blocking
    CompletionStage<Void> receive(Message<String> message) throws InterruptedException {
        waiting.put(message);
        return CompletableFuture.completedFuture(null);
    }

    private void work() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                List<Message<String>> batch = new ArrayList<>();
                batch.add(waiting.take());
                waiting.drainTo(batch, MOST - 1);
                takeAll(batch);
            }
        } catch (InterruptedException e) {
            // What was not acknowledged is sent again.
            Thread.currentThread().interrupt();
        }
    }

    private void takeAll(List<Message<String>> batch) {
        try {
            take(batch.stream().map(Message::getPayload).toList());
            batch.forEach(Message::ack);
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                batch.get(0).nack(e);
            } else {
                // One of them may be at fault: each for itself. Nothing of the batch was written.
                batch.forEach(each -> takeAll(List.of(each)));
            }
        }
    }

    /** Takes labels in, in their order. */
    void take(List<String> messages) {
        Map<Long, Optional<WorkflowView>> known = new HashMap<>();
        List<ConsensusLabel> sound = new ArrayList<>();
        for (String message : messages) {
            read(message, known).ifPresent(sound::add);
        }
        if (!sound.isEmpty() && labels.take(sound)) {
            doorbell.ring(Training.TOPIC);
        }
    }

    private Optional<ConsensusLabel> read(String message, Map<Long, Optional<WorkflowView>> known) {
        ConsensusLabel label;
        try {
            label = json.readValue(message, ConsensusLabel.class);
        } catch (JsonProcessingException e) {
            LOG.warnf("Dropped an unreadable label: reason=\"%s\"", e.getOriginalMessage());
            return Optional.empty();
        }
        Optional<WorkflowView> workflow = known.computeIfAbsent(label.workflowId(), workflows::find);
        if (workflow.isEmpty() || !fits(label, workflow.get().classes())) {
            LOG.warnf(
                    "Dropped a label that fits no workflow: workflow=%d candidate=%d classes=%d source=%s",
                    label.workflowId(), label.candidateId(), label.target().size(), label.source());
            return Optional.empty();
        }
        return Optional.of(label);
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
