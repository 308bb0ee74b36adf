package org.skysieve.project;

/** Event: a workflow exists; its candidates can be scored and queued. */
public record WorkflowCreated(long workflowId, long projectId) {}
