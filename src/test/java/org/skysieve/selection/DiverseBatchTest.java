package org.skysieve.selection;

import java.util.List;
import java.util.UUID;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.candidate.Candidates;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;

import static org.assertj.core.api.Assertions.assertThat;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class DiverseBatchTest {
    @Inject
    Sky sky;

    @Inject
    Candidates candidates;

    @Inject
    Queue queue;

    @Inject
    DiverseBatch diverse;

    @Inject
    Sql sql;

    @Test
    void aBatchIsRankedAsAWholeAndKeptWhenSingleCandidatesMove() {
        WorkflowView workflow = sky.aWorkflow(Sky.rules(12, 0, 0)
                .withSelection(
                        List.of(new RankedStrategy("diverse", 1, null), new RankedStrategy("margin", 1, null)),
                        ServingRules.USUAL));
        // Without images, so never in a batch.
        List<Long> bare = sky.candidates(workflow, 3, false);
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(8)
                .withSurvey("d" + UUID.randomUUID().toString().substring(0, 6)));
        candidates.add(
                workflow.projectId(),
                survey.candidates(0, 12).stream()
                        .map(SimulatedCandidate::packet)
                        .toList());
        queue.rebuild(workflow.id(), workflow.projectId());

        int drawn = diverse.drawIfNeeded(workflow);
        List<Long> ranked = ranked(workflow);
        queue.refresh(workflow.id(), ranked);
        queue.refresh(workflow.id(), bare);

        assertThat(drawn).isPositive().isEqualTo(ranked.size());
        assertThat(ranked).doesNotContainAnyElementsOf(bare).doesNotHaveDuplicates();
        assertThat(ranked(workflow)).isEqualTo(ranked);
        // The keys fall evenly, so that the order of the draw is the order of serving.
        assertThat(sql.query(
                        "SELECT rank2 FROM queue_entry WHERE workflow_id = ? AND rank2 IS NOT NULL ORDER BY rank2 DESC",
                        row -> row.getFloat(1),
                        workflow.id()))
                .startsWith(1f)
                .doesNotHaveDuplicates();
        // Another ranking takes the batch back.
        queue.rank(Ranking.of(workflow), workflow.id(), ranked, true);
        assertThat(ranked(workflow)).isEmpty();
    }

    private List<Long> ranked(WorkflowView workflow) {
        return sql.query(
                "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND rank2 IS NOT NULL ORDER BY rank2 DESC",
                row -> row.getLong(1),
                workflow.id());
    }
}
