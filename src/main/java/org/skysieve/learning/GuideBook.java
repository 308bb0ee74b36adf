package org.skysieve.learning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.consensus.ConsensusLabels;
import org.skysieve.consensus.ConsensusView;
import org.skysieve.platform.Problem;
import org.skysieve.project.FieldGuides;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.GuideEntry;
import org.skysieve.project.GuideExample;
import org.skysieve.project.TutorialStep;
import org.skysieve.project.WorkflowView;

/**
 * Writes a workflow's field guide and tutorial, with examples that are what they are said to be: gold standards or settled
 * candidates, of that very class. An open candidate is none, for whoever votes on it next would have been told.
 */
@ApplicationScoped
public class GuideBook {
    private final FieldGuides guides;
    private final Candidates candidates;
    private final GoldStandards goldStandards;
    private final ConsensusLabels consensus;

    GuideBook(FieldGuides guides, Candidates candidates, GoldStandards goldStandards, ConsensusLabels consensus) {
        this.guides = guides;
        this.candidates = candidates;
        this.goldStandards = goldStandards;
        this.consensus = consensus;
    }

    /**
     * Writes the guide anew.
     *
     * @throws Problem 400 for an example that is not of the project, not settled, or settled as another class, and as
     *     {@link FieldGuides#write}
     */
    public void write(WorkflowView workflow, List<GuideEntry> entries) {
        for (GuideEntry entry : entries) {
            List<Long> ids =
                    entry.examples().stream().map(GuideExample::candidateId).toList();
            Map<Long, Integer> settled = settled(workflow, ids);
            int answer = workflow.answerOf(entry.answer()).orElse(-1);
            for (Long id : ids) {
                int known = Objects.requireNonNull(settled.get(id));
                if (answer >= 0 && known != answer) {
                    throw Problem.badField(
                            "examples",
                            "candidate " + id + " is "
                                    + workflow.answers().get(known).label() + ", need one that is "
                                    + workflow.answers().get(answer).label());
                }
            }
        }
        guides.write(workflow, entries);
    }

    /**
     * Writes the tutorial anew.
     *
     * @throws Problem 400 for a candidate that is not of the project or not settled, and as
     *     {@link FieldGuides#writeTutorial}
     */
    public void writeTutorial(WorkflowView workflow, List<TutorialStep> steps) {
        List<Long> ids = new ArrayList<>();
        for (TutorialStep step : steps) {
            Long id = step.candidateId();
            if (id != null) {
                ids.add(id);
            }
        }
        settled(workflow, ids);
        guides.writeTutorial(workflow.id(), steps);
    }

    /** The class of each. */
    private Map<Long, Integer> settled(WorkflowView workflow, List<Long> ids) {
        Map<Long, CandidateView> known = candidates.byIds(ids);
        Map<Long, ConsensusView> now = consensus.byIds(workflow.id(), ids);
        Map<Long, Integer> classes = new java.util.HashMap<>();
        for (Long id : ids) {
            CandidateView candidate = known.get(id);
            if (candidate == null || candidate.projectId() != workflow.projectId()) {
                throw Problem.badField("examples", "candidate " + id + " is none of this project");
            }
            ConsensusView view = now.get(id);
            int gold = goldStandards.answer(workflow.id(), id).orElse(-1);
            if (gold < 0 && (view == null || !view.outcome().equals("retired"))) {
                throw Problem.badField(
                        "examples", "candidate " + id + " is not settled: who votes on it next would have been told");
            }
            classes.put(id, gold >= 0 ? gold : Objects.requireNonNull(view).answer());
        }
        return classes;
    }
}
