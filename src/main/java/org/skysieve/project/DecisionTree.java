package org.skysieve.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A question that leads to an answer of a workflow by way of others. It is a way of asking: what counts, and what the log
 * holds, is the answer at the end.
 *
 * @param branches 2..9, in the order in which they are offered
 */
public record DecisionTree(String question, List<Branch> branches) {
    static final int MOST_BRANCHES = 9;
    static final int DEEPEST = 6;
    static final int MOST_NODES = 60;
    static final int LONGEST_QUESTION = 300;
    static final int LONGEST_LABEL = 120;

    /**
     * One way on: either to an answer or to a further question.
     *
     * @param answer key of the answer
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Branch(
            String label, @Nullable String answer, @Nullable DecisionTree next) {
        public Branch {
            label = text("label", label, LONGEST_LABEL);
            if ((answer == null) == (next == null)) {
                throw new IllegalArgumentException(
                        "tree: branch \"" + label + "\" needs an answer or a next question, one of them");
            }
        }
    }

    public DecisionTree {
        question = text("question", question, LONGEST_QUESTION);
        int count = branches == null ? 0 : branches.size();
        if (branches == null || count < 2 || count > MOST_BRANCHES) {
            throw new IllegalArgumentException(
                    "tree: \"" + question + "\" has " + count + " branches, need 2.." + MOST_BRANCHES);
        }
        branches = List.copyOf(branches);
    }

    private static String text(String field, @Nullable String text, int most) {
        String stripped = text == null ? "" : text.strip();
        if (stripped.isEmpty() || stripped.length() > most) {
            throw new IllegalArgumentException(
                    "tree: " + field + " got " + stripped.length() + " characters, need 1.." + most);
        }
        return stripped;
    }

    /**
     * A question of the tree, for a page that shows one at a time.
     *
     * @param parent index of the question before it, -1 for the first
     * @param next for each branch the index of the question that it leads to, -1 where it is an answer
     */
    public record Node(DecisionTree asks, int parent, List<Integer> next) {}

    /** All questions, each after its parent; the first is this one. */
    public List<Node> nodes() {
        List<DecisionTree> questions = new ArrayList<>(List.of(this));
        List<Integer> parents = new ArrayList<>(List.of(-1));
        List<Node> nodes = new ArrayList<>();
        for (int at = 0; at < questions.size(); at++) {
            DecisionTree here = questions.get(at);
            List<Integer> next = new ArrayList<>();
            for (Branch branch : here.branches) {
                DecisionTree further = branch.next;
                next.add(further == null ? -1 : questions.size());
                if (further != null) {
                    questions.add(further);
                    parents.add(at);
                }
            }
            nodes.add(new Node(here, parents.get(at), next));
        }
        return nodes;
    }

    /** The same in other words; its answers stay. */
    DecisionTree in(Phrases words) {
        return new DecisionTree(
                words.of(question, LONGEST_QUESTION),
                branches.stream()
                        .map(branch -> {
                            DecisionTree further = branch.next;
                            return new Branch(
                                    words.of(branch.label, LONGEST_LABEL),
                                    branch.answer,
                                    further == null ? null : further.in(words));
                        })
                        .toList());
    }

    private int depth() {
        int deepest = 0;
        for (Branch branch : branches) {
            DecisionTree further = branch.next;
            deepest = Math.max(deepest, further == null ? 0 : further.depth());
        }
        return 1 + deepest;
    }

    /** @throws IllegalArgumentException unless its ends are just these answers, each at least once */
    public void check(List<String> answers) {
        int depth = depth();
        List<Node> nodes = nodes();
        if (depth > DEEPEST || nodes.size() > MOST_NODES) {
            throw new IllegalArgumentException("tree: got " + nodes.size() + " questions, " + depth
                    + " deep, need at most " + MOST_NODES + " and " + DEEPEST);
        }
        Set<String> missing = new TreeSet<>(answers);
        for (Node node : nodes) {
            for (Branch branch : node.asks.branches) {
                String answer = branch.answer;
                if (answer != null && !answers.contains(answer)) {
                    throw new IllegalArgumentException("tree: branch \"" + branch.label + "\" leads to \"" + answer
                            + "\", need one of " + answers);
                }
                if (answer != null) {
                    missing.remove(answer);
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("tree: no branch leads to " + missing);
        }
    }
}
