package org.skysieve.selection;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.notNullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class PreviewResourceTest {
    @Inject
    Sky sky;

    @Inject
    Accounts accounts;

    @Inject
    Workflows workflows;

    @Inject
    Sql sql;

    private String token(Role role) {
        return accounts.issueToken(accounts.create("pr-" + UUID.randomUUID(), "Vera", null, role), "test")
                .token();
    }

    private static ValidatableResponse preview(String token, Object workflowId, Map<String, Object> change) {
        return given().header("Authorization", "Bearer " + token)
                .contentType(ContentType.JSON)
                .body(change)
                .post("/api/v1/workflows/" + workflowId + "/selection/preview")
                .then();
    }

    @Test
    void scientistsSeeWhatAnotherMixWouldServeAndNothingIsWritten() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        List<Long> ids = sky.candidates(workflow, 30, false);
        sky.consensus(workflow, ids.get(0), 1, .9, "open");

        List<String> served = preview(
                        token(Role.SCIENTIST),
                        workflow.id(),
                        Map.of("mix", List.of(Map.of("strategy", "likely", "weight", 2), Map.of("strategy", "margin"))))
                .statusCode(200)
                .body("newcomer", hasSize(20))
                .body("experienced", hasSize(20))
                .body("newcomer.strategy", everyItem(in(List.of("likely", "margin"))))
                .body("newcomer.why", everyItem(notNullValue()))
                .body("candidates", equalTo(30))
                .body("complete", equalTo(true))
                .extract()
                .path("newcomer.candidateId");

        // Ids are strings, and none comes twice.
        assertThat(served)
                .doesNotHaveDuplicates()
                .isSubsetOf(ids.stream().map(id -> "" + id).toList());
        assertThat(workflows.byId(workflow.id()).version()).isEqualTo(workflow.version());
        int written =
                sql.one("SELECT count(*) FROM assignment WHERE workflow_id = ?", row -> row.getInt(1), workflow.id());
        assertThat(written).isZero();
    }

    @Test
    void aMixThatCannotBeIsNamed() {
        long workflow = sky.aWorkflow(Sky.rules(12, 0, 0)).id();
        String token = token(Role.SCIENTIST);

        preview(token, workflow, Map.of("mix", List.of(Map.of("strategy", "guess"))))
                .statusCode(400)
                .contentType("application/problem+json");
        preview(token, workflow, Map.of("mix", List.of(Map.of("strategy", "expression", "expression", "snr >"))))
                .statusCode(400)
                .body("detail", containsString("character"));
        preview(token, workflow, Map.of("goldShare", 2)).statusCode(400);
        preview(token, Long.MAX_VALUE, Map.of()).statusCode(404);
    }

    @Test
    void othersMayNotLook() {
        long workflow = sky.aWorkflow(Sky.rules(12, 0, 0)).id();

        preview(token(Role.VOLUNTEER), workflow, Map.of()).statusCode(403);
        given().contentType(ContentType.JSON)
                .body(Map.of())
                .post("/api/v1/workflows/" + workflow + "/selection/preview")
                .then()
                .statusCode(401);
    }
}
