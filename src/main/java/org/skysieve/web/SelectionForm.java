package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import jakarta.ws.rs.core.MultivaluedMap;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.ExpressionError;
import org.skysieve.engine.select.PriorityExpression;
import org.skysieve.engine.select.PriorityFields;
import org.skysieve.engine.select.RankingStrategy;
import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.RankedStrategy;
import org.skysieve.project.Rules;
import org.skysieve.project.SelectionChange;
import org.skysieve.project.ServingRules;
import org.skysieve.project.WorkflowView;

/**
 * What a workflow serves, as a form has it: every field as it stands there.
 *
 * @param rows one for each strategy that can be mixed
 * @param answers the keys that the expression may name
 */
public record SelectionForm(
        List<Row> rows,
        String expression,
        String goldShare,
        String explorationShare,
        String varietyShare,
        String steering,
        String newcomerVotes,
        String showcaseShare,
        String goldFeedback,
        List<String> answers) {
    /**
     * A strategy.
     *
     * @param weight "0" or nothing leaves it out
     */
    public record Row(String key, String label, String help, String weight) {}

    /** A mistake in the expression, with what stands before, at and behind its place. */
    public record Mistake(String before, String at, String after, String message) {}

    /** As the workflow has it. */
    static SelectionForm of(WorkflowView workflow) {
        Rules rules = workflow.rules();
        List<Row> rows = new ArrayList<>();
        for (RankingStrategy strategy : RankingStrategy.values()) {
            double weight = rules.mix().stream()
                    .filter(each -> each.ranking() == strategy)
                    .mapToDouble(RankedStrategy::weight)
                    .sum();
            rows.add(new Row(strategy.key(), label(strategy), help(strategy), RetirementForm.plain(weight)));
        }
        String expression = rules.mix().stream()
                .map(RankedStrategy::expression)
                .filter(text -> text != null)
                .findFirst()
                .orElse("");
        ServingRules serving = rules.serving();
        return new SelectionForm(
                rows,
                "" + expression,
                RetirementForm.plain(rules.goldShare()),
                RetirementForm.plain(rules.explorationShare()),
                RetirementForm.plain(rules.varietyShare()),
                RetirementForm.plain(serving.steering()),
                "" + serving.newcomerVotes(),
                RetirementForm.plain(serving.showcaseShare()),
                serving.goldFeedback() ? "yes" : "no",
                workflow.answers().stream().map(AnswerOption::key).toList());
    }

    /** With what was sent in place of what stands here. */
    SelectionForm with(MultivaluedMap<String, String> sent) {
        BiFunction<String, String, String> field = (name, now) -> {
            String value = sent.getFirst(name);
            return value == null ? now : value.strip();
        };
        return new SelectionForm(
                rows.stream()
                        .map(row -> new Row(row.key, row.label, row.help, field.apply("weight." + row.key, row.weight)))
                        .toList(),
                field.apply("expression", expression),
                field.apply("goldShare", goldShare),
                field.apply("explorationShare", explorationShare),
                field.apply("varietyShare", varietyShare),
                field.apply("steering", steering),
                field.apply("newcomerVotes", newcomerVotes),
                field.apply("showcaseShare", showcaseShare),
                field.apply("goldFeedback", goldFeedback),
                answers);
    }

    /** All that the form sends, to be sent once more. */
    public List<RetirementForm.Field> fields() {
        List<RetirementForm.Field> fields = new ArrayList<>(List.of(
                new RetirementForm.Field("expression", expression),
                new RetirementForm.Field("goldShare", goldShare),
                new RetirementForm.Field("explorationShare", explorationShare),
                new RetirementForm.Field("varietyShare", varietyShare),
                new RetirementForm.Field("steering", steering),
                new RetirementForm.Field("newcomerVotes", newcomerVotes),
                new RetirementForm.Field("showcaseShare", showcaseShare),
                new RetirementForm.Field("goldFeedback", goldFeedback)));
        rows.forEach(row -> fields.add(new RetirementForm.Field("weight." + row.key, row.weight)));
        return fields;
    }

    /** What an expression may name. */
    public List<PriorityFields.Field> expressionFields() {
        return PriorityFields.of(answers);
    }

    /** Where the expression cannot be read, or null if it can or is not asked for. */
    @Nullable
    Mistake mistake() {
        if (expression.isEmpty()) {
            return null;
        }
        try {
            PriorityExpression.parse(expression, PriorityFields.types(answers));
            return null;
        } catch (ExpressionError error) {
            int at = Math.min(error.position(), expression.length());
            int end = Math.min(at + 1, expression.length());
            return new Mistake(
                    expression.substring(0, at),
                    at == end ? "␣" : expression.substring(at, end),
                    expression.substring(end),
                    "" + error.getMessage());
        }
    }

    /**
     * What the form asks for.
     *
     * @throws Problem 400 for a field that holds no number, or a mix that cannot be
     */
    SelectionChange change() {
        try {
            List<RankedStrategy> mix = new ArrayList<>();
            for (Row row : rows) {
                double weight = row.weight.isEmpty() ? 0 : RetirementForm.number("weight of " + row.label, row.weight);
                if (weight != 0) {
                    boolean named = row.key.equals(RankingStrategy.EXPRESSION.key());
                    mix.add(new RankedStrategy(row.key, weight, named ? expression : null));
                }
            }
            return new SelectionChange(
                    mix,
                    new ServingRules(
                            RetirementForm.number("steering", steering),
                            RetirementForm.whole("newcomerVotes", newcomerVotes),
                            RetirementForm.number("showcaseShare", showcaseShare),
                            goldFeedback.equals("yes")),
                    RetirementForm.number("goldShare", goldShare),
                    RetirementForm.number("explorationShare", explorationShare),
                    RetirementForm.number("varietyShare", varietyShare));
        } catch (IllegalArgumentException invalid) {
            throw Problem.badRequest("" + invalid.getMessage());
        }
    }

    /** As people say it. */
    public String words() {
        String mix = rows.stream()
                .filter(row -> !row.weight.isEmpty() && !row.weight.equals("0"))
                .map(row -> row.label + " " + row.weight
                        + (row.key.equals(RankingStrategy.EXPRESSION.key()) ? " (" + expression + ")" : ""))
                .collect(Collectors.joining(", "));
        return "Gold standards " + goldShare + ", exploration " + explorationShare + ", variety " + varietyShare
                + "; the rest by weight: " + mix + ". Steering " + steering + ", showcase at most " + showcaseShare
                + ".";
    }

    /** The name of an arm on pages. */
    static String label(String arm) {
        return switch (arm) {
            case "gold" -> "Gold standard";
            case "exploration" -> "Exploration";
            case "variety" -> "Variety";
            case "showcase" -> "Showcase";
            default -> RankingStrategy.of(arm).map(SelectionForm::label).orElse(arm);
        };
    }

    private static String label(RankingStrategy strategy) {
        return switch (strategy) {
            case RANDOM -> "Random";
            case UNCERTAINTY -> "Uncertainty";
            case TEACHING -> "Teaching the model";
            case LEAST_CONFIDENCE -> "Least confidence";
            case MARGIN -> "Margin";
            case EPISTEMIC -> "Doubt of the model’s draws";
            case SETTLING -> "Progress per vote";
            case FRESHNESS -> "Freshness";
            case LIKELY -> "Likely positives";
            case ANOMALY -> "Anomaly";
            case DIVERSE -> "Diversity";
            case EXPRESSION -> "Your expression";
        };
    }

    private static String help(RankingStrategy strategy) {
        return switch (strategy) {
            case RANDOM -> "All alike: what other strategies are measured against.";
            case UNCERTAINTY -> "Entropy of what votes and model say.";
            case TEACHING -> "What the model doubts most, each one finished once begun.";
            case LEAST_CONFIDENCE -> "The leading answer is the least sure.";
            case MARGIN -> "The two leading answers are close.";
            case EPISTEMIC -> "The model’s draws disagree: a label takes that away.";
            case SETTLING -> "One more vote is likely to settle or turn it, with few votes to go.";
            case FRESHNESS -> "New and fading ones first.";
            case LIKELY -> "Likely of the first answer. It finds, but teaches little.";
            case ANOMALY -> "Looks unlike most of the others: rare, or an unusual flaw.";
            case DIVERSE -> "A batch of unlike candidates, drawn anew from time to time.";
            case EXPRESSION -> "As written below.";
        };
    }
}
