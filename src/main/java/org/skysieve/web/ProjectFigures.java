package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.project.AnswerOption;
import org.skysieve.project.WorkflowView;
import org.skysieve.selection.Statistics;
import org.skysieve.selection.StatisticsView;
import org.skysieve.selection.StatisticsView.Estimate;

/** The live figures of a workflow in the words and drawings of the pages. */
@ApplicationScoped
class ProjectFigures {
    private final Statistics statistics;

    ProjectFigures(Statistics statistics) {
        this.statistics = statistics;
    }

    StatisticsView of(WorkflowView workflow) {
        return statistics.of(workflow.id());
    }

    /** The four numbers that every reader wants first. */
    static List<Figure> figures(StatisticsView now) {
        return List.of(
                new Figure(
                        "votes",
                        "votes",
                        Wording.count(now.votes()),
                        "by " + Wording.count(now.volunteers(), "person", "people")),
                new Figure(
                        "retired",
                        "settled",
                        Wording.count(now.candidates().retiredTotal()),
                        now.candidates().votesPerRetired() == null
                                ? ""
                                : Wording.decimals(now.candidates().votesPerRetired(), 1) + " votes each"),
                new Figure("open", "still open", Wording.count(now.candidates().open()), ""),
                new Figure(
                        "ambiguous",
                        "ambiguous",
                        Wording.count(now.candidates().ambiguous()),
                        now.candidates().ambiguous() == 0 ? "" : "people could not agree"));
    }

    /** One bar: settled by answer, ambiguous, open. */
    static String progress(WorkflowView workflow, StatisticsView now) {
        List<Charts.Bar> parts = parts(workflow, now);
        return Charts.shares(
                Wording.count(now.candidates().retiredTotal()) + " of "
                        + Wording.count(
                                now.candidates().total() - now.candidates().gold()) + " candidates settled",
                parts);
    }

    /** What the hues of {@link #progress} mean. */
    static List<String> legend(WorkflowView workflow, StatisticsView now) {
        return parts(workflow, now).stream()
                .map(part -> part.label() + " " + Wording.count(part.value()))
                .toList();
    }

    private static List<Charts.Bar> parts(WorkflowView workflow, StatisticsView now) {
        List<Charts.Bar> parts = new ArrayList<>();
        for (AnswerOption answer : workflow.answers()) {
            parts.add(new Charts.Bar(answer.label(), now.candidates().retired().getOrDefault(answer.key(), 0L)));
        }
        parts.add(new Charts.Bar("Ambiguous", now.candidates().ambiguous()));
        return parts;
    }

    static Charts.Estimate drawn(String label, Estimate estimate) {
        return new Charts.Estimate(label, orNaN(estimate.value()), orNaN(estimate.low()), orNaN(estimate.high()));
    }

    static double orNaN(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
