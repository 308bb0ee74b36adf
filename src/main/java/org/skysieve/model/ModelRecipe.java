package org.skysieve.model;

import java.time.Instant;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.project.ModelKind;

/**
 * What a version was made of, and by which settings: all that is needed to make it again and to get the same numbers.
 *
 * @param snapshot SHA-256 of the labels, which are kept under it
 * @param labels candidates that it learned from
 * @param evaluation labelled candidates of the frozen sample
 * @param explored those of them that uniform exploration had begun
 * @param labelsBySource expected training labels, by source and class
 * @param policy which labels counted how much, in words
 * @param labelPolicy the same as data; null in recipes from before there were policies
 * @param simulated candidates of the simulated survey that stood beside the labels; a net begins with the net of the
 *     simulated survey instead
 * @param modelKind what was made of it; null in recipes from before there were nets: a forest
 * @param seed 64 bits
 * @param enoughEvaluation labels of the evaluation sample from which on it judges alone
 * @param enoughExploration labels of the exploration sample from which on it must be won, too
 * @param promoteAt P(it is better) that was asked for
 * @param challenged the champion of the time; null if there was none
 */
public record ModelRecipe(
        String snapshot,
        int labels,
        int evaluation,
        int explored,
        Map<String, Map<String, Double>> labelsBySource,
        String policy,
        @Nullable LabelPolicy labelPolicy,
        int simulated,
        @Nullable ModelKind modelKind,
        int trees,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long seed,
        int enoughEvaluation,
        int enoughExploration,
        double promoteAt,

        @JsonFormat(shape = JsonFormat.Shape.STRING) @Nullable
        Long challenged,

        String codeVersion,
        Instant trainedAt) {
    boolean isNet() {
        return modelKind == ModelKind.NET;
    }
}
