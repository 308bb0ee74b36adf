package org.skysieve.consensus;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

import org.skysieve.classification.Pseudonyms;
import org.skysieve.engine.consensus.Agreement;
import org.skysieve.engine.consensus.DriftCheck;
import org.skysieve.engine.consensus.SpamCheck;
import org.skysieve.platform.Sql;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * How a workflow's crowd does: agreement beyond chance, and volunteers whom somebody should have a look at. For
 * moderators and scientists; nobody is shut out by it. What was found is kept for half a minute.
 */
@ApplicationScoped
public class CrowdHealth {
    private static final Duration KEEP = Duration.ofSeconds(30);
    /** Drift is looked for among so many newest entries of the log: it is about now, and a look must end. */
    private static final int NEWEST = 200_000;

    private static final int WINDOW = 40;
    /** Passed by about one steady volunteer in a thousand. */
    private static final double DRIFTING = 10.83;

    private static final int MOST_FLAGGED = 50;

    private final Sql sql;
    private final Workflows workflows;
    private final Pseudonyms pseudonyms;
    private final Clock clock;
    private final Map<Long, Kept> kept = new ConcurrentHashMap<>();

    CrowdHealth(Sql sql, Workflows workflows, Pseudonyms pseudonyms, Clock clock) {
        this.sql = sql;
        this.workflows = workflows;
        this.pseudonyms = pseudonyms;
        this.clock = clock;
    }

    private record Kept(Instant at, Health health) {}

    /**
     * @param votes that stand
     * @param candidates with two votes or more, on which agreement can be seen
     * @param alpha Krippendorff's alpha for nominal data; null while it cannot be measured
     * @param kappa Fleiss' kappa, for unequal numbers of votes as by Gwet; null likewise
     * @param shares of the votes, by answer key
     * @param flagged the most suspicious first, 50 at most
     */
    public record Health(
            long votes,
            long candidates,
            @Nullable Double alpha,
            @Nullable Double kappa,
            Map<String, Double> shares,
            List<Flagged> flagged) {
        public Health {
            shares = Collections.unmodifiableMap(new java.util.LinkedHashMap<>(shares));
            flagged = List.copyOf(flagged);
        }
    }

    /**
     * A volunteer to have a look at.
     *
     * @param volunteer pseudonym, as in exports
     * @param kind {@code blind} (the answers seem not to depend on the truth) or {@code drift}
     * @param strength P(blind) or the drift's likelihood ratio G
     * @param reason in words, with the numbers
     */
    public record Flagged(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long volunteerId,
            String volunteer,
            String kind,
            int votes,
            double strength,
            String reason) {}

    public Health of(long workflowId) {
        WorkflowView workflow = workflows.byId(workflowId);
        Instant now = clock.instant();
        Kept known = kept.get(workflowId);
        if (known != null && now.isBefore(known.at.plus(KEEP))) {
            return known.health;
        }
        Agreement agreement = agreement(workflow);
        List<Flagged> flagged = new ArrayList<>(blind(workflowId));
        flagged.addAll(drifting(workflowId));
        Map<String, Double> shares = new java.util.LinkedHashMap<>();
        long votes = agreement.votes();
        for (int k = 0; k < workflow.classes() && votes > 0; k++) {
            shares.put(workflow.answers().get(k).key(), agreement.votes(k) / (double) votes);
        }
        Health health = new Health(
                votes,
                agreement.comparable(),
                orNull(agreement.alpha()),
                orNull(agreement.kappa()),
                shares,
                flagged.subList(0, Math.min(MOST_FLAGGED, flagged.size())));
        kept.put(workflowId, new Kept(now, health));
        return health;
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }

