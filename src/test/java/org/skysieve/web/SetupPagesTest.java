package org.skysieve.web;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Asks;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.Task;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.not;

/** A project made in the browser alone: its texts, its question with tasks, its candidates and gold standards. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class SetupPagesTest {
    private static Browser browser;

    @TestHTTPResource("/")
    String root;

    @Inject
    Accounts accounts;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Candidates candidates;

    @Inject
    GoldStandards gold;

    private String token;
    private final String slug = "made-" + UUID.randomUUID().toString().substring(0, 12);

    @BeforeEach
    void aModerator() {
        token = token(Role.MODERATOR);
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
            browser = null;
        }
    }

    private String token(Role role) {
        return accounts.issueToken(accounts.create("mk-" + UUID.randomUUID(), "Vera", null, role), "test")
                .token();
    }

    private RequestSpecification form() {
        return given().header("Authorization", "Bearer " + token)
                .redirects()
                .follow(false)
                .contentType(ContentType.URLENC.withCharset("UTF-8"));
    }

    private ProjectView project() {
        return projects.create(slug, "Made here", "", "", "");
    }

    /** Two answers and a task after the first one. */
    private RequestSpecification twoAnswersAndATask() {
        return form().formParam("title", "Real or bogus")
                .formParam("question", "Did something change?")
                .formParam("answer.0.label", "Really there")
                .formParam("answer.0.key", "real")
                .formParam("answer.1.label", "Bogus")
                .formParam("task.0.question", "Is there a host galaxy?")
                .formParam("task.0.kind", "choice")
                .formParam("task.0.after", "0")
                .formParam("task.0.options", "Yes, a galaxy\r\nno | No host | Nothing within ten pixels")
                .formParam("minVotes", "2")
                .formParam("maxVotes", "7")
                .formParam("goldShare", "0.1")
                .formParam("explorationShare", "0.2")
                .formParam("leaseMinutes", "15");
    }

    private WorkflowView made() {
        project();
        twoAnswersAndATask().post("/projects/" + slug + "/workflows/new").then().statusCode(303);
        return workflows.firstActive(projects.bySlug(slug).id()).orElseThrow();
    }

    @Test
    void aTitleMakesAProjectAndItsAddress() {
        String title = "Été " + UUID.randomUUID().toString().substring(0, 8);
        String address = Typed.key(title, 40);
        form().formParam("title", title)
                .formParam("credit", "ZTF")
                .formParam("language", "fr")
                .post("/new-project")
                .then()
                .statusCode(303)
                .header("Location", endsWith("/projects/" + address + "/setup?done=project"));

        ProjectView made = projects.bySlug(address);
        assertThat(made.title()).isEqualTo(title);
        assertThat(made.credit()).isEqualTo("ZTF");
        given().get("/projects/" + address)
                .then()
                .statusCode(200)
                .body(containsString("<h1 lang=\"fr\" dir=\"ltr\">" + title));
    }

    @Test
    void whatIsWrongStandsAtItsFieldAndNothingTypedIsLost() {
        project();

        form().formParam("title", "Another")
                .formParam("slug", slug)
                .formParam("tagline", "A <b>bold</b> line")
                .formParam("language", "en")
                .post("/new-project")
                .then()
                .statusCode(400)
                .body(containsString("data-testid=\"error-slug\">there is already a project"))
                .body(containsString("value=\"A &lt;b&gt;bold&lt;/b&gt; line\""));
        form().formParam("title", "")
                .formParam("description", "Long story")
                .formParam("language", "English please")
                .post("/projects/" + slug + "/setup/project")
                .then()
                .statusCode(400)
                .body(containsString("data-testid=\"error-title\">is empty"))
                .body(containsString("Long story"));
        assertThat(projects.bySlug(slug).title()).isEqualTo("Made here");
    }

    @Test
    void aProjectIsEdited() {
        project();

        form().formParam("title", "Made there")
                .formParam("description", "One line\r\nand another")
                .formParam("language", "en")
                .post("/projects/" + slug + "/setup/project")
                .then()
                .statusCode(303);

        assertThat(projects.bySlug(slug).title()).isEqualTo("Made there");
        assertThat(projects.bySlug(slug).description()).isEqualTo("One line\nand another");
    }

    @Test
    void aWorkflowHasKeysOfItsOwnMakingAndTasks() {
        WorkflowView made = made();

        assertThat(made.slug()).isEqualTo("real-or-bogus");
        assertThat(made.answers()).extracting("key").containsExactly("real", "bogus");
        assertThat(made.rules().maxVotes()).isEqualTo(7);
        assertThat(made.rules().goldShare()).isEqualTo(0.1);
        assertThat(made.rules().leaseMinutes()).isEqualTo(15);
        // What gold and exploration leave is divided as it usually is: five parts in seven.
        assertThat(made.rules().varietyShare()).isCloseTo(0.7 * 5 / 7, org.assertj.core.api.Assertions.within(1e-9));
        Task task = made.asks().tasks().get(0);
        assertThat(task.key()).isEqualTo("is-there-a-host-galaxy");
        assertThat(task.after()).containsExactly("real");
        assertThat(task.options()).extracting("key").containsExactly("yes-a-galaxy", "no");
        assertThat(task.options().get(1).help()).isEqualTo("Nothing within ten pixels");
    }

    @Test
    void rowsComeAndGoAndTasksFollowTheirAnswers() {
        project();
        String three = form().formParam("do", "add-answer")
                .formParam("question", "Kept?")
                .formParam("answer.0.label", "One")
                .formParam("answer.1.label", "Two")
                .post("/projects/" + slug + "/workflows/new")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(three).contains("name=\"answer.2.label\"", "value=\"Kept?\"", "autofocus");

        String two = form().formParam("do", "remove-answer.0")
                .formParam("answer.0.label", "One")
                .formParam("answer.1.label", "Two")
                .formParam("answer.2.label", "Three")
                .formParam("task.0.question", "What?")
                .formParam("task.0.after", "0", "2")
                .post("/projects/" + slug + "/workflows/new")
                .then()
                .statusCode(200)
                .extract()
                .asString();

        assertThat(two).doesNotContain("value=\"One\"", "name=\"answer.2.label\"");
        assertThat(two).contains("name=\"answer.1.label\" value=\"Three\"");
        assertThat(two).contains("name=\"task.0.after\" value=\"1\" checked> Three");
        assertThat(two).contains("name=\"task.0.after\" value=\"0\"> Two");
    }

    @Test
    void eachMistakeOfAWorkflowStandsWhereItWasMade() {
        project();

        form().formParam("title", "Bad")
                .formParam("question", "")
                .formParam("answer.0.label", "Same")
                .formParam("answer.1.label", "Same")
                .formParam("task.0.question", "Which?")
                .formParam("task.0.kind", "choice")
                .formParam("task.0.options", "only one")
                .formParam("task.1.question", "How much?")
                .formParam("task.1.kind", "slider")
                .formParam("task.1.min", "3")
                .formParam("task.1.max", "two")
                .formParam("tree", "{\"question\": \"Is it?\", \"branches\": [}")
                .formParam("minVotes", "9")
                .formParam("maxVotes", "7")
                .formParam("goldShare", "0.1")
                .formParam("explorationShare", "0.2")
                .formParam("leaseMinutes", "15")
                .post("/projects/" + slug + "/workflows/new")
                .then()
                .statusCode(400)
                .body(containsString("data-testid=\"error-question\">is empty"))
                .body(containsString("data-testid=\"error-answer.1.key\">got &quot;same&quot; twice"))
                .body(containsString("data-testid=\"error-task.0.options\">got 1, need 2..12"))
                .body(containsString("data-testid=\"error-task.1.max\">got &quot;two&quot;, need a number"))
                .body(containsString("data-testid=\"error-tree\">line 1, column "))
                .body(containsString("data-testid=\"error-minVotes\">got 9, need 1..maxVotes"))
                .body(containsString("only one"));
        assertThat(workflows.ofProject(projects.bySlug(slug).id())).isEmpty();
    }

    @Test
    void aTreeThatLeadsNowhereSaysSo() {
        project();

        twoAnswersAndATask()
                .formParam(
                        "tree",
                        "{\"question\": \"Is it?\", \"branches\": [{\"label\": \"Yes\", \"answer\": \"real\"},"
                                + " {\"label\": \"No\", \"answer\": \"nothing\"}]}")
                .post("/projects/" + slug + "/workflows/new")
                .then()
                .statusCode(400)
                .body(containsString(
                        "data-testid=\"error-tree\">tree: branch &quot;No&quot; leads to &quot;nothing&quot;"));
    }

    private ValidatableResponse edit(RequestSpecification form, WorkflowView workflow, int version) {
        return form.formParam("version", version)
                .post("/projects/" + slug + "/workflows/" + workflow.slug() + "/edit")
                .then();
    }

    @Test
    void anotherVersionKeepsKeysAndKindsAndSaysWhichIsNot() {
        WorkflowView made = made();
        String page = form().get("/projects/" + slug + "/workflows/real-or-bogus/edit")
                .asString();
        assertThat(page).contains("value=\"real\" readonly", "no | No host | Nothing within ten pixels");
        assertThat(page).doesNotContain("add-answer");

        // Just the same: no version is made of it.
        edit(
                        form().formParam("title", "Real or bogus")
                                .formParam("question", "Did something change?")
                                .formParam("answer.0.label", "Really there")
                                .formParam("answer.0.key", "real")
                                .formParam("answer.1.label", "Bogus")
                                .formParam("answer.1.key", "bogus")
                                .formParam("task.0.question", "Is there a host galaxy?")
                                .formParam("task.0.key", "is-there-a-host-galaxy")
                                .formParam("task.0.kind", "choice")
                                .formParam("task.0.after", "0")
                                .formParam(
                                        "task.0.options",
                                        "yes-a-galaxy | Yes, a galaxy\nno | No host | Nothing within ten pixels")
                                .formParam("minVotes", "2")
                                .formParam("maxVotes", "7")
                                .formParam("goldShare", "0.1")
                                .formParam("explorationShare", "0.2")
                                .formParam("leaseMinutes", "15"),
                        made,
                        1)
                .statusCode(303);
        assertThat(workflows.byId(made.id()).version()).isEqualTo(1);

        edit(twoAnswersAndATask().formParam("do", "save"), made, 1).statusCode(303);
        edit(twoAnswersAndATask().formParam("answer.1.key", "other"), made, 1)
                .statusCode(409)
                .body(containsString("data-testid=\"error-answers\">answers: got [real, other]"));
        edit(
                        form().formParam("title", "Real or bogus")
                                .formParam("question", "Did it?")
                                .formParam("answer.0.label", "Really there")
                                .formParam("answer.0.key", "real")
                                .formParam("answer.1.label", "Bogus")
                                .formParam("task.0.question", "Is there a host galaxy?")
                                .formParam("task.0.kind", "tags")
                                .formParam("minVotes", "2")
                                .formParam("maxVotes", "7")
                                .formParam("goldShare", "0.1")
                                .formParam("explorationShare", "0.2")
                                .formParam("leaseMinutes", "15"),
                        made,
                        1)
                .statusCode(409)
                .body(containsString("data-testid=\"error-task.0.kind\">asks: task"));
    }

    @Test
    void whatTheApiAllowsComesBackFromTheFormAsItWas() {
        Asks asks = new Asks(
                null,
                List.of(Task.of(
                        "near",
                        Task.Kind.CHOICE,
                        "What is near it?",
                        "First.\nSecond.",
                        List.of(),
                        List.of(
                                new AnswerOption("a", "a | b", "One line.\nAnother | with a bar."),
                                new AnswerOption("b", "C:\\new", "")),
                        null,
                        null,
                        null,
                        null,
                        "")));
        WorkflowView made = workflows.create(
                project().id(),
                "lines",
                "Lines",
                "Did it?",
                List.of(new AnswerOption("real", "Real", "One.\nTwo."), new AnswerOption("bogus", "Bogus", "")),
                Rules.DEFAULT,
                asks);

        WorkflowForm.Read read =
                WorkflowForm.of(made, new ObjectMapper()).read().orElseThrow();

        assertThat(read.asks()).isEqualTo(made.asks());
        assertThat(read.answers()).isEqualTo(made.answers());
        assertThat(read.rules()).isEqualTo(made.rules());
    }

    @Test
    void whoEditsAnOldVersionIsToldAndKeepsTheirWords() {
        WorkflowView made = made();
        workflows.newVersion(made.id(), "Another wording", made.answers(), made.rules());

        edit(twoAnswersAndATask(), made, 1)
                .statusCode(409)
                .body(containsString("Somebody has saved version 2 meanwhile"))
                .body(containsString("value=\"Did something change?\""))
                .body(containsString("name=\"version\" value=\"2\""));
        // Another button does not pass for having been told.
        edit(twoAnswersAndATask().formParam("do", "add-task"), made, 1)
                .statusCode(200)
                .body(containsString("name=\"version\" value=\"1\""));
        edit(twoAnswersAndATask(), made, 2).statusCode(303);

        assertThat(workflows.byId(made.id()).question()).isEqualTo("Did something change?");
    }

    @Test
    void aQuestionIsClosedAndOpenedAgain() {
        made();

        form().formParam("workflow", "real-or-bogus")
                .formParam("active", "false")
                .post("/projects/" + slug + "/setup/open")
                .then()
                .statusCode(303);
        assertThat(workflows.firstActive(projects.bySlug(slug).id())).isEmpty();
        given().get("/projects/" + slug).then().statusCode(200).body(not(containsString("data-testid=\"start\"")));
        form().formParam("workflow", "real-or-bogus")
                .formParam("active", "true")
                .post("/projects/" + slug + "/setup/open")
                .then()
                .statusCode(303);

        assertThat(workflows.firstActive(projects.bySlug(slug).id())).isPresent();
    }

    @Test
    void anArchiveIsUploadedAndGoldIsPasted() throws IOException {
        WorkflowView made = made();
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(9).withSurvey("sim"));
        ByteArrayOutputStream container = new ByteArrayOutputStream();
        new SimulatedNight(survey, 0, 4).writeContainer(container, one -> {});

        String next = given().header("Authorization", "Bearer " + token)
                .redirects()
                .follow(false)
                .multiPart("file", "night.avro", container.toByteArray())
                .post("/projects/" + slug + "/setup/alerts")
                .then()
                .statusCode(303)
                .extract()
                .header("Location");
        form().get(next)
                .then()
                .statusCode(200)
                .body(containsString("4 candidates are new, 0 were there already, 0 could not be read."))
                .body(containsString("./skysieve ingest --project " + slug));
        List<Long> candids = survey.candidates(0, 2).stream()
                .map(SimulatedCandidate::packet)
                .map(packet -> packet.candid())
                .toList();

        form().formParam("workflow", made.slug())
                .formParam("survey", "sim")
                .formParam("table", "candid,answer\n" + candids.get(0) + ",real\nx12,bogus")
                .post("/projects/" + slug + "/setup/gold")
                .then()
                .statusCode(400)
                .body(containsString("&quot;x12,bogus&quot;: got &quot;x12&quot;, need a number"))
                .body(containsString(candids.get(0) + ",real"));
        form().formParam("workflow", made.slug())
                .formParam("survey", "sim")
                .formParam("table", candids.get(0) + ",real\n" + candids.get(1) + ",bogus," + "x".repeat(501))
                .post("/projects/" + slug + "/setup/gold")
                .then()
                .statusCode(400)
                .body(containsString("got 501 characters, need 0..500"));
        assertThat(gold.count(made.id())).isZero();
        form().formParam("workflow", made.slug())
                .formParam("survey", "sim")
                .formParam("table", candids.get(0) + ",real\n" + candids.get(1) + ", bogus, a pair of light and dark")
                .post("/projects/" + slug + "/setup/gold")
                .then()
                .statusCode(303);
        assertThat(gold.count(made.id())).isEqualTo(2);

        StringBuilder long200 = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            long200.append("99999999999999").append(1000 + i).append(",real\n");
        }
        form().formParam("workflow", made.slug())
                .formParam("survey", "sim")
                .formParam("table", long200 + "" + candids.get(0) + ",bogus,")
                .post("/projects/" + slug + "/setup/gold")
                .then()
                .statusCode(303)
                .header("Location", containsString("and+190+more"));
    }

    @Test
    void volunteersMakeNothing() {
        project();
        token = token(Role.VOLUNTEER);

        for (String path :
                List.of("/new-project", "/projects/" + slug + "/setup", "/projects/" + slug + "/workflows/new")) {
            form().get(path).then().statusCode(403);
        }
        form().formParam("title", "Mine").post("/new-project").then().statusCode(403);
        given().get("/").then().body(not(containsString("/new-project")));
    }

    @Test
    void aScientistMakesAProjectInTheBrowser() {
        if (browser == null) {
            browser = Browser.start();
        }
        String name = "maker-" + System.nanoTime();
        accounts.create(name, null, "a sentence works well", Role.MODERATOR);
        List<String> findings = new java.util.ArrayList<>();
        for (Browser.Viewport viewport : Browser.Viewport.all()) {
            String title = "Sky of " + viewport.label() + " " + System.nanoTime();
            Page page = browser.signIn(viewport, root, name, "a sentence works well");
            page.navigate(root);
            page.getByTestId("new-project").click();
            Browser.check(page, viewport, "new-project", findings);
            page.getByLabel("Title").fill(title);
            page.getByTestId("save").click();
            assertThat(page.getByTestId("done")).hasText("The project is saved.");
            Browser.check(page, viewport, "setup-new", findings);

            page.getByTestId("new-workflow").click();
            page.getByLabel("Question", new Page.GetByLabelOptions().setExact(true))
                    .fill("Did it change?");
            page.getByLabel("On the button").nth(0).fill("Real");
            page.getByLabel("On the button").nth(1).fill("Bogus");
            page.getByTestId("add-task").click();
            // The new row has the focus, and the answers are offered by what they are called.
            page.keyboard().type("Is there a host?");
            page.getByLabel("Real").check();
            assertThat(page.getByLabel("From", new Page.GetByLabelOptions().setExact(true)))
                    .isHidden();
            page.getByLabel("What is asked for").selectOption("slider");
            assertThat(page.getByLabel("From", new Page.GetByLabelOptions().setExact(true)))
                    .isVisible();
            assertThat(page.getByLabel("Options, one a line")).isHidden();
            page.getByLabel("What is asked for").selectOption("choice");
            page.getByTestId("save").click();
            assertThat(page.getByTestId("wrong")).containsText("2 fields are wrong");
            assertThat(page.getByTestId("error-task.0.options")).isVisible();
            Browser.check(page, viewport, "workflow-wrong", findings);
            page.getByLabel("Options, one a line").fill("Yes\nNo");
            page.getByLabel("Title", new Page.GetByLabelOptions().setExact(true))
                    .fill("Real or bogus");
            page.getByTestId("save").click();
            assertThat(page.getByTestId("done")).hasText("The question is saved.");
            Browser.check(page, viewport, "setup-made", findings);
            page.getByTestId("edit-real-or-bogus").click();
            Browser.check(page, viewport, "workflow-edit", findings);

            WorkflowView made = workflows
                    .firstActive(projects.bySlug(Typed.key(title, 40)).id())
                    .orElseThrow();
            candidates.add(
                    made.projectId(),
                    new SimulatedSurvey(SurveySettings.ofSeed(6).withSurvey("made"))
                            .candidates(0, 3).stream()
                                    .map(SimulatedCandidate::packet)
                                    .toList());
            page.navigate(root + "projects/" + made.projectSlug() + "/setup");
            page.getByTestId("classify").click();
            page.locator("[data-classify]:not([data-state=loading])").waitFor();
            page.getByTestId("answer-real").click();
            assertThat(page.getByTestId("tasks")).isVisible();
            page.context().close();
        }

        assertThat(findings).isEmpty();
    }
}
