package org.skysieve.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.skysieve.engine.consensus.Agreement;
import org.skysieve.engine.consensus.ConsensusInput;
import org.skysieve.engine.consensus.ConsensusMethod;
import org.skysieve.engine.consensus.ConsensusResult;
import org.skysieve.engine.consensus.VoteTable;
import org.skysieve.engine.math.Interval;
import org.skysieve.engine.math.LogLoss;
import org.skysieve.engine.math.ReliabilityDiagram;

/** What {@code skysieve consensus --report} prints: how the labels came about and how far they can be believed. */
final class ConsensusReport {
    private static final int FOLDS = 5;
    private static final int LEAST_GOLD = 10;
    private static final double LEAST_PROBABILITY = 1e-6;

    private ConsensusReport() {}

    /** @param nanos spent on reading, fitting and writing */
    static void print(
            PrintWriter out,
            CrowdAnswers crowd,
            ConsensusInput input,
            ConsensusMethod method,
            ConsensusResult result,
            long badRows,
            int threads,
            List<Long> nanos) {
        VoteTable votes = crowd.votes();
        line(
                out,
                "Answers",
                "%d votes by %d workers on %d tasks (%.1f a task); %d duplicate rows counted once, %d bad rows left out",
                votes.votes(),
                crowd.workers().size(),
                crowd.tasks().size(),
                votes.votes() / (double) crowd.tasks().size(),
                crowd.duplicates(),
                badRows);
        line(out, "Gold", "%d tasks", input.goldCount());
        line(out, "Method", "%s: %s", result.method(), result.why());
        line(
                out,
                "",
                "%d sweeps%s, temperature %.2f",
                result.sweeps(),
                result.converged() ? "" : " (stopped before it converged)",
                result.temperature());
        Agreement agreement = Agreement.of(votes);
        line(
                out,
                "Agreement",
                "Krippendorff's alpha %s, Fleiss' kappa %s, on %d tasks with two votes or more",
                three(agreement.alpha()),
                three(agreement.kappa()),
                agreement.comparable());
        classes(out, crowd, result);
        long started = System.nanoTime();
        if (crowd.labels().size() > 1) {
            if (input.goldCount() >= LEAST_GOLD) {
                Judged judged = onHiddenGold(input, method, threads);
                line(
                        out,
                        "Calibration",
                        "on %d gold tasks, each hidden from the fit in turn (%d folds):",
                        judged.rows,
                        FOLDS);
                judged.print(out);
            } else {
                Judged judged = onHiddenVotes(input, method);
                line(
                        out,
                        "Calibration",
                        "without gold (%d tasks, need %d): one vote of each of %d tasks, hidden and predicted:",
                        input.goldCount(),
                        LEAST_GOLD,
                        judged.rows);
                judged.print(out);
            }
        }
        line(
                out,
                "Time",
                "%.2f s reading, %.2f s fitting, %.2f s writing, %.2f s checking the calibration",
                nanos.get(0) / 1e9,
                nanos.get(1) / 1e9,
                nanos.get(2) / 1e9,
                (System.nanoTime() - started) / 1e9);
        out.flush();
    }

    private static void classes(PrintWriter out, CrowdAnswers crowd, ConsensusResult result) {
        int[] leading = new int[crowd.votes().classes()];
        double confidence = 0;
        for (int c = 0; c < crowd.tasks().size(); c++) {
            int label = result.posteriors().leading(c);
            leading[label]++;
            confidence += result.posteriors().get(c, label);
        }
        line(
                out,
                "Labels",
                "%d classes, mean confidence %s",
                crowd.labels().size(),
                three(confidence / crowd.tasks().size()));
        int shown = Math.min(10, crowd.labels().size());
        for (int k = 0; k < shown; k++) {
            line(out, "", "%-20s %8d tasks", crowd.labels().get(k), leading[k]);
        }
        if (shown < crowd.labels().size()) {
            line(out, "", "... and %d more", crowd.labels().size() - shown);
        }
    }

    /** Predictions of something that the fit has not seen. */
    private static final class Judged {
        final int classes;
        final int rows;
        final double[] probabilities;
        final double[] targets;
        final double[] weights;

        Judged(int classes, int rows) {
            this.classes = classes;
            this.rows = rows;
            this.probabilities = new double[rows * classes];
            this.targets = new double[rows * classes];
            this.weights = new double[rows];
            Arrays.fill(weights, 1);
        }

