package org.skysieve.project;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class WorkflowsTest {
    private static final List<AnswerOption> REAL_OR_BOGUS =
            List.of(new AnswerOption("real", "Real", "A new source"), new AnswerOption("bogus", null, null));

    @Inject
    Projects projects;

    @Inject
    Workflows workflows;

    @Inject
    Sql sql;

    private WorkflowView aWorkflow() {
        ProjectView project = projects.create(
                "p-" + UUID.randomUUID().toString().substring(0, 12), "Nightly transients", null, null, null);
        return workflows.create(
                project.id(), "real-bogus", "Real or bogus?", "Is it real?", REAL_OR_BOGUS, Rules.DEFAULT);
    }

    @Test
    void aWorkflowReadsBackAsItWasMadeAndIsAnnounced() {
        WorkflowView made = aWorkflow();

        assertThat(workflows.byId(made.id())).isEqualTo(made);
        assertThat(workflows.firstActive(made.projectId())).contains(made);
        assertThat(made.answers()).extracting(AnswerOption::label).containsExactly("Real", "bogus");
        assertThat(made.answerOf("bogus")).hasValue(1);
        assertThat(made.rules()).isEqualTo(Rules.DEFAULT);
        assertThat(sql.query(
                        "SELECT payload::text FROM outbox WHERE event_type = 'WorkflowCreated'"
                                + " AND payload->>'workflowId' = ?",
                        row -> row.getString(1),
                        String.valueOf(made.id())))
                .hasSize(1);
    }

    @Test
    void aNewVersionKeepsTheClassesAndTheOldVersion() {
        WorkflowView first = aWorkflow();
        Rules stricter = new Rules(0.99, 3, 20, 0.7, 0.2, 0.1, 50, 0.2, 0.9, 5, 0.95, 0.3);

        WorkflowView second = workflows.newVersion(first.id(), "Is this a real source?", REAL_OR_BOGUS, stricter);

        assertThat(second.version()).isEqualTo(2);
        assertThat(second.rules()).isEqualTo(stricter);
        assertThat(workflows.version(first.id(), 1)).contains(first);
        assertThatThrownBy(() -> workflows.newVersion(
                        first.id(),
                        "Is it real?",
                        List.of(new AnswerOption("bogus", "", ""), new AnswerOption("real", "", "")),
                        Rules.DEFAULT))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("got [bogus, real], need [real, bogus]");
    }

    @Test
    void ofTwoWhoSaveInOneInstantOneIsToldOfTheOther() throws Exception {
        WorkflowView read = aWorkflow();
        List<Callable<Integer>> saves = Stream.of("Is it new?", "Is it there?")
                .<Callable<Integer>>map(question -> () -> {
                    try {
                        return workflows
                                .newVersion(
                                        read.id(),
                                        OptionalInt.of(read.version()),
                                        question,
                                        REAL_OR_BOGUS,
                                        read.rules(),
                                        read.asks())
                                .version();
                    } catch (Problem problem) {
                        return problem.status();
                    }
                })
                .toList();
        ExecutorService two = Executors.newFixedThreadPool(2);
        List<Integer> answers = new ArrayList<>();
        try {
            for (Future<Integer> answer : two.invokeAll(saves)) {
                answers.add(answer.get());
            }
        } finally {
            two.shutdown();
        }

        assertThat(answers).containsExactlyInAnyOrder(2, 409);
        assertThat(workflows.byId(read.id()).version()).isEqualTo(2);
        // Who names no version is not asked for one.
        workflows.newVersion(read.id(), "Is it real?", REAL_OR_BOGUS, read.rules());
        assertThat(workflows.byId(read.id()).version()).isEqualTo(3);
    }

    @Test
    void netsTellRealFromBogusAndNothingElse() {
        WorkflowView made = aWorkflow();
        Rules net = Rules.DEFAULT.withModelKind(ModelKind.NET);

        assertThat(workflows
                        .newVersion(made.id(), made.question(), REAL_OR_BOGUS, net)
                        .rules()
                        .modelKind())
                .isEqualTo(ModelKind.NET);
        assertThatThrownBy(() -> workflows.create(
                        made.projectId(),
                        "pets",
                        "Pets",
                        "Is it a cat?",
                        List.of(new AnswerOption("cat", "", ""), new AnswerOption("dog", "", "")),
                        net))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("got net for the answers [cat, dog], need [real, bogus]");
    }

    @Test
    void aSlugIsTakenOnce() {
        WorkflowView made = aWorkflow();

        assertThatThrownBy(() -> projects.create(made.projectSlug(), "Another", null, null, null))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.status()).isEqualTo(409));
        assertThatThrownBy(() -> workflows.create(
                        made.projectId(), "real-bogus", "Again", "Is it?", REAL_OR_BOGUS, Rules.DEFAULT))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.status()).isEqualTo(409));
    }
}
