package org.skysieve.engine.select;

/** A priority expression that cannot be read; the message says where, what stood there and what was expected. */
public final class ExpressionError extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int position;

    ExpressionError(int position, String message) {
        super("at character " + (position + 1) + ": " + message);
        this.position = position;
    }

    /** Index of the character, from 0; the length of the text where it ended too early. */
    public int position() {
        return position;
    }
}
