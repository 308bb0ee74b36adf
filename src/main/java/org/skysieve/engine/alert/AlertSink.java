package org.skysieve.engine.alert;

/**
 * Receives what {@link AlertReader} finds, in the order of the source, on the reader's thread. What a sink throws ends
 * the reading and reaches the caller.
 */
public interface AlertSink {
    /**
     * @param source where the packet was: file, entry of the archive, number of the record; for people to read
     */
    void accepted(String source, AlertPacket packet);

    /**
     * Something that should have been an alert and is not readable as one. Reading goes on.
     *
     * @param reason what was found and what was needed
     * @param raw the first 64 KiB at most of what was rejected; may be empty
     */
    void rejected(String source, String reason, byte[] raw);

    /** Something that never claimed to be an alert, such as a table of labels beside the packets. */
    default void skipped(String source, String reason) {}
}
