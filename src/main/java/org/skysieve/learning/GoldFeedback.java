package org.skysieve.learning;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.classification.ClassificationLog;
import org.skysieve.classification.ClassificationRecorded;
import org.skysieve.classification.Reveals;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * Tells newcomers what a gold standard is, after they have answered it. A newcomer is who has given at most as many first
 * answers in the workflow as its rules say, this one included; later, gold standards stay hidden, and the log goes on
 * measuring. Telling is noted first, so that an answer that is corrected afterwards counts for nothing.
 */
@ApplicationScoped
public class GoldFeedback {
    private final Sql sql;
    private final ClassificationLog log;
    private final GoldStandards goldStandards;
    private final Reveals reveals;
    private final Workflows workflows;

    GoldFeedback(Sql sql, ClassificationLog log, GoldStandards goldStandards, Reveals reveals, Workflows workflows) {
        this.sql = sql;
        this.log = log;
        this.goldStandards = goldStandards;
        this.reveals = reveals;
        this.workflows = workflows;
    }

    /** Whether the next answer of somebody will still be a newcomer's, so that it is worth asking for feedback. */
    public boolean awaits(WorkflowView workflow, OptionalLong volunteerId) {
        ServingRules rules = workflow.rules().serving();
        return rules.goldFeedback()
                && (volunteerId.isEmpty()
                        || answers(workflow.id(), volunteerId.getAsLong(), Long.MAX_VALUE, rules.newcomerVotes())
                                < rules.newcomerVotes());
    }

    /**
     * What somebody learns from their own answer. The same answer is given however often it is asked.
     *
     * @throws Problem 404 unless it is an entry of theirs
     */
    @Transactional
    public FeedbackView on(long classificationId, long volunteerId) {
        ClassificationRecorded entry = log.find(classificationId)
                .filter(found -> found.volunteerId() == volunteerId)
                .orElseThrow(() -> Problem.notFound("no classification " + classificationId + " of yours"));
        WorkflowView workflow = workflows.byId(entry.workflowId());
        ServingRules rules = workflow.rules().serving();
        boolean newcomer = rules.goldFeedback()
                && answers(workflow.id(), volunteerId, classificationId, rules.newcomerVotes() + 1)
                        <= rules.newcomerVotes();
        Integer given = entry.answer();
        if (!newcomer || given == null) {
            return new FeedbackView(classificationId, newcomer, null);
        }
        Optional<GoldStandards.Known> known = goldStandards.known(workflow.id(), entry.candidateId());
        if (known.isPresent()) {
            reveals.note(workflow.id(), volunteerId, List.of(entry.candidateId()));
        }
        return new FeedbackView(
                classificationId,
                true,
                known.map(gold -> truth(workflow, entry.candidateId(), given, !entry.informed(), gold))
                        .orElse(null));
    }

    static Truth truth(WorkflowView workflow, long candidateId, int given, boolean counted, GoldStandards.Known gold) {
        AnswerOption answer = workflow.answers().get(gold.answer());
        return new Truth(
                candidateId,
                workflow.answers().get(given).key(),
                given == gold.answer(),
                counted,
                answer.key(),
                answer.label(),
                answer.help(),
                gold.note());
    }

    /** First answers up to an entry, counted to {@code most}. */
    private int answers(long workflowId, long volunteerId, long upTo, int most) {
        return sql.one(
                "SELECT count(*)::int FROM (SELECT FROM classification WHERE volunteer_id = ? AND workflow_id = ?"
                        + " AND supersedes IS NULL AND id <= ? LIMIT ?) AS first",
                row -> row.getInt(1),
                volunteerId,
                workflowId,
                upTo,
                most);
    }
}
