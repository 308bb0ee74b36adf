package org.skysieve.cli;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.simulate.TwoAgreeElseSeven;

/**
 * What a simulation measured. Candidates that were gold standards count neither as retired nor in purity and
 * completeness, but the votes on them are counted: they are part of the price.
 *
 * @param votes acknowledged by the server
 * @param storedVotes in the server's log
 * @param lostVotes acknowledged and not in the log
 * @param doubledVotes in the log twice for one person and candidate
 * @param purity share of the candidates retired as real that are real; NaN if there are none
 * @param completeness share of all real candidates that were retired as real; ambiguous and open ones are missed
 * @param modelAucBefore of the model that the project started with, on a night that nobody labelled
 * @param modelAucAfter of the last promoted model on the same night
 * @param labels what the crowd's labels are worth to a classifier, against the truth
 * @param estimates what the dashboard says at the end, beside the truth
 * @param votesPerSecond while voting was not paused for a training
 * @param consensusDifferences between the stored consensus and the one rebuilt from the log
 */
record SimulationReport(
        int candidates,
        int gold,
        int volunteers,
        int retired,
        int ambiguous,
        int open,
        long votes,
        long votesOnGold,
        long storedVotes,
        long lostVotes,
        long doubledVotes,
        long refusedVotes,
        double purity,
        double completeness,
        TwoAgreeElseSeven.Outcome baseline,
        double modelAucBefore,
        double modelAucAfter,
        LabelsOfCrowd.Worth labels,
        List<Estimated> estimates,
        List<Version> versions,
        int retrainings,
        int promotions,
        double votesPerSecond,
        double voteP50Ms,
        double voteP95Ms,
        double voteP99Ms,
        double consensusLagP95Ms,
        long consensusDifferences,
        double seconds,
        long seed,
        double drift,
        String machine) {

    /**
     * A model version as the server judged it.
     *
     * @param auc and logLoss NaN if not measured
     */
    record Version(int version, String state, String basis, double auc, double logLoss, String reason) {}

    /**
     * What the dashboard says of a share, with its 95 % interval.
     *
     * @param of {@code prevalence}, {@code purity} or {@code completeness} of the real ones
     * @param value NaN, as the ends, where the server says that it cannot tell
     * @param truth of all candidates but gold standards
     * @param n candidates of the sample that it rests on
     */
    record Estimated(String of, double value, double low, double high, double truth, long n) {
        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("estimate", number(value));
            map.put("low", number(low));
            map.put("high", number(high));
            map.put("truth", number(truth));
            map.put("n", n);
            return map;
        }
    }

    double votesPerRetired() {
        return retired == 0 ? Double.NaN : (double) votes / retired;
    }

    /** Flat but for {@code estimates}, with null for what could not be measured. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("candidates", candidates);
        map.put("gold", gold);
        map.put("volunteers", volunteers);
        map.put("retired", retired);
        map.put("ambiguous", ambiguous);
        map.put("open", open);
        map.put("votes", votes);
        map.put("votesOnGold", votesOnGold);
        map.put("storedVotes", storedVotes);
        map.put("lostVotes", lostVotes);
        map.put("doubledVotes", doubledVotes);
        map.put("refusedVotes", refusedVotes);
        map.put("votesPerRetired", number(votesPerRetired()));
        map.put("purity", number(purity));
        map.put("completeness", number(completeness));
        map.put("baselineVotesPerRetired", number(baseline.votesPerCandidate()));
        map.put("baselinePurity", number(baseline.purity()));
        map.put("baselineCompleteness", number(baseline.completeness()));
        map.put("modelAucBefore", number(modelAucBefore));
        map.put("modelAucAfter", number(modelAucAfter));
        map.put("labels", labels.labels());
        map.put("aucOfCrowdLabels", number(labels.crowd()));
        map.put("aucOfTruth", number(labels.truth()));
        Map<String, Object> told = new LinkedHashMap<>();
        estimates.forEach(each -> told.put(each.of(), each.toMap()));
        map.put("estimates", told);
        map.put("retrainings", retrainings);
        map.put("promotions", promotions);
        map.put("votesPerSecond", number(votesPerSecond));
        map.put("voteP50Ms", number(voteP50Ms));
        map.put("voteP95Ms", number(voteP95Ms));
        map.put("voteP99Ms", number(voteP99Ms));
        map.put("consensusLagP95Ms", number(consensusLagP95Ms));
        map.put("consensusDifferences", consensusDifferences);
        map.put("seconds", number(seconds));
        map.put("seed", seed);
        map.put("drift", drift);
        map.put("machine", machine);
        return map;
    }

    void print(PrintStream out) {
        out.println();
        out.println("Simulated loop, seed " + seed + ", drift " + drift + ", on " + machine);
        out.println();
        row(out, "", "Skysieve", "two agree, else seven");
        row(out, "votes per retired candidate", format(votesPerRetired(), 2), format(baseline.votesPerCandidate(), 2));
        row(out, "purity of \"real\"", format(purity, 3), format(baseline.purity(), 3));
        row(out, "completeness of \"real\"", format(completeness, 3), format(baseline.completeness(), 3));
        out.println();
        row(out, "candidates", candidates + " (" + gold + " gold)", "");
        row(out, "retired / ambiguous / open", retired + " / " + ambiguous + " / " + open, "");
        row(out, "votes (on gold)", votes + " (" + votesOnGold + ") by " + volunteers + " volunteers", "");
        row(out, "votes lost / doubled / refused", lostVotes + " / " + doubledVotes + " / " + refusedVotes, "");
        row(out, "consensus rebuilt from the log", consensusDifferences + " differ", "");
        row(out, "votes per second", format(votesPerSecond, 0), "");
        row(
                out,
                "vote p50 / p95 / p99",
                format(voteP50Ms, 1) + " / " + format(voteP95Ms, 1) + " / " + format(voteP99Ms, 1) + " ms",
                "");
        row(out, "vote to consensus p95", format(consensusLagP95Ms, 0) + " ms", "");
        row(out, "retrainings (promoted)", retrainings + " (" + promotions + ")", "");
        row(
                out,
                "model AUC on an unseen night",
                format(modelAucBefore, 4) + " before, " + format(modelAucAfter, 4) + " after",
                "");
        row(
                out,
                "AUC from " + labels.labels() + " labels alone",
                format(labels.crowd(), 4) + " of the crowd, " + format(labels.truth(), 4) + " if all were true",
                "");
        for (Estimated each : estimates) {
            row(
                    out,
                    "dashboard: " + each.of(),
                    format(each.value(), 3) + " (" + format(each.low(), 3) + " to " + format(each.high(), 3) + ")",
                    "in truth " + format(each.truth(), 3));
        }
        row(out, "took", format(seconds, 0) + " s", "");
        out.println();
        for (Version each : versions) {
            out.printf(
                    Locale.ROOT,
                    "  model %-3d %-9s AUC %s, log loss %s on %s: %s%n",
                    each.version(),
                    each.state(),
                    format(each.auc(), 4),
                    format(each.logLoss(), 3),
                    each.basis(),
                    each.reason());
        }
    }

    private static void row(PrintStream out, String name, String ours, String theirs) {
        out.printf(Locale.ROOT, "  %-32s %-28s %s%n", name, ours, theirs);
    }

    private static String format(double value, int digits) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    private static @Nullable Double number(double value) {
        return Double.isNaN(value) || Double.isInfinite(value) ? null : value;
    }
}
