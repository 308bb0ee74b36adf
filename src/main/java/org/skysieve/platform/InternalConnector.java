package org.skysieve.platform;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.reactive.messaging.connector.InboundConnector;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorFactory;
import org.jspecify.annotations.Nullable;

/**
 * Channels inside one process: what is sent to a {@code topic} arrives at the incoming channel of that topic, in order,
 * on a thread of the topic's own (so never inside the sender's transaction). The receiver's ack or nack becomes the
 * sender's, so a sender that waits for the ack of {@code Emitter.send} knows that its message was handled.
 *
 * <p>At most {@code capacity} messages (128 unless configured) of an outgoing channel are on their way; the next waits
 * at the sender. Nothing is durable: pair it with the outbox, and what was not acked before a crash is sent again.
 * Attributes: {@code topic} (default: the channel's name), {@code capacity} (outgoing).
 */
@ApplicationScoped
@Connector(InternalConnector.NAME)
public class InternalConnector implements InboundConnector, OutboundConnector {
    public static final String NAME = "skysieve-internal";

    private static final int DEFAULT_CAPACITY = 128;

    private final Map<String, Topic> topics = new ConcurrentHashMap<>();

    @Override
    public Flow.Publisher<? extends Message<?>> getPublisher(Config config) {
        return topic(config);
    }

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config config) {
        int capacity = config.getOptionalValue("capacity", Integer.class).orElse(DEFAULT_CAPACITY);
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity: got " + capacity + ", need 1 or more");
        }
        return new Sender(topic(config), capacity);
    }

    @PreDestroy
    void stop() {
        topics.values().forEach(topic -> topic.thread.shutdownNow());
    }

    private Topic topic(Config config) {
        String channel = config.getValue(ConnectorFactory.CHANNEL_NAME_ATTRIBUTE, String.class);
        return topics.computeIfAbsent(
                config.getOptionalValue("topic", String.class).orElse(channel), Topic::new);
    }

    /** The outgoing side of one channel. */
    private static final class Sender implements Flow.Subscriber<Message<?>> {
        private final Topic topic;
        private final int capacity;
        private Flow.@Nullable Subscription upstream;

        private Sender(Topic topic, int capacity) {
            this.topic = topic;
            this.capacity = capacity;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            upstream = subscription;
            subscription.request(capacity);
        }

        @Override
        public void onNext(Message<?> message) {
            topic.add(message.withAck(() -> {
                        CompletionStage<Void> acked = message.ack();
                        admitNext();
                        return acked;
                    })
                    .withNack(reason -> {
                        CompletionStage<Void> nacked = message.nack(reason);
                        admitNext();
                        return nacked;
                    }));
        }

        private void admitNext() {
            if (upstream != null) {
                upstream.request(1);
            }
        }

        @Override
        public void onError(Throwable failure) {
            // The sender has ended; what it sent before is still on its way.
        }

        @Override
        public void onComplete() {
            // As above.
        }
    }

    /** The queue of a topic, as the publisher of its one incoming channel. */
    private static final class Topic implements Flow.Publisher<Message<?>>, Flow.Subscription {
        private final String name;
        private final ExecutorService thread;
        private final Queue<Message<?>> queue = new ArrayDeque<>(); // bounded by the senders' capacities
        private long demand;
        private Flow.@Nullable Subscriber<? super Message<?>> receiver;

        private Topic(String name) {
            this.name = name;
            this.thread = Executors.newSingleThreadExecutor(work -> {
                Thread worker = new Thread(work, "channel-" + name);
                worker.setDaemon(true);
                return worker;
            });
        }

        @Override
        public void subscribe(Flow.Subscriber<? super Message<?>> subscriber) {
            synchronized (this) {
                if (receiver != null) {
                    throw new IllegalStateException("topic " + name + " has a receiver; a second would steal messages");
                }
                receiver = subscriber;
                demand = 0;
            }
            subscriber.onSubscribe(this);
        }

        private void add(Message<?> message) {
            synchronized (this) {
                queue.add(message);
            }
            wake();
        }

        @Override
        public void request(long n) {
            synchronized (this) {
                demand = demand + n < 0 ? Long.MAX_VALUE : demand + n;
            }
            wake();
        }

        @Override
        public synchronized void cancel() {
            receiver = null;
        }

        private void wake() {
            try {
                thread.execute(this::drain);
            } catch (RejectedExecutionException e) {
                // Stopped: what is left was never acked and will be sent again after the next start.
            }
        }

        // Only on the topic's thread: that keeps the order.
        private void drain() {
            while (true) {
                Flow.Subscriber<? super Message<?>> to;
                Message<?> next;
                synchronized (this) {
                    to = receiver;
                    if (to == null || demand == 0 || queue.isEmpty()) {
                        return;
                    }
                    next = queue.remove();
                    demand--;
                }
                to.onNext(next);
            }
        }
    }
}
