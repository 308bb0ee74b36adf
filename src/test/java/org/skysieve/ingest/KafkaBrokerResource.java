package org.skysieve.ingest;

import java.util.Map;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.reactive.messaging.kafka.companion.test.EmbeddedKafkaBroker;
import org.jspecify.annotations.Nullable;

/** A Kafka broker in this JVM, for the tests that name it. */
public final class KafkaBrokerResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable EmbeddedKafkaBroker broker;

    @Override
    public Map<String, String> start() {
        EmbeddedKafkaBroker started = new EmbeddedKafkaBroker()
                .withDeleteLogDirsOnClose(true)
                .withAdditionalProperties(properties -> properties.put("auto.create.topics.enable", "true"))
                .start();
        broker = started;
        return Map.of("kafka.bootstrap.servers", started.getAdvertisedListeners());
    }

    @Override
    public void stop() {
        if (broker != null) {
            broker.close();
        }
    }
}
