package org.skysieve.engine.image;

/** The bytes of a stamp hold no image that we can show; the message says what came. */
public final class UnreadableStampException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public UnreadableStampException(String message) {
        super(message);
    }

    public UnreadableStampException(String message, Throwable cause) {
        super(message, cause);
    }
}
