package org.skysieve.platform;

import java.security.GeneralSecurityException;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

/**
 * The key that this installation has by itself, in the database: what is told apart by its digests cannot be found by trying, not
 * by who has the digests alone.
 */
@ApplicationScoped
public class InstallationKey {
    private static final String ALGORITHM = "HmacSHA256";

    private final Sql sql;
    private volatile @Nullable SecretKeySpec key;

    InstallationKey(Sql sql) {
        this.sql = sql;
    }

    /** HMAC-SHA256 of a message under the key: 32 bytes. Messages of different purposes must begin differently. */
    public byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key());
            return mac.doFinal(message);
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
