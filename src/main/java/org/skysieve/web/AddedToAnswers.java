package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.consensus.DetailSummaries;
import org.skysieve.consensus.DetailSummary;
import org.skysieve.engine.consensus.MarkClusters;
import org.skysieve.project.WorkflowView;

/** What people added to their answers about a candidate, in words. */
@ApplicationScoped
class AddedToAnswers {
    /** Clusters of fewer people than these shares are mostly slips; the API has all of them. */
    private static final int MOST_MARKS = 5;

    private final DetailSummaries summaries;

    AddedToAnswers(DetailSummaries summaries) {
        this.summaries = summaries;
    }

    /** One task. */
    public record Added(String question, String people, List<Row> rows) {}

    /** @param notation whether the label is numbers, which are read from the left in every language */
    public record Row(String label, boolean notation, String value) {}

    /** In the order of the workflow; empty where nobody added anything. */
    List<Added> of(WorkflowView workflow, long candidateId, Words words) {
        List<Added> added = new ArrayList<>();
        for (DetailSummary.OfTask task : summaries.of(workflow, candidateId).tasks()) {
            List<Row> rows = new ArrayList<>();
            for (DetailSummary.Share share : task.shares()) {
                if (share.volunteers() > 0) {
                    rows.add(new Row(share.label(), false, words.percent(share.share())));
                }
            }
            DetailSummary.Middle number = task.number();
            if (number != null) {
                String range = words.decimals(number.low(), 2) + " – " + words.decimals(number.high(), 2);
                rows.add(new Row((words.decimals(number.median(), 2) + " " + number.unit()).strip(), true, range));
            }
            for (MarkClusters.Cluster mark :
                    task.marks().subList(0, Math.min(MOST_MARKS, task.marks().size()))) {
                String size = mark.width() > 0
                        ? " + " + words.decimals(mark.width(), 0) + " × " + words.decimals(mark.height(), 0)
                        : "";
                rows.add(new Row(
                        words.decimals(mark.x(), 1) + ", " + words.decimals(mark.y(), 1) + size + " px",
                        true,
                        words.percent(mark.share())));
            }
            int people = task.volunteers();
            added.add(new Added(
                    task.question(), words.forms(words.candidate().addedBy(words.count(people)), people), rows));
        }
        return added;
    }
}
