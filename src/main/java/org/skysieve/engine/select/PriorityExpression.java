package org.skysieve.engine.select;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A scientist's own ranking: an expression on the fields of a candidate, such as {@code p_real * if(snr < 8, 2, 1)}. The
 * highest value is served first.
 *
 * <p>Typed when it is read: numbers, truths and texts do not mix, and every mistake is reported with its place. Safe: it
 * can only compute (no loops, no calls but the functions below), is at most {@value #MOST_CHARACTERS} characters long and
 * {@value ExpressionParser#MOST_DEPTH} levels deep, so it takes microseconds on any candidate.
 *
 * <pre>
 * truth    = truth "or" truth | truth "and" truth | "not" truth | comparison | true | false | (truth)
 * compared = number (&lt; | &lt;= | &gt; | &gt;= | = | !=) number  |  text (= | !=) text
 * number   = number (+ | - | * | /) number | - number | 12.5 | 1e-3 | field | (number)
 * function = abs(x) sqrt(x) ln(x) log10(x) exp(x) min(x, y, ...) max(x, y, ...) pow(x, y) clamp(x, low, high)
 *            if(truth, x, y) else(x, y) known(field)
 * </pre>
 *
 * <p><b>What is not known</b> (not measured, no model yet) stays unknown: arithmetic and comparisons with it are unknown;
 * {@code and}, {@code or}, {@code not} follow Kleene's logic; {@code if} takes its second way; {@code else(x, y)} is y where x
 * is unknown; {@code min} and {@code max} are unknown if any argument is; {@code known(x)} asks.
 *
 * <p><b>The value.</b> A truth counts 1 or 0. What is unknown, infinite or not above 0 is not ranked: so {@code mag < 18 and
 * positive} is a filter, too.
 */
public final class PriorityExpression {
    static final int MOST_CHARACTERS = 1000;

    /** What a field holds. */
    public enum Type {
        /** A {@link Number}; null or NaN where unknown. */
        NUMBER,
        /** A {@link Boolean}; null where unknown. */
        TRUTH,
        /** A {@link String}; null where unknown. */
        TEXT
    }

    private final String text;
    private final ExpressionParser.Value value;

    private PriorityExpression(String text, ExpressionParser.Value value) {
        this.text = text;
        this.value = value;
    }

    /**
     * Reads an expression.
     *
     * @param fields names (lower case, as in {@code p_real}) and types, in the order of the values given to {@link #of}
     * @throws ExpressionError where it cannot be read, with the place
     */
    public static PriorityExpression parse(String text, Map<String, Type> fields) {
        if (text.length() > MOST_CHARACTERS) {
            throw new ExpressionError(
                    MOST_CHARACTERS, "got " + text.length() + " characters, need at most " + MOST_CHARACTERS);
        }
        Map<String, ExpressionParser.Field> known = new LinkedHashMap<>();
        fields.forEach((name, type) -> known.put(name, new ExpressionParser.Field(known.size(), type)));
        return new PriorityExpression(text, new ExpressionParser(text, known).whole());
    }

    /**
     * The value for one candidate.
     *
     * @param values one for each field, in the order of the fields; null where not known
     * @return above 0, or NaN where the candidate is not ranked
     */
    public double of(@Nullable Object[] values) {
        double result = value.of(values);
        return result > 0 && result < Double.POSITIVE_INFINITY ? result : Double.NaN;
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
