package org.skysieve.engine.consensus;

import java.util.Collections;
import java.util.List;

/**
 * What the live consensus believes before it has seen a vote. Strengths are in votes (or candidates): how many would
 * move the belief half-way.
 *
 * @param classes how many classes there are, 2 to 64
 * @param classPrior P(class) of the population before any candidate is labelled, sums to 1
 * @param classStrength how many candidates that prior is worth: large, so that it is learned slowly
 * @param diagonal P(right answer) of an unknown crowd, in (1 / classes, 1); wrong answers share the rest
 * @param crowdStrength the votes by which a crowd's confusion is pulled to the diagonal
 * @param brightnessStrength the votes by which a crowd's confusion at one brightness is shrunk to its overall one
 * @param volunteerStrength the votes by which a volunteer's confusion is shrunk to the crowd's at that brightness
 * @param borrow what a volunteer's vote at another brightness counts, in [0, 1]
 * @param personalGuests whether guests get a confusion of their own; else they all share the guests' pool
 * @param modelStrength the candidates by which the model's confusion is shrunk to what the model itself claims
 * @param modelTrust how much of the model's claim is believed at first, in [0, 1]
 * @param voteCorrelation of two votes on a candidate beyond its class, before gold standards tell, in [0, 1]
 * @param maxSweeps bound of the sweeps of each of the two rounds of a refit
 */
public record ConsensusSettings(
        int classes,
        List<Double> classPrior,
        double classStrength,
        double diagonal,
        double crowdStrength,
        double brightnessStrength,
        double volunteerStrength,
        double borrow,
        boolean personalGuests,
        double modelStrength,
        double modelTrust,
        double voteCorrelation,
        int maxSweeps) {
    /** What votes on astronomical candidates were seen to have in common; docs/methods/consensus.md tells where. */
    public static final double EXPECTED_CORRELATION = 0.15;

    public ConsensusSettings {
        classPrior = List.copyOf(classPrior);
        double sum = 0;
        for (double p : classPrior) {
            need(p > 0, "class prior", p, "> 0");
            sum += p;
        }
        need(classes >= 2 && classes <= 64, "classes", classes, "2 to 64");
        need(classPrior.size() == classes, "size of the class prior", classPrior.size(), "" + classes);
        need(Math.abs(sum - 1) < 1e-6, "sum of the class prior", sum, "1");
        need(classStrength > 0, "class strength", classStrength, "> 0");
        need(diagonal > 1.0 / classes && diagonal < 1, "diagonal", diagonal, "more than 1 / classes and less than 1");
        need(crowdStrength > 0, "crowd strength", crowdStrength, "> 0");
        need(brightnessStrength > 0, "brightness strength", brightnessStrength, "> 0");
        need(volunteerStrength > 0, "volunteer strength", volunteerStrength, "> 0");
        need(borrow >= 0 && borrow <= 1, "borrow", borrow, "0 to 1");
        need(modelStrength > 0, "model strength", modelStrength, "> 0");
        need(modelTrust >= 0 && modelTrust <= 1, "model trust", modelTrust, "0 to 1");
        need(voteCorrelation >= 0 && voteCorrelation <= 1, "vote correlation", voteCorrelation, "0 to 1");
        need(maxSweeps > 0, "sweeps", maxSweeps, "> 0");
    }

    public static ConsensusSettings defaults(int classes) {
        need(classes >= 2 && classes <= 64, "classes", classes, "2 to 64");
        return new ConsensusSettings(
                classes,
                Collections.nCopies(classes, 1.0 / classes),
                50,
                Math.max(0.7, 1.2 / classes),
                20,
                20,
                2,
                0.5,
                true,
                20,
                0.8,
                EXPECTED_CORRELATION,
                50);
    }

    private static void need(boolean holds, String what, double got, String needed) {
        if (!holds) {
            throw new IllegalArgumentException("consensus settings: " + what + " is " + got + ", need " + needed);
        }
    }
}
