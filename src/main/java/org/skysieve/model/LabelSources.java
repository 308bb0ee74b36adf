package org.skysieve.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.engine.learn.TrainingSample.Source;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

/** What each source of labels would bring to a training now: for those who weigh them. */
@ApplicationScoped
public class LabelSources {
    /** No more are counted of a source that a rule finds one by one. */
    private static final int MOST_COUNTED = 200;

    private final AlgorithmicLabels algorithmic;
    private final Sql sql;

    LabelSources(AlgorithmicLabels algorithmic, Sql sql) {
        this.algorithmic = algorithmic;
        this.sql = sql;
    }

    /**
     * One source.
     *
     * @param source as the policy names it, such as {@code minorPlanets}
     * @param candidates that it would bring, were its weight above 0; never of the evaluation sample
     * @param more whether there may be more, up to the policy's {@code most}: they were not counted
     * @param weight of each of them by the policy
     */
    public record Contribution(String source, int candidates, boolean more, double weight) {}

    /** In the order of the policy. */
    public List<Contribution> of(WorkflowView workflow, LabelPolicy policy) {
        Map<String, Integer> people = new HashMap<>();
        sql.query(
                "SELECT l.source, count(*) FROM training_label l JOIN candidate c ON c.id = l.candidate_id"
                        + " WHERE l.workflow_id = ? AND NOT c.evaluation GROUP BY l.source",
                row -> people.put(row.getString(1), row.getInt(2)),
                workflow.id());
        List<Contribution> all = new ArrayList<>();
        all.add(new Contribution("crowd", people.getOrDefault(ConsensusLabel.CROWD, 0), false, policy.crowd()));
        all.add(new Contribution("gold", people.getOrDefault(ConsensusLabel.GOLD, 0), false, policy.gold()));
        all.add(counted("minorPlanets", workflow, policy, Source.MINOR_PLANET));
        all.add(counted("variableStars", workflow, policy, Source.VARIABLE_STAR));
        int most = policy.randomDetections().most();
        int random = sql.one(
                "SELECT count(*) FROM (SELECT 1 FROM candidate c WHERE c.project_id = ? AND NOT c.evaluation"
                        + " AND coalesce(c.context ->> 'kind', '') NOT IN ('solar-system', 'variable-star')"
                        + " AND NOT EXISTS (SELECT 1 FROM training_label l WHERE l.workflow_id = ?"
                        + " AND l.candidate_id = c.id) LIMIT ?) counted",
                row -> row.getInt(1),
                workflow.projectId(),
                workflow.id(),
                most);
        all.add(new Contribution(
                "randomDetections", random, false, policy.randomDetections().weight()));
        all.add(counted("injections", workflow, policy, Source.INJECTED));
        return List.copyOf(all);
    }

    private Contribution counted(String name, WorkflowView workflow, LabelPolicy policy, Source source) {
        int most = policy.mostOf(source);
        int found = algorithmic.count(workflow, policy, source, Math.min(most, MOST_COUNTED));
        return new Contribution(name, found, found == MOST_COUNTED && most > MOST_COUNTED, policy.weightOf(source));
    }
}
