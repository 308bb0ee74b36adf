package org.skysieve.model;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.skysieve.model.TrainingLabels.Labelled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SnapshotTest {
    private static final Snapshot SNAPSHOT = new Snapshot(
            List.of(label(5, "crowd", .97, false), label(7, "gold", 1, false)),
            List.of(label(9, "crowd", .2, true)),
            List.of(9L));

    @Test
    void comesBackAsItWas() {
        Snapshot back = Snapshot.read(SNAPSHOT.write());

        assertThat(back).usingRecursiveComparison().isEqualTo(SNAPSHOT);
        assertThat(back.hash()).isEqualTo(SNAPSHOT.hash()).matches("[0-9a-f]{64}");
    }

    @Test
    void anotherLabelIsAnotherHash() {
        Snapshot other = new Snapshot(
                List.of(label(5, "crowd", .96, false), label(7, "gold", 1, false)),
                SNAPSHOT.evaluation(),
                SNAPSHOT.explored());

        assertThat(other.hash()).isNotEqualTo(SNAPSHOT.hash());
    }

    @Test
    void countsBySourceAndClass() {
        assertThat(SNAPSHOT.counts(List.of("real", "bogus")).get("gold"))
                .containsEntry("real", 1.)
                .containsEntry("bogus", 0.);
        assertThat(SNAPSHOT.counts(List.of("real", "bogus")).get("crowd")).containsEntry("real", .97);
    }

    @Test
    void otherBytesAreRefused() {
        assertThatThrownBy(() -> Snapshot.read(new byte[] {1, 2, 3}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("snapshot: cannot read it");
    }

    private static Labelled label(long candidate, String source, double positive, boolean evaluation) {
        return new Labelled(candidate, candidate * 10, new double[] {positive, 1 - positive}, source, evaluation);
    }
}
