package org.skysieve.platform;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.vertx.core.json.JsonObject;

/**
 * An answer of 4xx or 5xx that its reader can act on. Thrown anywhere below a resource; REST clients get it as
 * {@code application/problem+json} (RFC 9457), browsers asking for a page get an error page.
 */
public final class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What is wrong with one field of the request; {@code field} is a path such as {@code items[2].answer}. */
    public record FieldError(String field, String message) {}

    private final int status;
    private final transient List<FieldError> errors;
    private final transient Map<String, Object> extensions;

    private Problem(int status, String detail, List<FieldError> errors, Map<String, Object> extensions) {
        super(detail);
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("problem status: got " + status + ", need 400..599");
        }
        this.status = status;
        this.errors = List.copyOf(errors);
        this.extensions = extensions;
    }

    public static Problem of(int status, String detail) {
        return new Problem(status, detail, List.of(), Map.of());
    }

    public static Problem badRequest(String detail) {
        return of(400, detail);
    }

    public static Problem badRequest(String detail, List<FieldError> errors) {
        return new Problem(400, detail, errors, Map.of());
    }

    /** One field is wrong; the detail reads {@code field: message}. */
    public static Problem badField(String field, String message) {
        return badRequest(field + ": " + message, List.of(new FieldError(field, message)));
    }

    /** Nobody is signed in, but somebody must be. A browser is sent to the sign-in page. */
    public static Problem unauthorized(String detail) {
        return of(401, detail);
    }

    public static Problem forbidden(String detail) {
        return of(403, detail);
    }

    public static Problem notFound(String detail) {
        return of(404, detail);
    }

    public static Problem conflict(String detail) {
        return of(409, detail);
    }

    /** What one field says is at odds with what is there already. */
    public static Problem conflict(String field, String detail) {
        return new Problem(409, detail, List.of(new FieldError(field, detail)), Map.of());
    }

    public static Problem unprocessable(String detail) {
        return of(422, detail);
    }

    public static Problem unprocessable(String detail, List<FieldError> errors) {
        return new Problem(422, detail, errors, Map.of());
    }

    public static Problem tooManyRequests(String detail) {
        return of(429, detail);
    }

    public static Problem unavailable(String detail) {
        return of(503, detail);
    }

    /** This problem with one more member in its JSON, as RFC 9457 allows: {@code with("earlierId", "17")}. */
    public Problem with(String member, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(extensions);
        more.put(member, value);
        return new Problem(status, detail(), errors, more);
    }

    public int status() {
        return status;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    /** The reason phrase of the status. */
    public String title() {
        return switch (status) {
            case 400 -> "Bad request";
            case 401 -> "Sign in first";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 406 -> "Not acceptable";
            case 409 -> "Conflict";
            case 413 -> "Too large";
            case 415 -> "Unsupported media type";
            case 422 -> "Not valid";
            case 429 -> "Too many requests";
            case 503 -> "Not available";
            default -> status < 500 ? "Request refused" : "Internal error";
        };
    }

    public List<FieldError> errors() {
        return errors;
    }

    /** The members of the JSON object, in order. */
    Map<String, Object> members() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "about:blank");
        members.put("title", title());
        members.put("status", status);
        members.put("detail", detail());
        if (!errors.isEmpty()) {
            members.put("errors", errors);
        }
        members.putAll(extensions);
        return members;
    }

    /** The body of the answer, for places below the JSON of the resources, such as mechanisms of sign-in. */
    public String toJson() {
        return new JsonObject(members()).encode();
    }

    /** Expected answers, not faults: no stack trace is worth its cost. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
