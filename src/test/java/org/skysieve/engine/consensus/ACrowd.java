package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** A crowd made up for a test: truths drawn equally, answers drawn from one matrix a volunteer. */
final class ACrowd {
    final VoteTable votes;
    final int[] truth;

    private ACrowd(VoteTable votes, int[] truth) {
        this.votes = votes;
        this.truth = truth;
    }

    /** @param right P(right) of each volunteer; errors are shared equally */
    static ACrowd of(long seed, int candidates, int classes, int votesEach, double... right) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] truth = new int[candidates];
        List<int[]> rows = new ArrayList<>();
        for (int c = 0; c < candidates; c++) {
            truth[c] = random.nextInt(classes);
            int first = random.nextInt(right.length);
            for (int i = 0; i < Math.min(votesEach, right.length); i++) {
                int v = (first + i) % right.length;
                int wrong = (truth[c] + 1 + random.nextInt(classes - 1)) % classes;
                rows.add(new int[] {c, v, random.nextDouble() < right[v] ? truth[c] : wrong});
            }
        }
        return new ACrowd(table(candidates, right.length, classes, rows), truth);
    }

    static VoteTable table(int candidates, int volunteers, int classes, List<int[]> rows) {
        return VoteTable.of(
                candidates,
                volunteers,
                classes,
                rows.stream().mapToInt(row -> row[0]).toArray(),
                rows.stream().mapToInt(row -> row[1]).toArray(),
                rows.stream().mapToInt(row -> row[2]).toArray());
    }

    static VoteTable table(int candidates, int volunteers, int classes, int[]... rows) {
        return table(candidates, volunteers, classes, List.of(rows));
    }

    double accuracy(ConsensusResult result) {
        double right = 0;
        for (int c = 0; c < truth.length; c++) {
            right += result.posteriors().leading(c) == truth[c] ? 1.0 / truth.length : 0;
        }
        return right;
    }
}
