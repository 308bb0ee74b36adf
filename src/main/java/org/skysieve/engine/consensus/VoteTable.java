package org.skysieve.engine.consensus;

import java.util.Arrays;

/**
 * The votes of a crowd as a struct of arrays: what the batch algorithms read. Immutable.
 *
 * <p>Votes are kept in order of candidate, then volunteer, then answer, and an exact duplicate counts once, so that the
 * order in which they came can change no number.
 */
public final class VoteTable {
    private final int candidates;
    private final int volunteers;
    private final int classes;
    private final int[] start;
    private final int[] volunteer;
    private final int[] answer;

    private VoteTable(int candidates, int volunteers, int classes, int[] start, int[] volunteer, int[] answer) {
        this.candidates = candidates;
        this.volunteers = volunteers;
        this.classes = classes;
        this.start = start;
        this.volunteer = volunteer;
        this.answer = answer;
    }

    /**
     * @param candidate the candidate of each vote, in [0, candidates)
     * @param volunteer the volunteer of each vote, in [0, volunteers)
     * @param answer the answer of each vote, in [0, classes)
     */
    public static VoteTable of(
            int candidates, int volunteers, int classes, int[] candidate, int[] volunteer, int[] answer) {
        if (candidate.length != volunteer.length || candidate.length != answer.length) {
            throw new IllegalArgumentException("votes: got " + candidate.length + " candidates, " + volunteer.length
                    + " volunteers and " + answer.length + " answers, need as many of each");
        }
        if (candidates < 0 || volunteers < 0 || classes < 2) {
            throw new IllegalArgumentException("votes: got " + candidates + " candidates, " + volunteers
                    + " volunteers, " + classes + " classes; need at least 2 classes and no negative number");
        }
        int[] start = new int[candidates + 1];
        for (int i = 0; i < candidate.length; i++) {
            check("candidate", i, candidate[i], candidates);
            check("volunteer", i, volunteer[i], volunteers);
            check("answer", i, answer[i], classes);
            start[candidate[i] + 1]++;
        }
        for (int c = 0; c < candidates; c++) {
            start[c + 1] += start[c];
        }
        long[] packed = new long[candidate.length];
        int[] next = Arrays.copyOf(start, candidates);
        for (int i = 0; i < candidate.length; i++) {
            packed[next[candidate[i]]++] = (long) volunteer[i] << 32 | answer[i];
        }
        int[] sortedVolunteer = new int[packed.length];
        int[] sortedAnswer = new int[packed.length];
        int[] distinctStart = new int[candidates + 1];
        int kept = 0;
        for (int c = 0; c < candidates; c++) {
            Arrays.sort(packed, start[c], start[c + 1]);
            for (int i = start[c]; i < start[c + 1]; i++) {
                if (i == start[c] || packed[i] != packed[i - 1]) {
                    sortedVolunteer[kept] = (int) (packed[i] >>> 32);
                    sortedAnswer[kept++] = (int) packed[i];
                }
            }
            distinctStart[c + 1] = kept;
        }
        return new VoteTable(
                candidates,
                volunteers,
                classes,
                distinctStart,
                Arrays.copyOf(sortedVolunteer, kept),
                Arrays.copyOf(sortedAnswer, kept));
    }

    private static void check(String what, int row, int value, int bound) {
        if (value < 0 || value >= bound) {
            throw new IllegalArgumentException(
                    "votes: row " + row + " has " + what + " " + value + ", need 0 <= " + what + " < " + bound);
        }
    }

    public int candidates() {
        return candidates;
    }

    public int volunteers() {
        return volunteers;
    }

    public int classes() {
        return classes;
    }

    /** How many votes there are, exact duplicates counted once. */
    public int votes() {
        return answer.length;
    }

    /** The first vote of {@code candidate}; its votes end before {@code start(candidate + 1)}. */
    public int start(int candidate) {
        return start[candidate];
    }

    public int volunteer(int vote) {
        return volunteer[vote];
    }

    public int answer(int vote) {
        return answer[vote];
    }
}
