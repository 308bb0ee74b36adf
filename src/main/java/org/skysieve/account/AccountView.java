package org.skysieve.account;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who classifies: an account or a guest.
 *
 * @param username null for a guest
 * @param role of a guest: volunteer, but {@link CurrentVolunteer#require} wants an account
 */
public record AccountView(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        boolean guest,
        @Nullable String username,
        String displayName,
        Role role) {}
