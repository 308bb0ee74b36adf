package org.skysieve.classification;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import jakarta.inject.Inject;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.skysieve.account.Role;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class ClassificationLogTest {
    @Inject
    ClassificationFixture fixture;

    @Inject
    ClassificationLog log;

    @Inject
    Intake intake;

    @Inject
    Sql sql;

    @Inject
    AgroalDataSource dataSource;

    private WorkflowView workflow;
    private long ada;

    @BeforeEach
    void newWorkflow() {
        workflow = fixture.aWorkflow();
        ada = fixture.aPerson(Role.VOLUNTEER).id();
    }

    /** Writes a row of the log inside the connection's transaction, as another process would. */
    private long insert(Connection connection, long candidate) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO classification (id, client_id, workflow_id, workflow_version, candidate_id, volunteer_id,"
                        + " answer, created_at) VALUES (nextval('classification_seq'), ?, ?, 1, ?, ?, 0, now())"
                        + " RETURNING id")) {
            Sql.bind(insert, UUID.randomUUID(), workflow.id(), candidate, ada);
            try (var rows = insert.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private long vote(long candidate) {
        fixture.serve(workflow, candidate, ada);
        return intake.record(ClassificationFixture.answer(workflow, candidate, 1), ada)
                .classification()
                .id();
    }

    private List<Long> idsAfter(LogPosition cursor) {
        return log.after(workflow.id(), cursor, 100).stream()
                .map(ClassificationRecorded::id)
                .toList();
    }

    @Test
    void aRowThatCommitsLateIsNeverSkipped() throws SQLException {
        List<Long> candidates = fixture.candidates(workflow, 3);
        long before = vote(candidates.get(0));
        await().untilAsserted(() -> assertThat(idsAfter(LogPosition.START)).containsExactly(before));
        LogPosition cursor = log.find(before).orElseThrow().position();

        try (Connection slow = dataSource.getConnection()) {
            slow.setAutoCommit(false);
            long early = insert(slow, candidates.get(1));
            long late = vote(candidates.get(2));

            assertThat(log.ofCandidate(workflow.id(), candidates.get(2))).hasSize(1);
            assertThat(log.countAfter(workflow.id(), cursor)).isEqualTo(1);
            assertThat(idsAfter(cursor)).isEmpty();
            slow.commit();
            slow.setAutoCommit(true);

            await().untilAsserted(() -> assertThat(idsAfter(cursor)).containsExactly(early, late));
        }
    }

    @Test
    void theOrderIsThatOfTransactionsNotOfIds() throws SQLException {
        List<Long> candidates = fixture.candidates(workflow, 2);

        try (Connection slow = dataSource.getConnection()) {
            slow.setAutoCommit(false);
            try (PreparedStatement first = slow.prepareStatement("SELECT pg_current_xact_id()")) {
                first.execute();
            }
            long lowId = vote(candidates.get(0));
            assertThat(idsAfter(LogPosition.START)).isEmpty();
            long highId = insert(slow, candidates.get(1));
            slow.commit();
            slow.setAutoCommit(true);

            assertThat(highId).isGreaterThan(lowId);
            await().untilAsserted(() -> assertThat(idsAfter(LogPosition.START)).containsExactly(highId, lowId));
        }
    }

    @Test
    void nothingGoesBeforeWhatItSupersedes() {
        long candidate = fixture.aCandidate(workflow);
        fixture.serve(workflow, candidate, ada);

        QuarkusTransaction.requiringNew().run(() -> {
            // This transaction takes its place in the log before the vote that it then wants to undo.
            sql.query("SELECT pg_current_xact_id()", row -> 1);
            long vote = QuarkusTransaction.requiringNew()
                    .call(() -> intake.record(ClassificationFixture.answer(workflow, candidate, 1), ada)
                            .classification()
                            .id());

            assertThatThrownBy(() -> intake.record(ClassificationFixture.act(workflow, candidate, null, vote), ada))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("send it again");
        });
        assertThat(log.ofCandidate(workflow.id(), candidate)).hasSize(1);
    }

    @Test
    void entriesOfOneTransactionKeepTheirOrder() {
        long candidate = fixture.aCandidate(workflow);
        fixture.serve(workflow, candidate, ada);

        List<Long> ids = QuarkusTransaction.requiringNew().call(() -> {
            long vote = intake.record(ClassificationFixture.answer(workflow, candidate, 1), ada)
                    .classification()
                    .id();
            long undo = intake.record(ClassificationFixture.act(workflow, candidate, null, vote), ada)
                    .classification()
                    .id();
            return List.of(vote, undo);
        });

        await().untilAsserted(() -> assertThat(idsAfter(LogPosition.START)).isEqualTo(ids));
    }

    @Test
    void aReaderPageByPageSeesAllThatManyWritersWriteOnceAndInOrder() throws Exception {
        int writers = 4;
        int rowsEach = 40;
        List<Long> candidates = fixture.candidates(workflow, writers * rowsEach);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Set<Long>>> written = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                List<Long> own = candidates.subList(w * rowsEach, (w + 1) * rowsEach);
                SplittableRandom random = new SplittableRandom(w);
                written.add(threads.submit(() -> write(own, random)));
            }
            List<ClassificationRecorded> seen = new ArrayList<>();
            while (!written.stream().allMatch(Future::isDone)) {
                read(seen);
            }
            Set<Long> all = new HashSet<>();
            for (Future<Set<Long>> ids : written) {
                all.addAll(ids.get());
            }
            await().untilAsserted(() -> {
                read(seen);
                assertThat(seen).hasSizeGreaterThanOrEqualTo(all.size());
            });

            assertThat(seen).extracting(ClassificationRecorded::id).doesNotHaveDuplicates();
            assertThat(seen).extracting(ClassificationRecorded::id).containsExactlyInAnyOrderElementsOf(all);
            assertThat(seen).extracting(ClassificationRecorded::position).isSorted();
            assertThat(log.count(workflow.id())).isEqualTo(all.size());
        } finally {
            threads.shutdownNow();
        }
    }

    private void read(List<ClassificationRecorded> seen) {
        LogPosition cursor =
                seen.isEmpty() ? LogPosition.START : seen.get(seen.size() - 1).position();
        seen.addAll(log.after(workflow.id(), cursor, 7));
    }

    /** Transactions of one to four rows, some rolled back, that interleave with those of the other writers. */
    private Set<Long> write(List<Long> candidates, SplittableRandom random) throws Exception {
        Set<Long> committed = new HashSet<>();
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            int next = 0;
            while (next < candidates.size()) {
                Set<Long> ids = new HashSet<>();
                for (int n = random.nextInt(1, 5); n > 0 && next < candidates.size(); n--) {
                    ids.add(insert(connection, candidates.get(next++)));
                    Thread.yield();
                }
                if (random.nextInt(5) == 0) {
                    connection.rollback();
                } else {
                    connection.commit();
                    committed.addAll(ids);
                }
            }
            connection.setAutoCommit(true);
        }
        return committed;
    }
}
