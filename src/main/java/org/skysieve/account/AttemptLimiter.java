package org.skysieve.account;

import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

import org.skysieve.platform.Problem;

/** Counts attempts in windows of fixed length, in this process only: enough to make guessing hopeless. */
@ApplicationScoped
class AttemptLimiter {
    private static final int MAX_KEYS = 50_000;

    private record Window(long number, int count) {}

    private final AccountConfig config;
    private final Clock clock;
    private final Map<String, Window> windows = new ConcurrentHashMap<>();

    AttemptLimiter(AccountConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    /** The client's address: behind a proxy, what {@code quarkus.http.proxy} lets through. */
    static String address(RoutingContext request) {
        SocketAddress remote = request.request().remoteAddress();
        String host = remote == null ? null : remote.hostAddress();
        return host == null ? "unknown" : host;
    }

    /** Whether another password may be tried at all. */
    boolean admitsSignIn(String username, String address) {
        return count(byName(username, address)) < config.failedSignIns()
                && count(byAddress(address)) < config.failedSignInsByAddress();
    }

    void failedSignIn(String username, String address) {
        increment(byName(username, address));
        increment(byAddress(address));
    }

    void succeededSignIn(String username, String address) {
        windows.remove(byName(username, address));
    }

    /**
     * Counts a new guest or account.
     *
     * @throws Problem 429 past the limit
     */
    void admitNewVolunteer(String address) {
        if (increment("new " + address) > config.newVolunteersByAddress()) {
            throw Problem.tooManyRequests("too many new volunteers from your address; come back in "
                    + config.limitWindow().toMinutes() + " minutes or sign in");
        }
    }

    private static String byName(String username, String address) {
        return "name " + username + " " + address;
    }

    private static String byAddress(String address) {
        return "address " + address;
    }

    private long windowNumber() {
        return clock.millis() / config.limitWindow().toMillis();
    }

    private int count(String key) {
        Window window = windows.get(key);
        return window != null && window.number == windowNumber() ? window.count : 0;
    }

    private int increment(String key) {
        long now = windowNumber();
        if (windows.size() >= MAX_KEYS) {
            windows.values().removeIf(window -> window.number != now);
            if (windows.size() >= MAX_KEYS) {
                windows.clear();
            }
        }
        return windows.merge(
                        key, new Window(now, 1), (old, one) -> old.number == now ? new Window(now, old.count + 1) : one)
                .count;
    }
}
