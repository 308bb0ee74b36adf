package org.skysieve.selection;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** What a batch of events touches. */
final class Batches {
    private Batches() {}

    /** The candidates by workflow or project, both in order: every process takes row locks in the same one. */
    static <E> SortedMap<Long, Set<Long>> by(
            List<E> events, ToLongFunction<E> key, Function<E, List<Long>> candidates) {
        SortedMap<Long, Set<Long>> touched = new TreeMap<>();
        for (E event : events) {
            touched.computeIfAbsent(key.applyAsLong(event), unused -> new TreeSet<>())
                    .addAll(candidates.apply(event));
        }
        return touched;
    }
}
