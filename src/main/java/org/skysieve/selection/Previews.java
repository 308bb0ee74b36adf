package org.skysieve.selection;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.ArmMix;
import org.skysieve.engine.select.Disagreement;
import org.skysieve.engine.select.QueryStrategy;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.engine.select.Steering;
import org.skysieve.platform.Language;
import org.skysieve.platform.Sql;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;

/**
 * Shows what other rules would serve before they are saved: the arms of {@link Selection} over candidates ranked in memory.
 * It writes nothing and takes no lock. Of a long queue it looks at the best by today's keys and at a uniform sample: a strategy
 * that is new to the queue shows its best of those, and not of all.
 */
@ApplicationScoped
public class Previews {
    private static final int PLACES = 20;

    /** Ranked in about 100 ms. */
    private static final int SAMPLE = 2000;

    private static final int KNOWN_VOTES = 500;
    private static final double KNOWN_ERROR = 0.05;
    private static final int KNOWN_GOLD = 60;

    private final Sql sql;
    private final KnownCandidates candidates;
    private final GoldStandards goldStandards;

    Previews(Sql sql, KnownCandidates candidates, GoldStandards goldStandards) {
        this.sql = sql;
        this.candidates = candidates;
        this.goldStandards = goldStandards;
    }

    /** @param confusion P(answer | truth) */
    private record Person(int votes, int gold, double[] confusion) {}

    /** A candidate with its keys. */
    private record Ranked(Known known, float[] keys) {}

    /** @param rules as the workflow might have them; its expression can be read */
    public Preview of(WorkflowView workflow, Rules rules) {
        Ranking ranking = Ranking.of(workflow, rules);
        TreeSet<Long> ids = new TreeSet<>();
        for (String best : List.of("priority", "rank2", "rank3", "rank4")) {
            ids.addAll(sql.query(
                    "SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND open"
                            + " AND NOT evaluation AND " + best + " IS NOT NULL"
                            + " ORDER BY " + best + " DESC, candidate_id DESC LIMIT " + RankedWindow.SIZE,
                    row -> row.getLong(1),
                    workflow.id()));
        }
        List<Long> sample = sql.query(
                "SELECT candidate_id FROM (SELECT candidate_id FROM queue_entry WHERE workflow_id = ? AND open"
                        + " AND NOT evaluation ORDER BY shuffle, candidate_id LIMIT " + SAMPLE + ") queue"
                        + " UNION ALL SELECT candidate_id FROM (SELECT candidate_id FROM queue_entry"
                        + " WHERE workflow_id = ? AND open AND evaluation AND votes > 0"
                        + " ORDER BY shuffle, candidate_id LIMIT " + Exploration.MOST + ") begun"
                        + " UNION ALL SELECT candidate_id FROM (SELECT candidate_id FROM queue_entry"
                        + " WHERE workflow_id = ? AND open AND evaluation AND votes = 0"
                        + " ORDER BY shuffle, candidate_id LIMIT " + SAMPLE + ") sample",
                row -> row.getLong(1),
                workflow.id(),
                workflow.id(),
                workflow.id());
        ids.addAll(sample);
        List<Ranked> all = new ArrayList<>();
        for (Known known : candidates.of(workflow.id(), ranking, new ArrayList<>(ids))) {
            all.add(new Ranked(known, ranking.keys(known)));
        }
        List<Long> gold = new ArrayList<>(goldStandards.all(workflow.id()).keySet());
        Collections.sort(gold);
        int classes = workflow.classes();
        return new Preview(
                places(workflow, rules, ranking, all, gold, new Person(0, 0, Ranking.typicalConfusion(classes))),
                places(
                        workflow,
                        rules,
                        ranking,
                        all,
                        gold,
                        new Person(KNOWN_VOTES, KNOWN_GOLD, Ranking.confusion(KNOWN_ERROR, classes))),
                all.size(),
                sample.size() < SAMPLE);
    }

