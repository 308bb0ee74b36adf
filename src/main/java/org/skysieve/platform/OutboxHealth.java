package org.skysieve.platform;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Shows how far each consumer is behind, in seconds. Down only when the relay itself has died: lag alone is work. */
@Readiness
@ApplicationScoped
class OutboxHealth implements HealthCheck {
    private final OutboxRelay relay;

    OutboxHealth(OutboxRelay relay) {
        this.relay = relay;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response =
                HealthCheckResponse.named("outbox").status(relay.isAlive());
        relay.lagSeconds().forEach((consumer, lag) -> response.withData(consumer + " lag seconds", Math.round(lag)));
        return response.build();
    }
}
