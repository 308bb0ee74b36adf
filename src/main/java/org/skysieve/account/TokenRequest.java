package org.skysieve.account;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;

/** A bearer token of ours, to be looked up. */
final class TokenRequest extends BaseAuthenticationRequest {
    private final String token;

    TokenRequest(String token) {
        this.token = token;
    }

    String token() {
        return token;
    }
}
