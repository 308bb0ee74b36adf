package org.skysieve.project;

/** Event: the class of a candidate is known now, or known to be another than before. */
public record GoldStandardSet(long workflowId, long candidateId, int answer) {}
