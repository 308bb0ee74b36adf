package org.skysieve.platform;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class CursorTest {
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MAX_VALUE, Long.MIN_VALUE})
    void aCursorReadsBack(long key) {
        assertThat(Cursor.read(Cursor.of(key), 5)).isEqualTo(key);
        assertThat(Cursor.readAll(Cursor.of(key, 7), 2)).containsExactly(key, 7);
    }

    @Test
    void noCursorIsTheStart() {
        assertThat(Cursor.read(null, 5)).isEqualTo(5);
        assertThat(Cursor.read("", 5)).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "17", "AAAA", "'; DROP TABLE project", "AAAAAAAAAAAAAAAAAAAAAA"})
    void anythingElseIsTheCallersFault(String cursor) {
        assertThatThrownBy(() -> Cursor.read(cursor, 0))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.status()).isEqualTo(400))
                .hasMessageContaining(cursor);
    }

    @Test
    void thePageAfterTheLastRowIsNone() {
        assertThat(Page.of(List.of(1L, 2L, 3L), 3, Long::longValue)).isEqualTo(new Page<>(List.of(1L, 2L, 3L), null));
        Page<Long> first = Page.of(List.of(1L, 2L, 3L), 2, Long::longValue);
        assertThat(first.items()).containsExactly(1L, 2L);
        assertThat(Cursor.read(first.next(), 0)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 501})
    void aLimitOutOfRangeIsRefused(int limit) {
        assertThatThrownBy(() -> Page.limit(limit)).hasMessage("limit: got " + limit + ", need 1..500");
        assertThat(Page.limit(null)).isEqualTo(50);
    }
}
