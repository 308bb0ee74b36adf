package org.skysieve.candidate;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

@ApplicationScoped
class PostgresCutouts implements CutoutStore {
    private final Sql sql;

    PostgresCutouts(Sql sql) {
        this.sql = sql;
    }

    @Override
    public void put(Map<Long, byte[]> packedByCandidate) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        packedByCandidate.forEach((id, packed) -> rows.add(new Object[] {id, packed}));
        sql.batch("INSERT INTO cutout (candidate_id, packed) VALUES (?, ?)", rows);
    }

    @Override
    public Map<Long, byte[]> find(Collection<Long> candidateIds) {
        Map<Long, byte[]> found = new HashMap<>();
        sql.query(
                "SELECT candidate_id, packed FROM cutout WHERE candidate_id = ANY(?)",
                row -> found.put(row.getLong(1), row.getBytes(2)) == null,
                candidateIds);
        return found;
    }
}
