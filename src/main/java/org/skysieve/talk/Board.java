package org.skysieve.talk;

/**
 * A board of a project.
 *
 * @param about what belongs here, a sentence
 */
public record Board(String slug, String title, String about) {}
