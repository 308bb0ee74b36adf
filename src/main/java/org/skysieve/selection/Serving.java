package org.skysieve.selection;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.AssignmentView;

/**
 * What somebody is given to do.
 *
 * @param assignments oldest first
 * @param reason null unless there are none
 */
public record Serving(
        List<AssignmentView> assignments, @Nullable Reason reason) {
    public Serving {
        assignments = List.copyOf(assignments);
    }

    /** Why there is nothing to do. */
    public enum Reason {
        /** No candidate is open. */
        NOTHING_OPEN("nothing-open"),
        /** This person has seen every open candidate. */
        ALL_SEEN("all-seen"),
        /** Other people hold all that is left; some of it may come back when their leases run out. */
        ALL_LEASED("all-leased");

        private final String key;

        Reason(String key) {
            this.key = key;
        }

        /** The name in JSON. */
        public String key() {
            return key;
        }
    }
}
