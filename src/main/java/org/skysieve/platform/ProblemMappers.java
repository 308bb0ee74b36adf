package org.skysieve.platform;

import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Turns whatever was thrown into an answer: problem+json, or a page where a browser asked for one. Somebody who must
 * sign in to see a page is sent to do so and comes back to it.
 */
@Singleton
class ProblemMappers {
    private static final String PROBLEM_JSON = "application/problem+json";
    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    private final Instance<ErrorPages> pages;
    private final String signInPage;
    private final String signInPost;
    private final String signInFailedPage;
    private final WayBack wayBack;

    ProblemMappers(
            Instance<ErrorPages> pages,
            @ConfigProperty(name = "quarkus.http.auth.form.login-page", defaultValue = "/sign-in") String signInPage,
            @ConfigProperty(name = "quarkus.http.auth.form.post-location", defaultValue = "/j_security_check")
                    String signInPost,
            @ConfigProperty(name = "quarkus.http.auth.form.error-page", defaultValue = "/sign-in?error=true")
                    String signInFailedPage,
            WayBack wayBack) {
        this.pages = pages;
        this.signInPage = signInPage;
        this.signInPost = signInPost;
        this.signInFailedPage = signInFailedPage;
        this.wayBack = wayBack;
    }

    @ServerExceptionMapper
    Response problem(Problem problem, RoutingContext request) {
        return answer(problem, request);
    }

    @ServerExceptionMapper
    Response http(WebApplicationException e, RoutingContext request) {
        Response given = e.getResponse();
        if (given.hasEntity() || given.getStatus() < 400) {
            return given;
        }
        if (e.getCause() instanceof JsonProcessingException json) {
            return answer(ofJson(json), request);
        }
        String what = request.request().method() + " " + request.normalizedPath();
        String detail = switch (given.getStatus()) {
            case 404 -> "nothing at " + request.normalizedPath();
            case 405 -> "cannot " + what;
            case 415 -> what + " cannot read " + request.request().getHeader(HttpHeaders.CONTENT_TYPE);
            case 406 -> what + " cannot answer as " + request.request().getHeader(HttpHeaders.ACCEPT);
            default -> String.valueOf(e.getMessage());
        };
        Response answer = answer(Problem.of(given.getStatus(), detail), request);
        Object allow = given.getHeaders().getFirst(HttpHeaders.ALLOW);
        return allow == null
                ? answer
                : Response.fromResponse(answer).header(HttpHeaders.ALLOW, allow).build();
    }

    @ServerExceptionMapper
    Response validation(ConstraintViolationException e, RoutingContext request) {
        List<Problem.FieldError> errors = new ArrayList<>();
        for (ConstraintViolation<?> violation : e.getConstraintViolations()) {
            if (isAnswer(violation)) {
                // Not the caller's fault: a resource gave back what it promised not to.
                return unexpected(e, request);
            }
            errors.add(new Problem.FieldError(field(violation.getPropertyPath()), violation.getMessage()));
        }
        errors.sort(Comparator.comparing(Problem.FieldError::field).thenComparing(Problem.FieldError::message));
        String detail = errors.isEmpty()
                ? "the request is not valid"
                : errors.get(0).field() + ": " + errors.get(0).message();
        return answer(Problem.badRequest(detail, errors), request);
    }

    // Before the mapper of quarkus-rest-jackson, which answers without a body in production.
    @ServerExceptionMapper
    @Priority(1)
    Response json(MismatchedInputException e, RoutingContext request) {
        return answer(ofJson(e), request);
    }

    @ServerExceptionMapper
    @Priority(1)
    Response unauthorized(UnauthorizedException e, RoutingContext request) {
        return answer(Problem.unauthorized("this needs an account"), request);
    }

