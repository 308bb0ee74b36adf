package org.skysieve.consensus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.engine.consensus.Explanation;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Projects;
import org.skysieve.project.Retirement;
import org.skysieve.project.RetirementChange;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ConsensusRoomTest {
    @Inject
    Intake intake;

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    GoldStandards goldStandards;

    @Inject
    Accounts accounts;

    @Inject
    ConsensusLabels labels;

    @Inject
    Traces traces;

    @Inject
    Reliabilities reliabilities;

    @Inject
    ConsensusProgress progress;

    @Inject
    ConsensusAudit audit;

    @Inject
    ConsensusStore store;

    @Inject
    Sql sql;

    @Test
    void votesBecomeAConsensusThatRetires() {
        WorkflowView workflow = aWorkflow();
        long candidate = candidates(workflow, 1).get(0);

        List<Long> volunteers = volunteers(6);
        vote(workflow, candidate, volunteers.get(0), 0);
        caughtUp(workflow);
        ConsensusView one = labels.find(workflow.id(), candidate).orElseThrow();
        for (long volunteer : volunteers.subList(1, 6)) {
            vote(workflow, candidate, volunteer, 0);
        }
        caughtUp(workflow);

        // One unknown volunteer who is right seven times in ten, on an even prior.
        assertThat(one.crowd().get(0)).isCloseTo(0.7, within(1e-9));
        assertThat(one.outcome()).isEqualTo("open");
        ConsensusView six = labels.find(workflow.id(), candidate).orElseThrow();
        assertThat(six.outcome()).isEqualTo("retired");
        assertThat(six.answer()).isZero();
        assertThat(six.votes()).isEqualTo(6);
        assertThat(six.retireReason()).contains("reaches 0.92");
        assertThat(six.retiredAt()).isNotNull();
        assertThat(labels.counts(workflow.id())).isEqualTo(new ConsensusCounts(0, List.of(1L, 0L), 0, 0));
        assertThat(events("CandidateRetired", workflow))
                .singleElement()
                .asString()
                .contains("\"outcome\": \"retired\"", "\"answer\": 0");
        assertThat(events("ConsensusChanged", workflow)).isNotEmpty();
    }

    @Test
    void anUndoReopensAndTheTraceTellsIt() {
        WorkflowView workflow = aWorkflow();
        long candidate = candidates(workflow, 1).get(0);
        List<Long> volunteers = volunteers(5);
        long last = 0;
        for (long volunteer : volunteers) {
            last = vote(workflow, candidate, volunteer, 1);
            caughtUp(workflow);
        }
        ConsensusView retired = labels.find(workflow.id(), candidate).orElseThrow();

        change(workflow, candidate, volunteers.get(4), null, last);
        caughtUp(workflow);

        assertThat(retired.outcome()).isEqualTo("retired");
        ConsensusView open = labels.find(workflow.id(), candidate).orElseThrow();
        assertThat(open.outcome()).isEqualTo("open");
        assertThat(open.votes()).isEqualTo(4);
        assertThat(open.retireReason()).isNull();
        Trace trace = traces.of(workflow.id(), candidate).orElseThrow();
        assertThat(trace.steps())
                .extracting(Trace.Step::kind)
                .containsExactly("vote", "vote", "vote", "vote", "vote", "undo");
        assertThat(trace.steps().get(4).note()).startsWith("retired: posterior");
        assertThat(trace.steps().get(5).note()).isEqualTo("re-opened");
        assertThat(trace.steps().get(5).before()).isEqualTo(trace.steps().get(4).combined());
        assertThat(trace.explanation()).isNotNull();
        Explanation explanation = traces.explanation(workflow.id(), candidate).orElseThrow();
        assertThat(ConsensusLabels.list(explanation.crowd())).isEqualTo(open.crowd());
        assertThat(ConsensusLabels.list(explanation.combined())).isEqualTo(open.combined());
    }

    @Test
    void goldStandardsRetireAtOnceAndTeachReliability() {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 10);
        long volunteer = volunteers(1).get(0);
        for (int i = 0; i < 10; i++) {
            vote(workflow, candidates.get(i), volunteer, i < 8 ? 0 : 1);
        }
        caughtUp(workflow);

        Map<Long, Integer> truth = new HashMap<>();
        candidates.forEach(candidate -> truth.put(candidate, 0));
        goldStandards.setAll(workflow.id(), truth, "test", OptionalLong.empty());
        caughtUp(workflow);

        ReliabilityView known = reliabilities.of(workflow.id(), volunteer).orElseThrow();
        assertThat(known.goldSeen()).isEqualTo(10);
        assertThat(known.goldAgreed()).isEqualTo(8);
        // Eight of ten right; the crowd, of one, with 20 votes of prior at 0.7; two votes of that.
        double crowd = (8 + 14) / 30.0;
        assertThat(known.accuracy().get(0).mean()).isCloseTo((8 + 2 * crowd) / 12, within(1e-9));
        assertThat(known.accuracy().get(0).low())
                .isLessThan(known.accuracy().get(0).mean());
        ConsensusView gold = labels.find(workflow.id(), candidates.get(9)).orElseThrow();
        assertThat(gold.crowd()).containsExactly(1.0, 0.0);
        assertThat(gold.outcome()).isEqualTo("retired");
        assertThat(labels.counts(workflow.id()).gold()).isEqualTo(10);
        assertThat(events("CandidateRetired", workflow)).isEmpty();
        assertThat(audit.verify(workflow.id()).differences()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"posterior", "expectedLoss", "stability", "twoAgreeElseSeven"})
    void aRebuildFromTheLogEqualsTheStoreToTheLastBit(String rule) throws InterruptedException {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 60);
        List<Long> volunteers = volunteers(25);
        SplittableRandom random = new SplittableRandom(7);
        Map<String, Long> heads = new HashMap<>();
        for (int i = 0; i < 900; i++) {
            if (i == 300) {
                workflows.retire(workflow.id(), retiringBy(Retirement.of(rule, null, null, null, null, null)));
            }
            int c = random.nextInt(60);
            long candidate = candidates.get(c);
            long volunteer = volunteers.get(random.nextInt(25));
            String key = candidate + "/" + volunteer;
            int truth = c % 2;
            int answer = random.nextDouble() < 0.8 ? truth : 1 - truth;
            Long head = heads.get(key);
            if (head == null) {
                heads.put(key, vote(workflow, candidate, volunteer, answer));
            } else if (random.nextBoolean()) {
                heads.put(key, change(workflow, candidate, volunteer, answer, head));
            } else if (sql.one(
                    "SELECT answer FROM classification WHERE id = ?", row -> row.getObject(1) != null, head)) {
                heads.put(key, change(workflow, candidate, volunteer, null, head));
            }
            if (i % 90 == 50) {
                goldStandards.set(workflow.id(), candidate, truth, "test", OptionalLong.empty());
            }
            if (i % 300 == 250) {
                // Asked for: those that come by themselves depend on the time that the last one took.
                assertThat(progress.refit(workflow.id(), Duration.ofSeconds(30)))
                        .isTrue();
            }
        }
        caughtUp(workflow);

        ConsensusAudit.Verification verification = audit.verify(workflow.id());

        assertThat(verification.differences()).isZero();
        assertThat(verification.maxDifference()).isZero();
        assertThat(verification.candidates()).isEqualTo(60);
        long refits = sql.one(
                "SELECT count(*) FROM consensus_step WHERE workflow_id = ? AND candidate_id = 0",
                row -> row.getLong(1),
                workflow.id());
        assertThat(refits).isGreaterThanOrEqualTo(3);

        // What a restart reads from the store goes on as if nothing had happened.
        ConsensusStore.Place place = store.place(workflow.id());
        WorkflowConsensus reloaded = store.load(workflow.id(), place);
        WorkflowConsensus rebuilt = audit.replay(workflow.id(), place);
        assertThat(reloaded.live().snapshot())
                .usingRecursiveComparison()
                .isEqualTo(rebuilt.live().snapshot());
        assertThat(reloaded.standings()).usingRecursiveComparison().isEqualTo(rebuilt.standings());
        assertThat(reloaded.progress()).isEqualTo(rebuilt.progress());
        assertThat(reloaded.live().votes())
                .isEqualTo(sql.one(
                        "SELECT count(*) FROM classification c WHERE workflow_id = ? AND answer IS NOT NULL AND NOT EXISTS"
                                + " (SELECT 1 FROM classification s WHERE s.supersedes = c.id)",
                        row -> row.getLong(1),
                        workflow.id()));
    }

    @Test
    void whatErrorsCostMayGiveALabelThatIsNotTheLikeliest() throws InterruptedException {
        WorkflowView workflow = aWorkflow();
        workflows.retire(
                workflow.id(),
                new RetirementChange(
                        null,
                        null,
                        1,
                        null,
                        null,
                        new Retirement.ExpectedLoss(Map.of("real", 10.0, "bogus", 0.4), 0.3)));
        long candidate = candidates(workflow, 1).get(0);

        vote(workflow, candidate, volunteers(1).get(0), 1);
        caughtUp(workflow);

        // P(bogus) = 0.7 on one vote: "real" is expected to cost 0.7 x 0.4, "bogus" 0.3 x 10.
        ConsensusView view = labels.find(workflow.id(), candidate).orElseThrow();
        assertThat(view.crowd().get(1)).isCloseTo(0.7, within(1e-9));
        assertThat(view.outcome()).isEqualTo("retired");
        assertThat(view.answer()).isZero();
        assertThat(view.retireReason()).matches("expected loss 0\\.2[78]\\d* after 1 votes is at most 0\\.3");
        assertThat(progress.refit(workflow.id(), Duration.ofSeconds(30))).isTrue();
        assertThat(labels.find(workflow.id(), candidate).orElseThrow().answer()).isZero();
        assertThat(audit.verify(workflow.id()).differences()).isZero();
    }

    @Test
    void aSavedRuleHoldsFromTheNextVoteOnAndTheTraceNamesIt() {
        WorkflowView workflow = aWorkflow();
        long candidate = candidates(workflow, 1).get(0);
        List<Long> volunteers = volunteers(4);
        vote(workflow, candidate, volunteers.get(0), 0);
        vote(workflow, candidate, volunteers.get(1), 0);
        caughtUp(workflow);
        assertThat(labels.find(workflow.id(), candidate).orElseThrow().outcome())
                .isEqualTo("open");

        workflows.retire(workflow.id(), retiringBy(new Retirement.Stability(1, 0.2)));
        vote(workflow, candidate, volunteers.get(2), 0);
        caughtUp(workflow);

        // Its look back begins with the new rule.
        assertThat(labels.find(workflow.id(), candidate).orElseThrow().outcome())
                .isEqualTo("open");
        vote(workflow, candidate, volunteers.get(3), 0);
        caughtUp(workflow);
        Trace trace = traces.of(workflow.id(), candidate).orElseThrow();
        assertThat(trace.outcome()).isEqualTo("retired");
        assertThat(trace.retireReason()).startsWith("stability: the posterior moved by 0.0");
        assertThat(trace.steps().get(3).note()).isEqualTo("retired: " + trace.retireReason());
        assertThat(audit.verify(workflow.id()).differences()).isZero();
    }

    private static RetirementChange retiringBy(Retirement retirement) {
        return new RetirementChange(null, null, null, null, null, retirement);
    }

    @Test
    void aRefitOnRequestHoldsAllVotesAndIsRebuilt() throws InterruptedException {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 6);
        for (long volunteer : volunteers(3)) {
            candidates.forEach(candidate -> vote(workflow, candidate, volunteer, candidate % 2 == 0 ? 0 : 1));
        }
        caughtUp(workflow);

        assertThat(progress.refit(workflow.id(), Duration.ofSeconds(30))).isTrue();

        assertThat(progress.lag(workflow.id())).isZero();
        assertThat(store.place(workflow.id()).progress().sinceRefit()).isZero();
        String noted = sql.one(
                "SELECT note FROM consensus_step WHERE workflow_id = ? AND candidate_id = 0",
                row -> row.getString(1),
                workflow.id());
        assertThat(noted).startsWith("refitted from 18 votes");
        assertThat(audit.verify(workflow.id()).differences()).isZero();
        // Nothing has come since: nothing is fitted again.
        assertThat(progress.refit(workflow.id(), Duration.ofSeconds(30))).isTrue();
        long refits = sql.one(
                "SELECT count(*) FROM consensus_step WHERE workflow_id = ? AND candidate_id = 0",
                row -> row.getLong(1),
                workflow.id());
        assertThat(refits).isEqualTo(1);
    }

    @Test
    void anAuditFindsAPosteriorThatWasTamperedWith() {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 2);
        long volunteer = volunteers(1).get(0);
        candidates.forEach(candidate -> vote(workflow, candidate, volunteer, 0));
        caughtUp(workflow);
        assertThat(audit.verify(workflow.id())).isEqualTo(new ConsensusAudit.Verification(2, 2, 0, 0));

        double before = labels.find(workflow.id(), candidates.get(1))
                .orElseThrow()
                .crowd()
                .get(0);
        sql.update(
                "UPDATE consensus SET crowd = '{0.75,0.25}' WHERE workflow_id = ? AND candidate_id = ?",
                workflow.id(),
                candidates.get(1));

        ConsensusAudit.Verification verification = audit.verify(workflow.id());
        assertThat(verification.differences()).isEqualTo(1);
        assertThat(verification.maxDifference()).isCloseTo(0.75 - before, within(1e-9));
    }

    @Test
    void aSlowerProcessIsFencedOffByThePosition() {
        WorkflowView workflow = aWorkflow();
        long candidate = candidates(workflow, 1).get(0);
        List<Long> volunteers = volunteers(2);
        vote(workflow, candidate, volunteers.get(0), 0);
        caughtUp(workflow);
        ConsensusStore.Place stale = store.place(workflow.id());
        WorkflowConsensus slow = store.load(workflow.id(), stale);
        slow.gold(candidate, 1, false, Instant.EPOCH);
        vote(workflow, candidate, volunteers.get(1), 0);
        caughtUp(workflow);

        ConsensusStore.Place next = new ConsensusStore.Place(stale.log(), slow.position(), slow.progress());

        assertThatThrownBy(() -> QuarkusTransaction.requiringNew()
                        .run(() -> store.write(workflow.id(), stale, next, slow, slow.takeChanges())))
                .isInstanceOf(ConsensusStore.ConcurrentWork.class)
                .hasMessageContaining("no longer at position 1");
        assertThat(labels.find(workflow.id(), candidate).orElseThrow().votes()).isEqualTo(2);
        assertThat(audit.verify(workflow.id()).differences()).isZero();
    }

    @Test
    void theEvaluationSampleRetiresOnVotesAlone() {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 2);
        sql.update("UPDATE candidate SET evaluation = true WHERE id = ?", candidates.get(1));
        long[] volunteers = volunteers(3).stream().mapToLong(Long::longValue).toArray();
        for (long candidate : candidates) {
            for (int v = 0; v < 3; v++) {
                voteWithModel(workflow, candidate, volunteers[v], 0, new float[] {0.995f, 0.005f});
            }
        }
        caughtUp(workflow);

        ConsensusView usual = labels.find(workflow.id(), candidates.get(0)).orElseThrow();
        ConsensusView evaluation = labels.find(workflow.id(), candidates.get(1)).orElseThrow();
        assertThat(usual.outcome()).isEqualTo("retired");
        assertThat(evaluation.outcome()).isEqualTo("open");
        assertThat(evaluation.combined().get(0)).isGreaterThan(0.92);
        assertThat(evaluation.crowd().get(0)).isLessThan(0.92);
    }

    @Test
    void nobodySeesTheConsensusBeforeAnswering() {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 2);
        long watcher = accounts.create("w" + UUID.randomUUID().toString().substring(0, 12), "W", null, Role.VOLUNTEER);
        String token = accounts.issueToken(watcher, "test").token();
        long scientist =
                accounts.create("s" + UUID.randomUUID().toString().substring(0, 12), "S", null, Role.SCIENTIST);
        String scientistToken = accounts.issueToken(scientist, "test").token();
        long other = volunteers(1).get(0);
        candidates.forEach(candidate -> vote(workflow, candidate, other, 0));
        goldStandards.set(workflow.id(), candidates.get(1), 0, "test", OptionalLong.empty());
        caughtUp(workflow);
        AtomicReference<String> path = new AtomicReference<>();
        String base = "/api/v1/workflows/" + workflow.id();
        for (long candidate : candidates) {
            path.set(base + "/candidates/" + candidate + "/consensus");
            given().when().get(path.get()).then().statusCode(403);
            given().auth().oauth2(token).when().get(path.get()).then().statusCode(403);
            given().auth().oauth2(scientistToken).when().get(path.get()).then().statusCode(200);
        }
        given().auth().oauth2(token).when().get(base + "/me/reliability").then().statusCode(404);

        vote(workflow, candidates.get(0), watcher, 0);
        caughtUp(workflow);

        given().auth()
                .oauth2(token)
                .when()
                .get(base + "/candidates/" + candidates.get(0) + "/trace")
                .then()
                .statusCode(200)
                .body("candidateId", equalTo("" + candidates.get(0)))
                .body("steps.size()", equalTo(2))
                .body("steps[1].volunteer", notNullValue())
                .body("explanation.votes.size()", equalTo(2));
        given().auth()
                .oauth2(token)
                .when()
                .get(base + "/me/reliability")
                .then()
                .statusCode(200)
                .body("votes", equalTo(1));
        given().when()
                .get(base + "/consensus/status")
                .then()
                .statusCode(200)
                .body("entries", equalTo(3))
                .body("applied", equalTo(3))
                .body("lag", equalTo(0));
        given().auth()
                .oauth2(token)
                .when()
                .post(base + "/consensus/verify")
                .then()
                .statusCode(403);
    }

    @Test
    void agreementAndBlindVolunteersAreForScientists() {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 60);
        List<Long> volunteers = volunteers(6);
        SplittableRandom random = new SplittableRandom(17);
        for (int c = 0; c < candidates.size(); c++) {
            for (int v = 0; v < 6; v++) {
                int right = c % 2;
                // The last one always says the same.
                int answer = v == 5 ? 1 : random.nextDouble() < 0.95 ? right : 1 - right;
                vote(workflow, candidates.get(c), volunteers.get(v), answer);
            }
        }
        caughtUp(workflow);
        String path = "/api/v1/workflows/" + workflow.id() + "/agreement";

        given().auth().oauth2(tokenOf(Role.VOLUNTEER)).when().get(path).then().statusCode(403);
        given().auth()
                .oauth2(tokenOf(Role.SCIENTIST))
                .when()
                .get(path)
                .then()
                .statusCode(200)
                .body("votes", equalTo(360))
                .body("candidates", equalTo(60))
                .body(
                        "alpha",
                        org.hamcrest.Matchers.both(org.hamcrest.Matchers.greaterThan(0.4f))
                                .and(org.hamcrest.Matchers.lessThan(0.7f)))
                .body("shares.bogus", org.hamcrest.Matchers.greaterThan(0.5f))
                .body("flagged.size()", equalTo(1))
                .body("flagged[0].volunteerId", equalTo("" + volunteers.get(5)))
                .body("flagged[0].kind", equalTo("blind"))
                .body("flagged[0].votes", equalTo(60));
    }

    @Test
    void anotherRuleIsRehearsedAndNothingChanges() {
        WorkflowView workflow = aWorkflow();
        List<Long> candidates = candidates(workflow, 20);
        List<Long> volunteers = volunteers(6);
        for (int c = 0; c < candidates.size(); c++) {
            for (long volunteer : volunteers) {
                vote(workflow, candidates.get(c), volunteer, c % 2);
            }
        }
        for (long candidate : candidates.subList(0, 4)) {
            goldStandards.set(
                    workflow.id(), candidate, candidates.indexOf(candidate) % 2, "test", OptionalLong.empty());
        }
        caughtUp(workflow);
        ConsensusCounts before = labels.counts(workflow.id());
        String path = "/api/v1/workflows/" + workflow.id() + "/rehearsal";
        String token = tokenOf(Role.SCIENTIST);

        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"retirement\": {\"rule\": \"twoAgreeElseSeven\"}}")
                .when()
                .post(path)
                .then()
                .statusCode(200)
                .body("entries", equalTo(120))
                .body("complete", equalTo(true))
                .body("proposed.cast", equalTo(120))
                .body("proposed.used", equalTo(40))
                .body("proposed.saved", equalTo(80))
                .body("proposed.retired", equalTo(20))
                .body("proposed.againstGold.candidates", equalTo(4))
                .body("proposed.againstGold.purity.value", equalTo(1f))
                .body("proposed.againstConsensus.completeness.count", equalTo(10))
                .body("proposed.rule.retirement.rule", equalTo("twoAgreeElseSeven"))
                .body("current.rule.retireAt", equalTo(0.92f))
                .body("current.used", org.hamcrest.Matchers.greaterThan(40));
        given().auth()
                .oauth2(token)
                .contentType("application/json")
                .body("{\"retireAt\": 0.2}")
                .when()
                .post(path)
                .then()
                .statusCode(400)
                .body("detail", org.hamcrest.Matchers.containsString("retireAt: got 0.2, need (0.5, 1)"));
        given().auth()
                .oauth2(tokenOf(Role.VOLUNTEER))
                .contentType("application/json")
                .body("{}")
                .when()
                .post(path)
                .then()
                .statusCode(403);
        assertThat(labels.counts(workflow.id())).isEqualTo(before);

        String page = given().auth()
                .oauth2(token)
                .accept("text/html")
                .when()
                .get("/projects/" + workflow.projectSlug() + "/rehearsal?rule=twoAgreeElseSeven")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(page)
                .contains("rehearsal-saved", ">80<", "100 %", "rehearsal-form", "Save as version 2")
                .contains("A candidate retires once two votes agree");
        assertThat(given().auth()
                        .oauth2(token)
                        .accept("text/html")
                        .when()
                        .get("/projects/" + workflow.projectSlug() + "/rehearsal?threshold.real=high")
                        .asString())
                .contains("threshold.real: got &quot;high&quot;, need a number")
                .doesNotContain("data-testid=\"save\"");
        String dashboard = given().auth()
                .oauth2(token)
                .accept("text/html")
                .when()
                .get("/projects/" + workflow.projectSlug() + "/dashboard")
                .then()
                .statusCode(200)
                .extract()
                .asString();
        assertThat(dashboard).contains("data-testid=\"alpha\">1.00<", "Nobody stands out.", "rehearsal-form");
    }

    @Test
    void aRehearsedRuleIsSavedFromThePage() {
        WorkflowView workflow = aWorkflow();
        String path = "/projects/" + workflow.projectSlug() + "/rehearsal";
        Map<String, String> form = Map.of(
                "version",
                "1",
                "rule",
                "posterior",
                "threshold.real",
                "0.97",
                "threshold.bogus",
                "0.9",
                "maxVotes",
                "9",
                "ambiguousBelow",
                "0.75");
        String scientist = tokenOf(Role.SCIENTIST);

        given().auth()
                .oauth2(tokenOf(Role.VOLUNTEER))
                .formParams(form)
                .post(path)
                .then()
                .statusCode(403);
        // Another site's form comes with a cookie, but not from our pages.
        given().header("Sec-Fetch-Site", "cross-site")
                .formParams(form)
                .post(path)
                .then()
                .statusCode(403);
        given().auth()
                .oauth2(scientist)
                .formParams(form)
                .redirects()
                .follow(false)
                .post(path)
                .then()
                .statusCode(303)
                .header("Location", org.hamcrest.Matchers.endsWith("/dashboard#rules"));
        // Who compared with a version that no longer holds compares again.
        given().auth().oauth2(scientist).formParams(form).post(path).then().statusCode(409);

        WorkflowView saved = workflows.byId(workflow.id());
        assertThat(saved.version()).isEqualTo(2);
        assertThat(saved.rules()).isEqualTo(new Rules(0.9, 2, 9, 0.75, 0.15, 0.08, 150, 0.2, 0.9, 10, 0.97, 0.5));
        assertThat(given().auth()
                        .oauth2(scientist)
                        .accept("text/html")
                        .get("/projects/" + workflow.projectSlug() + "/dashboard")
                        .asString())
                .contains("Version 2. A candidate retires once the posterior reaches 0.97 for Real, 0.9 for Bogus;"
                        + " after 2 to 9 votes; ambiguous below 0.75.");
    }

    private String tokenOf(Role role) {
        long id = accounts.create("t" + UUID.randomUUID().toString().substring(0, 12), "T", null, role);
        return accounts.issueToken(id, "test").token();
    }

    private WorkflowView aWorkflow() {
        var project =
                projects.create("cons-" + UUID.randomUUID().toString().substring(0, 12), "Consensus", null, null, null);
        return workflows.create(
                project.id(),
                "real-bogus",
                "Real or bogus?",
                "Is it real?",
                List.of(new AnswerOption("real", "Real", null), new AnswerOption("bogus", "Bogus", null)),
                new Rules(0.92, 2, 12, 0.8, 0.15, 0.08, 150, 0.2, 0.9, 10, 0.92, 0.5));
    }

    private List<Long> candidates(WorkflowView workflow, int count) {
        String tag = UUID.randomUUID().toString();
        sql.update(
                "INSERT INTO sky_object (project_id, survey, object_id, ra, dec, evaluation)"
                        + " SELECT ?, 'TEST', ? || '-' || i, 10, 20, false FROM generate_series(1, ?) AS i",
                workflow.projectId(),
                tag,
                count);
        return sql.query(
                "INSERT INTO candidate (id, project_id, sky_object_id, survey, candid, time_mjd, ra, dec, passband,"
                        + " positive, evaluation) SELECT nextval('candidate_seq'), o.project_id, o.id, 'TEST', o.id,"
                        + " 60000, 10, 20, 'g', true, o.evaluation FROM sky_object o"
                        + " WHERE o.project_id = ? AND o.object_id LIKE ? ORDER BY o.id RETURNING id",
                row -> row.getLong(1),
                workflow.projectId(),
                tag + "-%");
    }

    private List<Long> volunteers(int count) {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(sql.one(
                    "INSERT INTO volunteer (kind, username, display_name) VALUES ('account', ?, 'V') RETURNING id",
                    row -> row.getLong(1),
                    "v" + UUID.randomUUID()));
        }
        return ids;
    }

    private long vote(WorkflowView workflow, long candidate, long volunteer, int answer) {
        return change(workflow, candidate, volunteer, answer, null);
    }

    private long change(
            WorkflowView workflow,
            long candidate,
            long volunteer,
            @Nullable Integer answer,
            @Nullable Long supersedes) {
        NewClassification act =
                new NewClassification(UUID.randomUUID(), workflow.id(), candidate, null, answer, supersedes, null);
        return intake.record(act, volunteer, Intake.Reach.ANY).classification().id();
    }

    /** As the intake writes it when the candidate was served with a score. */
    private void voteWithModel(WorkflowView workflow, long candidate, long volunteer, int answer, float[] model) {
        sql.update(
                "INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,"
                        + " answer, model_probabilities, created_at)"
                        + " VALUES (nextval('classification_seq'), ?, ?, 1, ?, ?, ?, ?, now())",
                UUID.randomUUID(),
                workflow.id(),
                candidate,
                volunteer,
                answer,
                model);
    }

    private void caughtUp(WorkflowView workflow) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> progress.lag(workflow.id()) == 0);
    }

    private List<String> events(String type, WorkflowView workflow) {
        return sql.query(
                "SELECT payload::text FROM outbox WHERE event_type = ? AND (payload ->> 'workflowId')::bigint = ?",
                row -> row.getString(1),
                type,
                workflow.id());
    }
}
