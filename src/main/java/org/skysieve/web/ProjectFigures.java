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
    static List<Figure> figures(StatisticsView now, Words words) {
        Messages messages = words.messages();
        Double each = now.candidates().votesPerRetired();
        return List.of(
                new Figure(
                        "votes",
                        messages.figureVotes(),
                        words.count(now.votes()),
                        words.forms(messages.figurePeople(words.count(now.volunteers())), now.volunteers())),
                new Figure(
                        "retired",
                        messages.figureSettled(),
                        words.count(now.candidates().retiredTotal()),
                        each == null ? "" : messages.figureVotesEach(words.decimals(each, 1))),
                new Figure(
                        "open",
                        messages.figureOpen(),
                        words.count(now.candidates().open()),
                        ""),
                new Figure(
                        "ambiguous",
                        messages.figureAmbiguous(),
                        words.count(now.candidates().ambiguous()),
                        now.candidates().ambiguous() == 0 ? "" : messages.figureDisagree()));
    }

    /** One bar: settled by answer, ambiguous; open is what stays empty. */
    static String progress(WorkflowView workflow, StatisticsView now, Words words) {
        long served = now.candidates().total() - now.candidates().gold();
        return Charts.shares(
                words.messages().progressSettled(words.count(now.candidates().retiredTotal()), words.count(served)),
                parts(workflow, now, words),
                served,
                words);
    }

    /** What the hues of {@link #progress} mean. */
    static List<String> legend(WorkflowView workflow, StatisticsView now, Words words) {
        return parts(workflow, now, words).stream()
                .map(part -> part.label() + " " + words.count(part.value()))
                .toList();
    }

    private static List<Charts.Bar> parts(WorkflowView workflow, StatisticsView now, Words words) {
        List<Charts.Bar> parts = new ArrayList<>();
        for (AnswerOption answer : workflow.answers()) {
            parts.add(new Charts.Bar(answer.label(), now.candidates().retired().getOrDefault(answer.key(), 0L)));
        }
        parts.add(new Charts.Bar(
                words.messages().progressAmbiguous(), now.candidates().ambiguous()));
        return parts;
    }

    static Charts.Estimate drawn(String label, Estimate estimate) {
        return new Charts.Estimate(label, orNaN(estimate.value()), orNaN(estimate.low()), orNaN(estimate.high()));
    }

    static double orNaN(@org.jspecify.annotations.Nullable Double value) {
        return value == null ? Double.NaN : value;
    }
}
