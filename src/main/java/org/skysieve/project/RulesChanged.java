package org.skysieve.project;

/** Event: a workflow has another version, and with it perhaps other rules. */
public record RulesChanged(long workflowId, int version) {}
