package org.skysieve.engine.consensus;

import java.util.List;
import java.util.Locale;

/** The batch algorithms by name. */
public final class ConsensusMethods {
    private static final List<ConsensusMethod> ALL = List.of(
            named("auto", DawidSkene.hierarchical()),
            named("majority"),
            named("dawid-skene", DawidSkene.maximumLikelihood()),
            named("hierarchical", DawidSkene.hierarchical()));

    private ConsensusMethods() {}

    /** Every name that {@link #byName} knows, {@code auto} first. */
    public static List<String> names() {
        return ALL.stream().map(ConsensusMethod::name).toList();
    }

    /** @throws IllegalArgumentException if no algorithm has this name (in any case) */
    public static ConsensusMethod byName(String name) {
        return ALL.stream()
                .filter(method -> method.name().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "consensus method: got \"" + name + "\", need one of " + String.join(", ", names())));
    }

    private static ConsensusMethod named(String name) {
        return new ConsensusMethod() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ConsensusResult fit(ConsensusInput input) {
                Posteriors shares = MajorityVote.fit(input.votes());
                return new ConsensusResult(
                        name,
                        ModelEvidence.joined(input, shares),
                        Confusions.counted(input.votes(), shares, 4),
                        equal(input.votes().classes()),
                        1,
                        1,
                        true,
                        "Majority vote: every volunteer counts the same.");
            }
        };
    }

    private static ConsensusMethod named(String name, DawidSkene algorithm) {
        return new ConsensusMethod() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public ConsensusResult fit(ConsensusInput input) {
                DawidSkene.Fit fit = algorithm.fit(input.votes());
                return new ConsensusResult(
                        name,
                        ModelEvidence.joined(input, fit.posteriors()),
                        new Confusions(input.votes().classes(), fit.confusion()),
                        fit.prior(),
                        1,
                        fit.sweeps(),
                        fit.converged(),
                        "Dawid-Skene, as asked for.");
            }
        };
    }

    private static double[] equal(int classes) {
        double[] prior = new double[classes];
        java.util.Arrays.fill(prior, 1.0 / classes);
        return prior;
    }
}
