package org.skysieve.engine.learn;

/** A training that ended without a model. Whatever served before serves on. */
public final class TrainingFailed extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Why. */
    public enum Reason {
        /** It could not be started. */
        NOT_STARTED,
        /** Another training holds the place for too long. */
        BUSY,
        /** It took more memory than it may. */
        OUT_OF_MEMORY,
        /** It took longer than it may. */
        OUT_OF_TIME,
        /** Its process ended, killed or broken. */
        ENDED,
        /** Its net is not what was trained. */
        WRONG
    }

    private final Reason reason;

    TrainingFailed(Reason reason, String message) {
        super("training: " + message);
        this.reason = reason;
    }

    TrainingFailed(Reason reason, String message, Throwable cause) {
        super("training: " + message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
