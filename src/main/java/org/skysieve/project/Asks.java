package org.skysieve.project;

import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a workflow asks beyond its answers.
 *
 * @param tree how its answers are come by, or null where they are offered side by side
 * @param tasks what is asked after an answer, in this order
 */
public record Asks(
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable DecisionTree tree, List<Task> tasks) {
    public static final Asks NOTHING_ELSE = new Asks(null, List.of());

    public Asks {
        tasks = List.copyOf(tasks);
    }

    @JsonCreator
    static Asks of(@Nullable DecisionTree tree, @Nullable List<Task> tasks) {
        return new Asks(tree, tasks == null ? List.of() : tasks);
    }

    /** @throws IllegalArgumentException where it does not fit these answers */
    void check(List<String> answers) {
        if (tree != null) {
            tree.check(answers);
        }
        Task.check(tasks, answers);
    }

    /** The same in other words. */
    Asks in(Phrases words) {
        return new Asks(
                tree == null ? null : tree.in(words),
                tasks.stream().map(task -> task.in(words)).toList());
    }

    /** What is asked after an answer. */
    public List<Task> after(String answer) {
        return tasks.stream().filter(task -> task.follows(answer)).toList();
    }
}
