package org.skysieve.platform;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class OutboxRelayTest {
    /** An event that only these tests know. */
    public record Knocked(String who) {}

    /** Found by the relay as any room's consumer. */
    @ApplicationScoped
    static class Listener implements OutboxConsumer<Knocked> {
        final List<String> heard = new CopyOnWriteArrayList<>();

        @Override
        public String name() {
            return "test.listener";
        }

        @Override
        public Class<Knocked> eventType() {
            return Knocked.class;
        }

        @Override
        public void accept(List<Knocked> events) {
            events.forEach(event -> heard.add(event.who()));
        }

        List<String> heard() {
            return heard;
        }
    }

    @Inject
    Outbox outbox;

    @Inject
    OutboxRelay relay;

    @Inject
    Listener listener;

    @Inject
    Doorbell doorbell;

    @Inject
    Sql sql;

    private void knock(String who) {
        QuarkusTransaction.requiringNew().run(() -> outbox.publish(new Knocked(who)));
    }

    @Test
    void whatIsCommittedReachesTheRoomsByItself() {
        knock("a");
        knock("b");

        await().until(() -> listener.heard().containsAll(List.of("a", "b")));
        assertThat(listener.heard().indexOf("a")).isLessThan(listener.heard().indexOf("b"));
        assertThat(relay.isAlive()).isTrue();
        assertThat(relay.lagSeconds()).containsKey("test.listener");
    }

    @Test
    void purgingSparesWhatIsYoungOrUndelivered() {
        knock("young");
        knock("old");
        await().until(() -> listener.heard().containsAll(List.of("young", "old")));
        sql.update("UPDATE outbox SET created_at = now() - interval '2 hours' WHERE payload->>'who' = 'old'");
        sql.update("INSERT INTO outbox (event_type, payload, created_at)"
                + " VALUES ('NobodyReads', '{}', now() - interval '2 hours'),"
                + " ('NobodyReads', '{\"old\": true}', now() - interval '31 days')");

        relay.purge();

        List<String> left = sql.query(
                "SELECT coalesce(payload->>'who', payload::text) FROM outbox"
                        + " WHERE payload->>'who' IN ('young', 'old') OR event_type = 'NobodyReads'",
                row -> row.getString(1));
        assertThat(left).containsExactlyInAnyOrder("young", "{}");
        sql.update("DELETE FROM outbox WHERE event_type = 'NobodyReads'");
    }

    @Test
    void theDoorbellRingsAfterTheCommitOnly() throws Exception {
        ExecutorService waiting = Executors.newSingleThreadExecutor();
        try (Doorbell.Bell bell = doorbell.listen("test")) {
            QuarkusTransaction.requiringNew().run(() -> {
                doorbell.ring("test");
                assertThat(rang(bell, Duration.ofMillis(20))).isFalse();
            });
            assertThat(rang(bell, Duration.ofSeconds(5))).isTrue();

            QuarkusTransaction.begin();
            doorbell.ring("test");
            QuarkusTransaction.rollback();
            assertThat(rang(bell, Duration.ofMillis(20))).isFalse();

            Future<Boolean> waiter = waiting.submit(() -> bell.await(Duration.ofSeconds(20)));
            doorbell.ring("test");
            assertThat(waiter.get(5, TimeUnit.SECONDS)).isTrue();
        } finally {
            waiting.shutdownNow();
        }
    }

    private static boolean rang(Doorbell.Bell bell, Duration timeout) {
        try {
            return bell.await(timeout);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
