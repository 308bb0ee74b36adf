package org.skysieve.web;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.skysieve.platform.Language;
import org.skysieve.project.WorkflowView;
import org.skysieve.selection.StatisticsView;
import org.skysieve.selection.StatisticsView.Estimate;

/** The table of estimates by class, brightness and season. */
final class EstimateGroups {
    private EstimateGroups() {}

    /**
     * One estimate: a small chart, its words, and for who wants to know, what it rests on.
     *
     * @param chart SVG; empty where there is no estimate
     * @param words the value, or "too few"
     * @param interval empty where there is no estimate
     */
    public record Cell(String chart, String words, String interval, String note) {
        static Cell of(String what, Estimate estimate) {
            if (estimate.value() == null) {
                return new Cell("", "too few", "", estimate.reason() == null ? "" : estimate.reason());
            }
            Charts.Estimate drawn = ProjectFigures.drawn(what, estimate);
            return new Cell(
                    Charts.inline(drawn, 0, Words.in(Language.ENGLISH)),
                    Wording.percent(drawn.estimate()),
                    Wording.interval(drawn.low(), drawn.high()),
                    "from " + Wording.count(estimate.n()));
        }
    }

    /** @param n begun candidates of the sample */
    public record Row(String key, String label, String n, Cell prevalence, Cell completeness, Cell purity) {}

    /** Rows under one heading. */
    public record Section(String kind, String title, List<Row> rows) {}

    static List<Section> of(WorkflowView workflow, StatisticsView now) {
        String first = workflow.answers().get(0).label();
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("class", "By class");
        titles.put("brightness", first + ", by brightness");
        titles.put("season", first + ", by month of the detection");
        List<Section> sections = new ArrayList<>();
        titles.forEach((kind, title) -> {
            List<Row> rows = now.groups().stream()
                    .filter(group -> group.kind().equals(kind))
                    .map(EstimateGroups::row)
                    .toList();
            if (!rows.isEmpty()) {
                sections.add(new Section(kind, title, rows));
            }
        });
        return sections;
    }

    private static Row row(StatisticsView.Group group) {
        return new Row(
                group.key(),
                group.label(),
                Wording.count(group.prevalence().n()),
                Cell.of("Share, " + group.label(), group.prevalence()),
                Cell.of("Completeness, " + group.label(), group.completeness()),
                Cell.of("Purity, " + group.label(), group.purity()));
    }
}
