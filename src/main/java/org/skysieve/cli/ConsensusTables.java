package org.skysieve.cli;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

import org.skysieve.engine.consensus.ConsensusResult;
import org.skysieve.engine.consensus.Posteriors;
import org.skysieve.engine.consensus.SpamCheck;
import org.skysieve.engine.consensus.VolunteerReliability;
import org.skysieve.engine.consensus.VoteTable;
import org.skysieve.engine.math.Interval;

/** Writes labels and workers as CSV; a file is replaced whole or not at all. */
final class ConsensusTables {
    private static final CSVFormat FORMAT =
            CSVFormat.DEFAULT.builder().setRecordSeparator('\n').get();

    private static final double LEVEL = 0.95;

    private ConsensusTables() {}

    /** {@code task,label,confidence,votes,p_<label>...}, tasks in the order of the answers. */
    static void labels(Path file, CrowdAnswers crowd, ConsensusResult result) throws IOException {
        Posteriors posteriors = result.posteriors();
        VoteTable votes = crowd.votes();
        write(file, printer -> {
            List<Object> row = new ArrayList<>(List.of("task", "label", "confidence", "votes"));
            crowd.labels().forEach(label -> row.add("p_" + label));
            printer.printRecord(row);
            for (int c : crowd.asTheyCame()) {
                row.clear();
                int leading = crowd.labels().size() == 1 ? 0 : posteriors.leading(c);
                row.add(crowd.tasks().get(c));
                row.add(crowd.labels().get(leading));
                row.add(probability(crowd, posteriors.get(c, leading)));
                row.add(votes.start(c + 1) - votes.start(c));
                for (int k = 0; k < crowd.labels().size(); k++) {
                    row.add(probability(crowd, posteriors.get(c, k)));
                }
                printer.printRecord(row);
            }
        });
    }

    /**
     * {@code worker,votes,accuracy,p_<answer>_if_<truth>...,low_<truth>,high_<truth>...,blind}, workers in order of their
     * names; accuracy is P(right) on tasks drawn from the class shares, low and high bound P(right | truth) with 95 %, and
     * blind is P(the answers do not depend on the task).
     */
    static void workers(Path file, CrowdAnswers crowd, ConsensusResult result) throws IOException {
        List<VolunteerReliability> workers = VolunteerReliability.of(crowd.votes(), result.posteriors());
        write(file, printer -> {
            List<Object> row = new ArrayList<>(List.of("worker", "votes", "accuracy"));
            for (String truth : crowd.labels()) {
                crowd.labels().forEach(answer -> row.add("p_" + answer + "_if_" + truth));
            }
            for (String truth : crowd.labels()) {
                row.add("low_" + truth);
                row.add("high_" + truth);
            }
            row.add("blind");
            printer.printRecord(row);
            for (int w = 0; w < workers.size(); w++) {
                row.clear();
                row.add(crowd.workers().get(w));
                row.add(workers.get(w).votes());
                row.add(probability(crowd, result.confusions().accuracy(w, result.prior())));
                for (int t = 0; t < crowd.labels().size(); t++) {
                    for (int a = 0; a < crowd.labels().size(); a++) {
                        row.add(probability(crowd, result.confusions().get(w, t, a)));
                    }
                }
                for (int t = 0; t < crowd.labels().size(); t++) {
                    Interval right = workers.get(w).accuracyInterval(t, LEVEL);
                    row.add(probability(crowd, right.low()));
                    row.add(probability(crowd, right.high()));
                }
                row.add((float) SpamCheck.of(workers.get(w)).probability());
                printer.printRecord(row);
            }
        });
    }

    /** Seven digits, however small: a 0 in a file would say "impossible". The only label of a crowd is certain. */
    private static float probability(CrowdAnswers crowd, double p) {
        return crowd.labels().size() == 1 ? 1 : p > 0 ? (float) Math.max(p, 1e-37) : 0;
    }

    private interface Rows {
        void print(CSVPrinter printer) throws IOException;
    }

    private static void write(Path file, Rows rows) throws IOException {
        WholeFile.write(file, fresh -> {
            try (BufferedWriter writer = Files.newBufferedWriter(fresh);
                    CSVPrinter printer = new CSVPrinter(writer, FORMAT)) {
                rows.print(printer);
            }
            return fresh;
        });
    }
}
