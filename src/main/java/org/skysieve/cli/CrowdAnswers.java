package org.skysieve.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

import org.skysieve.engine.consensus.VoteTable;

/**
 * The answers of a crowd, with names for numbers. Tasks, workers and labels are numbered in order of their names, so that
 * the order of the rows changes no result; tasks are listed in the order in which they came.
 */
final class CrowdAnswers {
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]{1,18}");

    private final List<String> tasks;
    private final List<String> workers;
    private final List<String> labels;
    private final Map<String, Integer> taskNumbers;
    private final Map<String, Integer> labelNumbers;
    private final int[] asTheyCame;
    private final VoteTable votes;
    private final int duplicates;

    private CrowdAnswers(
            List<String> tasks,
            List<String> workers,
            List<String> labels,
            int[] asTheyCame,
            VoteTable votes,
            int duplicates) {
        this.tasks = tasks;
        this.workers = workers;
        this.labels = labels;
        this.taskNumbers = numbers(tasks);
        this.labelNumbers = numbers(labels);
        this.asTheyCame = asTheyCame;
        this.votes = votes;
        this.duplicates = duplicates;
    }

    private static Map<String, Integer> numbers(List<String> names) {
        Map<String, Integer> numbers = new HashMap<>(2 * names.size());
        for (int i = 0; i < names.size(); i++) {
            numbers.put(names.get(i), i);
        }
        return numbers;
    }

    /** At least two classes, as the algorithms need; those past {@link #labels()} are nobody's. */
    VoteTable votes() {
        return votes;
    }

    /** How many rows said once more what the same worker had said of the same task. */
    int duplicates() {
        return duplicates;
    }

    List<String> tasks() {
        return tasks;
    }

    List<String> workers() {
        return workers;
    }

    /** Whole numbers by value, else by name. */
    List<String> labels() {
        return labels;
    }

    /** The numbers of the tasks, in the order of the file. */
    int[] asTheyCame() {
        return asTheyCame.clone();
    }

    OptionalInt task(String name) {
        Integer number = taskNumbers.get(name);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    int label(String name) {
        Integer number = labelNumbers.get(name);
        if (number == null) {
            throw new IllegalArgumentException("label: got \"" + name + "\", need one of " + labels);
        }
        return number;
    }

    /** Collects rows. */
    static final class Builder {
        private final Names tasks = new Names();
        private final Names workers = new Names();
        private final Names labels = new Names();
        private int[] rows = new int[3 * 1024];
        private int size;

        /** Returns the number of the row. */
        int add(String task, String worker, String label) {
            if (rows.length < 3 * (size + 1)) {
                rows = Arrays.copyOf(rows, rows.length * 2);
            }
            rows[3 * size] = tasks.number(task);
            rows[3 * size + 1] = workers.number(worker);
            rows[3 * size + 2] = labels.number(label);
            return size++;
        }

        /** Puts another label into a row. */
        void relabel(int row, String label) {
            rows[3 * row + 2] = labels.number(label);
        }

        /** Which task and worker a row would belong to, as one number. */
        long pair(String task, String worker) {
            return (long) tasks.number(task) << 32 | workers.number(worker);
        }

        int size() {
            return size;
        }

        boolean hasTask(String name) {
            return tasks.numbers.containsKey(name);
        }

        /** @param furtherLabels labels that may be true though nobody has chosen them */
        CrowdAnswers build(Iterable<String> furtherLabels) {
            furtherLabels.forEach(labels::number);
            int[] taskRank = tasks.ranks(Collections.nCopies(tasks.names.size(), 0L));
            int[] workerRank = workers.ranks(Collections.nCopies(workers.names.size(), 0L));
            int[] labelRank = labels.ranks(values(labels.names));
            int[] task = new int[size];
            int[] worker = new int[size];
            int[] label = new int[size];
            for (int i = 0; i < size; i++) {
                task[i] = taskRank[rows[3 * i]];
                worker[i] = workerRank[rows[3 * i + 1]];
                label[i] = labelRank[rows[3 * i + 2]];
            }
            VoteTable votes = VoteTable.of(
                    taskRank.length, workerRank.length, Math.max(2, labelRank.length), task, worker, label);
            return new CrowdAnswers(
                    tasks.inOrder(taskRank),
                    workers.inOrder(workerRank),
                    labels.inOrder(labelRank),
                    taskRank,
                    votes,
                    size - votes.votes());
        }

        /** The values of whole numbers; all zero where a name is none, so that names alone decide. */
        private static List<Long> values(List<String> names) {
            if (names.stream().allMatch(name -> WHOLE_NUMBER.matcher(name).matches())) {
                return names.stream().map(Long::valueOf).toList();
            }
            return Collections.nCopies(names.size(), 0L);
        }
    }

    private static final class Names {
        final Map<String, Integer> numbers = new HashMap<>();
        final List<String> names = new ArrayList<>();

        int number(String name) {
            Integer known = numbers.get(name);
            if (known != null) {
                return known;
            }
            numbers.put(name, names.size());
            names.add(name);
            return names.size() - 1;
        }

        /** The place of each name in the order of its value, then of the name. */
        int[] ranks(List<Long> values) {
            Integer[] order = new Integer[names.size()];
            Arrays.setAll(order, i -> i);
            Arrays.sort(order, (a, b) -> {
                int byValue = Long.compare(values.get(a), values.get(b));
                return byValue != 0 ? byValue : names.get(a).compareTo(names.get(b));
            });
            int[] ranks = new int[order.length];
            for (int rank = 0; rank < order.length; rank++) {
                ranks[order[rank]] = rank;
            }
            return ranks;
        }

        List<String> inOrder(int[] ranks) {
            String[] ordered = new String[ranks.length];
            for (int i = 0; i < ranks.length; i++) {
                ordered[ranks[i]] = names.get(i);
            }
            return List.of(ordered);
        }
    }
}
