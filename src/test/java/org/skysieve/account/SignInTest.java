package org.skysieve.account;

import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class SignInTest {
    private static final String PASSWORD = "a long sentence, with commas";

    @Inject
    Accounts accounts;

    @Inject
    Sql sql;

    /** What any room does: asks for the volunteer and so makes a guest. */
    @Path("/api/v1/test-only-volunteer")
    @Produces(MediaType.APPLICATION_JSON)
    public static class Who {
        @Inject
        CurrentVolunteer current;

        public record Answer(long id, boolean known, String displayName, boolean guest) {}

        @POST
        public Answer who() {
            boolean known = current.idIfKnown().isPresent();
            return new Answer(current.id(), known, current.displayName(), current.isGuest());
        }
    }

    private static String aName() {
        return "u" + UUID.randomUUID().toString().substring(0, 13);
    }

    private static Response signIn(String username, String password) {
        return given().redirects()
                .follow(false)
                .formParam("j_username", username)
                .formParam("j_password", password)
                .post("/j_security_check");
    }

    private static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static RequestSpecification json(RequestSpecification request, Object body) {
        return request.contentType(ContentType.JSON).body(body);
    }

    @Test
    void aSessionLastsFromSignInToSignOut() {
        String name = aName();
        long id = accounts.create(name, "Vera", PASSWORD, Role.SCIENTIST);

        Response signedIn = signIn(name.toUpperCase(java.util.Locale.ROOT), PASSWORD);

        signedIn.then().statusCode(302).header("Location", endsWith("/"));
        String setCookie = signedIn.getHeader("Set-Cookie");
        assertThat(setCookie).contains("skysieve-session=", "HTTPOnly", "SameSite=Lax");
        String session = signedIn.getCookie("skysieve-session");
        given().cookie("skysieve-session", session)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("id", equalTo(String.valueOf(id)))
                .body("guest", equalTo(false))
                .body("displayName", equalTo("Vera"))
                .body("role", equalTo("scientist"));

        Response signedOut = given().redirects()
                .follow(false)
                .cookie("skysieve-session", session)
                .header("Sec-Fetch-Site", "same-origin")
                .post("/sign-out");

        signedOut.then().statusCode(303).header("Location", endsWith("/"));
        assertThat(signedOut.getHeader("Set-Cookie")).contains("skysieve-session=;", "Max-Age=0", "Path=/");
    }

    @Test
    void whatAPageSendsForSomebodyWhoIsNotHereAnyMoreIsNobodys() {
        String name = aName();
        long id = accounts.create(name, "Vera", PASSWORD, Role.VOLUNTEER);
        String session = signIn(name, PASSWORD).getCookie("skysieve-session");

        given().cookie("skysieve-session", session)
                .header("Skysieve-Volunteer", id)
                .post("/api/v1/test-only-volunteer")
                .then()
                .statusCode(200)
                .body("displayName", equalTo("Vera"));

        // Somebody else has signed in, the session has ended, the session has ended and a guest's cookie is left.
        given().cookie("skysieve-session", session)
                .header("Skysieve-Volunteer", id + 1)
                .post("/api/v1/test-only-volunteer")
                .then()
                .statusCode(401)
                .body("detail", containsString("sign in again"));
        Response none = given().header("Skysieve-Volunteer", id).post("/api/v1/test-only-volunteer");
        none.then().statusCode(401);
        assertThat(none.getCookie("skysieve-guest")).isNull();
        String guest = given().post("/api/v1/test-only-volunteer").getCookie("skysieve-guest");
        given().cookie("skysieve-guest", guest)
                .header("Skysieve-Volunteer", id)
                .post("/api/v1/test-only-volunteer")
                .then()
                .statusCode(401);
    }

    @ParameterizedTest
    @CsvSource({
        "/design?x=1%262, /design?x=1&2",
        "'/projects/x/talk/search?q=a%2Cb%3Bc', /projects/x/talk/search?q=a%2Cb%3Bc",
        "/%C3%A9, /%C3%A9",
        "/a%7Cb, ",
        "//elsewhere.example/about, ",
        "/\\elsewhere.example, ",
        "https://elsewhere.example/, ",
        "about, ",
        "/%0d%0aSet-Cookie:x, ",
    })
    void signingInLeadsToThePageThatItWasAskedForIfThatIsOfThisHost(String next, String expected) {
        Response page = given().urlEncodingEnabled(false).get("/sign-in?next=" + next.replace("\\", "%5C"));

        page.then().statusCode(200);
        String cookie = page.getCookie("quarkus-redirect-location");
        if (expected == null) {
            assertThat(cookie).isNull();
        } else {
            assertThat(cookie).startsWith("http://").endsWith(":" + RestAssured.port + expected);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, not the password at all", "false, a long sentence", "true, ''"})
    void aWrongNameOrPasswordLeadsBackToTheForm(boolean known, String password) {
        String name = aName();
        if (known) {
            accounts.create(name, null, PASSWORD, Role.VOLUNTEER);
        }

        Response refused = signIn(name, password);

        refused.then().statusCode(303).header("Location", endsWith("/sign-in?error=true"));
        assertThat(refused.getCookie("skysieve-session")).isNull();
    }

    @Test
    void anAccountWithoutAPasswordCannotSignInByForm() {
        String name = aName();
        accounts.create(name, null, null, Role.VOLUNTEER);

        signIn(name, "").then().statusCode(303).header("Location", endsWith("/sign-in?error=true"));
    }

    @Test
    void afterTooManyFailuresEvenTheRightPasswordIsRefused() {
        String name = aName();
        accounts.create(name, null, PASSWORD, Role.VOLUNTEER);
        for (int i = 0; i < 10; i++) {
            signIn(name, "guess number " + i).then().header("Location", containsString("error"));
        }

        signIn(name, PASSWORD).then().header("Location", endsWith("/sign-in?error=true"));
        String other = aName();
        accounts.create(other, null, PASSWORD, Role.VOLUNTEER);
        signIn(other, PASSWORD).then().header("Location", endsWith("/"));
    }

    @Test
    void passwordsCountBeyondThe72BytesOfBcrypt() {
        String name = aName();
        String beginning = "x".repeat(80);
        accounts.create(name, null, beginning + "one", Role.VOLUNTEER);

        signIn(name, beginning + "two").then().header("Location", containsString("error"));
        signIn(name, beginning + "one").then().header("Location", endsWith("/"));
    }

    @Test
    void anUnreadableOrStaleSessionCookieIsNobodyAndNoError() {
        given().cookie("skysieve-session", "made up")
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("id", nullValue());

        String name = aName();
        long id = accounts.create(name, null, PASSWORD, Role.VOLUNTEER);
        String session = signIn(name, PASSWORD).getCookie("skysieve-session");
        sql.update("DELETE FROM volunteer WHERE id = ?", id);
        // What this process remembered of it is forgotten with any change.
        accounts.changeRole(accounts.create(aName(), null, null, Role.VOLUNTEER), Role.SCIENTIST);
        given().cookie("skysieve-session", session)
                .get("/api/v1/me")
                .then()
                .statusCode(200)
                .body("id", nullValue());
    }

    @Test
    void aTokenSpeaksForItsOwnerUntilItIsRevoked() {
        long id = accounts.create(aName(), null, null, Role.MODERATOR);
        String first = accounts.issueToken(id, "first").token();
        assertThat(first).matches("skv_[A-Za-z0-9_-]{43}");

        String second = json(as(first), Map.of("label", "laptop"))
                .post("/api/v1/tokens")
                .then()
                .statusCode(201)
                .body("token", startsWith("skv_"))
                .extract()
                .path("token");
        as(second).get("/api/v1/me").then().statusCode(200).body("id", equalTo(String.valueOf(id)));
        String secondId = as(first)
                .get("/api/v1/tokens")
                .then()
                .body("items.label", equalTo(java.util.List.of("laptop", "first")))
                .body("items[0].token", nullValue())
                .extract()
                .path("items[0].id");

        as(first).delete("/api/v1/tokens/" + secondId).then().statusCode(204);

        as(second)
                .get("/api/v1/me")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", containsString("invalid_token"))
                .body("status", equalTo(401));
        as(first).get("/api/v1/me").then().statusCode(200);
    }

    @Test
    void anotherPersonsTokenCannotBeRevoked() {
        Accounts.IssuedToken theirs = accounts.issueToken(accounts.create(aName(), null, null, Role.VOLUNTEER), "x");
        String mine = accounts.issueToken(accounts.create(aName(), null, null, Role.ADMINISTRATOR), "y")
                .token();

        as(mine).delete("/api/v1/tokens/" + theirs.id()).then().statusCode(404);
        as(theirs.token()).get("/api/v1/me").then().statusCode(200);
    }

    @Test
    void somebodyUnknownBecomesAGuestAndIsKnownByTheCookie() {
        Response first = given().post("/api/v1/test-only-volunteer");

        first.then().statusCode(200).body("known", equalTo(false)).body("guest", equalTo(true));
        assertThat(first.getHeader("Set-Cookie"))
                .contains("skysieve-guest=", "HTTPOnly", "SameSite=Lax", "Path=/")
                .doesNotContain("Secure");
        Response second = given().cookie("skysieve-guest", first.getCookie("skysieve-guest"))
                .post("/api/v1/test-only-volunteer");
        second.then().body("known", equalTo(true)).body("id", equalTo(first.path("id")));
        assertThat(second.getHeader("Set-Cookie")).isNull();
    }

    @Test
    void anOpenIdSubjectKeepsItsRowAndTakesNobodysName() {
        String name = aName();
        long local = accounts.create(name, null, PASSWORD, Role.VOLUNTEER);
        String subject = UUID.randomUUID().toString();

        AccountView first = accounts.ofOidc(subject, name, Role.VOLUNTEER);
        AccountView later = accounts.ofOidc(subject, "renamed", Role.SCIENTIST);

        assertThat(first.id()).isNotEqualTo(local);
        assertThat(first.username()).startsWith("oidc-");
        assertThat(later.id()).isEqualTo(first.id());
        assertThat(later.role()).isEqualTo(Role.SCIENTIST);
        assertThat(accounts.ofOidc(UUID.randomUUID().toString(), "x" + name, Role.VOLUNTEER)
                        .username())
                .isEqualTo("x" + name);
    }

    @Test
    void aGuestBecomesAnAccountInPlace() {
        String secret = Secrets.random();
        AccountView guest = accounts.createGuest(secret);
        given().cookie("skysieve-guest", secret)
                .get("/api/v1/me")
                .then()
                .body("id", equalTo(String.valueOf(guest.id())))
                .body("guest", equalTo(true))
                .body("displayName", equalTo("Guest " + guest.id()));
        String name = aName();

        Response made = json(
                        given().cookie("skysieve-guest", secret),
                        Map.of("username", name, "password", PASSWORD, "displayName", "Caroline"))
                .post("/api/v1/accounts?token=true");

        made.then()
                .statusCode(201)
                .header("Location", endsWith("/api/v1/accounts/" + guest.id()))
                .body("id", equalTo(String.valueOf(guest.id())))
                .body("role", equalTo("volunteer"));
        assertThat(made.getHeader("Set-Cookie")).contains("skysieve-guest=;", "Max-Age=0");
        as(made.path("token"))
                .get("/api/v1/me")
                .then()
                .body("guest", equalTo(false))
                .body("username", equalTo(name))
                .body("displayName", equalTo("Caroline"));
        // The old cookie is worth nothing now.
        given().cookie("skysieve-guest", secret).get("/api/v1/me").then().body("id", nullValue());
        signIn(name, PASSWORD).then().header("Location", endsWith("/"));
    }

    @Test
    void theSignUpFormLeadsOnToTheSignIn() {
        String name = aName();

        given().redirects()
                .follow(false)
                .formParam("j_username", name)
                .formParam("j_password", PASSWORD)
                .formParam("displayName", "Henrietta")
                .post("/sign-up")
                .then()
                .statusCode(307)
                .header("Location", endsWith("/j_security_check"));

        assertThat(accounts.byUsername(name))
                .get()
                .extracting(AccountView::displayName)
                .isEqualTo("Henrietta");
    }

    @ParameterizedTest
    @CsvSource({
        "ab, a long sentence, ?error=username&username=ab",
        "good-name, short, ?error=password&username=good-name"
    })
    void theSignUpFormSaysWhatIsWrong(String name, String password, String query) {
        given().redirects()
                .follow(false)
                .formParam("j_username", name)
                .formParam("j_password", password)
                .post("/sign-up")
                .then()
                .statusCode(303)
                .header("Location", endsWith("/sign-up" + query));
    }

    @Test
    void aNameIsTakenOnceInAnyCase() {
        String name = aName();
        accounts.create(name, null, PASSWORD, Role.VOLUNTEER);

        json(given(), Map.of("username", name.toUpperCase(java.util.Locale.ROOT), "password", PASSWORD))
                .post("/api/v1/accounts")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("detail", equalTo("the name " + name + " is taken"));
    }

    @Test
    void onlyAnAdministratorGivesRolesAndOmitsPasswords() {
        String admin = accounts.issueToken(accounts.create(aName(), null, null, Role.ADMINISTRATOR), "t")
                .token();
        String moderator = accounts.issueToken(accounts.create(aName(), null, null, Role.MODERATOR), "t")
                .token();
        Map<String, String> scientist = Map.of("username", aName(), "role", "scientist");

        json(given(), scientist).post("/api/v1/accounts").then().statusCode(403);
        json(as(moderator), scientist).post("/api/v1/accounts").then().statusCode(403);
        String token = json(as(admin), scientist)
                .post("/api/v1/accounts?token=true")
                .then()
                .statusCode(201)
                .body("role", equalTo("scientist"))
                .extract()
                .path("token");
        String id = as(token).get("/api/v1/me").then().statusCode(200).extract().path("id");

        json(as(token), Map.of("role", "administrator"))
                .put("/api/v1/accounts/" + id + "/role")
                .then()
                .statusCode(403);
        json(as(admin), Map.of("role", "moderator"))
                .put("/api/v1/accounts/" + id + "/role")
                .then()
                .statusCode(200);
        as(token).get("/api/v1/me").then().body("role", equalTo("moderator"));
        json(as(admin), Map.of("username", aName(), "role", "emperor"))
                .post("/api/v1/accounts")
                .then()
                .statusCode(400)
                .body("errors[0].field", equalTo("role"));
    }

    @Test
    void guestsNeedAnAccountForTokens() {
        String secret = Secrets.random();
        accounts.createGuest(secret);

        json(given().cookie("skysieve-guest", secret), Map.of("label", "x"))
                .post("/api/v1/tokens")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .body("title", notNullValue());
    }

    @Test
    void signingUpAsAnAccountAlreadyMadeLeavesThatAccountAlone() {
        long id = accounts.create(aName(), "Old", PASSWORD, Role.VOLUNTEER);

        AccountView another = accounts.signUp(OptionalLong.of(id), aName(), "New", PASSWORD);

        assertThat(another.id()).isNotEqualTo(id);
        assertThat(accounts.find(id)).get().extracting(AccountView::displayName).isEqualTo("Old");
    }

    @ParameterizedTest
    @CsvSource({"VOLUNTEER, 1", "SCIENTIST, 2", "MODERATOR, 3", "ADMINISTRATOR, 4"})
    void eachRoleIncludesThoseBeforeIt(Role role, int count) {
        assertThat(role.keys()).hasSize(count).contains("volunteer", role.key());
        for (Role other : Role.values()) {
            assertThat(role.includes(other)).isEqualTo(role.keys().contains(other.key()));
        }
    }
}
