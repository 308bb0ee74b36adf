package org.skysieve.ingest;

import java.io.ByteArrayInputStream;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.smallrye.common.annotation.Blocking;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.alert.AlertReader;
import org.skysieve.project.Projects;

/**
 * Alerts from the channel {@code alerts-in}: each message one Avro container, as ZTF sends them over Kafka. Off unless
 * {@code mp.messaging.incoming.alerts-in.enabled=true}, with {@code skysieve.ingest.project} naming the project.
 *
 * <p>Messages come in batches and are acknowledged after the batch's transaction, so that each is seen at least once;
 * packets seen before change nothing. A message that is no alert becomes a dead letter and is acknowledged as well.
 */
@ApplicationScoped
class AlertChannel {
    private static final Logger LOG = Logger.getLogger(AlertChannel.class);

    /** While the database is away the batch is tried again: 0.1 s, 0.2 s, ... 10 s, some five minutes in all. */
    private static final int MAX_TRIES = 36;

    private static final long FIRST_PAUSE_MS = 100;
    private static final long LONGEST_PAUSE_MS = 10_000;

    private final Ingest ingest;
    private final Projects projects;
    private final IngestConfig config;
    private @Nullable IngestRun run;

    AlertChannel(Ingest ingest, Projects projects, IngestConfig config) {
        this.ingest = ingest;
        this.projects = projects;
        this.config = config;
    }

    /** Messages come on one thread at a time. */
    @Incoming("alerts-in")
    @Blocking
    synchronized void consume(ConsumerRecords<byte[], byte[]> messages) throws InterruptedException {
        long pause = FIRST_PAUSE_MS;
        for (int attempt = 1; ; attempt++) {
            try {
                IngestRun current = open();
                current.forget();
                for (ConsumerRecord<byte[], byte[]> message : messages) {
                    read(message, current);
                }
                current.flush();
                return;
            } catch (RuntimeException e) {
                if (attempt == MAX_TRIES) {
                    throw e;
                }
                LOG.warnf(
                        e,
                        "Alerts could not be stored, trying again: messages=%d attempt=%d",
                        messages.count(),
                        attempt);
                Thread.sleep(pause);
                pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
            }
        }
    }

    private static void read(ConsumerRecord<byte[], byte[]> message, IngestRun run) {
        byte[] alert = message.value();
        // A message without a body deletes a key in compacted topics; there is nothing to read.
        if (alert != null) {
            String source = message.topic() + "-" + message.partition() + "@" + message.offset();
            AlertReader.read(source, new ByteArrayInputStream(alert), run);
        }
    }

    private IngestRun open() {
        IngestRun open = run;
        if (open == null) {
            String slug = config.project()
                    .orElseThrow(() -> new IllegalStateException(
                            "channel alerts-in: skysieve.ingest.project is not set, need the slug of a project"));
            open = ingest.start(
                    projects.bySlug(slug).id(), "channel alerts-in", OptionalLong.empty(), IngestProgress.NONE);
            run = open;
        }
        return open;
    }
}
