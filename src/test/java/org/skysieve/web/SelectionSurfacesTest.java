package org.skysieve.web;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.not;

/** The pages that selection leads to, without a browser: the experts' answers, and the way to the showcase. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class SelectionSurfacesTest {
    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    Accounts accounts;

    @Inject
    Sql sql;

    private ProjectView project() {
        return projects.create("ss-" + UUID.randomUUID().toString().substring(0, 12), "Surfaces", null, null, null);
    }

    private WorkflowView workflow(ProjectView project, Rules rules) {
        return workflows.create(
                project.id(),
                "moving",
                "Moving?",
                "Does it move?",
                List.of(new AnswerOption("moving", "Moving", null), new AnswerOption("fixed", "Fixed", null)),
                rules);
    }

    private String token(Role role) {
        return accounts.issueToken(accounts.create("ss-" + UUID.randomUUID(), "Vera", null, role), "test")
                .token();
    }

    private static ValidatableResponse answer(String token, ProjectView project, Object candidate, String answer) {
        return given().header("Authorization", "Bearer " + token)
                .redirects()
                .follow(false)
                .contentType(ContentType.URLENC)
                .formParam("candidate", candidate)
                .formParam("answer", answer)
                .post("/projects/" + project.slug() + "/experts")
                .then();
    }

    private static String experts(String token, ProjectView project) {
        return given().header("Authorization", "Bearer " + token)
                .get("/projects/" + project.slug() + "/experts")
                .then()
                .statusCode(200)
                .extract()
                .asString();
    }

    @Test
    void anExpertAnswersAndIsNotAskedAgain() {
        ProjectView project = project();
        WorkflowView workflow = workflow(project, Rules.DEFAULT);
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(11)
                .withSurvey("x" + UUID.randomUUID().toString().substring(0, 6)));
        List<Long> ids = List.copyOf(candidates
                .add(
                        project.id(),
                        survey.candidates(0, 2).stream()
                                .map(SimulatedCandidate::packet)
                                .toList())
                .candidateIds());
        await().atMost(Duration.ofSeconds(20))
                .until(() -> sql.update(
                                "UPDATE queue_entry SET route = 'expert' WHERE workflow_id = ? AND candidate_id = ANY(?)",
                                workflow.id(),
                                ids)
                        == 2);
        String vera = token(Role.SCIENTIST);
        String first = "data-candidate-id=\"" + ids.get(0) + "\"";
        String second = "data-candidate-id=\"" + ids.get(1) + "\"";
        assertThat(experts(vera, project)).contains(first, second, "Does it move?", "expert-fixed");

        answer(vera, project, ids.get(0), "fixed")
                .statusCode(303)
                .header("Location", endsWith("/projects/" + project.slug() + "/experts#waiting"));

        assertThat(sql.query(
                        "SELECT candidate_id, answer FROM classification WHERE workflow_id = ?",
                        row -> row.getLong(1) + " " + row.getInt(2),
                        workflow.id()))
                .containsExactly(ids.get(0) + " 1");
        assertThat(experts(vera, project)).doesNotContain(first).contains(second);
    }

    @Test
    void wrongAnswersAreNamedAndOthersMayNotAnswer() {
        ProjectView project = project();
        workflow(project, Rules.DEFAULT);
        String vera = token(Role.SCIENTIST);

        answer(vera, project, 1, "comet").statusCode(400).body(containsString("comet"));
        answer(vera, project, "", "fixed").statusCode(400);
        answer(vera, project, Long.MAX_VALUE, "fixed").statusCode(404);
        answer(token(Role.VOLUNTEER), project, 1, "fixed").statusCode(403);
    }

    @Test
    void theClassifyPageLeadsToTheShowcaseWhereThereIsOne() {
        ProjectView with = project();
        workflow(with, Rules.DEFAULT.withSelection(Rules.DEFAULT.mix(), new ServingRules(0, 20, .1)));
        ProjectView without = project();
        workflow(without, Rules.DEFAULT.withSelection(Rules.DEFAULT.mix(), new ServingRules(0, 20, 0)));
        String page = "/projects/" + with.slug() + "/classify";

        given().get(page)
                .then()
                .statusCode(200)
                .body(containsString("href=\"" + page + "?feed=showcase\""))
                .body(containsString("data-feed=\"teaching\""));
        given().get(page + "?feed=showcase")
                .then()
                .statusCode(200)
                .body(containsString("data-testid=\"to-teaching\""))
                .body(containsString("data-feed=\"showcase\""));
        given().get(page + "?feed=anything").then().statusCode(200).body(containsString("data-feed=\"teaching\""));
        given().get("/projects/" + without.slug() + "/classify")
                .then()
                .statusCode(200)
                .body(not(containsString("feed=showcase")));
    }
}
