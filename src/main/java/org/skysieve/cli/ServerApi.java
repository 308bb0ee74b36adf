package org.skysieve.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/**
 * The server's REST API as a client sees it, for one person (or for nobody known: a guest keeps the cookie that the server
 * gives).
 *
 * <p>A request that got no answer, or 502, 503, 504 or 429, is sent again with growing pauses until the patience is over:
 * so a client lives through a restart of the server. Whatever is sent must therefore be idempotent. Thread-safe, but two
 * threads of one guest may each be given a cookie.
 */
final class ServerApi {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);
    private static final Duration TIME_OUT = Duration.ofSeconds(60);

    private final HttpClient http;
    private final String address;
    private final @Nullable String token;
    private final Duration patience;
    private volatile @Nullable String cookie;

    private ServerApi(HttpClient http, String address, @Nullable String token, Duration patience) {
        this.http = http;
        this.address = address.replaceAll("/+$", "");
        this.token = token;
        this.patience = patience;
    }

    /**
     * @param address such as {@code http://localhost:8080}
     * @param token null for a guest
     * @param patience how long a request is tried again while the server does not answer
     */
    static ServerApi of(String address, @Nullable String token, Duration patience) {
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(10))
                .build();
        return new ServerApi(http, address, token, patience);
    }

    /** The same server and connections for somebody else. */
    ServerApi as(@Nullable String otherToken) {
        return new ServerApi(http, address, otherToken, patience);
    }

    /** The same server and person with another patience. */
    ServerApi within(Duration otherPatience) {
        return new ServerApi(http, address, token, otherPatience);
    }

    String address() {
        return address;
    }

    /** @throws ApiFailure if the server refuses */
    JsonNode get(String path) {
        return json(request(path).GET());
    }

    /**
     * @param body written as JSON; null for none
     * @throws ApiFailure if the server refuses
     */
    JsonNode post(String path, @Nullable Object body) {
        HttpRequest.Builder request = request(path).header("Content-Type", "application/json");
        return json(request.POST(body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(bytes(body))));
    }

    /**
     * Uploads a body as it is.
     *
     * @throws ApiFailure if the server refuses
     */
    JsonNode upload(String path, HttpRequest.BodyPublisher body) {
        return json(request(path)
                .timeout(Duration.ofHours(2))
                .header("Content-Type", "application/octet-stream")
                .POST(body));
    }

    /**
     * Opens a download; close it.
     *
     * @throws ApiFailure if the server refuses
     */
    InputStream download(String path) {
        return send(request(path).timeout(Duration.ofHours(2)).GET());
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(TIME_OUT)
                .header("Accept", "application/json, application/problem+json, */*");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return request;
    }

    private JsonNode json(HttpRequest.Builder request) {
        try (InputStream in = send(request)) {
            byte[] body = in.readAllBytes();
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException e) {
            throw new UncheckedIOException("the answer of " + address + " is not readable: " + e.getMessage(), e);
        }
    }

    private InputStream send(HttpRequest.Builder builder) {
        long giveUpAt = System.nanoTime() + patience.toNanos();
        Duration pause = FIRST_PAUSE;
        while (true) {
            String known = cookie;
            HttpRequest request =
                    (known == null || token != null ? builder : builder.copy().header("Cookie", known)).build();
            String trouble;
            try {
                HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
                keepCookie(response);
                int status = response.statusCode();
                if (status < 400) {
                    return response.body();
                }
                ApiFailure failure = failure(request, response);
                if (status != 429 && status != 502 && status != 503 && status != 504) {
                    throw failure;
                }
                trouble = failure.getMessage() == null ? "HTTP " + status : failure.getMessage();
            } catch (IOException e) {
                trouble = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for " + address, e);
            }
            if (System.nanoTime() - giveUpAt >= 0) {
                throw new UncheckedIOException(new IOException("no answer from " + address + " (" + trouble + ")"));
            }
            sleep(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
        }
    }

    private void keepCookie(HttpResponse<?> response) {
        for (String set : response.headers().allValues("Set-Cookie")) {
            if (set.startsWith("skysieve-guest=")) {
                cookie = set.split(";", 2)[0];
            }
        }
    }

    private static ApiFailure failure(HttpRequest request, HttpResponse<InputStream> response) throws IOException {
        String body;
        try (InputStream in = response.body()) {
            body = new String(in.readNBytes(10_000), StandardCharsets.UTF_8);
        }
        String detail = "";
        try {
            JsonNode problem = JSON.readTree(body);
            detail = problem.path("detail").asText(problem.path("title").asText(""));
        } catch (JsonProcessingException notJson) {
            // A proxy's page: its first line tells more than nothing.
            detail = body.lines().findFirst().orElse("");
        }
        return new ApiFailure(
                response.statusCode(),
                request.method() + " " + request.uri().getPath() + ": HTTP " + response.statusCode()
                        + (detail.isBlank() ? "" : ", " + detail));
    }

    private static byte[] bytes(Object body) {
        try {
            return JSON.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not writable as JSON: " + body.getClass(), e);
        }
    }

    static void sleep(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** A value for a path or a query. */
    static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
