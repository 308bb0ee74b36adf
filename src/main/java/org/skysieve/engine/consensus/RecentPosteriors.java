package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.List;

/**
 * The posteriors of a candidate after each of its last votes, oldest first and the present one last: what a rule with a
 * {@link RetirementRule#memory()} looks back at. A refit is no vote: it replaces the present one. An edit or an undo
 * starts anew, for what came before held other votes; so nobody makes a candidate stable by voting back and forth.
 */
public record RecentPosteriors(List<double[]> posteriors) {
    public static final RecentPosteriors NONE = new RecentPosteriors(List.of());

    public RecentPosteriors {
        posteriors = List.copyOf(posteriors);
    }

    /** Those before the present one. */
    public List<double[]> earlier() {
        return posteriors.isEmpty() ? posteriors : posteriors.subList(0, posteriors.size() - 1);
    }

    /** After one more vote. */
    public RecentPosteriors voted(double[] posterior, int memory) {
        return then(posteriors, posterior, memory);
    }

    /** After an edit, an undo or a gold standard. */
    public RecentPosteriors changed(double[] posterior, int memory) {
        return then(List.of(), posterior, memory);
    }

    /** After a refit. */
    public RecentPosteriors refitted(double[] posterior, int memory) {
        return then(earlier(), posterior, memory);
    }

    /** Keeps no more than {@code memory} besides the present one, and nothing for a rule that does not look back. */
    private static RecentPosteriors then(List<double[]> before, double[] posterior, int memory) {
        if (memory == 0) {
            return NONE;
        }
        List<double[]> kept = new ArrayList<>(before.subList(Math.max(0, before.size() - memory), before.size()));
        kept.add(posterior.clone());
        return new RecentPosteriors(kept);
    }
}
