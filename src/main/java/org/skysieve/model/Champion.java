package org.skysieve.model;

import org.skysieve.engine.learn.CutoutModel;

/**
 * The model version that serves a workflow.
 *
 * @param version counts the workflow's versions from 1
 */
public record Champion(long modelVersionId, long workflowId, int version, CutoutModel classifier) {}
