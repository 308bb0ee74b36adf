package org.skysieve.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

class SimulationTest {
    private static final int CANDIDATES = 60;

    private static Simulation.Plan plan(long votes) {
        return new Simulation.Plan(CANDIDATES, 12, 5, votes, 0.1, 3, 20, 0, Map.of(), Duration.ofSeconds(20));
    }

    @ParameterizedTest
    // Without and with every 17th answer lost on its way: what was sent again must count once.
    @ValueSource(ints = {0, 17})
    void theReportComparesTheServersConsensusWithTheTruth(int loseEvery) throws Exception {
        try (FakeSkysieve server = new FakeSkysieve(loseEvery)) {
            SimulationReport report =
                    new Simulation(plan(0), ServerApi.of(server.address(), "admin", Duration.ofSeconds(20))).run();

            assertThat(server.answersLost > 0).isEqualTo(loseEvery > 0);
            // Three votes each, and a few that were already leased when the third came.
            assertThat(report.votes())
                    .isBetween(3L * CANDIDATES, 5L * CANDIDATES)
                    .isEqualTo(server.votes());
            assertThat(report.storedVotes()).isEqualTo(report.votes());
            assertThat(report.lostVotes()).isZero();
            assertThat(report.doubledVotes()).isZero();
            assertThat(report.refusedVotes()).isZero();
            assertThat(report.estimates())
                    .extracting(SimulationReport.Estimated::of)
                    .containsExactly("prevalence", "purity", "completeness");
            SimulationReport.Estimated completeness = report.estimates().get(2);
            assertThat(completeness.low()).isEqualTo(0.8);
            assertThat(completeness.truth()).isEqualTo(report.completeness());
            assertThat(report.estimates().get(1).value()).isNaN();
            assertThat(report.toMap().get("estimates").toString()).contains("purity={estimate=null");
            assertThat(report.gold()).isEqualTo(server.goldCandids().size()).isPositive();
            assertThat(report.retired()).isEqualTo(CANDIDATES - report.gold());
            assertThat(report.open()).isZero();
            assertThat(report.votesPerRetired()).isCloseTo((double) report.votes() / report.retired(), within(1e-12));
            assertThat(report.modelAucBefore()).isEqualTo(0.5);
            assertThat(report.modelAucAfter()).isEqualTo(0.5);
            assertThat(report.labels().labels()).isEqualTo(CANDIDATES);
            assertThat(report.labels().crowd()).isBetween(.5, 1.);
            assertThat(report.labels().truth()).isBetween(.5, 1.);
            assertThat(report.retrainings()).isEqualTo(1);
            assertThat(report.promotions()).isZero();

            // The slow way: the truth of each candidate against the server's labels.
            int called = 0;
            int right = 0;
            int real = 0;
            Map<Long, String> labels = server.labels();
            for (SimulatedCandidate candidate :
                    new SimulatedSurvey(SurveySettings.ofSeed(5)).candidates(0, CANDIDATES)) {
                long candid = candidate.packet().candid();
                if (!server.goldCandids().contains(Long.toString(candid))) {
                    boolean label = "real".equals(labels.get(candid));
                    called += label ? 1 : 0;
                    right += label && candidate.real() ? 1 : 0;
                    real += candidate.real() ? 1 : 0;
                }
            }
            assertThat(report.purity()).isEqualTo((double) right / called);
            assertThat(report.completeness()).isEqualTo((double) right / real);
        }
    }

    @Test
    void membersSignInAndGuestsKeepTheirCookie() throws Exception {
        try (FakeSkysieve server = new FakeSkysieve(0)) {
            new Simulation(plan(0), ServerApi.of(server.address(), "admin", Duration.ofSeconds(20))).run();

            Set<String> members = new HashSet<>(server.usernames);
            assertThat(members).hasSizeBetween(4, 12).allMatch(name -> name.matches("[a-z0-9._-]{3,40}"));
            assertThat(server.guests).isLessThanOrEqualTo(12 - members.size());
        }
    }

    @Test
    void theBudgetEndsTheVoting() throws Exception {
        try (FakeSkysieve server = new FakeSkysieve(0)) {
            SimulationReport report =
                    new Simulation(plan(40), ServerApi.of(server.address(), "admin", Duration.ofSeconds(20))).run();

            assertThat(report.votes()).isEqualTo(40);
            assertThat(report.open()).isPositive();
        }
    }

    @Test
    void theReportHasTheKeysThatOthersRead() throws Exception {
        try (FakeSkysieve server = new FakeSkysieve(0)) {
            SimulationReport report =
                    new Simulation(plan(30), ServerApi.of(server.address(), "admin", Duration.ofSeconds(20))).run();

            assertThat(report.toMap())
                    .containsKeys(
                            "candidates",
                            "retired",
                            "votes",
                            "votesPerRetired",
                            "purity",
                            "completeness",
                            "baselineVotesPerRetired",
                            "baselinePurity",
                            "baselineCompleteness",
                            "modelAucBefore",
                            "modelAucAfter",
                            "aucOfCrowdLabels",
                            "aucOfTruth",
                            "retrainings",
                            "votesPerSecond",
                            "voteP99Ms",
                            "seed");
        }
    }

    @Test
    void aServerThatIsGoneIsNamed() throws IOException {
        String address;
        try (FakeSkysieve server = new FakeSkysieve(0)) {
            address = server.address();
        }

        assertThatThrownBy(() ->
                        ServerApi.of(address, null, Duration.ofMillis(200)).get("/api/v1/projects"))
                .hasMessageContaining("no answer from " + address);
    }

    @Test
    void aRefusalCarriesTheServersReason() throws IOException {
        try (FakeSkysieve server = new FakeSkysieve(0)) {
            ServerApi api = ServerApi.of(server.address(), null, Duration.ofSeconds(5));

            assertThatThrownBy(() -> api.get("/api/v1/nowhere"))
                    .isInstanceOfSatisfying(
                            ApiFailure.class,
                            failure -> assertThat(failure.status()).isEqualTo(404))
                    .hasMessageContaining("no GET /api/v1/nowhere");
        }
    }

    @Test
    void theAreaUnderTheRocCurveCountsPairs() {
        double[] positives = {0.9, 0.5, 0.5, 0.1};
        double[] negatives = {0.5, 0.2};
        double wins = 0;
        for (double p : positives) {
            for (double n : negatives) {
                wins += p > n ? 1 : p == n ? 0.5 : 0;
            }
        }

        assertThat(Simulation.areaUnderRoc(positives, negatives)).isEqualTo(wins / 8);
        assertThat(Simulation.areaUnderRoc(new double[0], negatives)).isNaN();
    }

    @Test
    void latenciesHaveTheNearestRank() {
        Latencies latencies = new Latencies();
        assertThat(latencies.quantileMs(0.5)).isNaN();
        for (int i = 100; i >= 1; i--) {
            latencies.add(i * 1_000_000L);
        }

        assertThat(latencies.quantileMs(0.5)).isEqualTo(50);
        assertThat(latencies.quantileMs(0.99)).isEqualTo(99);
        assertThat(latencies.quantileMs(1)).isEqualTo(100);
    }
}
