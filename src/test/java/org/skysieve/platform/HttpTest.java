package org.skysieve.platform;

import java.net.URI;
import java.util.List;

import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

/** Errors, forgery, headers and JSON, as any resource has them. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class HttpTest {
    /** A resource that exists only in tests. */
    @Path("/api/v1/test-only")
    @Produces(MediaType.APPLICATION_JSON)
    public static class Echo {
        public record Item(@NotBlank String name, @Max(10) int count) {}

        public record Order(
                @NotNull Long projectId, @NotNull List<@Valid Item> items) {}

        public record Numbers(
                long id,
                Long workflowId,
                List<Long> candidateIds,
                long votes,
                double snr,
                float mag,
                double[] shares) {}

        @POST
        public Order echo(@NotNull @Valid Order order) {
            return order;
        }

        @GET
        @Path("numbers")
        public Numbers numbers() {
            return new Numbers(1L << 60, 7L, List.of(1L << 60), 5, Double.NaN, 0.1f, new double[] {0.5, Double.NaN});
        }

        @GET
        @Path("broken")
        public String broken() {
            throw new IllegalStateException("a secret detail");
        }

        @GET
        @Path("conflict")
        public String conflict() {
            throw Problem.conflict("you voted already").with("earlierId", "17");
        }

        @GET
        @Path("secret")
        @RolesAllowed("scientist")
        public String secret() {
            return "{}";
        }
    }

    /** Outside /api: what a page does. */
    @Path("/test-only-page")
    @Produces(MediaType.TEXT_HTML)
    public static class PageOfTest {
        @GET
        @RolesAllowed("scientist")
        public String page() {
            return "<p>hello";
        }
    }

    @TestHTTPResource
    URI server;

    private static RequestSpecification json(String body) {
        return given().contentType(ContentType.JSON).body(body);
    }

    private static ValidatableResponse isProblem(ValidatableResponse response, int status) {
        return response.statusCode(status)
                .contentType("application/problem+json")
                .body("status", equalTo(status))
                .body("type", equalTo("about:blank"))
                .body("$", hasKey("title"))
                .body("$", hasKey("detail"));
    }

    @Test
    void aProblemKeepsItsMembers() {
        isProblem(given().get("/api/v1/test-only/conflict").then(), 409)
                .body("detail", equalTo("you voted already"))
                .body("earlierId", equalTo("17"))
                .body("$", not(hasKey("errors")));
    }

    @Test
    void validationNamesEveryField() {
        isProblem(
                        json("{\"items\": [{\"name\": \"a\", \"count\": 1}, {\"name\": \" \", \"count\": 11}]}")
                                .post("/api/v1/test-only")
                                .then(),
                        400)
                .body("errors.field", equalTo(List.of("items[1].count", "items[1].name", "projectId")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"projectId\": \"x\", \"items\": []} | projectId | got \"x\", need a whole number",
                "{\"projectId\": 1, \"items\": [{\"name\": \"a\", \"count\": []}]} | items[0].count | need a whole number",
                "{\"projectId\": 1, \"items\": {}} | items | need an array"
            })
    void unreadableJsonNamesTheField(String body, String field, String message) {
        isProblem(json(body).post("/api/v1/test-only").then(), 400)
                .body("errors[0].field", equalTo(field))
                .body("errors[0].message", equalTo(message))
                .body("detail", equalTo(field + ": " + message));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{\"projectId\": | not valid JSON at line 1", "[] | need an object (Order)"})
    void bodiesThatAreNoObjectsSaySo(String body, String detail) {
        isProblem(json(body).post("/api/v1/test-only").then(), 400).body("detail", containsString(detail));
    }

    @Test
    void anEmptyBodyIsABadRequest() {
        isProblem(json("").post("/api/v1/test-only").then(), 400);
    }

    @Test
    void theProtocolsOwnErrorsAreProblemsToo() {
        isProblem(given().get("/api/v1/no-such-thing").then(), 404)
                .body("detail", equalTo("nothing at /api/v1/no-such-thing"));
        isProblem(given().delete("/api/v1/test-only").then(), 405);
        isProblem(
                given().contentType("text/csv")
                        .body("a,b")
                        .post("/api/v1/test-only")
                        .then(),
                415);
        isProblem(given().accept("image/png").get("/api/v1/test-only/numbers").then(), 406);
    }

    @Test
    void theUnexpectedIsLoggedUnderAnIdAndTellsNothing() {
        String body = isProblem(given().get("/api/v1/test-only/broken").then(), 500)
                .body("$", hasKey("id"))
                .extract()
                .asString();
        assertThat(body).doesNotContain("secret", "IllegalState");
    }

    @Test
    void theApiAnswers401WithoutARedirectAndPagesLeadToTheSignIn() {
        isProblem(
                given().redirects()
                        .follow(false)
                        .get("/api/v1/test-only/secret")
                        .then(),
                401);
        isProblem(
                given().redirects()
                        .follow(false)
                        .accept("text/html, application/json")
                        .get("/api/v1/test-only/secret")
                        .then(),
                401);
        given().redirects()
                .follow(false)
                .accept("text/html,*/*")
                .get("/test-only-page?page=2")
                .then()
                .statusCode(303)
                .header("Location", containsString("/sign-in"))
                .cookie("quarkus-redirect-location", containsString("/test-only-page?page=2"));
    }

    @Test
    void aMissingPageIsAPage() {
        given().accept("text/html")
                .get("/no-such-page")
                .then()
                .statusCode(404)
                .contentType(ContentType.HTML)
                .body(containsString("There is nothing here"));
    }

    @Test
    void idsAreStringsCountsAreNumbersAndNaNIsNull() {
        String long60 = String.valueOf(1L << 60);
        String body = given().get("/api/v1/test-only/numbers").asString();
        assertThat(body)
                .isEqualTo("{\"id\":\"" + long60 + "\",\"workflowId\":\"7\",\"candidateIds\":[\"" + long60
                        + "\"],\"votes\":5,\"snr\":null,\"mag\":0.1,\"shares\":[0.5,null]}");
        json("{\"projectId\": \"" + long60 + "\", \"items\": []}")
                .post("/api/v1/test-only")
                .then()
                .statusCode(200)
                .body("projectId", equalTo(long60));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "same-origin, -,                  200",
                "none,        -,                  200",
                "cross-site,  -,                  403",
                "same-site,   -,                  403",
                "-,           https://evil.test,  403",
                "-,           null,               403",
                "-,           OWN,                200",
                "cross-site,  OWN,                403",
                "-,           -,                  200"
            })
    void unsafeRequestsMustComeFromOurPages(String site, String origin, int status) {
        RequestSpecification request = json("{\"projectId\": 1, \"items\": []}").cookie("skysieve-guest", "x");
        if (site != null) {
            request.header("Sec-Fetch-Site", site);
        }
        if (origin != null) {
            request.header("Origin", origin.equals("OWN") ? "http://" + server.getAuthority() : origin);
        }

        ValidatableResponse response = request.post("/api/v1/test-only").then();

        if (status == 403) {
            isProblem(response, 403).body("detail", containsString("cross-site request"));
        } else {
            response.statusCode(status);
        }
    }

    @Test
    void aForgedSignInIsRefusedAndReadingIsFree() {
        isProblem(
                given().header("Sec-Fetch-Site", "cross-site")
                        .formParam("j_username", "a")
                        .formParam("j_password", "b")
                        .post("/j_security_check")
                        .then(),
                403);
        given().header("Sec-Fetch-Site", "cross-site")
                .get("/api/v1/test-only/numbers")
                .then()
                .statusCode(200);
    }

    @Test
    void everyAnswerCarriesTheSecurityHeaders() {
        for (String path : List.of("/api/v1/test-only/numbers", "/api/v1/no-such-thing")) {
            given().get(path)
                    .then()
                    .header("Content-Security-Policy", containsString("default-src 'self'"))
                    .header("X-Content-Type-Options", "nosniff")
                    .header("Referrer-Policy", "same-origin")
                    .header("Strict-Transport-Security", nullValue());
        }
    }

    @Test
    void healthIsUpAndShowsTheOutbox() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'outbox' }.status", equalTo("UP"));
    }
}