    private static List<Preview.Place> places(
            WorkflowView workflow, Rules rules, Ranking ranking, List<Ranked> all, List<Long> gold, Person person) {
        // The same at each look, so that only the rules make a difference.
        SplittableRandom random = new SplittableRandom(workflow.id());
        double variety = Steering.varietyShare(
                rules.varietyShare(),
                1 - rules.goldShare() - rules.explorationShare() - rules.varietyShare(),
                standing(rules, ranking, person),
                rules.serving().steering());
        Offers offers = new Offers(more ->
                ArmMix.of(rules.goldShare(), rules.explorationShare(), variety, ranking.weights(), person.gold + more));
        List<Long> goldOrder = new ArrayList<>(gold);
        shuffle(goldOrder, random);
        offers.add(Arm.GOLD, new GoldOffer(gold.size(), () -> goldOrder));
        List<OpenWork.Entry> entries = all.stream().map(each -> entry(each, 0)).toList();
        offers.add(
                Arm.EXPLORATION,
                new Exploration(
                        () -> on(OpenWork.Line.BEGUN, entries), new UniformOffer(on(OpenWork.Line.UNBEGUN, entries))));
        if (rules.varietyShare() > 0) {
            offers.add(Arm.VARIETY, new UniformOffer(on(OpenWork.Line.QUEUE, entries)));
        }
        for (Ranking.Rank rank : ranking.ranks()) {
            offers.add(rank.arm(), window(rank, all, ranking, rules, person));
        }
        WhyMessages english = Why.messages(Language.ENGLISH);
        return offers.draw(PLACES, random).stream()
                .map(choice -> new Preview.Place(
                        choice.candidateId(),
                        choice.arm().key(),
                        choice.priority(),
                        choice.probability(),
                        choice.arm().equals(Arm.GOLD)
                                ? Why.borrowed(choice.candidateId(), rules).in(english)
                                : Why.of(choice.arm().key()).in(english)))
                .toList();
    }

    private static double standing(Rules rules, Ranking ranking, Person person) {
        double skill = person.votes == 0 ? 0 : Disagreement.skill(person.confusion, ranking.classes());
        return Steering.standing(person.votes, skill, rules.serving().newcomerVotes());
    }

    private static List<OpenWork.Entry> on(OpenWork.Line line, List<OpenWork.Entry> entries) {
        return entries.stream().filter(line::holds).toList();
    }

    private static OpenWork.Entry entry(Ranked ranked, int column) {
        return new OpenWork.Entry(
                ranked.known.candidateId(),
                ranked.keys[column],
                ranked.known.evaluation(),
                ranked.known.belief().votes());
    }

    private static RankedWindow window(
            Ranking.Rank rank, List<Ranked> all, Ranking ranking, Rules rules, Person person) {
        int column = rank.column();
        List<Ranked> best = all.stream()
                .filter(each -> !Float.isNaN(each.keys[column]) && OpenWork.Line.QUEUE.holds(entry(each, column)))
                .sorted(Comparator.<Ranked>comparingDouble(each -> -each.keys[column])
                        .thenComparingLong(each -> -each.known.candidateId()))
                .limit(RankedWindow.SIZE)
                .toList();
        List<OpenWork.Entry> entries =
                best.stream().map(each -> entry(each, column)).toList();
        double[] usefulness = RankedWindow.usefulness(rank, entries);
        if (rank.strategy() == RankingStrategy.SETTLING) {
            QueryStrategy personal = Ranking.settling(person.confusion, ranking.classes(), rules);
            for (int i = 0; i < usefulness.length; i++) {
                usefulness[i] = personal.usefulness(best.get(i).known.belief());
            }
        }
        RankedWindow.steer(
                usefulness,
                entries,
                standing(rules, ranking, person),
                rules.serving().steering());
        RankedWindow window = new RankedWindow(rank, null);
        window.show(entries, usefulness);
        return window;
    }

    private static void shuffle(List<Long> ids, SplittableRandom random) {
        for (int i = ids.size() - 1; i > 0; i--) {
            Collections.swap(ids, i, random.nextInt(i + 1));
        }
    }
}
