package org.skysieve.platform;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import java.util.stream.IntStream;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

class InternalConnectorTest {
    private final InternalConnector connector = new InternalConnector();
    private final List<Message<?>> received = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void stop() {
        connector.stop();
    }

    private static Config config(String channel, String topic, int capacity) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(
                        Map.of("channel-name", channel, "topic", topic, "capacity", String.valueOf(capacity)),
                        "test",
                        100))
                .build();
    }

    @SuppressWarnings("unchecked")
    private void connectSender(Multi<Message<?>> messages, int capacity) {
        messages.subscribe()
                .withSubscriber((Flow.Subscriber<Message<?>>) connector.getSubscriber(config("out", "t", capacity)));
    }

    private void connectReceiver() {
        Multi.createFrom()
                .publisher(connector.getPublisher(config("in", "t", 1)))
                .subscribe()
                .with(received::add);
    }

    private static Message<Integer> message(int number, CompletableFuture<Integer> acked) {
        return Message.of(
                number,
                () -> {
                    acked.complete(number);
                    return CompletableFuture.completedFuture(null);
                },
                reason -> {
                    acked.completeExceptionally(reason);
                    return CompletableFuture.completedFuture(null);
                });
    }

    @Test
    void messagesArriveInOrderAlsoWhenTheReceiverComesLater() {
        connectSender(Multi.createFrom().range(0, 100).map(Message::of), 128);
        connectReceiver();

        await().until(() -> received.size() == 100);
        assertThat(received.stream().<Object>map(Message::getPayload).toList())
                .isEqualTo(IntStream.range(0, 100).boxed().toList());
    }

    @Test
    void theReceiversAckAndNackReachTheSender() {
        List<CompletableFuture<Integer>> acks = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        connectSender(Multi.createFrom().range(0, 2).map(i -> message(i, acks.get(i))), 128);
        connectReceiver();
        await().until(() -> received.size() == 2);
        assertThat(acks).noneMatch(CompletableFuture::isDone);

        received.get(0).ack();
        received.get(1).nack(new IllegalStateException("no"));

        assertThat(acks.get(0).join()).isEqualTo(0);
        assertThatThrownBy(acks.get(1)::join)
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no");
    }

    @Test
    void noMoreThanTheCapacityIsOnItsWay() {
        List<MultiEmitter<? super Message<?>>> emitters = new ArrayList<>();
        List<Long> asked = Collections.synchronizedList(new ArrayList<>());
        Multi<Message<?>> source = Multi.createFrom()
                .<Message<?>>emitter(emitters::add)
                .onRequest()
                .invoke(asked::add);
        connectSender(source, 3);
        connectReceiver();
        IntStream.range(0, 3).forEach(i -> emitters.get(0).emit(Message.of(i)));
        await().until(() -> received.size() == 3);
        assertThat(asked).containsExactly(3L);

        received.get(0).ack();

        assertThat(asked).containsExactly(3L, 1L);
    }

    @Test
    void messagesAreHandledOnTheTopicsThread() {
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        Multi.createFrom()
                .publisher(connector.getPublisher(config("in", "t", 1)))
                .subscribe()
                .with(message -> threads.add(Thread.currentThread().getName()));
        connectSender(Multi.createFrom().range(0, 3).map(Message::of), 128);

        await().until(() -> threads.size() == 3);
        assertThat(threads).containsOnly("channel-t");
    }

    @Test
    void aSecondReceiverIsRefused() {
        connectReceiver();

        assertThatThrownBy(() -> connector.getPublisher(config("in2", "t", 1)).subscribe(null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("topic t has a receiver; a second would steal messages");
    }
}
