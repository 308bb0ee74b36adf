package org.skysieve.account;

/** Event: an account was erased; what its person wrote goes as well, votes stay without a name. */
public record AccountErased(long volunteerId) {}
