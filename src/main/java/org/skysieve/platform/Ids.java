package org.skysieve.platform;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

import jakarta.enterprise.context.ApplicationScoped;

/**
 * Ids from a sequence declared {@code INCREMENT BY 50}: one round trip for fifty. Rising within a process; not
 * comparable between processes (order the log by {@code (written_by, id)}). Numbers left when a process stops are lost.
 */
@ApplicationScoped
public class Ids {
    /** What each sequence declares. */
    private static final int BLOCK = 50;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final Sql sql;
    private final Map<String, Block> blocks = new ConcurrentHashMap<>();

    Ids(Sql sql) {
        this.sql = sql;
    }

    /** The next id of a sequence such as {@code "candidate_seq"}. */
    public long next(String sequence) {
        return next(sequence, 1)[0];
    }

    /** The next {@code count} ids, rising, from {@code (count + 49) / 50} round trips or fewer. */
    public long[] next(String sequence, int count) {
        if (!NAME.matcher(sequence).matches()) {
            throw new IllegalArgumentException("sequence: got \"" + sequence + "\", need " + NAME);
        }
        long[] ids = new long[count];
        Block block = blocks.computeIfAbsent(sequence, unused -> new Block());
        synchronized (block) {
            for (int i = 0; i < count; i++) {
                if (block.next == block.end) {
                    block.next = sql.one("SELECT nextval('" + sequence + "')", row -> row.getLong(1));
                    block.end = block.next + BLOCK;
                }
                ids[i] = block.next++;
            }
        }
        return ids;
    }

    private static final class Block {
        private long next;
        private long end;
    }
}
