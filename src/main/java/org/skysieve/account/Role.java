package org.skysieve.account;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import org.skysieve.platform.Problem;

/** What an account may do on the whole site; each role includes those before it. Guests have none. */
public enum Role {
    VOLUNTEER,
    SCIENTIST,
    MODERATOR,
    ADMINISTRATOR;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** The name in SQL, JSON and {@code @RolesAllowed}: lower case. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The keys of this role and of all that it includes. */
    Set<String> keys() {
        Set<String> keys = new HashSet<>();
        EnumSet.range(VOLUNTEER, this).forEach(role -> keys.add(role.key()));
        return keys;
    }

    /**
     * The role of that key.
     *
     * @throws Problem 400 for any other word
     */
    @JsonCreator
    public static Role of(String key) {
        for (Role role : values()) {
            if (role.key().equals(key)) {
                return role;
            }
        }
        throw Problem.badField("role", "got \"" + key + "\", need volunteer, scientist, moderator or administrator");
    }
}
