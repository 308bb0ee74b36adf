package org.skysieve.classification;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Workflows;

/** The keys of each workflow's answers, kept in memory: a workflow's classes never change. */
@ApplicationScoped
class AnswerKeys {
    private static final int MAX_WORKFLOWS = 10_000;

    private final Workflows workflows;
    private final Map<Long, List<String>> known = new ConcurrentHashMap<>();

    AnswerKeys(Workflows workflows) {
        this.workflows = workflows;
    }

    /**
     * The keys, by class.
     *
     * @throws Problem 404 without the workflow
     */
    List<String> of(long workflowId) {
        List<String> keys = known.get(workflowId);
        if (keys == null) {
            keys = workflows.byId(workflowId).answers().stream()
                    .map(AnswerOption::key)
                    .toList();
            if (known.size() >= MAX_WORKFLOWS) {
                known.clear();
            }
            known.put(workflowId, keys);
        }
        return keys;
    }

    /**
     * The class of an answer.
     *
     * @throws Problem 400 naming the workflow's answers, 404 without the workflow
     */
    int index(long workflowId, String key) {
        List<String> keys = of(workflowId);
        int index = keys.indexOf(key);
        if (index < 0) {
            throw Problem.badField("answer", "got \"" + key + "\", need one of " + String.join(", ", keys));
        }
        return index;
    }
}
