package org.skysieve.classification;

import java.nio.ByteBuffer;
import java.util.HexFormat;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.InstallationKey;

/**
 * Names people in exports and traces without saying who they are: HMAC-SHA256 of the volunteer's id under the key of this
 * installation, cut to 64 bits. One person has one pseudonym in all exports.
 */
@ApplicationScoped
public class Pseudonyms {
    private static final int BYTES = 8;

    private final InstallationKey key;

    Pseudonyms(InstallationKey key) {
        this.key = key;
    }

    /** Such as {@code "v-3f2a9c0d1e4b5a69"}. */
    public String of(long volunteerId) {
        byte[] hash =
                key.hmac(ByteBuffer.allocate(Long.BYTES).putLong(volunteerId).array());
        return "v-" + HexFormat.of().formatHex(hash, 0, BYTES);
    }
}
