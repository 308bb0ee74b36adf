package org.skysieve.classification;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Sql;

/**
 * Names people in exports and traces without saying who they are: HMAC-SHA256 of the volunteer's id under a key of this
 * installation, cut to 64 bits. One person has one pseudonym in all exports.
 */
@ApplicationScoped
public class Pseudonyms {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 8;

    private final Sql sql;
    private volatile @Nullable SecretKeySpec key;

    Pseudonyms(Sql sql) {
        this.sql = sql;
    }

    /** Such as {@code "v-3f2a9c0d1e4b5a69"}. */
    public String of(long volunteerId) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            byte[] hash = mac.doFinal(
                    ByteBuffer.allocate(Long.BYTES).putLong(volunteerId).array());
            return "v-" + HexFormat.of().formatHex(hash, 0, BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private SecretKeySpec key() {
        SecretKeySpec known = key;
        if (known == null) {
            known = new SecretKeySpec(sql.one("SELECT key FROM pseudonym_key", row -> row.getBytes(1)), ALGORITHM);
            key = known;
        }
        return known;
    }
}
