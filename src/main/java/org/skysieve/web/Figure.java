package org.skysieve.web;

/**
 * One live figure.
 *
 * @param key names it in tests
 * @param note a smaller line below the value; may be empty
 */
public record Figure(String key, String label, String value, String note) {}
