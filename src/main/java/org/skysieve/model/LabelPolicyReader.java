package org.skysieve.model;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.WorkflowView;

/** Reads a policy from JSON: what is left out keeps its usual value, and all that is wrong is told at once. */
final class LabelPolicyReader {
    private static final double MOST_WEIGHT = 10;
    private static final int MOST_CANDIDATES = 20_000;

    private final List<Problem.FieldError> errors = new ArrayList<>();

    private LabelPolicyReader() {}

    /** The usual policy of a workflow: its first answer is the positive class, its last the negative one. */
    static LabelPolicy usual(WorkflowView workflow) {
        List<String> keys = keys(workflow);
        return LabelPolicy.usual(keys.get(0), keys.get(keys.size() - 1));
    }

    /** @throws Problem 400 with each wrong field, what came and what was needed */
    static LabelPolicy read(JsonNode body, WorkflowView workflow) {
        LabelPolicyReader reader = new LabelPolicyReader();
        LabelPolicy policy = reader.policy(body, workflow);
        if (!reader.errors.isEmpty()) {
            Problem.FieldError first = reader.errors.get(0);
            throw Problem.badRequest(first.field() + ": " + first.message(), reader.errors);
        }
        return policy;
    }

    private LabelPolicy policy(JsonNode body, WorkflowView workflow) {
        LabelPolicy usual = usual(workflow);
        fields(
                body,
                "",
                Set.of(
                        "crowd",
                        "gold",
                        "realAnswer",
                        "bogusAnswer",
                        "minorPlanets",
                        "variableStars",
                        "randomDetections",
                        "injections"));
        JsonNode planets = part(body, "minorPlanets", Set.of("weight", "most", "withinArcsec"));
        JsonNode stars = part(body, "variableStars", Set.of("weight", "most", "withinArcsec", "detections"));
        JsonNode random = part(body, "randomDetections", Set.of("weight", "most", "contamination"));
        JsonNode injections = part(body, "injections", Set.of("weight", "most", "snrFrom", "snrTo"));
        LabelPolicy read = new LabelPolicy(
                weight(body, "crowd", "crowd", usual.crowd()),
                weight(body, "gold", "gold", usual.gold()),
                answer(body, "realAnswer", usual.realAnswer(), workflow),
                answer(body, "bogusAnswer", usual.bogusAnswer(), workflow),
                new LabelPolicy.MinorPlanets(
                        weight(planets, "minorPlanets.weight"),
                        most(planets, "minorPlanets", usual.minorPlanets().most()),
                        number(planets, "withinArcsec", "minorPlanets", 2, 0, 5, false)),
                new LabelPolicy.VariableStars(
                        weight(stars, "variableStars.weight"),
                        most(stars, "variableStars", usual.variableStars().most()),
                        number(stars, "withinArcsec", "variableStars", 1, 0, 1.5, false),
                        whole(stars, "detections", "variableStars", 20, 1, 100_000)),
                new LabelPolicy.RandomDetections(
                        weight(random, "randomDetections.weight"),
                        most(
                                random,
                                "randomDetections",
                                usual.randomDetections().most()),
                        number(random, "contamination", "randomDetections", .1, 0, .499, true)),
                new LabelPolicy.Injections(
                        weight(injections, "injections.weight"),
                        most(injections, "injections", usual.injections().most()),
                        number(
                                injections,
                                "snrFrom",
                                "injections",
                                usual.injections().snrFrom(),
                                3,
                                300,
                                true),
                        number(
                                injections,
                                "snrTo",
                                "injections",
                                usual.injections().snrTo(),
                                3,
                                300,
                                true)));
        if (read.injections().snrFrom() > read.injections().snrTo()) {
            error(
                    "injections.snrFrom",
                    "got " + read.injections().snrFrom() + ", need at most snrTo = "
                            + read.injections().snrTo());
        }
        if (read.realAnswer().equals(read.bogusAnswer())) {
            error("bogusAnswer", "got \"" + read.bogusAnswer() + "\", need another answer than realAnswer");
        }
        if (read.crowd() == 0 && read.gold() == 0) {
            error("crowd", "got 0 as gold did, need one of the two above 0: a training needs labels from people");
        }
        return read;
    }

    private JsonNode part(JsonNode body, String name, Set<String> known) {
        JsonNode part = body.path(name);
        if (part.isMissingNode() || part.isNull()) {
            return JsonNodeFactory.instance.objectNode();
        }
        fields(part, name + ".", known);
        return part;
    }

    private void fields(JsonNode node, String path, Set<String> known) {
        if (!node.isObject()) {
            error(
                    path.isEmpty() ? "policy" : path.substring(0, path.length() - 1),
                    "got " + kind(node) + ", need an object");
            return;
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                error(
                        path + name,
                        "unknown, need one of " + known.stream().sorted().toList());
            }
        }
    }

    private double weight(JsonNode part, String path) {
        return weight(part, "weight", path, 0);
    }

    private double weight(JsonNode part, String name, String path, double usual) {
        return inRange(part.path(name), path, usual, 0, MOST_WEIGHT, true);
    }

    private int most(JsonNode part, String path, int usual) {
        return whole(part, "most", path, usual, 1, MOST_CANDIDATES);
    }

    private int whole(JsonNode part, String name, String path, int usual, int from, int to) {
        JsonNode value = part.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return usual;
        }
        if (!value.canConvertToExactIntegral() || value.asLong() < from || value.asLong() > to) {
            error(path + "." + name, "got " + text(value) + ", need a whole number from " + from + " to " + to);
            return usual;
        }
        return value.asInt();
    }

    private double number(
            JsonNode part, String name, String path, double usual, double from, double to, boolean inclusive) {
        return inRange(part.path(name), path + "." + name, usual, from, to, inclusive);
    }

    private double inRange(JsonNode value, String path, double usual, double from, double to, boolean inclusive) {
        if (value.isMissingNode() || value.isNull()) {
            return usual;
        }
        double number = value.isNumber() ? value.doubleValue() : Double.NaN;
        if (!(inclusive ? number >= from && number <= to : number > from && number <= to)) {
            error(
                    path,
                    "got " + text(value) + ", need a number " + (inclusive ? "from " : "above ") + from
                            + (inclusive ? " to " : " and at most ") + to);
            return usual;
        }
        return number;
    }

    private String answer(JsonNode body, String name, String usual, WorkflowView workflow) {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return usual;
        }
        if (!value.isTextual() || !keys(workflow).contains(value.textValue())) {
            error(name, "got " + text(value) + ", need one of " + keys(workflow));
            return usual;
        }
        return value.textValue();
    }

    private void error(String field, String message) {
        errors.add(new Problem.FieldError(field, message));
    }

    private static String text(JsonNode value) {
        String text = value.toString();
        return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }

    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().toString().toLowerCase(java.util.Locale.ROOT);
    }

    private static List<String> keys(WorkflowView workflow) {
        return workflow.answers().stream().map(AnswerOption::key).toList();
    }
}
