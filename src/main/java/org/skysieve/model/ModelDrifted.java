package org.skysieve.model;

/**
 * Event: what the champion sees, says or is worth has moved away from what it was made for.
 *
 * @param kinds of {@code inputs}, {@code scores} and {@code calibration}, those that crossed the line now, with commas
 * @param reason in words, with the numbers
 */
public record ModelDrifted(long workflowId, long modelVersionId, String kinds, String reason) {}
