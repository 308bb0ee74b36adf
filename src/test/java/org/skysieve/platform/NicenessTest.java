package org.skysieve.platform;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class NicenessTest {
    /** proc(5): the 19th field of stat; the name, field 2, may hold blanks but ends with the last parenthesis. */
    private static int nice() throws Exception {
        String stat = Files.readString(Path.of("/proc/thread-self/stat"));
        return Integer.parseInt(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[16]);
    }

    @Test
    void lowersItsOwnThreadAndNoOther() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/thread-self/stat")), "skipped: no Linux");
        int before = nice();
        assumeTrue(before <= 12, "skipped: these tests run at niceness " + before);
        AtomicReference<Integer> within = new AtomicReference<>();
        Thread other = new Thread(() -> {
            try {
                if (Niceness.ofThisThread(12)) {
                    within.set(nice());
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        other.start();
        other.join();
        assumeTrue(within.get() != null, "skipped: no renice");
        assertThat(within.get()).isEqualTo(12);
        assertThat(nice()).isEqualTo(before);
    }

    @Test
    void asksForAnAllowedNiceness() {
        assertThatThrownBy(() -> Niceness.ofThisThread(20))
                .hasMessageContaining("0..19")
                .hasMessageContaining("20");
    }
}