    // Quarkus REST hands over what failed before any resource was chosen, too.
    @ServerExceptionMapper
    @Priority(1)
    Response authenticationFailed(AuthenticationFailedException e, RoutingContext request) {
        if (request.normalizedPath().endsWith(signInPost)) {
            return Response.seeOther(URI.create(signInFailedPage)).build();
        }
        Response answer = answer(Problem.unauthorized("the access token is not valid (any more)"), request);
        return Response.fromResponse(answer)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer error=\"invalid_token\"")
                .build();
    }

    @ServerExceptionMapper
    @Priority(1)
    Response forbidden(ForbiddenException e, RoutingContext request) {
        return answer(Problem.forbidden("your role does not allow this"), request);
    }

    @ServerExceptionMapper
    Response unexpected(Throwable e, RoutingContext request) {
        if (SqlFailure.isTransient(e)) {
            LOG.warnf("Database not available: path=%s cause=%s", request.normalizedPath(), e);
            return answer(Problem.unavailable("the database is not available just now; try again"), request);
        }
        String id = UUID.randomUUID().toString();
        LOG.errorf(
                e,
                "Request failed: id=%s method=%s path=%s",
                id,
                request.request().method(),
                request.normalizedPath());
        return answer(
                Problem.of(500, "something broke here; it is logged as " + id).with("id", id), request);
    }

    private Response answer(Problem problem, RoutingContext request) {
        if (!wantsPage(request)) {
            return Response.status(problem.status())
                    .type(PROBLEM_JSON)
                    .entity(problem.members())
                    .build();
        }
        if (problem.status() == 401) {
            return signIn(request);
        }
        return Response.status(problem.status())
                .type("text/html;charset=UTF-8")
                .entity(page(problem))
                .build();
    }

    private Response signIn(RoutingContext request) {
        if (request.request().method().equals(HttpMethod.GET)) {
            wayBack.toThis(request);
        }
        return Response.status(Response.Status.SEE_OTHER)
                .location(URI.create(signInPage))
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private String page(Problem problem) {
        if (pages.isResolvable()) {
            try {
                return pages.get().render(problem.status(), problem.title(), problem.detail());
            } catch (RuntimeException e) {
                LOG.error("Error page failed", e);
            }
        }
        return "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>" + problem.title() + "</title><h1>"
                + problem.title() + "</h1><p><a href=\"/\">Skysieve</a></p></html>";
    }

    private static boolean wantsPage(RoutingContext request) {
        String path = request.normalizedPath();
        String accept = request.request().getHeader(HttpHeaders.ACCEPT);
        return !path.startsWith("/api/") && accept != null && accept.contains("text/html");
    }

    private static Problem ofJson(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping) {
            String field = field(mapping);
            if (mapping instanceof ValueInstantiationException && mapping.getCause() instanceof Problem problem) {
                return problem;
            }
            String message;
            if (mapping instanceof ValueInstantiationException && mapping.getCause() != null) {
                message = String.valueOf(mapping.getCause().getMessage());
            } else if (mapping instanceof InvalidFormatException invalid) {
                message = "got \"" + invalid.getValue() + "\", need " + name(invalid.getTargetType());
            } else if (mapping instanceof MismatchedInputException mismatched && mismatched.getTargetType() != null) {
                message = "need " + name(mismatched.getTargetType());
            } else {
                message = mapping.getOriginalMessage();
            }
            return field.isEmpty() ? Problem.badRequest("body: " + message) : Problem.badField(field, message);
        }
        String where = e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
        return Problem.badRequest("body: not valid JSON" + where);
    }

    private static String name(Class<?> type) {
        if (type.isEnum()) {
            return "one of " + List.of(type.getEnumConstants());
        }
        if (type == long.class || type == Long.class || type == int.class || type == Integer.class) {
            return "a whole number";
        }
        if (type == double.class || type == Double.class || type == float.class || type == Float.class) {
            return "a number";
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type.isArray() || Iterable.class.isAssignableFrom(type)) {
            return "an array";
        }
        return type == String.class ? "a string" : "an object (" + type.getSimpleName() + ")";
    }

    /** {@code items[2].answer}. */
    private static String field(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference reference : e.getPath()) {
            if (reference.getFieldName() == null) {
                path.append('[').append(reference.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(reference.getFieldName());
            }
        }
        return path.toString();
    }

    /** Without the names of the method and its parameter: {@code add.request.items[2].answer} is {@code items[2].answer}. */
    private static String field(Path path) {
        StringBuilder field = new StringBuilder();
        String parameter = "";
        for (Path.Node node : path) {
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = node.getName();
            } else if (node.getKind() != ElementKind.METHOD) {
                if (node.isInIterable() && node.getIndex() != null) {
                    field.append('[').append(node.getIndex()).append(']');
                }
                if (node.getName() != null && !node.getName().startsWith("<")) {
                    field.append(field.isEmpty() ? "" : ".").append(node.getName());
                }
            }
        }
        return field.isEmpty() ? parameter : field.toString();
    }

    private static boolean isAnswer(ConstraintViolation<?> violation) {
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.RETURN_VALUE) {
                return true;
            }
        }
        return false;
    }
}
