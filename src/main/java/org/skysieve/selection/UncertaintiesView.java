package org.skysieve.selection;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * Three doubts about a candidate, kept apart, each in [0, 1] and null while there is nothing to tell it from.
 *
 * @param disagreement of the volunteers, the reliable ones counting more; null below two votes
 * @param epistemic what a label would teach the model, over ln K
 * @param aleatoric what no label takes away from the model's doubt, over ln K
 * @param route "expert" where people disagree and the model is sure, "both" where neither knows, "training" where people
 *     agree and the model is unsure; else null
 */
public record UncertaintiesView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        @Nullable Double disagreement,
        @Nullable Double epistemic,
        @Nullable Double aleatoric,
        @Nullable String route) {}
