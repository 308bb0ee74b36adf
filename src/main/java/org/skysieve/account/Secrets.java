package org.skysieve.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;

import io.quarkus.elytron.security.common.BcryptUtil;

/** Random secrets and what is stored of them. */
public final class Secrets {
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final int STAMP_BYTES = 12;

    private Secrets() {}

    /** 256 random bits as 43 characters that need no quoting in a URL, a header or a cookie. */
    public static String random() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** SHA-256: enough for a secret of 256 random bits, which nobody guesses however fast the hash. */
    public static byte[] hash(String secret) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static String hashPassword(String password, int cost) {
        return BcryptUtil.bcryptHash(digest(password), cost);
    }

    /**
     * What a session cookie holds of the password that it was opened with: another password, another stamp. Nothing of the hash
     * can be found from it.
     */
    static String sessionStamp(String passwordHash) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(Arrays.copyOf(hash("session " + passwordHash), STAMP_BYTES));
    }

    static boolean passwordMatches(String password, String hash) {
        return BcryptUtil.matches(digest(password), hash);
    }

    /** Bcrypt reads 72 bytes at most: without this a long passphrase would count only by its beginning. */
    private static String digest(String password) {
        return Base64.getEncoder().encodeToString(hash(password));
    }
}
