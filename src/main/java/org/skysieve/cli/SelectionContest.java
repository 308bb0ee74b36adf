package org.skysieve.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

import org.jspecify.annotations.Nullable;

/**
 * Selection against chance: two runs with the same volunteers and as many votes, one by the workflow's rules, one with what
 * is shown drawn at random (and finished once begun, by the same retirement rule).
 *
 * @param selected the classifier's curve by the rules
 * @param random the same with random selection
 */
record SelectionContest(List<ClassifierCurve.Point> selected, List<ClassifierCurve.Point> random) {

    /** The quality that random selection has at its end. */
    double quality() {
        return ClassifierCurve.last(random);
    }

    /** Votes that random selection spent on {@link #quality}: all that it had. */
    long votesAtRandom() {
        return random.isEmpty() ? 0 : random.get(random.size() - 1).votes();
    }

    /**
     * Where random selection's own curve first reaches {@link #quality}: earlier than {@link #votesAtRandom} where it is flat
     * or noisy, and then chance decides.
     */
    OptionalDouble firstAtRandom() {
        return ClassifierCurve.votesTo(quality(), random);
    }

    /** Votes that the rules spent on the same; empty if they never reach it. */
    OptionalDouble votesSelected() {
        return ClassifierCurve.votesTo(quality(), selected);
    }

    /** Share of random selection's votes that the rules save on the same quality; NaN where they do not reach it. */
    double saved() {
        return votesSelected().isEmpty() ? Double.NaN : 1 - votesSelected().getAsDouble() / votesAtRandom();
    }

    /** For the flat JSON of the report, with null for what could not be measured. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("qualityAuc", number(quality()));
        map.put("votesSelected", number(votesSelected().orElse(Double.NaN)));
        map.put("votesAtRandom", votesAtRandom());
        map.put("firstAtRandom", number(firstAtRandom().orElse(Double.NaN)));
        map.put("votesSaved", number(saved()));
        map.put("rareSelected", number(mean(selected, true)));
        map.put("rareAtRandom", number(mean(random, true)));
        map.put("faintSelected", number(mean(selected, false)));
        map.put("faintAtRandom", number(mean(random, false)));
        map.put("curveSelected", selected);
        map.put("curveAtRandom", random);
        return map;
    }

    void print(PrintStream out) {
        out.println();
        out.println(
                "Selection against chance: AUC of a forest that learns from the crowd's labels beside the simulated survey");
        out.println();
        out.printf(Locale.ROOT, "  %8s %22s %22s%n", "votes", "selected (labels)", "at random (labels)");
        for (int i = 0; i < Math.max(selected.size(), random.size()); i++) {
            List<ClassifierCurve.Point> longer = i < selected.size() ? selected : random;
            out.printf(Locale.ROOT, "  %8d %22s %22s%n", longer.get(i).votes(), cell(selected, i), cell(random, i));
        }
        out.printf(
                Locale.ROOT,
                "%n  AUC %.4f: %.0f votes selected, %d at random (touched first after %.0f): %.0f %% fewer%n",
                quality(),
                votesSelected().orElse(Double.NaN),
                votesAtRandom(),
                firstAtRandom().orElse(Double.NaN),
                100 * saved());
        out.printf(
                Locale.ROOT,
                "  completeness at a false positive rate of %.2f, last points: rare %.3f against %.3f, faint %.3f"
                        + " against %.3f%n",
                ClassifierCurve.FALSE_POSITIVES,
                mean(selected, true),
                mean(random, true),
                mean(selected, false),
                mean(random, false));
    }

    private static String cell(List<ClassifierCurve.Point> points, int index) {
        if (index >= points.size()) {
            return "-";
        }
        ClassifierCurve.Point point = points.get(index);
        return String.format(Locale.ROOT, "%.4f (%d)", point.auc(), point.labels());
    }

    private static double mean(List<ClassifierCurve.Point> points, boolean rare) {
        return points.subList(Math.max(0, points.size() - 3), points.size()).stream()
                .mapToDouble(point -> rare ? point.rare() : point.faint())
                .average()
                .orElse(Double.NaN);
    }

    private static @Nullable Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
