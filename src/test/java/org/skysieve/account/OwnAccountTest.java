package org.skysieve.account;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class OwnAccountTest {
    private static final String PASSWORD = "the first sentence";
    private static final String OTHER = "another sentence";

    @Inject
    Accounts accounts;

    @Inject
    OwnAccount own;

    @Inject
    Credentials credentials;

    @Inject
    Sql sql;

    private final String name = "o" + UUID.randomUUID().toString().substring(0, 13);

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    private String account(Role role) {
        return accounts.issueToken(accounts.create(name, "Ada", PASSWORD, role), "test")
                .token();
    }

    private Response signIn(String password) {
        return given().redirects()
                .follow(false)
                .formParam("j_username", name)
                .formParam("j_password", password)
                .post("/j_security_check");
    }

    @Test
    void aPasswordIsChangedByWhoKnowsThePresentOne() {
        String token = account(Role.VOLUNTEER);

        as(token)
                .body(Map.of("present", "a guess of somebody", "wanted", OTHER))
                .put("/api/v1/me/password")
                .then()
                .statusCode(403);
        as(token)
                .body(Map.of("present", PASSWORD, "wanted", "short"))
                .put("/api/v1/me/password")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("password"));
        as(token)
                .body(Map.of("present", PASSWORD, "wanted", OTHER))
                .put("/api/v1/me/password")
                .then()
                .statusCode(204);

        signIn(PASSWORD).then().header("Location", containsString("error"));
        signIn(OTHER).then().header("Location", endsWith("/"));
    }

    @Test
    void anotherPasswordEndsEverySessionButNoTokenUnlessAsked() {
        String token = account(Role.VOLUNTEER);
        String here = signIn(PASSWORD).getCookie("skysieve-session");
        String elsewhere = signIn(PASSWORD).getCookie("skysieve-session");
        guest(here, false);

        Response changed = given().redirects()
                .follow(false)
                .cookie("skysieve-session", here)
                .header("Sec-Fetch-Site", "same-origin")
                .formParam("present", PASSWORD)
                .formParam("j_username", name)
                .formParam("j_password", OTHER)
                .post("/account/settings/password");

        // The browser sends the same form on and is signed in with the new password, on the page that says so.
        changed.then().statusCode(307).header("Location", endsWith("/j_security_check"));
        Response again = given().redirects()
                .follow(false)
                .cookie("quarkus-redirect-location", changed.getCookie("quarkus-redirect-location"))
                .formParam("j_username", name)
                .formParam("j_password", OTHER)
                .post("/j_security_check");
        again.then().statusCode(302).header("Location", endsWith("/account/settings?done=password"));
        guest(again.getCookie("skysieve-session"), false);
        guest(here, true);
        guest(elsewhere, true);
        as(token).get("/api/v1/me").then().statusCode(200).body("username", equalTo(name));

        as(token)
                .body(Map.of("present", OTHER, "wanted", PASSWORD, "revokeTokens", true))
                .put("/api/v1/me/password")
                .then()
                .statusCode(204);
        as(token).get("/api/v1/me").then().statusCode(401);
        guest(again.getCookie("skysieve-session"), true);
    }

    @Test
    void thePasswordAndTheTokensGoTogetherOrNotAtAll() {
        String token = account(Role.VOLUNTEER);
        long id = accounts.byUsername(name).orElseThrow().id();
        sql.update("CREATE FUNCTION no_deletion() RETURNS trigger LANGUAGE plpgsql AS"
                + " 'BEGIN RAISE EXCEPTION ''not now''; END'");
        sql.update("CREATE TRIGGER no_deletion BEFORE DELETE ON access_token FOR EACH ROW WHEN (OLD.volunteer_id = "
                + id + ") EXECUTE FUNCTION no_deletion()");
        try {
            assertThatThrownBy(() -> own.changePassword(id, PASSWORD, OTHER, true, "192.0.2.1"))
                    .hasStackTraceContaining("not now");
        } finally {
            sql.update("DROP TRIGGER no_deletion ON access_token");
            sql.update("DROP FUNCTION no_deletion()");
        }

        signIn(PASSWORD).then().header("Location", endsWith("/"));
        as(token).get("/api/v1/me").then().statusCode(200).body("username", equalTo(name));
    }

    @Test
    void whatIsReadBeforeAChangeIsCommittedIsForgottenWithTheCommit() throws Exception {
        account(Role.VOLUNTEER);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            QuarkusTransaction.requiringNew().run(() -> {
                accounts.changeRole(accounts.byUsername(name).orElseThrow().id(), Role.MODERATOR);
                assertThat(role(other)).isEqualTo(Role.VOLUNTEER);
            });

            assertThat(role(other)).isEqualTo(Role.MODERATOR);
        } finally {
            other.shutdownNow();
        }
    }

    /** As a request in another thread finds it. */
    private Role role(ExecutorService thread) {
        try {
            return thread.submit(
                            () -> credentials.byUsername(name).orElseThrow().role())
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    /** A cookie may be older or younger than what a process remembers of an account for some seconds. */
    @Test
    void aSessionOfAPasswordThatAnotherProcessChangedIsKnownAtOnce() {
        account(Role.VOLUNTEER);
        String old = signIn(PASSWORD).getCookie("skysieve-session");
        guest(old, false);
        // What another process does: nothing that is at hand in this one is forgotten.
        sql.update("UPDATE volunteer SET password_hash = ? WHERE username = ?", Secrets.hashPassword(OTHER, 4), name);

        String fresh = signIn(OTHER).getCookie("skysieve-session");

        guest(fresh, false);
        guest(old, true);
    }

    private static void guest(String session, boolean guest) {
        given().cookie("skysieve-session", session).get("/api/v1/me").then().body("guest", equalTo(guest));
    }

    @Test
    void anErasedAccountIsNobodyAndItsNameIsNeverGivenAgain() {
        String token = account(Role.SCIENTIST);
        String id = as(token).get("/api/v1/me").then().extract().path("id");
        String session = signIn(PASSWORD).getCookie("skysieve-session");

        as(token)
                .body(Map.of("username", "somebody-else"))
                .post("/api/v1/me/erasure")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("username"));
        as(token)
                .body(Map.of("username", name))
                .post("/api/v1/me/erasure")
                .then()
                .statusCode(204);

        as(token).get("/api/v1/tokens").then().statusCode(401);
        signIn(PASSWORD).then().header("Location", containsString("error"));
        // The session of another browser is a guest's now, and stays one whoever signs up.
        given().cookie("skysieve-session", session).get("/api/v1/me").then().body("guest", equalTo(true));
        given().contentType(ContentType.JSON)
                .body(Map.of("username", name, "password", PASSWORD))
                .post("/api/v1/accounts")
                .then()
                .statusCode(409);
        String left = sql.one(
                "SELECT coalesce(password_hash, '') || display_name || username || role AS left FROM volunteer"
                        + " WHERE id = ?",
                row -> row.getString("left"),
                Long.parseLong(id));
        assertThat(left).isEqualTo(OwnAccount.NOBODY + "erased:" + id + "volunteer");
    }

    @Test
    void ownDataComeAsAFile() {
        String token = account(Role.VOLUNTEER);

        as(token)
                .get("/account/settings/data")
                .then()
                .statusCode(200)
                .header("Content-Disposition", containsString("skysieve-my-data.json"))
                .body("account.username", equalTo(name))
                .body("tokens[0].label", equalTo("test"))
                .body("classifications", empty())
                .body("comments", empty());
        given().redirects().follow(false).get("/account/settings/data").then().statusCode(401);
    }
}
