package org.skysieve.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Sends over a channel and waits until everything was taken. For the outbox's consumers: what was not acknowledged is
 * sent again, so a message may come twice but is never lost.
 */
public final class Acknowledged {
    /** Fewer than an emitter buffers, so sending never overflows. */
    private static final int AT_ONCE = 64;

    private static final int PATIENCE_SECONDS = 30;

    private Acknowledged() {}

    /** @param key messages of one key stay in order on Kafka; other connectors ignore it */
    public record Keyed(String key, String body) {}

    /**
     * @param channel for what is said of a failure
     * @throws RetryLater if the channel refused a message, or did not take it within 30 seconds
     */
    public static void send(Emitter<String> emitter, String channel, List<Keyed> messages) {
        for (int from = 0; from < messages.size(); from += AT_ONCE) {
            List<CompletableFuture<Void>> taken = new ArrayList<>();
            for (Keyed message : messages.subList(from, Math.min(messages.size(), from + AT_ONCE))) {
                taken.add(send(emitter, message));
            }
            await(channel, CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)));
        }
    }

    private static CompletableFuture<Void> send(Emitter<String> emitter, Keyed message) {
        CompletableFuture<Void> taken = new CompletableFuture<>();
        emitter.send(Message.of(
                        message.body,
                        () -> {
                            taken.complete(null);
                            return CompletableFuture.completedFuture(null);
                        },
                        reason -> {
                            taken.completeExceptionally(reason);
                            return CompletableFuture.completedFuture(null);
                        })
                .addMetadata(OutgoingKafkaRecordMetadata.<String>builder()
                        .withKey(message.key)
                        .build()));
        return taken;
    }

    private static void await(String channel, CompletableFuture<Void> taken) {
        try {
            taken.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetryLater(channel + ": interrupted while sending", e);
        } catch (ExecutionException e) {
            throw new RetryLater(channel + ": a message was refused", e);
        } catch (TimeoutException e) {
            throw new RetryLater(channel + ": no acknowledgement within " + PATIENCE_SECONDS + " s", e);
        }
    }
}
