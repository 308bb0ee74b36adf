package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.skysieve.ServerUnderTest;

import static org.assertj.core.api.Assertions.assertThat;

/** The promise of the log: what was acknowledged stays, counts once, and everything else can be rebuilt from it. */
class KillAndRestartIT {
    private static final int CANDIDATES = 300;

    @Test
    void killingTheServerWhilePeopleVoteLosesAndDoublesNothing(@TempDir Path folder) throws Exception {
        Path data = folder.resolve("data");
        ServerUnderTest server = ServerUnderTest.start(data, Map.of(), "serve", "--port", "0");
        try {
            int port = server.port();
            ServerApi admin = ServerApi.of(server.address(), token(data), Duration.ofSeconds(30));
            Simulation simulation = new Simulation(
                    new Simulation.Plan(CANDIDATES, 40, 3, 0, 0.05, 4, 0, 0.5, Map.of(), Duration.ofMinutes(5)), admin);
            CompletableFuture<SimulationReport> running = CompletableFuture.supplyAsync(() -> {
                try {
                    return simulation.run();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });

            for (int kill = 1; kill <= 2; kill++) {
                int enough = kill * 200;
                Awaitility.await()
                        .atMost(Duration.ofMinutes(5))
                        .until(() -> running.isDone() || simulation.acknowledgedVotes() >= enough);
                assertThat(running).as("killed in the middle").isNotDone();
                server.kill();
                server = ServerUnderTest.start(data, Map.of(), "serve", "--port", Integer.toString(port));
            }
            SimulationReport report = running.get(10, TimeUnit.MINUTES);

            assertThat(report.lostVotes()).isZero();
            assertThat(report.doubledVotes()).isZero();
            assertThat(report.storedVotes()).isEqualTo(report.votes());
            assertThat(report.consensusDifferences()).isZero();
            assertThat(report.retired()).isGreaterThan(CANDIDATES / 2);
        } finally {
            server.close();
        }
    }

    private static String token(Path data) throws IOException {
        return Files.readString(data.resolve("operator-token")).strip();
    }
}
