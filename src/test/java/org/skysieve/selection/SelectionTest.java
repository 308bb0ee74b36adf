package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

import jakarta.inject.Inject;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.skysieve.classification.AssignmentView;
import org.skysieve.classification.Assignments;
import org.skysieve.classification.Intake;
import org.skysieve.classification.NewClassification;
import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.Route;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.Rules;
import org.skysieve.project.SelectionChange;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class SelectionTest {
    @Inject
    Selection selection;

    @Inject
    UniformDraws uniform;

    @Inject
    Assignments assignments;

    @Inject
    Intake intake;

    @Inject
    Sky sky;

    @Inject
    Queue queue;

    @Inject
    Workflows workflows;

    @Inject
    Uncertainties uncertainties;

    @Inject
    Previews previews;

    @Inject
    Sql sql;

    private List<Long> serve(WorkflowView workflow, long volunteerId, int count) {
        return ids(selection.next(workflow.id(), volunteerId, count).assignments());
    }

    private static List<Long> ids(Collection<AssignmentView> assignments) {
        return assignments.stream().map(AssignmentView::candidateId).toList();
    }

    private void answer(WorkflowView workflow, AssignmentView assignment, int answer) {
        intake.record(
                new NewClassification(
                        UUID.randomUUID(), workflow.id(), assignment.candidateId(), assignment.id(), answer, null, 900),
                assignment.volunteerId());
    }

    @Test
    void whatSomebodyHoldsComesFirstAndNoCandidateTwice() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        sky.candidates(workflow, 30, false);
        long ada = sky.volunteer();

        List<AssignmentView> first = selection.next(workflow.id(), ada, 5).assignments();
        List<Long> again = serve(workflow, ada, 8);
        answer(workflow, first.get(0), 0);
        assignments.skip(first.get(1).id(), ada);
        List<Long> after = serve(workflow, ada, 20);

        assertThat(first).hasSize(5);
        assertThat(again).hasSize(8).startsWith(ids(first).toArray(Long[]::new));
        assertThat(after)
                .hasSize(20)
                .doesNotHaveDuplicates()
                .doesNotContain(first.get(0).candidateId(), first.get(1).candidateId());
    }

    @Test
    void whileThereIsOtherWorkACandidateHasOneLease() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(3, 0.3, 0));
        sky.candidates(workflow, 20, false);
        sky.candidates(workflow, 20, true);
        List<Long> all = new ArrayList<>();

        for (long volunteer : sky.volunteers(4)) {
            all.addAll(serve(workflow, volunteer, 10));
        }

        assertThat(all).hasSize(40).doesNotHaveDuplicates();
        // Then up to the quota of three, and not further.
        for (long volunteer : sky.volunteers(8)) {
            all.addAll(serve(workflow, volunteer, 20));
        }
        Map<Long, Long> leases = all.stream().collect(Collectors.groupingBy(id -> id, Collectors.counting()));
        assertThat(leases)
                .hasSize(40)
                .allSatisfy((id, count) -> assertThat(count).isEqualTo(3));
        Serving none = selection.next(workflow.id(), sky.volunteer(), 20);
        assertThat(none.assignments()).isEmpty();
        assertThat(none.reason()).isEqualTo(Serving.Reason.ALL_LEASED);
    }

    @Test
    void thereIsAReasonForNothing() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.15, 0));
        long ada = sky.volunteer();

        assertThat(selection.next(workflow.id(), ada, 3).reason()).isEqualTo(Serving.Reason.NOTHING_OPEN);

        List<Long> ids = sky.candidates(workflow, 2, false);
        Serving all = selection.next(workflow.id(), ada, 3);
        assertThat(ids(all.assignments())).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(all.reason()).isNull();

        all.assignments().forEach(assignment -> assignments.skip(assignment.id(), ada));
        assertThat(selection.next(workflow.id(), ada, 3).reason()).isEqualTo(Serving.Reason.ALL_SEEN);

        ids.forEach(id -> sky.consensus(workflow, id, 3, 0.99, "retired"));
        assertThat(selection.next(workflow.id(), ada, 3).reason()).isEqualTo(Serving.Reason.NOTHING_OPEN);
    }

    @Test
    void leasesThatRanOutGoToOthersOrComeBack() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(1, 0, 0));
        List<Long> ids = sky.candidates(workflow, 4, false);
        long ada = sky.volunteer();
        long ben = sky.volunteer();
        assertThat(serve(workflow, ada, 4)).containsExactlyInAnyOrderElementsOf(ids);
        assertThat(selection.next(workflow.id(), ben, 4).reason()).isEqualTo(Serving.Reason.ALL_LEASED);

        sky.expire(workflow, ada);

        List<Long> bens = serve(workflow, ben, 1);
        assertThat(bens).hasSize(1);
        assertThat(serve(workflow, ada, 4)).hasSize(3).doesNotContainAnyElementsOf(bens);
        assertThat(selection.next(workflow.id(), ben, 4).assignments()).hasSize(1);
    }

    @Test
    void whatWasGivenBackComesLast() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(5, 0, 0));
        sky.candidates(workflow, 4, false);
        long ada = sky.volunteer();
        AssignmentView back =
                selection.next(workflow.id(), ada, 1).assignments().get(0);
        assignments.release(back.id(), ada);

        List<Long> next = serve(workflow, ada, 3);
        assertThat(next).hasSize(3).doesNotContain(back.candidateId());

        sql.update("UPDATE queue_entry SET leased_until = NULL WHERE workflow_id = ?", workflow.id());
        assertThat(serve(workflow, ada, 4)).hasSize(4).contains(back.candidateId());
    }

    @Test
    void settledCandidatesAndGoldStandardsAreNotOpen() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        List<Long> ids = sky.candidates(workflow, 6, false);
        sky.gold(workflow, ids.subList(0, 2), 0);
        sky.consensus(workflow, ids.get(2), 3, 0.99, "retired");
        sky.consensus(workflow, ids.get(3), 12, 0.6, "ambiguous");

        assertThat(serve(workflow, sky.volunteer(), 10)).containsExactlyInAnyOrder(ids.get(4), ids.get(5));

        sky.consensus(workflow, ids.get(2), 2, 0.9, "open");
        // An event about a gold standard must not open it.
        sky.consensus(workflow, ids.get(0), 2, 0.9, "open");
        assertThat(serve(workflow, sky.volunteer(), 10)).contains(ids.get(2)).doesNotContain(ids.get(0));
    }

    @Test
    void theMostUncertainComeFirst() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        List<Long> ids = sky.candidates(workflow, 100, false);
        for (int i = 0; i < 100; i++) {
            // Unsettled at the beginning, nearly sure at the end.
            sky.consensus(workflow, ids.get(i), 1, i < 10 ? 0.5 : 0.995, "open");
        }

        List<Long> served = serve(workflow, sky.volunteer(), 8);

        // Priorities 1.02 against .065: with the fourth power one draw in 11,000 misses.
        assertThat(ids.subList(0, 10)).containsAll(served);
    }

    @Test
    void noQuotaBreaksAndNobodySeesACandidateTwiceUnderSixteenThreads() throws Exception {
        int maxVotes = 4;
        WorkflowView workflow = sky.aWorkflow(Sky.rules(maxVotes, 0.2, 0.1));
        sky.candidates(workflow, 40, false);
        List<Long> ids = new ArrayList<>(sky.candidates(workflow, 15, true));
        sky.gold(workflow, ids.subList(0, 5), 0);
        List<Long> people = sky.volunteers(16);

        ExecutorService pool = Executors.newFixedThreadPool(16);
        List<Future<Integer>> done = new ArrayList<>();
        for (int t = 0; t < people.size(); t++) {
            long person = people.get(t);
            SplittableRandom random = new SplittableRandom(t);
            done.add(pool.submit(() -> {
                int answered = 0;
                for (int request = 0; request < 60; request++) {
                    Serving serving = selection.next(workflow.id(), person, 1 + random.nextInt(6));
                    if (serving.assignments().isEmpty()) {
                        break;
                    }
                    for (AssignmentView assignment : serving.assignments()) {
                        answer(workflow, assignment, random.nextInt(2));
                        answered++;
                    }
                }
                return answered;
            }));
        }
        int answered = 0;
        for (Future<Integer> each : done) {
            answered += each.get();
        }
        pool.shutdown();

        List<Integer> votes = sql.query(
                "SELECT count(*) FROM assignment a WHERE workflow_id = ? AND strategy <> 'gold' GROUP BY candidate_id",
                row -> row.getInt(1),
                workflow.id());
        int repeats = sql.one(
                "SELECT count(*) - count(DISTINCT (volunteer_id, candidate_id)) FROM classification"
                        + " WHERE workflow_id = ?",
                row -> row.getInt(1),
                workflow.id());
        assertThat(votes).hasSize(50).allMatch(count -> count <= maxVotes);
        assertThat(repeats).isZero();
        assertThat(answered).isGreaterThanOrEqualTo(100);
    }

    @Test
    void twoTabsOfOnePersonShareOneBatch() throws Exception {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.2, 0));
        sky.candidates(workflow, 50, false);
        long ada = sky.volunteer();

        ExecutorService pool = Executors.newFixedThreadPool(4);
        List<Future<List<Long>>> tabs = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            tabs.add(pool.submit(() -> serve(workflow, ada, 10)));
        }
        Set<Long> union = new HashSet<>();
        for (Future<List<Long>> tab : tabs) {
            union.addAll(tab.get());
        }
        pool.shutdown();

        assertThat(union).hasSize(10);
    }

    @Test
    void drawsAreUniformOverShortAndLongLines() {
        for (int n : new int[] {40, 400}) {
            drawsAreUniform(OpenWork.Line.UNBEGUN, n);
            drawsAreUniform(OpenWork.Line.QUEUE, n);
        }
    }

    private void drawsAreUniform(OpenWork.Line line, int n) {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.2, 0));
        List<Long> ids = sky.candidates(workflow, n, line == OpenWork.Line.UNBEGUN);
        // The other half of the sky, which this line does not hold.
        sky.candidates(workflow, 10, line != OpenWork.Line.UNBEGUN);
        long ada = sky.volunteer();
        SplittableRandom random = new SplittableRandom(n);
        Map<Long, Integer> counts = new HashMap<>();
        int draws = 4000;

        for (int d = 0; d < draws; d++) {
            Offers.Draw draw = uniform.asker(workflow.id(), ada, null, Set.of())
                    .of(line, 1)
                    .next(random)
                    .orElseThrow();
            assertThat(draw.probability()).isCloseTo(1.0 / n, within(1e-12));
            counts.merge(draw.entry().candidateId(), 1, Integer::sum);
        }

        double expected = draws / (double) n;
        double chiSquare = 0;
        for (Long id : ids) {
            double difference = counts.getOrDefault(id, 0) - expected;
            chiSquare += difference * difference / expected;
        }
        // Chi-square with n - 1 degrees of freedom has the variance 2 (n - 1). Counts of two candidates u stretches
        // apart on the
        // line have the correlation 1 - u, so the variance grows by 1 + 2 E integral of (1 - u)^2 with E to a stretch.
        double standardError = Math.sqrt(2.0 * (n - 1) * (1 + 2.0 * UniformDraws.EXPECTED / 3));
        assertThat(chiSquare).isCloseTo(n - 1, within(4 * standardError));
    }

    @Test
    void loggedProbabilitiesEqualRealisedFrequencies() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.3, 0.2, 0.2));
        List<Long> plain = sky.candidates(workflow, 4, false);
        List<Long> sample = sky.candidates(workflow, 5, true);
        List<Long> gold = sky.candidates(workflow, 3, false);
        sky.gold(workflow, gold, 0);
        sky.consensus(workflow, plain.get(0), 1, 0.7, "open");
        sky.consensus(workflow, plain.get(1), 1, 0.9, "open");

        totalProbabilitiesEqualFrequencies(workflow, 4 + 5 + 3, 0.2);
        // What exploration has begun it finishes first, and no other arm does.
        sky.consensus(workflow, sample.get(0), 1, 0.6, "open");
        sky.consensus(workflow, sample.get(1), 2, 0.8, "open");

        totalProbabilitiesEqualFrequencies(workflow, 4 + 2 + 3, 0.2);
    }

    /** Serves one place again and again, to a new person each time, and rolls it back. */
    private void totalProbabilitiesEqualFrequencies(WorkflowView workflow, int candidates, double goldShare) {
        int trials = 1500;
        Map<Long, Integer> counts = new HashMap<>();
        Map<Long, Double> logged = new HashMap<>();
        Set<Long> gold = new HashSet<>();
        for (int t = 0; t < trials; t++) {
            // Rolled back: every trial meets the same queue and a new person.
            QuarkusTransaction.begin();
            AssignmentView served = selection
                    .next(workflow.id(), sky.volunteer(), 1)
                    .assignments()
                    .get(0);
            QuarkusTransaction.rollback();
            counts.merge(served.candidateId(), 1, Integer::sum);
            // The same by whatever arm it came.
            Double before = logged.put(served.candidateId(), served.probability());
            assertThat(before == null ? served.probability() : before).isCloseTo(served.probability(), within(1e-12));
            if (served.strategy().equals(Arm.GOLD.key())) {
                gold.add(served.candidateId());
            }
        }

        assertThat(logged).hasSizeBetween(candidates - 1, candidates);
        logged.forEach((candidate, p) -> {
            double standardError = Math.sqrt(p * (1 - p) / trials);
            assertThat(counts.get(candidate) / (double) trials)
                    .as("%s logged with %.4f", candidate, p)
                    .isCloseTo(p, within(4.5 * standardError));
        });
        double total = logged.values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(total).isCloseTo(1, within(logged.size() == candidates ? 1e-9 : 0.02));
        double goldTotal = gold.stream().mapToDouble(logged::get).sum();
        assertThat(goldTotal).isCloseTo(goldShare, within(1e-9));
    }

    @Test
    void aMixLogsTheProbabilityByAllItsStrategies() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.1, 0, 0.2)
                .withSelection(
                        List.of(
                                new RankedStrategy("likely", 2, null),
                                new RankedStrategy("margin", 1, null),
                                // Half of them are not ranked by it at all.
                                new RankedStrategy("expression", 3, "votes > 0 and p_moving > 0.65")),
                        ServingRules.USUAL));
        List<Long> plain = sky.candidates(workflow, 6, false);
        sky.candidates(workflow, 2, true);
        for (int i = 0; i < 4; i++) {
            sky.consensus(workflow, plain.get(i), 1, 0.6 + 0.1 * i, "open");
        }

        totalProbabilitiesEqualFrequencies(workflow, 8, 0);
    }

    @Test
    void whatNoStrategyRanksIsServedInTheEnd() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0.1)
                .withSelection(List.of(new RankedStrategy("expression", 1, "if(snr > 8, 1, -1)")), ServingRules.USUAL));
        List<Long> plain = sky.candidates(workflow, 8, false);
        sky.gold(workflow, plain.subList(0, 2), 0);
        sql.update("UPDATE candidate SET snr = 9 WHERE id = ?", plain.get(5));
        queue.refresh(workflow.id(), plain);
        long ada = sky.volunteer();

        List<AssignmentView> first = selection.next(workflow.id(), ada, 1).assignments();
        List<AssignmentView> all = selection.next(workflow.id(), ada, 10).assignments();

        assertThat(first.get(0).strategy()).isIn("expression", "gold");
        assertThat(all.stream().filter(each -> each.strategy().equals("expression")))
                .extracting(AssignmentView::candidateId)
                .containsExactly(plain.get(5));
        assertThat(ids(all)).containsAll(plain.subList(2, 8));
    }

    @Test
    void anotherMixRanksTheQueueAnewWhileItIsServed() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        List<Long> ids = sky.candidates(workflow, 60, false);
        for (int i = 0; i < ids.size(); i++) {
            sky.consensus(workflow, ids.get(i), 1, (i + 0.5) / 60, "open");
        }
        long ada = sky.volunteer();
        assertThat(serve(workflow, ada, 5)).hasSize(5);

        workflows.select(
                workflow.id(),
                new SelectionChange(
                        List.of(new RankedStrategy("likely", 1, null), new RankedStrategy("settling", 1, null)),
                        null,
                        null,
                        null,
                        null));
        assertThat(serve(workflow, ada, 10)).hasSize(10);
        Awaitility.await()
                .untilAsserted(
                        () -> assertThat(ranked(workflow, "rank2 IS NOT NULL")).isEqualTo(60));

        assertThat(sql.query(
                        "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? ORDER BY priority DESC LIMIT 3",
                        row -> row.getLong(1),
                        workflow.id()))
                .containsExactly(ids.get(59), ids.get(58), ids.get(57));
        // The same from nothing.
        List<String> before = keys(workflow);
        sql.update("UPDATE queue_entry SET priority = 0, rank2 = NULL WHERE workflow_id = ?", workflow.id());
        queue.rebuild(workflow.id(), workflow.projectId());
        assertThat(keys(workflow)).isEqualTo(before);
    }

    private int ranked(WorkflowView workflow, String condition) {
        return sql.one(
                "SELECT count(*) FROM queue_entry WHERE workflow_id = ? AND " + condition,
                row -> row.getInt(1),
                workflow.id());
    }

    private List<String> keys(WorkflowView workflow) {
        return sql.query(
                "SELECT (candidate_id, priority, rank2, rank3, rank4, showcase, disagreement, route)::text"
                        + " FROM queue_entry WHERE workflow_id = ? ORDER BY candidate_id",
                row -> row.getString(1),
                workflow.id());
    }

    @Test
    void theShowcaseServesLikelyOnesOutsideOfTheEvaluationSampleAndWithinItsShare() {
        WorkflowView workflow =
                sky.aWorkflow(Sky.rules(12, 0.2, 0).withSelection(Rules.DEFAULT.mix(), new ServingRules(0, 20, 0.2)));
        List<Long> plain = sky.candidates(workflow, 40, false);
        List<Long> sample = sky.candidates(workflow, 10, true);
        for (int i = 0; i < 40; i++) {
            sky.consensus(workflow, plain.get(i), 1, i < 20 ? 0.6 : 0.2, "open");
        }
        sample.forEach(id -> sky.consensus(workflow, id, 1, 0.9, "open"));
        long ada = sky.volunteer();
        long ben = sky.volunteer();

        Serving shown = selection.next(workflow.id(), ada, 10, Feed.SHOWCASE);
        Serving full = selection.next(workflow.id(), ben, 10, Feed.SHOWCASE);

        assertThat(plain.subList(0, 20)).containsAll(ids(shown.assignments()));
        assertThat(shown.assignments())
                .hasSize(10)
                .allMatch(each -> each.strategy().equals("showcase"));
        assertThat(shown.note()).isNull();
        // Ten of fifty: a fifth of what counts at least as the last assignments.
        assertThat(full.note()).isEqualTo(Serving.Note.SHOWCASE_FULL);
        assertThat(full.assignments())
                .hasSize(10)
                .noneMatch(each -> each.strategy().equals("showcase"));
        // Asked for twice, the same ones: each feed has its own leases.
        assertThat(ids(selection.next(workflow.id(), ada, 5, Feed.TEACHING).assignments()))
                .doesNotContainAnyElementsOf(ids(shown.assignments()));
        // As all have the same time and the same p, each of the 20 is as likely as another.
        assertThat(shown.assignments().get(0).probability()).isCloseTo(1 / 20.0, within(1e-9));
    }

    @Test
    void aShowcaseWithNothingLikelyTeachesAndSaysSo() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        sky.candidates(workflow, 5, false);

        Serving serving = selection.next(workflow.id(), sky.volunteer(), 3, Feed.SHOWCASE);

        assertThat(serving.note()).isEqualTo(Serving.Note.SHOWCASE_EMPTY);
        assertThat(serving.assignments())
                .hasSize(3)
                .allMatch(each -> each.strategy().equals("uncertainty"));
    }

    @Test
    void threeDoubtsAreKeptApartAndSendCandidatesToWhoCanHelp() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0));
        List<Long> ids = sky.candidates(workflow, 4, false);
        long model = sky.model(workflow);
        sky.score(workflow, model, ids.get(0), 0.97, 0.01, 0.12);
        sky.score(workflow, model, ids.get(1), 0.5, 0.3, 0.35);
        sky.score(workflow, model, ids.get(2), 0.5, 0.3, 0.35);
        List<Long> people = sky.volunteers(4);
        for (int i = 0; i < people.size(); i++) {
            // Half of the people say one thing of the first two, half the other; all agree on the third.
            sky.vote(workflow, people.get(i), ids.get(0), i % 2);
            sky.vote(workflow, people.get(i), ids.get(1), i % 2);
            sky.vote(workflow, people.get(i), ids.get(2), 1);
        }
        // The live consensus has its say first: what is written below it would else overwrite.
        sky.awaitVotesCounted(workflow, 12);
        for (int i = 0; i < 3; i++) {
            sky.consensus(workflow, ids.get(i), 4, 0.5, i == 1 ? "ambiguous" : "open");
        }

        UncertaintiesView sure = uncertainties.of(workflow.id(), ids.get(0)).orElseThrow();
        // 1 while nothing is known of the people, a little less once the consensus has learned who they are.
        assertThat(sure.disagreement()).isBetween(0.8, 1.0);
        assertThat(sure.epistemic()).isCloseTo(0.01 / Math.log(2), within(1e-6));
        assertThat(sure.aleatoric()).isCloseTo(0.12 / Math.log(2), within(1e-6));
        assertThat(sure.route()).isEqualTo("expert");
        assertThat(uncertainties.of(workflow.id(), ids.get(1)).orElseThrow().route())
                .isEqualTo("both");
        assertThat(uncertainties.of(workflow.id(), ids.get(2)).orElseThrow().route())
                .isEqualTo("training");
        assertThat(uncertainties.of(workflow.id(), ids.get(3)).orElseThrow())
                .isEqualTo(new UncertaintiesView(ids.get(3), null, null, null, null));
        assertThat(uncertainties.count(workflow.id(), Route.EXPERT)).isEqualTo(1);
        // Who has answered is not asked again.
        assertThat(uncertainties.onRoute(workflow.id(), Route.EXPERT, people.get(0), 10))
                .isEmpty();
        assertThat(uncertainties.onRoute(workflow.id(), Route.EXPERT, sky.volunteer(), 10))
                .extracting(UncertaintiesView::candidateId, UncertaintiesView::route)
                .containsExactly(tuple(ids.get(0), "expert"));
        // Settled, it needs no expert any more; its label is as valuable as before.
        sky.consensus(workflow, ids.get(0), 4, 0.99, "retired");
        sky.consensus(workflow, ids.get(2), 4, 0.99, "retired");
        assertThat(uncertainties.count(workflow.id(), Route.EXPERT)).isZero();
        assertThat(uncertainties.count(workflow.id(), Route.TRAINING)).isEqualTo(1);
    }

    @Test
    void aPreviewShowsWhatOtherRulesWouldServeAndWritesNothing() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.2, 0.1, 0.2));
        List<Long> ids = sky.candidates(workflow, 40, false);
        sky.candidates(workflow, 10, true);
        sky.gold(workflow, ids.subList(0, 5), 0);
        for (int i = 5; i < 40; i++) {
            sky.consensus(workflow, ids.get(i), 1, i / 40.0, "open");
        }
        Rules likely = workflows.rulesWith(
                workflow,
                new SelectionChange(
                        List.of(new RankedStrategy("likely", 1, null)), new ServingRules(0.9, 20, 0), 0.0, 0.0, 0.5));

        Preview today = previews.of(workflow, workflow.rules());
        Preview other = previews.of(workflow, likely);

        assertThat(today.complete()).isTrue();
        assertThat(today.candidates()).isEqualTo(45);
        assertThat(today.newcomer()).hasSize(20).doesNotHaveDuplicates();
        assertThat(other.newcomer()).extracting(Preview.Place::strategy).isSubsetOf("likely", "variety");
        assertThat(other.experienced()).extracting(Preview.Place::strategy).isSubsetOf("likely", "variety");
        // Shares of .05 and .95 by standing: 20 draws are enough to tell them apart.
        assertThat(ranked(other.experienced())).isGreaterThan(ranked(other.newcomer()) + 5);
        assertThat(other.newcomer()).allSatisfy(place -> {
            assertThat(place.probability()).isBetween(0.0, 1.0);
            assertThat(place.why()).isNotEmpty();
        });
        assertThat(previews.of(workflow, likely)).isEqualTo(other);
        int written =
                sql.one("SELECT count(*) FROM assignment WHERE workflow_id = ?", row -> row.getInt(1), workflow.id());
        assertThat(written).isZero();
    }

    private static long ranked(List<Preview.Place> places) {
        return places.stream()
                .filter(place -> place.strategy().equals("likely"))
                .count();
    }

    @Test
    void theGoldShareDecaysWithWhatSomebodyHasSeen() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(100, 0, 0.3));
        List<Long> ids = sky.candidates(workflow, 700, false);
        sky.gold(workflow, ids.subList(0, 200), 0);
        long[] gold = new long[2];
        double[] expected = new double[2];
        double[] variance = new double[2];

        for (long person : sky.volunteers(6)) {
            int seen = 0;
            for (int batch = 0; batch < 10; batch++) {
                List<AssignmentView> served =
                        selection.next(workflow.id(), person, 20).assignments();
                int half = batch / 5;
                for (AssignmentView assignment : served) {
                    double p = 0.3 * 20 / (20 + seen);
                    expected[half] += p;
                    variance[half] += p * (1 - p);
                    if (assignment.strategy().equals(Arm.GOLD.key())) {
                        gold[half]++;
                        seen++;
                    }
                    assignments.skip(assignment.id(), person);
                }
            }
        }

        for (int half = 0; half < 2; half++) {
            assertThat((double) gold[half]).isCloseTo(expected[half], within(4 * Math.sqrt(variance[half])));
        }
        assertThat(gold[1]).isLessThan(gold[0]);
    }

    @Test
    void somebodyWhoHasSeenTheTopGoesOnFromThereToTheVeryEnd() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.1, 0));
        List<Long> ids = new ArrayList<>(sky.candidates(workflow, 1500, false));
        ids.addAll(sky.candidates(workflow, 30, true));
        long ada = sky.volunteer();
        sql.update(
                "INSERT INTO assignment (id, workflow_id, candidate_id, volunteer_id, strategy, priority, probability,"
                        + " served_at, lease_until, state) SELECT nextval('assignment_seq'), workflow_id, candidate_id,"
                        + " ?, 'uncertainty', priority, 1, now(), now(), 'skipped' FROM queue_entry"
                        + " WHERE workflow_id = ? AND NOT evaluation ORDER BY priority DESC, candidate_id DESC LIMIT 1200",
                ada,
                workflow.id());

        List<Long> served = new ArrayList<>();
        Serving serving = selection.next(workflow.id(), ada, 20);
        while (!serving.assignments().isEmpty() && served.size() <= 400) {
            for (AssignmentView assignment : serving.assignments()) {
                served.add(assignment.candidateId());
                assignments.skip(assignment.id(), ada);
            }
            serving = selection.next(workflow.id(), ada, 20);
        }

        assertThat(served).hasSize(330).doesNotHaveDuplicates();
        assertThat(serving.reason()).isEqualTo(Serving.Reason.ALL_SEEN);
        assertThat(ids).containsAll(served);
    }

    @Test
    void guestsAreServedOverRestAndKeepTheirBatch() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.15, 0));
        sky.candidates(workflow, 5, false);
        String path = "/api/v1/workflows/" + workflow.id() + "/assignments";

        var first = given().contentType(ContentType.JSON).body("{\"count\": 3}").post(path);
        first.then()
                .statusCode(200)
                .body("assignments", hasSize(3))
                .body("reason", nullValue())
                .body("assignments[0].workflowId", equalTo(Long.toString(workflow.id())))
                .body("assignments[0].why", equalTo("It is not settled yet, and your answer can settle it."));
        given().cookies(first.cookies())
                .contentType(ContentType.JSON)
                .body("{\"count\": 3}")
                .post(path)
                .then()
                .body("assignments.id", equalTo(first.path("assignments.id")));
    }

    @Test
    void wrongRequestsAreNamed() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0.15, 0));

        assertThatThrownBy(() -> selection.next(workflow.id(), 1, 21))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("got 21, need 1..20");
        given().contentType(ContentType.JSON)
                .body("{\"count\": 0}")
                .post("/api/v1/workflows/" + workflow.id() + "/assignments")
                .then()
                .statusCode(400);
        given().contentType(ContentType.JSON)
                .body("{}")
                .post("/api/v1/workflows/999999999/assignments")
                .then()
                .statusCode(404);
    }
}
