package org.skysieve.model;

import java.util.List;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.platform.Problem;
import org.skysieve.project.Workflows;

/** Which labels rules made for a training run: for scientists, since it tells what candidates are. */
@Path("/api/v1/workflows/{id}/algorithmic-labels/{run}")
@Produces(MediaType.APPLICATION_JSON)
class AlgorithmicLabelsResource {
    private final AlgorithmicLabels labels;
    private final Training training;
    private final Workflows workflows;
    private final CurrentVolunteer volunteer;

    AlgorithmicLabelsResource(
            AlgorithmicLabels labels, Training training, Workflows workflows, CurrentVolunteer volunteer) {
        this.labels = labels;
        this.training = training;
        this.workflows = workflows;
        this.volunteer = volunteer;
    }

    /** @param count of the labels, which may be many */
    record SourceView(String source, double weight, List<Double> target, int count, List<LabelView> labels) {}

    record LabelView(String candidateId, String rule) {}

    @GET
    public List<SourceView> ofRun(long id, long run) {
        volunteer.require(Role.SCIENTIST);
        workflows.byId(id);
        if (training.runs(id).stream().noneMatch(known -> known.id() == run)) {
            throw Problem.notFound("workflow " + id + " has no training " + run);
        }
        return labels.groups(run).stream()
                .map(group -> new SourceView(
                        group.source().key(),
                        group.weight(),
                        group.target(),
                        group.labels().size(),
                        group.labels().stream()
                                .map(label -> new LabelView(Long.toString(label.candidateId()), label.rule()))
                                .toList()))
                .toList();
    }
}
