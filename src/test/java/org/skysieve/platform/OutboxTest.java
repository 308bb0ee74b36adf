package org.skysieve.platform;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class OutboxTest {
    /** {@code run} keeps the tests apart; NaN must survive the way. */
    record Rang(String run, int number, List<Long> candidateIds, double mag) {}

    @Inject
    Outbox outbox;

    @Inject
    Sql sql;

    private final String run = UUID.randomUUID().toString();

    /** A consumer that must not see what other tests published starts where the log ends. */
    @BeforeEach
    void forgetOlderEvents() {
        sql.update("DELETE FROM outbox WHERE event_type = 'Rang'");
    }

    private Rang event(int number) {
        return new Rang(run, number, List.of(1L << 60, 2L), Double.NaN);
    }

    private void publish(int number) {
        QuarkusTransaction.requiringNew().run(() -> outbox.publish(event(number)));
    }

    private OutboxDelivery<Rang> delivery(Consumer<List<Rang>> accept) {
        String name = "test." + UUID.randomUUID();
        return deliveryNamed(name, accept);
    }

    private OutboxDelivery<Rang> deliveryNamed(String name, Consumer<List<Rang>> accept) {
        OutboxConsumer<Rang> consumer = new OutboxConsumer<>() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public Class<Rang> eventType() {
                return Rang.class;
            }

            @Override
            public void accept(List<Rang> events) {
                accept.accept(events);
            }
        };
        OutboxDelivery<Rang> delivery = new OutboxDelivery<>(consumer, sql, Clock.systemUTC(), Duration.ofSeconds(60));
        delivery.register();
        return delivery;
    }

    private static List<Integer> numbers(List<Rang> events) {
        return events.stream().map(Rang::number).toList();
    }

    @Test
    void eventsArriveOnceInOrderAsTheyWereSent() {
        List<Rang> seen = new ArrayList<>();
        OutboxDelivery<Rang> delivery = delivery(seen::addAll);
        IntStream.range(0, 10).forEach(this::publish);

        await().until(() -> delivery.step() == OutboxDelivery.Outcome.DELIVERED);

        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 10).mapToObj(this::event).toList());
        assertThat(delivery.step()).isEqualTo(OutboxDelivery.Outcome.IDLE);
    }

    @Test
    void anEventOfARolledBackTransactionNeverArrives() {
        List<Rang> seen = new ArrayList<>();
        OutboxDelivery<Rang> delivery = delivery(seen::addAll);

        assertThatThrownBy(() -> QuarkusTransaction.requiringNew().run(() -> {
                    outbox.publish(event(1));
                    throw new IllegalArgumentException("changed my mind");
                }))
                .hasMessageContaining("changed my mind");
        publish(2);

        await().until(() -> delivery.step() == OutboxDelivery.Outcome.DELIVERED);
        assertThat(numbers(seen)).containsExactly(2);
    }

    @Test
    void publishingWithoutATransactionIsRefused() {
        assertThatThrownBy(() -> outbox.publish(event(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("outbox: event Rang needs an active transaction");
    }

    @Test
    void aTransactionThatCommitsAfterALaterOneIsNotSkipped() throws Exception {
        List<Rang> seen = new ArrayList<>();
        OutboxDelivery<Rang> delivery = delivery(seen::addAll);
        CountDownLatch earlierHasWritten = new CountDownLatch(1);
        CountDownLatch laterHasCommitted = new CountDownLatch(1);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> earlier =
                    other.submit(() -> QuarkusTransaction.requiringNew().run(() -> {
                        outbox.publish(event(1));
                        earlierHasWritten.countDown();
                        await().until(() -> laterHasCommitted.await(30, TimeUnit.SECONDS));
                    }));
            assertThat(earlierHasWritten.await(30, TimeUnit.SECONDS)).isTrue();
            publish(2);

            // The later one has committed, with the larger id; reading it now would lose the earlier one for ever.
            assertThat(delivery.step()).isEqualTo(OutboxDelivery.Outcome.IDLE);
            laterHasCommitted.countDown();
            earlier.get(30, TimeUnit.SECONDS);
        } finally {
            other.shutdownNow();
        }

        await().until(() -> delivery.step() == OutboxDelivery.Outcome.DELIVERED);
        assertThat(numbers(seen)).containsExactly(1, 2);
    }

    @Test
    void concurrentWritersAndRelaysDeliverEachEventExactlyOnce() throws Exception {
        int writers = 4;
        int each = 50;
        String name = "test." + UUID.randomUUID();
        List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        ExecutorService pool = Executors.newFixedThreadPool(writers + 2);
        try {
            List<Future<?>> writing = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                int first = writer * each;
                writing.add(
                        pool.submit(() -> IntStream.range(first, first + each).forEach(this::publish)));
            }
            // Two relays, as of two processes.
            for (int relay = 0; relay < 2; relay++) {
                OutboxDelivery<Rang> delivery = deliveryNamed(name, events -> seen.addAll(numbers(events)));
                writing.add(pool.submit(() -> await().atMost(Duration.ofSeconds(60))
                        .pollInterval(Duration.ofMillis(5))
                        .until(() -> {
                            delivery.step();
                            return seen.size() >= writers * each;
                        })));
            }
            for (Future<?> work : writing) {
                work.get(90, TimeUnit.SECONDS);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(seen).hasSize(writers * each).doesNotHaveDuplicates();
        for (int writer = 0; writer < writers; writer++) {
            int first = writer * each;
            assertThat(seen.stream().filter(n -> n >= first && n < first + each).toList())
                    .as("events of one writer keep their order")
                    .isSorted();
        }
    }

    @Test
    void aPoisonEventIsSetAsideAndAllOthersArriveWithTheirEffects() {
        List<Integer> seen = new ArrayList<>();
        OutboxDelivery<Rang> delivery = delivery(events -> {
            if (numbers(events).contains(7)) {
                throw new IllegalStateException("seven");
            }
            seen.addAll(numbers(events));
        });
        QuarkusTransaction.requiringNew()
                .run(() -> IntStream.range(0, 20).forEach(number -> outbox.publish(event(number))));

        await().pollInterval(Duration.ofMillis(5)).until(() -> {
            delivery.step();
            return seen.size() == 19;
        });

        assertThat(seen)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).filter(n -> n != 7).boxed().toList());
        assertThat(delivery.dead()).isEqualTo(1);
        String dead = sql.one(
                "SELECT d.payload->>'number' || ' ' || d.error || ' ' || c.failures FROM outbox_dead d"
                        + " JOIN outbox_cursor c USING (consumer) WHERE consumer = ?",
                row -> row.getString(1),
                delivery.consumer().name());
        assertThat(dead).isEqualTo("7 java.lang.IllegalStateException: seven 1");
    }

    @Test
    void aConsumerThatMustWaitLosesNothingHoweverLong() {
        List<Integer> seen = new ArrayList<>();
        int[] failures = {0};
        OutboxDelivery<Rang> delivery = delivery(events -> {
            if (failures[0]++ < 30) {
                throw new RetryLater("the broker is away", new java.net.ConnectException());
            }
            seen.addAll(numbers(events));
        });
        publish(1);

        await().pollInterval(Duration.ofMillis(2)).until(() -> delivery.step() == OutboxDelivery.Outcome.DELIVERED);

        assertThat(seen).containsExactly(1);
        assertThat(failures[0]).isEqualTo(31);
        assertThat(delivery.dead()).isZero();
    }

    @Test
    void effectsOfAFailedBatchAreRolledBack() {
        String effect = "test.effect." + UUID.randomUUID();
        int[] calls = {0};
        OutboxDelivery<Rang> delivery = delivery(events -> {
            sql.update("INSERT INTO outbox_cursor (consumer, written_by, id) VALUES (?, '0', 0)", effect);
            if (calls[0]++ == 0) {
                throw new IllegalStateException("after the write");
            }
        });
        publish(1);

        await().until(() -> delivery.step() == OutboxDelivery.Outcome.DELIVERED);

        // A second insert of the same key would have failed.
        assertThat(calls[0]).isEqualTo(2);
        assertThat(sql.query("SELECT 1 FROM outbox_cursor WHERE consumer = ?", row -> 1, effect))
                .hasSize(1);
    }

    @Test
    void idsOfConcurrentCallersAreDistinct() throws Exception {
        Ids ids = new Ids(sql);
        ExecutorService pool = Executors.newFixedThreadPool(3);
        List<Long> all = new ArrayList<>();
        try {
            List<Future<long[]>> parts = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                parts.add(pool.submit(() -> ids.next("candidate_seq", 70)));
            }
            for (Future<long[]> part : parts) {
                long[] got = part.get(30, TimeUnit.SECONDS);
                assertThat(got).isSorted();
                LongStream.of(got).forEach(all::add);
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(all).hasSize(420).doesNotHaveDuplicates();
    }
}
