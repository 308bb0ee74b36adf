package org.skysieve.cli;

/** The server's refusal of a request: a problem document, or what stood in its place. */
final class ApiFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    ApiFailure(int status, String message) {
        super(message);
        this.status = status;
    }

    /** The HTTP status. */
    int status() {
        return status;
    }
}
