package org.skysieve.engine.select;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a candidate that a {@link PriorityExpression} may name. All of them stay as they are until something
 * happens to the candidate: what an expression gives is stored, so nothing here may depend on the time of asking.
 */
public final class PriorityFields {
    /** What a field is, in words for those who write expressions. */
    public record Field(String name, PriorityExpression.Type type, String help) {}

    private static final List<Field> FIXED = List.of(
            number("uncertainty", "entropy of what is known, 0 to 1"),
            number("votes", "votes that count so far"),
            number(
                    "disagreement",
                    "of the volunteers, 0 to 1, the reliable ones counting more; unknown below two votes"),
            number("epistemic", "what a label would teach the model, in nats"),
            number("aleatoric", "doubt of the model that no label takes away, in nats"),
            number("anomaly", "how much it stands out, 0 to 1: above 0.6 it is odd"),
            number("snr", "signal-to-noise ratio"),
            number("mag", "magnitude"),
            number("mag_error", "its standard error"),
            number("fwhm", "full width at half maximum, in pixels"),
            number("survey_score", "the survey's own score"),
            number("time_mjd", "time of the detection, as modified Julian date"),
            number("fade", "loss of brightness in magnitudes a day, from the last two detections in one band"),
            number("ra", "right ascension in degrees"),
            number("dec", "declination in degrees"),
            truth("positive", "whether it is brighter than in the template"),
            text("passband", "'g', 'r', ..."),
            text("survey", "'ZTF', 'LSST', ..."),
            text("context", "'supernova', 'nuclear', 'variable-star', 'solar-system', 'bright-star', 'orphan'"));

    private PriorityFields() {}

    /**
     * All fields, in the order of the values that an expression is given: {@code p_<answer>} for each answer first (dashes
     * as underscores), then those that do not depend on the workflow.
     */
    public static List<Field> of(List<String> answerKeys) {
        List<Field> fields = new ArrayList<>();
        for (String key : answerKeys) {
            fields.add(number(
                    "p_" + key.replace('-', '_'),
                    "probability of " + key + ": the posterior once there are votes, the model's before"));
        }
        fields.addAll(FIXED);
        return fields;
    }

    /** As {@link #of}, the types by name. */
    public static Map<String, PriorityExpression.Type> types(List<String> answerKeys) {
        Map<String, PriorityExpression.Type> types = new LinkedHashMap<>();
        of(answerKeys).forEach(field -> types.put(field.name, field.type));
        return types;
    }

    private static Field number(String name, String help) {
        return new Field(name, PriorityExpression.Type.NUMBER, help);
    }

    private static Field truth(String name, String help) {
        return new Field(name, PriorityExpression.Type.TRUTH, help);
    }

    private static Field text(String name, String help) {
        return new Field(name, PriorityExpression.Type.TEXT, help);
    }
}
