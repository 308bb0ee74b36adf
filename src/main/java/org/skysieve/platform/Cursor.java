package org.skysieve.platform;

import java.nio.ByteBuffer;
import java.util.Base64;

import org.jspecify.annotations.Nullable;

/** Keyset cursors: opaque to clients, one or more longs to us. */
public final class Cursor {
    private Cursor() {}

    public static String of(long... keys) {
        ByteBuffer bytes = ByteBuffer.allocate(keys.length * Long.BYTES);
        for (long key : keys) {
            bytes.putLong(key);
        }
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
    }

    /**
     * The key in {@code cursor}, or {@code start} where there is none.
     *
     * @throws Problem 400 for anything that {@link #of} did not make
     */
    public static long read(@Nullable String cursor, long start) {
        return cursor == null || cursor.isEmpty() ? start : readAll(cursor, 1)[0];
    }

    /**
     * The keys in {@code cursor}.
     *
     * @throws Problem 400 for anything that {@link #of} did not make with {@code count} keys
     */
    public static long[] readAll(String cursor, int count) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(cursor);
        } catch (IllegalArgumentException e) {
            throw Problem.badField("cursor", "got \"" + cursor + "\", need the \"next\" of an earlier page");
        }
        if (bytes.length != count * Long.BYTES) {
            throw Problem.badField("cursor", "got \"" + cursor + "\", need the \"next\" of an earlier page");
        }
        long[] keys = new long[count];
        ByteBuffer.wrap(bytes).asLongBuffer().get(keys);
        return keys;
    }
}
