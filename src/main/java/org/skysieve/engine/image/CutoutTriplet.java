package org.skysieve.engine.image;

import org.jspecify.annotations.Nullable;

/**
 * The images a volunteer sees of a candidate: tonight's science image, the template of the same place before, and their
 * difference (signed so that the candidate is positive at the centre). A survey may lack any of them; a missing one is
 * {@code null}.
 */
public record CutoutTriplet(
        @Nullable Cutout science,
        @Nullable Cutout template,
        @Nullable Cutout difference) {

    /** True if none of the three images is there. */
    public boolean isEmpty() {
        return science == null && template == null && difference == null;
    }

    /** True if all three are there. */
    public boolean isWhole() {
        return science != null && template != null && difference != null;
    }

    /**
     * How the images lie on the sky: all of them alike, for a difference is taken pixel by pixel. Null where none says it,
     * or two say it differently.
     */
    public @Nullable Orientation orientation() {
        Orientation known = null;
        for (Panel panel : Panel.values()) {
            Cutout cutout = panel.of(this);
            Orientation said = cutout == null ? null : cutout.orientation();
            if (said != null && known != null && !said.isLike(known)) {
                return null;
            }
            known = known == null ? said : known;
        }
        return known;
    }
}
