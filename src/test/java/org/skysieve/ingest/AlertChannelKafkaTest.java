package org.skysieve.ingest;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import org.skysieve.candidate.Candidates;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.Projects;

import static org.assertj.core.api.Assertions.assertThat;

/** With a real broker in the same JVM. */
@QuarkusTest
@TestProfile(AlertChannelKafkaTest.WithKafka.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(KafkaBrokerResource.class)
class AlertChannelKafkaTest {
    public static final class WithKafka implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "mp.messaging.incoming.alerts-in.enabled", "true", "skysieve.ingest.project", "alerts-over-kafka");
        }
    }

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @Inject
    Candidates candidates;

    @Inject
    Projects projects;

    @Inject
    DeadLetters deadLetters;

    @Test
    void everyMessageBecomesACandidateOrADeadLetter() {
        long project = projects.create("alerts-over-kafka", "Alerts over Kafka", null, null, null)
                .id();

        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (byte[] message : List.of(
                    Nights.packet(1),
                    "rubbish".getBytes(StandardCharsets.UTF_8),
                    Nights.packet(2),
                    Nights.packet(1),
                    Nights.packet(3))) {
                producer.send(new ProducerRecord<>("alerts", message));
            }
        }

        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(candidates.count(project)).isEqualTo(3);
            assertThat(deadLetters.before(project, Long.MAX_VALUE, 5))
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.source()).isEqualTo("alerts-0@1"));
        });
    }
}
