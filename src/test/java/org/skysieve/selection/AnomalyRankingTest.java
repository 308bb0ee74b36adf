package org.skysieve.selection;

import java.util.List;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

import org.skysieve.classification.AssignmentView;
import org.skysieve.platform.PostgresResource;
import org.skysieve.platform.Sql;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

@QuarkusTest
@WithTestResource(PostgresResource.class)
class AnomalyRankingTest {
    @Inject
    Sky sky;

    @Inject
    Queue queue;

    @Inject
    Selection selection;

    @Inject
    Sql sql;

    private WorkflowView workflow(RankedStrategy... mix) {
        return sky.aWorkflow(Sky.rules(12, 0, 0).withSelection(List.of(mix), ServingRules.USUAL));
    }

    private void standsOut(WorkflowView workflow, long model, long candidateId, double anomaly) {
        sky.score(workflow, model, candidateId, .5, .1, .1);
        sql.update(
                "UPDATE score SET anomaly = ? WHERE workflow_id = ? AND candidate_id = ?",
                anomaly,
                workflow.id(),
                candidateId);
        queue.refresh(workflow.id(), List.of(candidateId));
    }

    @Test
    void whatStandsOutIsServedFirstWithItsProbabilityAndTheRestInTheEnd() {
        WorkflowView workflow = workflow(new RankedStrategy("anomaly", 1, null));
        List<Long> ids = sky.candidates(workflow, 8, false);
        long model = sky.model(workflow);
        standsOut(workflow, model, ids.get(5), .8);
        standsOut(workflow, model, ids.get(2), .4);

        List<AssignmentView> first =
                selection.next(workflow.id(), sky.volunteer(), 2).assignments();
        List<AssignmentView> all =
                selection.next(workflow.id(), sky.volunteer(), 8).assignments();

        assertThat(first).extracting(AssignmentView::candidateId).containsExactlyInAnyOrder(ids.get(5), ids.get(2));
        assertThat(first).allMatch(each -> each.strategy().equals("anomaly"));
        // Drawn by the fourth power: 16 against 1.
        double expected = first.get(0).candidateId() == ids.get(5) ? 16 / 17. : 1 / 17.;
        assertThat(first.get(0).probability()).isCloseTo(expected, within(1e-6));
        // The others have no score: uncertainty leads to them.
        assertThat(all).hasSize(8);
        assertThat(all.stream().filter(each -> each.strategy().equals("uncertainty")))
                .hasSizeGreaterThanOrEqualTo(6);
    }

    @Test
    void anExpressionMayNameIt() {
        WorkflowView workflow = workflow(new RankedStrategy("expression", 1, "if(anomaly > 0.6, anomaly, -1)"));
        List<Long> ids = sky.candidates(workflow, 3, false);
        long model = sky.model(workflow);
        standsOut(workflow, model, ids.get(0), .75);
        standsOut(workflow, model, ids.get(1), .5);

        assertThat(sql.query(
                        "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND rank2 > 0",
                        row -> row.getLong(1),
                        workflow.id()))
                .containsExactly(ids.get(0));
    }
}
