package org.skysieve.selection;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.classification.AssignmentView;

/**
 * What somebody is given to do.
 *
 * @param assignments oldest first
 * @param reason null unless there are none
 * @param note why it is not what was asked for, or null if it is
 */
public record Serving(
        List<AssignmentView> assignments,
        @Nullable Reason reason,
        @Nullable Note note) {
    public Serving {
        assignments = List.copyOf(assignments);
    }

    /** Why the showcase was asked for and teaching served. */
    public enum Note {
        /** The showcase has had its share of the last assignments. */
        SHOWCASE_FULL("showcase-full"),
        /** No likely discovery is open that this person has not seen. */
        SHOWCASE_EMPTY("showcase-empty");

        private final String key;

        Note(String key) {
            this.key = key;
        }

        /** The name in JSON. */
        public String key() {
            return key;
        }
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
