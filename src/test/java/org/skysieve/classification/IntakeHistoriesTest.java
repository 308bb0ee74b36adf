package org.skysieve.classification;

import java.util.ArrayList;
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

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.account.Role;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.project.WorkflowView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Random histories of a few people and candidates against a model of the rules that is plain and slow. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class IntakeHistoriesTest {
    private static final int STEPS = 150;

    @Inject
    ClassificationFixture fixture;

    @Inject
    ClassificationLog log;

    @Inject
    Intake intake;

    /** An entry of the model; ids are given by the intake. */
    private record Entry(
            long id,
            long volunteer,
            NewClassification act,
            @Nullable Long supersedes) {}

    /** The rules, said over a list. */
    private static final class Model {
        final List<Entry> entries = new ArrayList<>();

        @Nullable
        Entry head(long volunteer, long candidate) {
            Entry head = null;
            for (Entry entry : entries) {
                if (entry.volunteer == volunteer && entry.act.candidateId() == candidate) {
                    head = entry;
                }
            }
            return head;
        }

        @Nullable
        Entry recorded(long volunteer, UUID clientId) {
            for (Entry entry : entries) {
                if (entry.volunteer == volunteer && entry.act.clientId().equals(clientId)) {
                    return entry;
                }
            }
            return null;
        }

        /** 201 for a new entry, 200 for a retry, else the status of the refusal. */
        int expected(long volunteer, NewClassification act) {
            Entry same = recorded(volunteer, act.clientId());
            if (same != null) {
                return same.act.equals(act) ? 200 : 409;
            }
            Entry head = head(volunteer, act.candidateId());
            Long supersedes = act.supersedes();
            if (supersedes == null) {
                return head == null || head.act.answer() == null ? 201 : 409;
            }
            if (entries.stream().noneMatch(e -> e.id == supersedes && e.volunteer == volunteer)) {
                return 404;
            }
            if (head == null || head.id != supersedes) {
                return 409;
            }
            return head.act.answer() == null && act.answer() == null ? 409 : 201;
        }
    }

    private int send(NewClassification act, long volunteer, long[] id) {
        try {
            Intake.Receipt receipt = intake.record(act, volunteer);
            id[0] = receipt.classification().id();
            return receipt.created() ? 201 : 200;
        } catch (Problem problem) {
            return problem.status();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyAnswerIsThatOfTheModelAndTheLogReplaysToItsHeads(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        WorkflowView workflow = fixture.aWorkflow();
        List<Long> candidates = fixture.candidates(workflow, 2);
        List<Long> people = List.of(
                fixture.aPerson(Role.VOLUNTEER).id(),
                fixture.aPerson(Role.VOLUNTEER).id());
        people.forEach(person -> candidates.forEach(candidate -> fixture.serve(workflow, candidate, person)));
        Model model = new Model();
        List<NewClassification> sent = new ArrayList<>();

        for (int step = 0; step < STEPS; step++) {
            long person = people.get(random.nextInt(2));
            NewClassification act = nextAct(random, workflow, candidates, model, sent);
            int expected = model.expected(person, act);
            Entry headBefore = model.head(person, act.candidateId());
            long[] id = new long[1];

            int got = send(act, person, id);

            assertThat(got)
                    .as("seed %d, step %d: %s by %d", seed, step, act, person)
                    .isEqualTo(expected);
            if (got == 201) {
                model.entries.add(new Entry(id[0], person, act, headBefore == null ? null : headBefore.id));
            } else if (got == 200) {
                Entry recorded = model.recorded(person, act.clientId());
                assertThat(recorded).isNotNull();
                assertThat(id[0]).isEqualTo(recorded.id);
            }
            sent.add(act);
        }

        List<ClassificationRecorded> entries = readAll(workflow, model.entries.size());
        assertThat(entries)
                .extracting(ClassificationRecorded::id)
                .isEqualTo(model.entries.stream().map(Entry::id).toList());
        assertThat(entries)
                .extracting(ClassificationRecorded::answer)
                .isEqualTo(model.entries.stream().map(e -> e.act.answer()).toList());
        assertThat(entries)
                .extracting(ClassificationRecorded::supersedes)
                .isEqualTo(model.entries.stream().map(Entry::supersedes).toList());
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void underConcurrencyEachPersonHasOneChainAndEveryAcknowledgedActIsInItOnce(long seed) throws Exception {
        WorkflowView workflow = fixture.aWorkflow();
        long candidate = fixture.aCandidate(workflow);
        long person = fixture.aPerson(Role.VOLUNTEER).id();
        fixture.serve(workflow, candidate, person);
        int tabs = 6;
        ExecutorService threads = Executors.newFixedThreadPool(tabs);
        Set<Long> acknowledged = new HashSet<>();
        try {
            List<Future<Set<Long>>> futures = new ArrayList<>();
            for (int tab = 0; tab < tabs; tab++) {
                SplittableRandom random = new SplittableRandom(seed * 100 + tab);
                futures.add(threads.submit(() -> oneTab(random, workflow, candidate, person)));
            }
            for (Future<Set<Long>> future : futures) {
                for (long id : future.get()) {
                    assertThat(acknowledged.add(id))
                            .as("seed %d: %d created twice", seed, id)
                            .isTrue();
                }
            }
        } finally {
            threads.shutdownNow();
        }

        List<ClassificationRecorded> entries = readAll(workflow, acknowledged.size());
        assertThat(entries).extracting(ClassificationRecorded::id).containsExactlyInAnyOrderElementsOf(acknowledged);
        Long previous = null;
        for (ClassificationRecorded entry : entries) {
            assertThat(entry.supersedes())
                    .as("seed %d, entry %d", seed, entry.id())
                    .isEqualTo(previous);
            previous = entry.id();
        }
    }

    /** Answers, edits what it believes to be the head, withdraws, and retries half of it all. */
    private Set<Long> oneTab(SplittableRandom random, WorkflowView workflow, long candidate, long person) {
        Set<Long> created = new HashSet<>();
        Map<UUID, Long> known = new HashMap<>();
        for (int step = 0; step < 40; step++) {
            List<ClassificationRecorded> chain = log.ofCandidate(workflow.id(), candidate);
            Long head = chain.isEmpty() ? null : chain.get(chain.size() - 1).id();
            Integer answer = head != null && random.nextInt(3) == 0 ? null : Integer.valueOf(random.nextInt(2));
            NewClassification act = ClassificationFixture.act(
                    workflow, candidate, answer, answer == null || random.nextBoolean() ? head : null);
            for (int tries = 1 + random.nextInt(2); tries > 0; tries--) {
                long[] id = new long[1];
                int status = send(act, person, id);
                assertThat(status).isIn(200, 201, 409);
                if (status == 201) {
                    created.add(id[0]);
                }
                if (status != 409) {
                    assertThat(known.merge(act.clientId(), id[0], (before, now) -> before))
                            .isEqualTo(id[0]);
                }
            }
        }
        return created;
    }

    private List<ClassificationRecorded> readAll(WorkflowView workflow, int count) {
        await().until(() -> log.after(workflow.id(), LogPosition.START, 1000).size() >= count);
        return log.after(workflow.id(), LogPosition.START, 1000);
    }

    private static NewClassification nextAct(
            SplittableRandom random,
            WorkflowView workflow,
            List<Long> candidates,
            Model model,
            List<NewClassification> sent) {
        int kind = random.nextInt(10);
        if (kind < 2 && !sent.isEmpty()) {
            return sent.get(random.nextInt(sent.size()));
        }
        long candidate = candidates.get(random.nextInt(2));
        if (kind < 5 || model.entries.isEmpty()) {
            return ClassificationFixture.answer(workflow, candidate, random.nextInt(2));
        }
        // Mostly of recent entries, so that heads are hit; sometimes of somebody else's.
        int back = random.nextInt(Math.min(4, model.entries.size()));
        Entry target = model.entries.get(model.entries.size() - 1 - back);
        Integer answer = random.nextInt(3) == 0 ? null : Integer.valueOf(random.nextInt(2));
        return ClassificationFixture.act(workflow, target.act.candidateId(), answer, target.id);
    }
}