        void print(PrintWriter out) {
            ReliabilityDiagram diagram =
                    ReliabilityDiagram.of(probabilities, targets, classes, weights, ReliabilityDiagram.BINS);
            double hits = 0;
            for (ReliabilityDiagram.Bin bin : diagram.bins()) {
                hits += bin.count() > 0 ? bin.count() * bin.accuracy() : 0;
            }
            Interval interval = Interval.wilson(hits / rows, rows, 0.95);
            line(
                    out,
                    "",
                    "accuracy %s (95 %%: %s to %s), log loss %s, ECE %s (%d bins), claims %s too %s",
                    three(hits / rows),
                    three(interval.low()),
                    three(interval.high()),
                    three(LogLoss.mean(probabilities, targets, classes, weights, LEAST_PROBABILITY)),
                    three(diagram.expectedError()),
                    ReliabilityDiagram.BINS,
                    three(Math.abs(diagram.overconfidence())),
                    diagram.overconfidence() > 0 ? "much" : "little");
            line(out, "", "confidence      tasks   claimed  realised");
            for (ReliabilityDiagram.Bin bin : diagram.bins()) {
                if (bin.count() > 0) {
                    line(
                            out,
                            "",
                            "%.2f to %.2f %8.0f %9s %9s",
                            bin.low(),
                            bin.high(),
                            bin.count(),
                            three(bin.confidence()),
                            three(bin.accuracy()));
                }
            }
        }
    }

    private static Judged onHiddenGold(ConsensusInput input, ConsensusMethod method, int threads) {
        int classes = input.votes().classes();
        int[] order = new int[input.goldCount()];
        int found = 0;
        for (int c = 0; c < input.votes().candidates(); c++) {
            if (input.isGold(c)) {
                order[found++] = c;
            }
        }
        shuffle(order, new SplittableRandom(input.seed()));
        Judged judged = new Judged(classes, order.length);
        ExecutorService pool = Executors.newFixedThreadPool(Math.min(threads, FOLDS));
        try {
            List<Future<ConsensusResult>> fits = new ArrayList<>();
            for (int f = 0; f < FOLDS; f++) {
                int fold = f;
                fits.add(pool.submit(() -> method.fit(input.withGold(goldWithout(input, order, fold)))));
            }
            for (int i = 0; i < order.length; i++) {
                ConsensusResult fit = fits.get(i % FOLDS).get();
                for (int k = 0; k < classes; k++) {
                    judged.probabilities[i * classes + k] = fit.posteriors().get(order[i], k);
                    judged.targets[i * classes + k] = input.gold(order[i], k);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("report: interrupted while checking the calibration", stopped);
        } catch (ExecutionException failure) {
            throw new IllegalStateException("report: a fit failed: " + failure.getCause(), failure);
        } finally {
            pool.shutdownNow();
        }
        return judged;
    }

    private static int[] goldWithout(ConsensusInput input, int[] order, int fold) {
        int[] truth = new int[input.votes().candidates()];
        Arrays.fill(truth, -1);
        for (int i = 0; i < order.length; i++) {
            for (int k = 0; k < input.votes().classes() && i % FOLDS != fold; k++) {
                if (input.gold(order[i], k) == 1) {
                    truth[order[i]] = k;
                }
            }
        }
        return truth;
    }

    /** Without gold: the labels are good as far as they tell, through the workers' matrices, what somebody else answers. */
    private static Judged onHiddenVotes(ConsensusInput input, ConsensusMethod method) {
        VoteTable votes = input.votes();
        SplittableRandom random = new SplittableRandom(input.seed());
        int[] hidden = new int[votes.candidates()];
        int rows = 0;
        for (int c = 0; c < hidden.length; c++) {
            int count = votes.start(c + 1) - votes.start(c);
            hidden[c] = count < 2 ? -1 : votes.start(c) + random.nextInt(count);
            rows += count < 2 ? 0 : 1;
        }
        int kept = votes.votes() - rows;
        int[] candidate = new int[kept];
        int[] volunteer = new int[kept];
        int[] answer = new int[kept];
        int next = 0;
        for (int c = 0; c < hidden.length; c++) {
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                if (i != hidden[c]) {
                    candidate[next] = c;
                    volunteer[next] = votes.volunteer(i);
                    answer[next++] = votes.answer(i);
                }
            }
        }
        int classes = votes.classes();
        VoteTable rest = VoteTable.of(votes.candidates(), votes.volunteers(), classes, candidate, volunteer, answer);
        ConsensusResult fit = method.fit(ConsensusInput.of(rest).withSeed(input.seed()));
        Judged judged = new Judged(classes, rows);
        int row = 0;
        for (int c = 0; c < hidden.length; c++) {
            if (hidden[c] < 0) {
                continue;
            }
            for (int a = 0; a < classes; a++) {
                for (int t = 0; t < classes; t++) {
                    judged.probabilities[row * classes + a] +=
                            fit.posteriors().get(c, t) * fit.confusions().get(votes.volunteer(hidden[c]), t, a);
                }
            }
            judged.targets[row++ * classes + votes.answer(hidden[c])] = 1;
        }
        return judged;
    }

    private static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swap = values[i];
            values[i] = values[j];
            values[j] = swap;
        }
    }

    private static String three(double value) {
        return Double.isNaN(value) ? "not measurable" : String.format(Locale.ROOT, "%.3f", value);
    }

    private static void line(PrintWriter out, String head, String format, Object... values) {
        out.println(String.format(Locale.ROOT, "%-12s", head) + String.format(Locale.ROOT, format, values));
    }
}
