package org.skysieve.model;

/** Event: another model version serves this workflow from now on; scores of open candidates are out of date. */
public record ModelPromoted(long workflowId, long modelVersionId) {}