    /** There are few ways to share out a few votes: the database counts how often each occurs. */
    private Agreement agreement(WorkflowView workflow) {
        StringBuilder counts = new StringBuilder();
        for (int k = 0; k < workflow.classes(); k++) {
            counts.append(k == 0 ? "" : ", ")
                    .append("count(*) FILTER (WHERE answer = ")
                    .append(k)
                    .append(")");
        }
        Agreement agreement = new Agreement(workflow.classes());
        sql.query(
                "SELECT counts, count(*) AS times FROM (SELECT candidate_id, ARRAY[" + counts + "] AS counts"
                        + " FROM classification c WHERE workflow_id = ? AND answer IS NOT NULL AND NOT informed AND NOT EXISTS"
                        + " (SELECT 1 FROM classification s WHERE s.supersedes = c.id AND NOT s.informed) GROUP BY candidate_id) AS shared"
                        + " GROUP BY counts",
                row -> {
                    Long[] shared = (Long[]) row.getArray("counts").getArray();
                    int[] answers = new int[shared.length];
                    java.util.Arrays.setAll(answers, k -> Math.toIntExact(shared[k]));
                    agreement.add(answers, row.getLong("times"));
                    return answers.length;
                },
                workflow.id());
        return agreement;
    }

    private List<Flagged> blind(long workflowId) {
        List<Flagged> found = new ArrayList<>();
        sql.query(
                "SELECT volunteer_id, votes, confusion, state FROM reliability WHERE workflow_id = ? AND votes >= ?"
                        + " AND state IS NOT NULL",
                row -> {
                    SpamCheck.Finding finding = SpamCheck.of(ReliabilityView.known(
                            row.getLong("volunteer_id"),
                            row.getInt("votes"),
                            0,
                            0,
                            Sql.doubles(row, "confusion"),
                            row.getBytes("state")));
                    if (finding.probability() >= SpamCheck.SUSPICIOUS) {
                        found.add(new Flagged(
                                row.getLong("volunteer_id"),
                                pseudonyms.of(row.getLong("volunteer_id")),
                                "blind",
                                row.getInt("votes"),
                                finding.probability(),
                                text(
                                        "the answers do not seem to depend on the candidate: probability %.2f, they tell"
                                                + " %.3f nats of the truth",
                                        finding.probability(), finding.information())));
                    }
                    return found.size();
                },
                workflowId,
                SpamCheck.LEAST_VOTES);
        found.sort((a, b) -> Double.compare(b.strength(), a.strength()));
        return found;
    }

    private List<Flagged> drifting(long workflowId) {
        Map<Long, DriftCheck> checks = new HashMap<>();
        sql.query(
                "SELECT n.id, n.volunteer_id, k.crowd[n.answer + 1] AS agreed FROM (SELECT id, volunteer_id,"
                        + " candidate_id, answer FROM classification c WHERE workflow_id = ? AND answer IS NOT NULL AND NOT informed"
                        + " AND NOT EXISTS (SELECT 1 FROM classification s WHERE s.supersedes = c.id AND NOT s.informed)"
                        + " ORDER BY written_by DESC, id DESC LIMIT " + NEWEST + ") AS n"
                        + " JOIN consensus k ON k.workflow_id = ? AND k.candidate_id = n.candidate_id AND k.votes > 1"
                        + " ORDER BY n.id",
                row -> {
                    double agreed = row.getDouble("agreed");
                    checks.computeIfAbsent(row.getLong("volunteer_id"), id -> new DriftCheck(WINDOW))
                            .add(row.getLong("id"), Math.min(1, Math.max(0, agreed)));
                    return 0;
                },
                workflowId,
                workflowId);
        List<Flagged> found = new ArrayList<>();
        new TreeMap<>(checks).forEach((volunteer, check) -> {
            DriftCheck.Finding finding = check.finding();
            if (finding.statistic() >= DRIFTING) {
                found.add(new Flagged(
                        volunteer,
                        pseudonyms.of(volunteer),
                        "drift",
                        check.votes(),
                        finding.statistic(),
                        text(
                                "has become %s: agrees with the consensus in %.0f %% of the last %d votes, in %.0f %% of %d"
                                        + " before (G %.1f)",
                                finding.gotWorse() ? "worse" : "better",
                                100 * finding.recentRate(),
                                finding.recent(),
                                100 * finding.earlierRate(),
                                finding.earlier(),
                                finding.statistic())));
            }
        });
        found.sort((a, b) -> Double.compare(b.strength(), a.strength()));
        return found;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
