package org.skysieve.outcome;

/** Event: a scientist said what a candidate is, for the first time or anew. */
public record OutcomeReported(long candidateId) {}
