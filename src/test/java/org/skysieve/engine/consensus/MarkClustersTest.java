package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import org.skysieve.engine.consensus.MarkClusters.Cluster;
import org.skysieve.engine.consensus.MarkClusters.Mark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class MarkClustersTest {
    private static Mark point(long who, double x, double y) {
        return new Mark(who, x, y, 0, 0);
    }

    @Test
    void pointsOfSeveralPeopleMeetInTheirWeightedMean() {
        List<Cluster> clusters = MarkClusters.of(
                List.of(point(1, 10, 10), point(2, 12, 10), point(3, 40, 41)), who -> who == 2 ? 3 : 1, 6);

        assertThat(clusters).hasSize(2);
        Cluster first = clusters.get(0);
        assertThat(first.x()).isCloseTo(11.5, within(1e-12));
        assertThat(first.volunteers()).isEqualTo(2);
        assertThat(first.share()).isCloseTo(4.0 / 6, within(1e-12));
        // sqrt((1 * 1.5^2 + 3 * 0.5^2) / 4)
        assertThat(first.spread()).isCloseTo(Math.sqrt(0.75), within(1e-12));
        assertThat(clusters.get(1)).isEqualTo(new Cluster(40, 41, 0, 0, 1, 1.0 / 6, 0));
    }

    @Test
    void onePersonCountsOnceInAPlace() {
        List<Cluster> clusters =
                MarkClusters.of(List.of(point(1, 10, 10), point(1, 11, 10), point(2, 10, 10)), who -> 1, 2);

        assertThat(clusters).hasSize(1);
        assertThat(clusters.get(0).volunteers()).isEqualTo(2);
        assertThat(clusters.get(0).share()).isEqualTo(1);
        assertThat(clusters.get(0).x()).isEqualTo(10);
    }

    @Test
    void boxesMeetWhereHalfOfThemIsCommon() {
        Mark a = new Mark(1, 0, 0, 10, 10);
        Mark half = new Mark(2, 0, 0, 10, 5);
        Mark less = new Mark(3, 20, 20, 4, 4);

        List<Cluster> clusters = MarkClusters.of(List.of(a, half, less), who -> 1, 3);

        assertThat(clusters).hasSize(2);
        assertThat(clusters.get(0).height()).isCloseTo(7.5, within(1e-12));
        assertThat(clusters.get(1).volunteers()).isEqualTo(1);
    }

    @Test
    void hiddenPlacesAreFoundAmongStrayMarks() {
        SplittableRandom random = new SplittableRandom(5);
        double[][] truth = {{20, 20}, {40, 25}};
        List<Mark> marks = new ArrayList<>();
        for (long who = 0; who < 20; who++) {
            for (double[] place : truth) {
                marks.add(point(who, place[0] + 0.7 * random.nextGaussian(), place[1] + 0.7 * random.nextGaussian()));
            }
            marks.add(point(who, 63 * random.nextDouble(), 63 * random.nextDouble()));
        }

        List<Cluster> clusters = MarkClusters.of(marks, who -> 1, 20);

        for (double[] place : truth) {
            Cluster nearest = clusters.stream()
                    .filter(cluster -> Math.hypot(cluster.x() - place[0], cluster.y() - place[1]) < 3)
                    .findFirst()
                    .orElseThrow();
            // The mean of some 20 marks: 0.7 / sqrt(20) = 0.16 in each direction.
            assertThat(Math.hypot(nearest.x() - place[0], nearest.y() - place[1]))
                    .isLessThan(0.6);
            assertThat(nearest.share()).isGreaterThan(0.85);
        }
        assertThat(clusters.get(2).share()).isLessThan(0.4);
    }
}
