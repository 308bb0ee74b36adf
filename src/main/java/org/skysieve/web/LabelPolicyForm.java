package org.skysieve.web;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import jakarta.ws.rs.core.MultivaluedMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.skysieve.model.LabelPolicy;
import org.skysieve.platform.Problem.FieldError;

/**
 * A label policy as a form has it: every field as it stands there, with what is wrong with it.
 *
 * @param sources in the order of the policy
 * @param realAnswer key of the answer that rules give for real
 */
public record LabelPolicyForm(List<Source> sources, String realAnswer, String bogusAnswer, Map<String, String> errors) {
    private static final List<String> WHOLE = List.of("most", "detections");

    /** One number. {@code name} is its path in the policy; {@code error} is empty if nothing is wrong. */
    public record Field(String name, String label, String value, String hint, String error) {
        /** For the ids of elements, which have no dots. */
        public String id() {
            return name.replace('.', '-');
        }
    }

    /** What belongs together; {@code title} is for people. */
    public record Source(String key, String title, String help, List<Field> fields) {}

    static LabelPolicyForm of(LabelPolicy policy) {
        return new LabelPolicyForm(
                List.of(
                        new Source(
                                "crowd",
                                "Consensus of the volunteers",
                                "Soft labels, from votes alone.",
                                List.of(weight("crowd", policy.crowd()))),
                        new Source(
                                "gold",
                                "Gold standards",
                                "Candidates whose class is known.",
                                List.of(weight("gold", policy.gold()))),
                        new Source(
                                "minorPlanets",
                                "Minor planets",
                                "Detections at the place of a known object of the solar system are real.",
                                List.of(
                                        weight(
                                                "minorPlanets.weight",
                                                policy.minorPlanets().weight()),
                                        most(
                                                "minorPlanets.most",
                                                policy.minorPlanets().most()),
                                        field(
                                                "minorPlanets.withinArcsec",
                                                "Arcseconds from the predicted place",
                                                policy.minorPlanets().withinArcsec(),
                                                "at most 5"))),
                        new Source(
                                "variableStars",
                                "Variable stars",
                                "Detections on a catalogued point source that comes again and again are real.",
                                List.of(
                                        weight(
                                                "variableStars.weight",
                                                policy.variableStars().weight()),
                                        most(
                                                "variableStars.most",
                                                policy.variableStars().most()),
                                        field(
                                                "variableStars.withinArcsec",
                                                "Arcseconds from the source",
                                                policy.variableStars().withinArcsec(),
                                                "at most 1.5"),
                                        field(
                                                "variableStars.detections",
                                                "Detections at the place, at least",
                                                policy.variableStars().detections(),
                                                "from 1"))),
                        new Source(
                                "randomDetections",
                                "Random detections",
                                "Most detections are bogus: only where the survey has not filtered them by a score.",
                                List.of(
                                        weight(
                                                "randomDetections.weight",
                                                policy.randomDetections().weight()),
                                        most(
                                                "randomDetections.most",
                                                policy.randomDetections().most()),
                                        field(
                                                "randomDetections.contamination",
                                                "Share of them that is real",
                                                policy.randomDetections().contamination(),
                                                "0 to 0.5; read it off the prevalence on the dashboard"))),
                        new Source(
                                "injections",
                                "Injections",
                                "Point sources set into the stamps of candidates with a host galaxy.",
                                List.of(
                                        weight(
                                                "injections.weight",
                                                policy.injections().weight()),
                                        most(
                                                "injections.most",
                                                policy.injections().most()),
                                        field(
                                                "injections.snrFrom",
                                                "Signal-to-noise from",
                                                policy.injections().snrFrom(),
                                                "3 to 300"),
                                        field(
                                                "injections.snrTo",
                                                "Signal-to-noise to",
                                                policy.injections().snrTo(),
                                                "3 to 300")))),
                policy.realAnswer(),
                policy.bogusAnswer(),
                Map.of());
    }

    private static Field weight(String name, double value) {
        return field(name, "Weight", value, "0 leaves it out, at most 10");
    }

    private static Field most(String name, int value) {
        return field(name, "Candidates at most", value, "1 to 20,000");
    }

    private static Field field(String name, String label, double value, String hint) {
        return new Field(
                name, label, BigDecimal.valueOf(value).stripTrailingZeros().toPlainString(), hint, "");
    }

    /** With what was sent in place of what stands here. */
    LabelPolicyForm with(MultivaluedMap<String, String> sent) {
        return new LabelPolicyForm(
                sources.stream()
                        .map(source -> new Source(
                                source.key,
                                source.title,
                                source.help,
                                source.fields.stream()
                                        .map(field -> new Field(
                                                field.name,
                                                field.label,
                                                sent(sent, field.name, field.value),
                                                field.hint,
                                                ""))
                                        .toList()))
                        .toList(),
                sent(sent, "realAnswer", realAnswer),
                sent(sent, "bogusAnswer", bogusAnswer),
                Map.of());
    }

    private static String sent(MultivaluedMap<String, String> sent, String name, String now) {
        String value = sent.getFirst(name);
        return value == null ? now : value.strip();
    }

    /** With what is wrong beside the fields. */
    LabelPolicyForm with(List<FieldError> wrong) {
        Map<String, String> words = new HashMap<>();
        wrong.forEach(error -> words.merge(error.field(), error.message(), (one, two) -> one + "; " + two));
        return new LabelPolicyForm(
                sources.stream()
                        .map(source -> new Source(
                                source.key,
                                source.title,
                                source.help,
                                source.fields.stream()
                                        .map(field -> new Field(
                                                field.name,
                                                field.label,
                                                field.value,
                                                field.hint,
                                                words.getOrDefault(field.name, "")))
                                        .toList()))
                        .toList(),
                realAnswer,
                bogusAnswer,
                Map.copyOf(words));
    }

    public String bogusError() {
        return errors.getOrDefault("bogusAnswer", "");
    }

    public String realError() {
        return errors.getOrDefault("realAnswer", "");
    }

    /** As the API takes it; what is no number goes as the text that it is, and is told of there. */
    ObjectNode json() {
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        policy.put("realAnswer", realAnswer);
        policy.put("bogusAnswer", bogusAnswer);
        for (Source source : sources) {
            for (Field field : source.fields) {
                int dot = field.name.indexOf('.');
                ObjectNode part = dot < 0 ? policy : policy.withObject("/" + field.name.substring(0, dot));
                put(part, field.name.substring(dot + 1), field.value);
            }
        }
        return policy;
    }

    private static void put(ObjectNode node, String name, String typed) {
        try {
            BigDecimal number = new BigDecimal(typed);
            if (WHOLE.contains(name) && number.stripTrailingZeros().scale() <= 0) {
                node.put(name, number.longValueExact());
            } else {
                node.put(name, number.doubleValue());
            }
        } catch (ArithmeticException | NumberFormatException notOne) {
            node.put(name, typed);
        }
    }
}
