package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.platform.OutboxConsumer;
import org.skysieve.project.GoldStandardSet;
import org.skysieve.project.Workflows;

/** Gold standards are labels too: certain ones. */
@ApplicationScoped
class SendGoldLabels implements OutboxConsumer<GoldStandardSet> {
    private final LabelSender sender;
    private final Workflows workflows;

    SendGoldLabels(LabelSender sender, Workflows workflows) {
        this.sender = sender;
        this.workflows = workflows;
    }

    @Override
    public String name() {
        return "model.gold-labels";
    }

    @Override
    public Class<GoldStandardSet> eventType() {
        return GoldStandardSet.class;
    }

    @Override
    public void accept(List<GoldStandardSet> events) {
        List<ConsensusLabel> labels = new ArrayList<>(events.size());
        for (GoldStandardSet event : events) {
            int classes = workflows.byId(event.workflowId()).classes();
            List<Double> target = new ArrayList<>();
            for (int k = 0; k < classes; k++) {
                target.add(k == event.answer() ? 1. : 0.);
            }
            labels.add(new ConsensusLabel(event.workflowId(), event.candidateId(), target, ConsensusLabel.GOLD, false));
        }
        sender.send(labels);
    }
}
