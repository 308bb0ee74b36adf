package org.skysieve.web;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import jakarta.ws.rs.core.MultivaluedMap;

import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Retirement;
import org.skysieve.project.RetirementChange;
import org.skysieve.project.Rules;
import org.skysieve.project.WorkflowView;

/**
 * When candidates retire, as a form has it: every field as it stands there, also those of rules that are not chosen.
 *
 * @param rule as in {@link Retirement#rule()}
 */
public record RetirementForm(
        String rule,
        List<AnswerFields> answers,
        String atMost,
        String votes,
        String within,
        String minVotes,
        String maxVotes,
        String ambiguousBelow) {
    private static final Retirement.ExpectedLoss USUAL_LOSS = new Retirement.ExpectedLoss(Map.of(), 0.02);
    private static final Retirement.Stability USUAL_STABILITY = new Retirement.Stability(3, 0.02);

    /** What may differ from answer to answer. */
    public record AnswerFields(String key, String label, String threshold, String cost) {}

    /** A name and a value that a form sends. */
    public record Field(String name, String value) {}

    /** As the workflow has it; other rules as usual. */
    static RetirementForm of(WorkflowView workflow) {
        Rules rules = workflow.rules();
        Retirement now = rules.retirement();
        Map<String, Double> thresholds =
                now instanceof Retirement.Posterior posterior ? posterior.thresholds() : Map.of();
        Retirement.ExpectedLoss loss = now instanceof Retirement.ExpectedLoss stored ? stored : USUAL_LOSS;
        Retirement.Stability stability = now instanceof Retirement.Stability stored ? stored : USUAL_STABILITY;
        List<AnswerFields> answers = new ArrayList<>();
        for (AnswerOption answer : workflow.answers()) {
            double usual = answers.isEmpty() ? rules.retirePositiveAt() : rules.retireAt();
            answers.add(new AnswerFields(
                    answer.key(),
                    answer.label(),
                    plain(thresholds.getOrDefault(answer.key(), usual)),
                    plain(loss.costs().getOrDefault(answer.key(), 1.0))));
        }
        return new RetirementForm(
                now.rule(),
                answers,
                plain(loss.atMost()),
                "" + stability.votes(),
                plain(stability.within()),
                "" + rules.minVotes(),
                "" + rules.maxVotes(),
                plain(rules.ambiguousBelow()));
    }

    /** With what was sent in place of what stands here. */
    RetirementForm with(MultivaluedMap<String, String> sent) {
        BiFunction<String, String, String> field = (name, now) -> {
            String value = sent.getFirst(name);
            return value == null ? now : value.strip();
        };
        return new RetirementForm(
                field.apply("rule", rule),
                answers.stream()
                        .map(answer -> new AnswerFields(
                                answer.key,
                                answer.label,
                                field.apply("threshold." + answer.key, answer.threshold),
                                field.apply("cost." + answer.key, answer.cost)))
                        .toList(),
                field.apply("atMost", atMost),
                field.apply("votes", votes),
                field.apply("within", within),
                field.apply("minVotes", minVotes),
                field.apply("maxVotes", maxVotes),
                field.apply("ambiguousBelow", ambiguousBelow));
    }

    /** All that the form sends, to be sent once more. */
    public List<Field> fields() {
        List<Field> fields = new ArrayList<>(List.of(
                new Field("rule", rule),
                new Field("atMost", atMost),
                new Field("votes", votes),
                new Field("within", within),
                new Field("minVotes", minVotes),
                new Field("maxVotes", maxVotes),
                new Field("ambiguousBelow", ambiguousBelow)));
        for (AnswerFields answer : answers) {
            fields.add(new Field("threshold." + answer.key, answer.threshold));
            fields.add(new Field("cost." + answer.key, answer.cost));
        }
        return fields;
    }

    /**
     * What the form asks for.
     *
     * @throws Problem 400 for a field that holds no number or a rule that cannot be
     */
    RetirementChange change() {
        boolean posterior = rule.equals("posterior");
        try {
            return new RetirementChange(
                    posterior ? number("threshold." + answers.get(1).key, answers.get(1).threshold) : null,
                    posterior ? number("threshold." + answers.get(0).key, answers.get(0).threshold) : null,
                    whole("minVotes", minVotes),
                    whole("maxVotes", maxVotes),
                    number("ambiguousBelow", ambiguousBelow),
                    retirement());
        } catch (IllegalArgumentException invalid) {
            throw Problem.badRequest("" + invalid.getMessage());
        }
    }

    private Retirement retirement() {
        return switch (rule) {
            case "posterior" -> {
                // The first two answers have fields of their own in the rules; others only where they differ.
                double usual = number("threshold." + answers.get(1).key, answers.get(1).threshold);
                Map<String, Double> thresholds = new TreeMap<>();
                for (AnswerFields answer : answers.subList(2, answers.size())) {
                    double threshold = number("threshold." + answer.key, answer.threshold);
                    if (threshold != usual) {
                        thresholds.put(answer.key, threshold);
                    }
                }
                yield new Retirement.Posterior(thresholds);
            }
            case "expectedLoss" -> {
                Map<String, Double> costs = new TreeMap<>();
                answers.forEach(answer -> costs.put(answer.key, number("cost." + answer.key, answer.cost)));
                yield new Retirement.ExpectedLoss(costs, number("atMost", atMost));
            }
            case "stability" -> new Retirement.Stability(whole("votes", votes), number("within", within));
            case "twoAgreeElseSeven" -> new Retirement.TwoAgreeElseSeven();
            default ->
                throw new IllegalArgumentException(
                        "rule: got \"" + rule + "\", need posterior, expectedLoss, stability or twoAgreeElseSeven");
        };
    }

    /** As people say it. */
    public String words() {
        String once = switch (rule) {
            case "posterior" ->
                "once the posterior reaches "
                        + answers.stream()
                                .map(answer -> answer.threshold + " for " + answer.label)
                                .collect(Collectors.joining(", "));
            case "expectedLoss" ->
                "once the expected loss is at most " + atMost + ", where it costs "
                        + answers.stream()
                                .map(answer -> answer.cost + " to miss " + answer.label)
                                .collect(Collectors.joining(", "));
            case "stability" ->
                "once the same answer has led over the last " + votes + " votes and its posterior has moved by "
                        + within + " at most";
            default -> "once two votes agree, else by the plurality of seven";
        };
        return "A candidate retires " + once + "; after " + minVotes + " to " + maxVotes + " votes; ambiguous below "
                + ambiguousBelow + ".";
    }

    static double number(String name, String typed) {
        try {
            return Double.parseDouble(typed);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(name + ": got \"" + typed + "\", need a number", notOne);
        }
    }

    static int whole(String name, String typed) {
        try {
            return Integer.parseInt(typed);
        } catch (NumberFormatException notOne) {
            throw new IllegalArgumentException(name + ": got \"" + typed + "\", need a whole number", notOne);
        }
    }

    static String plain(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
