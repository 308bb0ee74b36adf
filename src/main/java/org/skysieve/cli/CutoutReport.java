package org.skysieve.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;

import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.Interval;

/** What {@code skysieve train-cutouts} prints: how good the model is on objects that it has not seen. */
final class CutoutReport {
    /** Edges of the bins of signal-to-noise, as on the model's page. */
    private static final double[] SNR_EDGES = {0, 8, 15, 40, Double.POSITIVE_INFINITY};

    private static final int MOST_SUBCLASSES = 40;

    /** The share that goes to people first. */
    private static final double REJECTED = .1;

    private CutoutReport() {}

    static void print(
            PrintWriter out,
            TrainCutoutsCommand.Labelled labelled,
            Evaluation evaluation,
            CutoutClassifierTrainer.Predicted predicted,
            String beside,
            int folds,
            long seed) {
        double[] p = predicted.probabilities();
        int rows = labelled.samples.size();
        boolean[] real = new boolean[rows];
        boolean[] right = new boolean[rows];
        for (int i = 0; i < rows; i++) {
            real[i] = labelled.samples.get(i).target()[0] == 1;
            right[i] = real[i] == p[2 * i] >= .5;
        }
        line(
                out,
                "Labels",
                "%d (%d real, %d bogus) of %d objects; %s",
                rows,
                labelled.real(),
                rows - labelled.real(),
                labelled.objects(),
                beside);
        line(out, "Judged", "each label by a model that has not seen its object (%d folds); 95 %% intervals:", folds);
        Evaluation.Report report = evaluation.report(p, seed);
        measure(out, "AUC", report.auc());
        measure(out, "accuracy", report.accuracy());
        measure(out, "log loss", report.logLoss());
        measure(out, "ECE", report.calibrationError());
        measure(out, "completeness", report.completeness());
        measure(out, "purity", report.purity());
        line(out, "Confusion", "%16s %10s %10s", "", "p >= .5", "p < .5");
        for (boolean truth : new boolean[] {true, false}) {
            int called = count(rows, i -> real[i] == truth && right[i] == truth);
            int not = count(rows, i -> real[i] == truth && right[i] != truth);
            line(out, "", "%16s %10d %10d", truth ? "real" : "bogus", called, not);
        }
        uncertain(out, predicted.uncertainty(), right);
        line(out, "Brightness", "%-16s %6s %6s  %s", "S/N", "real", "bogus", "right, 95 % interval");
        for (int bin = 0; bin + 1 < SNR_EDGES.length; bin++) {
            double low = SNR_EDGES[bin];
            double high = SNR_EDGES[bin + 1];
            String name = Double.isInfinite(high) ? "%.0f and more" : "%.0f to %.0f";
            split(
                    out,
                    String.format(Locale.ROOT, name, low, high),
                    real,
                    right,
                    i -> labelled.snr.get(i) >= low && labelled.snr.get(i) < high);
        }
        split(out, "not given", real, right, i -> Double.isNaN(labelled.snr.get(i)));
        if (labelled.hasSubclass) {
            subclasses(out, labelled.subclasses, real, right);
        }
        out.flush();
    }

    private static void uncertain(PrintWriter out, double[] uncertainty, boolean[] right) {
        Integer[] order = new Integer[right.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, Comparator.comparingDouble(i -> -uncertainty[i]));
        int rejected = (int) Math.round(REJECTED * right.length);
        int errors = count(right.length, i -> !right[i]);
        int left = count(right.length - rejected, i -> !right[order[rejected + i]]);
        line(
                out,
                "Uncertain",
                "%d errors; %d once the %d most uncertain (10 %%) are set aside for people",
                errors,
                left,
                rejected);
    }

    private static void subclasses(PrintWriter out, List<String> subclasses, boolean[] real, boolean[] right) {
        Map<String, Integer> sizes = new TreeMap<>();
        for (String subclass : subclasses) {
            sizes.merge(subclass, 1, Integer::sum);
        }
        List<String> names = new ArrayList<>(sizes.keySet());
        names.sort(Comparator.comparingInt(name -> -sizes.getOrDefault(name, 0)));
        line(out, "Subclass", "%-16s %6s %6s  %s", "", "real", "bogus", "right, 95 % interval");
        for (String name : names.subList(0, Math.min(MOST_SUBCLASSES, names.size()))) {
            split(
                    out,
                    name.isEmpty() ? "(none)" : name,
                    real,
                    right,
                    i -> subclasses.get(i).equals(name));
        }
        if (names.size() > MOST_SUBCLASSES) {
            line(out, "", "... and %d more", names.size() - MOST_SUBCLASSES);
        }
    }

    private static void split(PrintWriter out, String name, boolean[] real, boolean[] right, IntPredicate in) {
        int reals = count(real.length, i -> in.test(i) && real[i]);
        int all = count(real.length, in);
        if (all == 0) {
            return;
        }
        double share = count(real.length, i -> in.test(i) && right[i]) / (double) all;
        var interval = org.skysieve.engine.math.Interval.wilson(share, all, .95);
        line(
                out,
                "",
                "%-16s %6d %6d  %.3f (%.3f to %.3f)",
                name,
                reals,
                all - reals,
                share,
                interval.low(),
                interval.high());
    }

    private static int count(int rows, IntPredicate in) {
        int count = 0;
        for (int i = 0; i < rows; i++) {
            count += in.test(i) ? 1 : 0;
        }
        return count;
    }

    private static void measure(PrintWriter out, String name, Interval interval) {
        if (Double.isNaN(interval.value())) {
            line(out, "", "%-16s not measurable", name);
        } else {
            line(out, "", "%-16s %.4f (%.4f to %.4f)", name, interval.value(), interval.low(), interval.high());
        }
    }

    private static void line(PrintWriter out, String head, String format, Object... values) {
        out.println(String.format(Locale.ROOT, "%-12s", head) + String.format(Locale.ROOT, format, values));
    }
}
