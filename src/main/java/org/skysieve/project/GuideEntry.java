package org.skysieve.project;

import java.util.List;

/**
 * What the field guide says of one class.
 *
 * @param answer the class's key
 * @param text Markdown, at most 5,000 characters; may be empty
 */
public record GuideEntry(String answer, String text, List<GuideExample> examples) {
    public GuideEntry {
        examples = List.copyOf(examples);
    }
}
