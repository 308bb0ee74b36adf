package org.skysieve.learning;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.skysieve.classification.Reveals;
import org.skysieve.consensus.Reliabilities;
import org.skysieve.consensus.ReliabilityView;
import org.skysieve.platform.Problem;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.WorkflowView;

/**
 * Practice on gold standards: what is hard for a person comes more often, the truth follows each answer, and nothing of it
 * is a vote. A gold standard that was practised on is noted as shown, so it is never served to that person as a test; so
 * that tests are left, at most half of those that they have not answered are practised on.
 */
@ApplicationScoped
public class Practice {
    /** Of the draws: by class alike, so that nobody can tell the class by the mere fact that it comes. */
    private static final double ALIKE = 0.5;
    /** How much less often one comes that was shown before. */
    private static final double SHOWN_WEIGHT = 0.25;

    private static final int MOST = 5000;

    private final Sql sql;
    private final GoldStandards goldStandards;
    private final Reliabilities reliabilities;
    private final Reveals reveals;

    Practice(Sql sql, GoldStandards goldStandards, Reliabilities reliabilities, Reveals reveals) {
        this.sql = sql;
        this.goldStandards = goldStandards;
        this.reliabilities = reliabilities;
        this.reveals = reveals;
    }

    /**
     * A gold standard, as it stands to one person.
     *
     * @param shown whether they know it: shown before, an example of the guide, or answered by them
     */
    private record Piece(long candidateId, int answer, boolean shown) {}

    /**
     * Draws a candidate to practise on.
     *
     * @param previous the one before, which does not come at once again
     * @return empty where there is none: no gold standards, or what is left is kept for tests
     */
    public Optional<Long> draw(
            WorkflowView workflow, OptionalLong volunteerId, OptionalLong previous, SplittableRandom random) {
        List<Piece> pieces = new ArrayList<>(pieces(workflow.id(), volunteerId));
        if (pieces.size() > 1 && previous.isPresent()) {
            pieces.removeIf(piece -> piece.candidateId == previous.getAsLong());
        }
        double[] byClass = shares(workflow, volunteerId);
        double[] inClass = new double[byClass.length];
        for (Piece piece : pieces) {
            inClass[piece.answer] += weight(piece);
        }
        double total = 0;
        double[] weights = new double[pieces.size()];
        for (int i = 0; i < weights.length; i++) {
            Piece piece = pieces.get(i);
            weights[i] = byClass[piece.answer] * weight(piece) / inClass[piece.answer];
            total += weights[i];
        }
        double at = random.nextDouble() * total;
        for (int i = 0; i < weights.length; i++) {
            at -= weights[i];
            if (at < 0 || i == weights.length - 1) {
                return Optional.of(pieces.get(i).candidateId);
            }
        }
        return Optional.empty();
    }

    /**
     * The truth of a candidate that may be practised on.
     *
     * @throws Problem 403 for any other candidate
     */
    @Transactional
    public Truth answer(WorkflowView workflow, long volunteerId, long candidateId, int answer) {
        boolean may = pieces(workflow.id(), OptionalLong.of(volunteerId)).stream()
                .anyMatch(piece -> piece.candidateId == candidateId);
        Optional<GoldStandards.Known> known = goldStandards.known(workflow.id(), candidateId);
        if (!may || known.isEmpty()) {
            throw Problem.forbidden("candidate " + candidateId + " is not for practice");
        }
        reveals.note(workflow.id(), volunteerId, List.of(candidateId));
        return GoldFeedback.truth(workflow, candidateId, answer, false, known.get());
    }

    private static double weight(Piece piece) {
        return piece.shown ? SHOWN_WEIGHT : 1;
    }

    /** P(class of a draw): half alike, half in proportion to how often the person errs there. */
    private double[] shares(WorkflowView workflow, OptionalLong volunteerId) {
        double[] shares = new double[workflow.classes()];
        Arrays.fill(shares, 1.0 / shares.length);
        Optional<ReliabilityView> known =
                volunteerId.isEmpty() ? Optional.empty() : reliabilities.of(workflow.id(), volunteerId.getAsLong());
        if (known.isPresent()) {
            double errors = 0;
            for (ReliabilityView.Accuracy accuracy : known.get().accuracy()) {
                errors += 1 - accuracy.mean();
            }
            for (int k = 0; k < shares.length && errors > 0; k++) {
                double error = 1 - known.get().accuracy().get(k).mean();
                shares[k] = ALIKE * shares[k] + (1 - ALIKE) * error / errors;
            }
        }
        return shares;
    }

    /** What somebody may practise on. What they have been served and not answered is a test still. */
    private List<Piece> pieces(long workflowId, OptionalLong volunteerId) {
        long me = volunteerId.orElse(0);
        List<Piece> known = new ArrayList<>();
        List<Piece> fresh = new ArrayList<>();
        int[] spent = new int[1];
        sql.query(
                """
                SELECT g.candidate_id, g.answer, r.candidate_id IS NOT NULL AS shown, c.id IS NOT NULL AS answered,
                       e.candidate_id IS NOT NULL AS example
                FROM gold_standard g
                     LEFT JOIN gold_reveal r ON r.workflow_id = g.workflow_id AND r.volunteer_id = ?
                                            AND r.candidate_id = g.candidate_id
                     LEFT JOIN classification c ON c.workflow_id = g.workflow_id AND c.volunteer_id = ?
                                               AND c.candidate_id = g.candidate_id AND c.supersedes IS NULL
                     LEFT JOIN guide_example e ON e.workflow_id = g.workflow_id AND e.candidate_id = g.candidate_id
                WHERE g.workflow_id = ?
                  AND NOT EXISTS (SELECT FROM assignment a WHERE a.workflow_id = g.workflow_id AND a.volunteer_id = ?
                                  AND a.candidate_id = g.candidate_id AND a.state <> 'answered')
                ORDER BY g.candidate_id LIMIT ?
                """,
                row -> {
                    boolean shown = row.getBoolean("shown");
                    boolean answered = row.getBoolean("answered");
                    boolean example = row.getBoolean("example");
                    Piece piece =
                            new Piece(row.getLong("candidate_id"), row.getInt("answer"), shown || answered || example);
                    spent[0] += shown && !answered && !example ? 1 : 0;
                    return (piece.shown ? known : fresh).add(piece);
                },
                me,
                me,
                workflowId,
                me,
                MOST);
        if (2 * (spent[0] + 1) <= spent[0] + fresh.size()) {
            known.addAll(fresh);
        }
        return known;
    }
}
