package org.skysieve.web;

import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.project.FieldGuides;
import org.skysieve.project.WorkflowView;

/** The images that a page begins with. */
@ApplicationScoped
class Heroes {
    private static final int TRIED = 6;

    private final FieldGuides guides;
    private final Candidates candidates;

    Heroes(FieldGuides guides, Candidates candidates) {
        this.guides = guides;
        this.candidates = candidates;
    }

    /** The id of the first of the field guide's first examples that has all three images; empty without one. */
    String of(WorkflowView workflow) {
        List<Long> examples = guides.examples(workflow.id(), TRIED);
        Map<Long, CutoutTriplet> cutouts = candidates.cutouts(examples);
        return examples.stream()
                .filter(id -> cutouts.containsKey(id) && cutouts.get(id).isWhole())
                .findFirst()
                .map(String::valueOf)
                .orElse("");
    }
}
