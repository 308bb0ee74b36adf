package org.skysieve.candidate;

import org.skysieve.engine.context.Surroundings;

/**
 * A candidate and what the packet told of the sky around it.
 *
 * @param surroundings {@link Surroundings#UNKNOWN} for candidates that came before they were kept
 */
public record Placed(CandidateView candidate, Surroundings surroundings) {}
