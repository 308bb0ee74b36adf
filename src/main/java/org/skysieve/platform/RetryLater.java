package org.skysieve.platform;

/**
 * Thrown by an {@link OutboxConsumer} when the events are fine but something it needs is away for now. The batch is
 * repeated, slower and slower up to a few seconds, for as long as it takes; no event is ever given up for this.
 */
public final class RetryLater extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RetryLater(String message, Throwable cause) {
        super(message, cause);
    }
}
