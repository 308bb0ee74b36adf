package org.skysieve.score;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

import org.skysieve.candidate.Candidates;
import org.skysieve.ingest.KafkaBrokerResource;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.skysieve.engine.alert.AlertPackets.anAlert;

/** With a real broker in the same JVM. */
@QuarkusTest
@TestProfile(ExternalModelsKafkaTest.WithKafka.class)
@WithTestResource(PostgresResource.class)
@WithTestResource(KafkaBrokerResource.class)
class ExternalModelsKafkaTest {
    public static final class WithKafka implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "skysieve.external.candidates", "true",
                    "mp.messaging.outgoing.candidates-out.connector", "smallrye-kafka",
                    "mp.messaging.incoming.external-scores-in.connector", "smallrye-kafka");
        }
    }

    @ConfigProperty(name = "kafka.bootstrap.servers")
    String brokers;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    ExternalModels models;

    @Inject
    Sql sql;

    @Test
    void candidatesGoOutAndScoresComeIn() throws Exception {
        long project =
                projects.create("external-kafka", "Outside", null, null, null).id();
        WorkflowView workflow = workflows.create(
                project,
                "real",
                "Real?",
                "Is it real?",
                List.of(new AnswerOption("real", "Real", null), new AnswerOption("bogus", "Bogus", null)),
                Rules.DEFAULT);
        models.put(workflow, "remote", "", null, 0);

        long id = candidates
                .add(project, List.of(anAlert().withCandid(77).build()))
                .candidateIds()
                .get(0);
        JsonNode sent = receive();

        assertThat(sent.path("workflowId").asLong()).isEqualTo(workflow.id());
        assertThat(sent.path("candidate").path("candidateId").asLong()).isEqualTo(id);
        assertThat(sent.path("candidate")
                        .path("cutouts")
                        .path("science")
                        .path("pixels")
                        .asText())
                .isNotEmpty();

        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new StringSerializer(), new StringSerializer())) {
            String start =
                    "{\"workflowId\":\"" + workflow.id() + "\",\"model\":\"remote\",\"version\":\"2\",\"scores\":"
                            + "[{\"candidateId\":\"" + id + "\",\"probabilities\":{\"real\":";
            for (String body : List.of(
                    "rubbish",
                    start + "0.7,\"bogus\":0.7}}]}",
                    start + "0.75,\"bogus\":0.25},\"uncertainty\":0.1}]}")) {
                producer.send(new ProducerRecord<>("external-scores", body));
            }
        }

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(sql.query(
                                "SELECT probabilities[1] FROM external_score WHERE candidate_id = ? AND version = '2'",
                                row -> row.getFloat(1),
                                id))
                        .containsExactly(.75f));
    }

    private JsonNode receive() throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", brokers, "group.id", "remote-model", "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("candidates"));
            for (int i = 0; i < 60; i++) {
                for (ConsumerRecord<String, String> message : consumer.poll(Duration.ofSeconds(1))) {
                    return new ObjectMapper().readTree(message.value());
                }
            }
        }
        throw new AssertionError("no candidate came within a minute");
    }
}
