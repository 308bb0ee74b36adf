package org.skysieve.project;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * One answer of a workflow; its index in the list of answers is its class.
 *
 * @param key what the API and exports call it: 1..30 of a-z, 0-9, dash, underscore
 * @param label what volunteers read on the button
 * @param help one sentence that tells it from the others, may be empty
 */
public record AnswerOption(String key, String label, String help) {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9_-]{0,29}");

    public AnswerOption(String key, @Nullable String label, @Nullable String help) {
        if (key == null || !KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("answer key: got \"" + key + "\", need " + KEY);
        }
        this.key = key;
        this.label = label == null || label.isBlank() ? key : label.strip();
        this.help = help == null ? "" : help.strip();
    }
}
