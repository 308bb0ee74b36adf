package org.skysieve.model;

import org.skysieve.engine.learn.CutoutClassifier;

/**
 * The model version that serves a workflow.
 *
 * @param version counts the workflow's versions from 1
 */
public record Champion(long modelVersionId, long workflowId, int version, CutoutClassifier classifier) {}
