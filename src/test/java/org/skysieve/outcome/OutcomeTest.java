package org.skysieve.outcome;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.skysieve.account.OwnAccount;
import org.skysieve.account.Role;
import org.skysieve.classification.ClassificationFixture;
import org.skysieve.classification.ClassificationFixture.Person;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.consensus.ConsensusLabels;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Projects;
import org.skysieve.project.WorkflowView;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class OutcomeTest {
    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

    @Inject
    ClassificationFixture fixture;

    @Inject
    Intake intake;

    @Inject
    Outcomes outcomes;

    @Inject
    OutcomeTable table;

    @Inject
    VoteNews news;

    @Inject
    OwnAccount own;

    @Inject
    Projects projects;

    @Inject
    GoldStandards goldStandards;

    @Inject
    ConsensusLabels labels;

    @Inject
    Sql sql;

    @Test
    void scientistsReportAndEverybodyReads() {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        String url = "/api/v1/candidates/" + candidate + "/outcome";
        Map<String, String> supernova = Map.of(
                "kind", "spectroscopic", "name", "SN 2026abc", "type", "SN Ia", "url", "https://example.org/SN2026abc");

        as(fixture.aPerson(Role.VOLUNTEER)).body(supernova).put(url).then().statusCode(403);
        given().get(url).then().statusCode(404);
        Person scientist = fixture.aPerson(Role.SCIENTIST);
        as(scientist).body(supernova).put(url).then().statusCode(200).body("type", equalTo("SN Ia"));
        given().get(url).then().statusCode(200).body("name", equalTo("SN 2026abc"));
        for (String wrong :
                List.of("http://example.org", "javascript:alert(1)", "https://", "https://me@example.org/")) {
            as(scientist)
                    .body(Map.of("kind", "tns", "name", "AT 2026x", "url", wrong))
                    .put(url)
                    .then()
                    .statusCode(400)
                    .body("errors[0].field", equalTo("url"));
        }
        as(scientist).body(Map.of("kind", "guess", "name", "x")).put(url).then().statusCode(400);
        as(scientist).body(Map.of("kind", "tns")).put(url).then().statusCode(400);
        as(scientist).delete(url).then().statusCode(204);
        given().get(url).then().statusCode(404);
    }

    @Test
    void whoVotedIsToldOnceForEachChangeAndNobodyElse() {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        Person voter = fixture.aPerson(Role.VOLUNTEER);
        Person other = fixture.aPerson(Role.VOLUNTEER);
        vote(workflow, candidate, voter, 0);
        long scientist = fixture.aPerson(Role.SCIENTIST).id();

        assertThat(outcomes.report(candidate, outcome("SN Ia"), scientist)).isTrue();
        assertThat(outcomes.report(candidate, outcome("SN Ia"), scientist)).isFalse();
        told(voter);

        assertThat(news.unread(other.id())).isZero();
        assertThat(news.waiting(voter.id())).singleElement().satisfies(one -> {
            assertThat(one.project()).isEqualTo(workflow.projectSlug());
            assertThat(one.count()).isEqualTo(1);
        });
        List<VoteNews.News> first = news.of(workflow.id(), voter.id(), 10);
        assertThat(first).singleElement().satisfies(one -> {
            assertThat(one.fresh()).isTrue();
            assertThat(one.outcome()).isNotNull();
            assertThat(one.settledAs()).isNull();
        });
        news.visited(workflow.id(), voter.id());
        assertThat(news.unread(voter.id())).isZero();
        assertThat(news.of(workflow.id(), voter.id(), 10)).noneMatch(VoteNews.News::fresh);

        outcomes.report(candidate, outcome("SN II"), scientist);
        told(voter);
        assertThat(news.of(workflow.id(), voter.id(), 10)).allMatch(VoteNews.News::fresh);
    }

    @Test
    void newsTellWhatSettledButNoGoldStandard() {
        WorkflowView workflow = fixture.aWorkflow();
        long settled = fixture.aCandidate(workflow);
        long gold = fixture.aCandidate(workflow);
        goldStandards.set(workflow.id(), gold, 1, "test", OptionalLong.empty());
        Person reader = fixture.aPerson(Role.VOLUNTEER);
        vote(workflow, settled, reader, 0);
        vote(workflow, gold, reader, 0);
        for (int i = 0; i < 9; i++) {
            vote(workflow, settled, fixture.aPerson(Role.VOLUNTEER), 0);
        }
        retired(workflow, settled);
        retired(workflow, gold);

        assertThat(news.of(workflow.id(), reader.id(), 10))
                .extracting(VoteNews.News::candidateId, VoteNews.News::settledAs)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(settled, 0));
    }

    @Test
    void onlyWhoAgreesIsNamedInTheOrderOfTheAnswers() {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        Person late = fixture.aPerson(Role.VOLUNTEER);
        Person wrong = fixture.aPerson(Role.VOLUNTEER);
        Person shy = fixture.aPerson(Role.VOLUNTEER);
        Person early = fixture.aPerson(Role.VOLUNTEER);
        vote(workflow, candidate, early, 0);
        vote(workflow, candidate, shy, 0);
        vote(workflow, candidate, wrong, 1);
        vote(workflow, candidate, late, 0);
        assertThat(news.credited(workflow.id(), candidate, 0)).isEmpty();

        own.credit(late.id(), true);
        as(early).body(Map.of("byName", true)).put("/api/v1/me/credit").then().statusCode(200);
        own.credit(wrong.id(), true);

        assertThat(news.credited(workflow.id(), candidate, 0)).containsExactly(name(early), name(late));
        own.credit(early.id(), false);
        assertThat(news.credited(workflow.id(), candidate, 0)).containsExactly(name(late));
        as(late).get("/api/v1/me/credit").then().body("byName", equalTo(true));
    }

    @Test
    void aTableIsTakenAsAWholeOrNotAtAll() {
        WorkflowView workflow = fixture.aWorkflow();
        long one = fixture.aCandidate(workflow);
        long two = fixture.aCandidate(workflow);
        long foreign = fixture.aCandidate(fixture.aWorkflow());
        long scientist = fixture.aPerson(Role.SCIENTIST).id();
        var project = projects.byId(workflow.projectId());
        String header = "candidate,kind,name,type,url,at\n";

        assertThat(table.report(
                        project,
                        header + one + ",tns,AT 2026x,,https://example.org/x,2026-11-20\n" + two
                                + ",photometric,,variable star,,\n",
                        scientist))
                .isEqualTo(2);
        assertThat(outcomes.find(one).orElseThrow().at()).isEqualTo(Instant.parse("2026-11-20T00:00:00Z"));
        assertThatThrownBy(() -> table.report(
                        project, header + one + ",other,changed,,,\n" + foreign + ",tns,AT 2026y,,,\n", scientist))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("candidate " + foreign);
        assertThat(outcomes.find(one).orElseThrow().name()).isEqualTo("AT 2026x");
        assertThatThrownBy(() -> table.report(project, header + "x,tns,AT,,,\n", scientist))
                .hasMessageContaining("line 2");
        assertThatThrownBy(() -> table.report(project, "kind\ntns\n", scientist))
                .hasMessageContaining("no column candidate");
    }

    @Test
    void anErasedAccountIsNoLongerNamedNorTold() {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        Person person = fixture.aPerson(Role.VOLUNTEER);
        vote(workflow, candidate, person, 0);
        own.credit(person.id(), true);
        outcomes.report(
                candidate, outcome("SN Ia"), fixture.aPerson(Role.SCIENTIST).id());
        told(person);
        String username = sql.one("SELECT username FROM volunteer WHERE id = ?", row -> row.getString(1), person.id());

        own.erase(person.id(), username);

        assertThat(news.credited(workflow.id(), candidate, 0)).isEmpty();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> news.unread(person.id()) == 0);
    }

    private static Outcome outcome(String type) {
        return Outcome.of("spectroscopic", "SN 2026abc", type, "", NOW);
    }

    private void told(Person person) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> news.unread(person.id()) == 1);
    }

    private void retired(WorkflowView workflow, long candidate) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .until(() -> labels.find(workflow.id(), candidate)
                        .filter(view -> view.outcome().equals("retired"))
                        .isPresent());
    }

    private String name(Person person) {
        return sql.one("SELECT display_name FROM volunteer WHERE id = ?", row -> row.getString(1), person.id());
    }

    private void vote(WorkflowView workflow, long candidate, Person person, int answer) {
        intake.record(
                new NewClassification(UUID.randomUUID(), workflow.id(), candidate, null, answer, null, 900),
                person.id(),
                Intake.Reach.ANY);
    }

    private static RequestSpecification as(Person person) {
        return given().header("Authorization", "Bearer " + person.token()).contentType(ContentType.JSON);
    }
}
