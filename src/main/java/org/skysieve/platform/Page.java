package org.skysieve.platform;

import java.util.List;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * One page of a list, read by keyset.
 *
 * @param next the {@code cursor} of the next page, or null on the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public static final int DEFAULT_LIMIT = 50;
    public static final int MAX_LIMIT = 500;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Makes a page of rows read with {@code limit + 1}: the surplus row only says that there is a next page.
     *
     * @param key the keyset column of a row
     */
    public static <T> Page<T> of(List<T> rows, int limit, ToLongFunction<T> key) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        List<T> items = rows.subList(0, limit);
        return new Page<>(items, Cursor.of(key.applyAsLong(items.get(limit - 1))));
    }

    /**
     * The {@code limit} of a request.
     *
     * @throws Problem 400 unless absent or in 1..500
     */
    public static int limit(@Nullable Integer requested) {
        if (requested == null) {
            return DEFAULT_LIMIT;
        }
        if (requested < 1 || requested > MAX_LIMIT) {
            throw Problem.badField("limit", "got " + requested + ", need 1.." + MAX_LIMIT);
        }
        return requested;
    }
}
