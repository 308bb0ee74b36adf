package org.skysieve.consensus;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

import org.skysieve.classification.Details;
import org.skysieve.engine.consensus.MarkClusters;
import org.skysieve.engine.math.Interval;
import org.skysieve.engine.select.Disagreement;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Task;
import org.skysieve.project.WorkflowView;

/**
 * Summaries of what people add to their answers. Each person counts with w = max(q, .05), q the skill that the consensus
 * knows of them (.7 before it knows any): who answers by chance hardly counts. A share is sum w over those who chose it by
 * sum w over all who did the task, with Wilson's interval at n = (sum w)^2 / sum w^2 people.
 */
@ApplicationScoped
public class DetailSummaries {
    private static final double USUAL_SKILL = 0.7;
    private static final double LEAST_WEIGHT = 0.05;
    private static final double CONFIDENCE = 0.95;

    private final Sql sql;
    private final Details details;

    DetailSummaries(Sql sql, Details details) {
        this.sql = sql;
        this.details = details;
    }

    /** Over the standing answers about a candidate; empty where nobody added anything. */
    public DetailSummary of(WorkflowView workflow, long candidateId) {
        if (workflow.asks().tasks().isEmpty()) {
            return new DetailSummary(List.of());
        }
        List<Details.Given> given = details.of(workflow.id(), candidateId);
        Map<Long, Double> weights = weights(workflow, given);
        return of(workflow, given, volunteer -> weights.getOrDefault(volunteer, USUAL_SKILL));
    }

    private Map<Long, Double> weights(WorkflowView workflow, List<Details.Given> given) {
        Map<Long, Double> weights = new HashMap<>();
        given.forEach(each -> weights.put(each.volunteerId(), USUAL_SKILL));
        sql.query(
                "SELECT volunteer_id, confusion FROM reliability WHERE workflow_id = ? AND volunteer_id = ANY(?)",
                row -> weights.put(
                        row.getLong("volunteer_id"),
                        Math.max(LEAST_WEIGHT, Disagreement.skill(Sql.doubles(row, "confusion"), workflow.classes()))),
                workflow.id(),
                List.copyOf(weights.keySet()));
        return weights;
    }

    /** @param weights of all volunteers in {@code given} */
    static DetailSummary of(WorkflowView workflow, List<Details.Given> given, LongToDoubleFunction weights) {
        List<DetailSummary.OfTask> tasks = new ArrayList<>();
        for (Task task : workflow.asks().tasks()) {
            Map<Long, JsonNode> values = new LinkedHashMap<>();
            for (Details.Given each : given) {
                JsonNode value = each.details().get(task.key());
                if (value != null) {
                    values.put(each.volunteerId(), value);
                }
            }
            if (!values.isEmpty()) {
                tasks.add(of(task, values, weights));
            }
        }
        return new DetailSummary(tasks);
    }

    private static DetailSummary.OfTask of(Task task, Map<Long, JsonNode> values, LongToDoubleFunction weights) {
        double total =
                values.keySet().stream().mapToDouble(weights::applyAsDouble).sum();
        boolean marks = task.kind() == Task.Kind.POINTS || task.kind() == Task.Kind.BOXES;
        return new DetailSummary.OfTask(
                task.key(),
                task.kind(),
                task.question(),
                values.size(),
                marks || task.kind() == Task.Kind.SLIDER ? List.of() : shares(task, values, weights, total),
                task.kind() == Task.Kind.SLIDER ? middle(task, values, weights, total) : null,
                marks ? MarkClusters.of(marks(values), weights, total) : List.of());
    }

    private static List<DetailSummary.Share> shares(
            Task task, Map<Long, JsonNode> values, LongToDoubleFunction weights, double total) {
        Map<String, String> labels = new TreeMap<>();
        task.options().forEach(option -> labels.put(option.key(), option.label()));
        Map<String, Integer> people = new TreeMap<>();
        Map<String, Double> sums = new TreeMap<>();
        for (AnswerOption option : task.options()) {
            people.put(option.key(), 0);
            sums.put(option.key(), 0.0);
        }
        double squares = 0;
        for (Map.Entry<Long, JsonNode> each : values.entrySet()) {
            double weight = weights.applyAsDouble(each.getKey());
            squares += weight * weight;
            JsonNode value = each.getValue();
            for (JsonNode chosen : value.isArray() ? value : List.of(value)) {
                people.merge(chosen.asText(), 1, Integer::sum);
                sums.merge(chosen.asText(), weight, Double::sum);
            }
        }
        double effective = total * total / squares;
        List<DetailSummary.Share> shares = new ArrayList<>();
        sums.forEach((key, sum) -> {
            double share = Math.min(1, sum / total);
            Interval interval = Interval.wilson(share, effective, CONFIDENCE);
            shares.add(new DetailSummary.Share(
                    key,
                    labels.getOrDefault(key, key),
                    people.getOrDefault(key, 0),
                    share,
                    interval.low(),
                    interval.high()));
        });
        shares.sort(Comparator.comparingDouble(DetailSummary.Share::share)
                .reversed()
                .thenComparing(DetailSummary.Share::key));
        return shares;
    }

    private static DetailSummary.@Nullable Middle middle(
            Task task, Map<Long, JsonNode> values, LongToDoubleFunction weights, double total) {
        List<Map.Entry<Long, JsonNode>> sorted = new ArrayList<>(values.entrySet());
        sorted.sort(Comparator.comparingDouble(each -> each.getValue().asDouble()));
        double[] at = {0.5, 0.16, 0.84};
        double[] found = new double[at.length];
        for (int k = 0; k < at.length; k++) {
            double sum = 0;
            for (Map.Entry<Long, JsonNode> each : sorted) {
                sum += weights.applyAsDouble(each.getKey());
                found[k] = each.getValue().asDouble();
                if (sum >= at[k] * total) {
                    break;
                }
            }
        }
        return new DetailSummary.Middle(found[0], found[1], found[2], task.unit());
    }

    private static List<MarkClusters.Mark> marks(Map<Long, JsonNode> values) {
        List<MarkClusters.Mark> marks = new ArrayList<>();
        values.forEach((volunteer, list) -> list.forEach(one -> marks.add(new MarkClusters.Mark(
                volunteer,
                one.path("x").asDouble(),
                one.path("y").asDouble(),
                one.path("width").asDouble(),
                one.path("height").asDouble()))));
        return marks;
    }
}
