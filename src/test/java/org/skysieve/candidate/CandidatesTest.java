package org.skysieve.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.Projects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.skysieve.engine.alert.AlertPackets.anAlert;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class CandidatesTest {
    @Inject
    Candidates candidates;

    @Inject
    Projects projects;

    @Inject
    Sql sql;

    private long project;

    @BeforeEach
    void aProject() {
        project = projects.create("c-" + UUID.randomUUID().toString().substring(0, 12), "Candidates", null, null, null)
                .id();
    }

    @Test
    void aPacketBecomesACandidateWithAllItHolds() {
        AlertPacket packet =
                anAlert().withCandid(Long.MAX_VALUE - 7).withObjectId("SIM\"7'").build();

        long id = candidates.add(project, List.of(packet)).candidateIds().get(0);

        CandidateView view = candidates.find(id);
        assertThat(view.candid()).isEqualTo(Long.MAX_VALUE - 7);
        assertThat(view.objectId()).isEqualTo("SIM\"7'");
        assertThat(view.timeMjd()).isEqualTo(packet.timeMjd());
        assertThat(view.ra()).isEqualTo(packet.ra());
        assertThat(view.dec()).isEqualTo(packet.dec());
        assertThat(view.passband()).isEqualTo(Passband.R);
        assertThat(view.mag()).isEqualTo(18.5f);
        assertThat(view.snr()).isEqualTo(15.5f);
        assertThat(view.fwhmPixels()).isEqualTo(2.1f);
        assertThat(view.surveyScore()).isEqualTo(0.875f);
        assertThat(view.evaluation()).isEqualTo(EvaluationSample.contains("sim", "SIM\"7'", 0.2));
        assertThat(candidates.lightCurve(id)).isEqualTo(packet.history());
        assertSimilar(candidates.cutouts(id).science(), packet.cutouts().science());
        assertSimilar(
                candidates.cutouts(List.of(id)).get(id).difference(),
                packet.cutouts().difference());
        assertThat(candidates.byCandid(project, "sim", Long.MAX_VALUE - 7)).hasValue(id);
        assertThat(candidates.byCandid(project, "ztf", Long.MAX_VALUE - 7)).isEmpty();
    }

    @Test
    void whatWasNotMeasuredIsNaN() {
        AlertPacket full = anAlert().build();
        AlertPacket bare = new AlertPacket(
                "sim",
                9,
                "SIM9",
                60_000,
                1,
                2,
                Passband.OTHER,
                Double.NaN,
                Double.POSITIVE_INFINITY,
                1e-300,
                false,
                Double.NaN,
                Double.NaN,
                Double.NaN,
                new CutoutTriplet(null, null, full.cutouts().difference()),
                full.history(),
                Surroundings.UNKNOWN,
                List.of("cutoutScience: missing", "odd \0 text"));

        long id = candidates.add(project, List.of(bare)).candidateIds().get(0);

        CandidateView view = candidates.find(id);
        assertThat(view.mag()).isNaN();
        assertThat(view.magError()).isNaN();
        assertThat(view.snr()).isZero();
        assertThat(view.surveyScore()).isNaN();
        assertThat(view.positive()).isFalse();
        assertThat(view.remarks()).containsExactly("cutoutScience: missing", "odd ? text");
        assertThat(candidates.cutouts(id).science()).isNull();
        assertThat(candidates.cutouts(id).difference()).isNotNull();
    }

    @Test
    void theSamePacketAgainChangesNothing() {
        AlertPacket one = anAlert().withCandid(1).build();
        AlertPacket two = anAlert().withCandid(2).withTimeMjd(60_001.5).build();
        Added first = candidates.add(project, List.of(one, one));

        Added again = candidates.add(project, List.of(two, one, two));

        assertThat(first.candidateIds()).hasSize(1);
        assertThat(first.duplicates()).isEqualTo(1);
        assertThat(again.candidateIds()).hasSize(1);
        assertThat(again.duplicates()).isEqualTo(2);
        assertThat(candidates.add(project, List.of(one, two))).isEqualTo(new Added(List.of(), 2));
        assertThat(candidates.idsAfter(project, 0, 10))
                .containsExactly(
                        first.candidateIds().get(0), again.candidateIds().get(0));
    }

    @Test
    void theSamePacketMayEnterTwoProjects() {
        long other = projects.create("c-" + UUID.randomUUID().toString().substring(0, 12), "Other", null, null, null)
                .id();
        AlertPacket packet = anAlert().build();

        assertThat(candidates.add(project, List.of(packet)).candidateIds()).hasSize(1);
        assertThat(candidates.add(other, List.of(packet)).candidateIds()).hasSize(1);
    }

    @Test
    void anObjectsLightCurveGrowsWithItsPackets() {
        LightCurvePoint early = LightCurvePoint.detection(59_990.5, Passband.G, 19, 0.1, 20.5, true);
        LightCurvePoint limit = LightCurvePoint.upperLimit(59_980.5, Passband.G, 20.75);
        AlertPacket one = anAlert().withCandid(1).withEarlier(early).build();
        AlertPacket two =
                anAlert().withCandid(2).withTimeMjd(60_010).withEarlier(limit).build();

        long first = candidates.add(project, List.of(one)).candidateIds().get(0);
        long second = candidates.add(project, List.of(two)).candidateIds().get(0);

        assertThat(candidates.lightCurve(first).points()).hasSize(4).contains(early, limit);
        assertThat(candidates.lightCurve(second)).isEqualTo(candidates.lightCurve(first));
        assertThat(candidates.find(second).skyObjectId())
                .isEqualTo(candidates.find(first).skyObjectId());
        assertThat(candidates.ofObject(candidates.find(first).skyObjectId()))
                .extracting(CandidateView::id)
                .containsExactly(first, second);
    }

    @Test
    void newCandidatesAreAnnouncedInTheSameTransaction() {
        AlertPacket packet = anAlert().withCandid(5).build();
        QuarkusTransaction.begin();
        candidates.add(project, List.of(packet));
        QuarkusTransaction.rollback();
        assertThat(announced()).isEmpty();
        assertThat(candidates.byCandid(project, "sim", 5)).isEmpty();

        List<Long> added = candidates.add(project, List.of(packet)).candidateIds();

        assertThat(announced()).singleElement().asString().contains("[" + added.get(0) + "]");
    }

    @Test
    void concurrentIngestsOfTheSameNightAddEveryCandidateOnce() throws Exception {
        List<AlertPacket> night = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            night.add(anAlert()
                    .withCandid(i)
                    .withObjectId("SIM" + i % 7)
                    .withTimeMjd(60_000 + i)
                    .build());
        }
        List<AlertPacket> backwards = new ArrayList<>(night);
        java.util.Collections.reverse(backwards);
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Integer>> runs = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            List<AlertPacket> mine = t % 2 == 0 ? night : backwards;
            runs.add(threads.submit(() -> {
                int added = 0;
                for (int i = 0; i < mine.size(); i += 15) {
                    added += candidates
                            .add(project, mine.subList(i, i + 15))
                            .candidateIds()
                            .size();
                }
                return added;
            }));
        }

        int added = 0;
        for (Future<Integer> run : runs) {
            added += run.get(60, TimeUnit.SECONDS);
        }
        threads.shutdown();

        assertThat(added).isEqualTo(60);
        assertThat(candidates.count(project)).isEqualTo(60);
        long one = candidates.byCandid(project, "sim", 3).getAsLong();
        // 3, 10, 17, ... 59: all of object 3.
        assertThat(candidates.lightCurve(one).points()).hasSize(9);
    }

    @Test
    void anUnknownCandidateIsNotFound() {
        for (Runnable question : List.<Runnable>of(
                () -> candidates.find(-1), () -> candidates.packedCutouts(-1), () -> candidates.lightCurve(-1))) {
            assertThatThrownBy(question::run)
                    .isInstanceOfSatisfying(
                            Problem.class,
                            problem -> assertThat(problem.status()).isEqualTo(404))
                    .hasMessage("no candidate -1");
        }
        assertThat(candidates.byIds(List.of(-1L))).isEqualTo(Map.of());
    }

    private List<String> announced() {
        return sql.query(
                "SELECT payload::text FROM outbox WHERE event_type = 'CandidatesAdded'"
                        + " AND payload->>'projectId' = ?",
                row -> row.getString(1),
                Long.toString(project));
    }

    private static void assertSimilar(Cutout actual, Cutout expected) {
        assertThat(actual.width()).isEqualTo(expected.width());
        for (int y = 0; y < expected.height(); y++) {
            for (int x = 0; x < expected.width(); x++) {
                if (Float.isNaN(expected.at(x, y))) {
                    assertThat(actual.at(x, y)).isNaN();
                } else {
                    assertThat(actual.at(x, y)).isCloseTo(expected.at(x, y), within(0.2f));
                }
            }
        }
    }
}
