package org.skysieve.engine.select;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.engine.select.PriorityExpression.Type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

class PriorityExpressionTest {
    private static final Map<String, Type> FIELDS = fields();

    private static Map<String, Type> fields() {
        Map<String, Type> fields = new LinkedHashMap<>();
        fields.put("snr", Type.NUMBER);
        fields.put("mag", Type.NUMBER);
        fields.put("p_real", Type.NUMBER);
        fields.put("positive", Type.TRUTH);
        fields.put("passband", Type.TEXT);
        return fields;
    }

    /** snr 8, mag 18, no model yet, positive, in g. */
    private static double value(String text) {
        @Nullable Object[] row = {8.0, 18f, null, true, "g"};
        return PriorityExpression.parse(text, FIELDS).of(row);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 + 2 * 3 | 7",
                "(1 + 2) * 3 | 9",
                "10 - 2 - 3 | 5",
                "16 / 4 / 2 | 2",
                "- 2 * - 3 | 6",
                "--2 | 2",
                "2e-1 + .5 | 0.7",
                "snr * 2 | 16",
                "21 - mag | 3",
                "min(3, snr, 5) + max(1, 2) | 5",
                "pow(2, 10) | 1024",
                "sqrt(16) + abs(-1) + ln(exp(2)) + log10(1000) | 10",
                "clamp(snr, 0, 5) + clamp(snr, 9, 10) | 14",
                "if(snr > 5 and positive, 3, 4) | 3",
                "if(not positive, 3, 4) | 4",
                "if(not not positive, 3, 4) | 3",
                "if(passband = 'g', 2, 1) | 2",
                "if(passband != \"g\", 2, 1) | 1",
                "if(false or snr >= 8 and mag <= 18, 2, 1) | 2",
                "snr > 5 | 1",
                "else(p_real, 0.25) | 0.25",
                "if(known(p_real), 1, 2) + if(known(passband), 10, 20) | 12",
                "if(p_real > 0.5, 1, 2) | 2",
                // Kleene: what is unknown decides only where it must.
                "p_real > 0.5 or positive | 1",
                "not (p_real > 0.5 and snr < 1) | 1"
            })
    void valuesOfExpressions(String text, double expected) {
        assertThat(value(text)).isCloseTo(expected, within(1e-12));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "snr < 5",
                "p_real",
                "p_real * 2 + snr",
                "max(p_real, 1)",
                "p_real > 0.5",
                "not (p_real > 0.5)",
                "p_real > 0.5 and positive",
                "snr - 8",
                "0 - snr",
                "1 / 0",
                "ln(0 - 1)"
            })
    void whatIsUnknownInfiniteOrNotAboveZeroIsNotRanked(String text) {
        assertThat(value(text)).isNaN();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "snr +|6|got the end, need a number",
                "snr mag|5|got \"mag\", need an operator or the end",
                "snr + flux|7|got \"flux\", need one of snr, mag, p_real, positive, passband",
                "snr + positive|7|got a truth, need a number",
                "snr and positive|1|got a number, need a truth",
                "positive < true|10|got < between truths, need = or !=",
                "passband = 3|12|got a number, need a text to compare with",
                "passband|1|got a text, need a number or a truth",
                "(snr|5|got the end, need )",
                "min(snr)|1|got 1 argument, need two or more in min(...)",
                "sqrt(1, 2)|1|got 2 arguments, need 1 in sqrt(...)",
                "system(1)|1|got the function \"system\"",
                "if(positive, 1, 'a')|17|got a text beside a number",
                "1.2.3|1|got \"1.2.3\", need a number such as",
                "'abc|1|got a text without its closing '",
                "snr ; drop|5|got \"; drop\", need an operator",
                "snr ! 3|5|got \"! 3\", need an operator"
            })
    void everyMistakeIsReportedWithItsPlace(String text, int character, String message) {
        assertThatThrownBy(() -> PriorityExpression.parse(text, FIELDS))
                .isInstanceOf(ExpressionError.class)
                .hasMessageStartingWith("at character " + character + ": ")
                .hasMessageContaining(message);
    }

    @Test
    void theEmptyTextIsAMistakeAtItsBeginning() {
        ExpressionError error =
                catchThrowableOfType(ExpressionError.class, () -> PriorityExpression.parse("  ", FIELDS));

        assertThat(error.position()).isEqualTo(2);
    }

    @Test
    void lengthAndDepthAreBounded() {
        assertThatThrownBy(() -> PriorityExpression.parse("1 + ".repeat(300) + "1", FIELDS))
                .isInstanceOf(ExpressionError.class)
                .hasMessageContaining("need at most 1000");
        assertThatThrownBy(() -> PriorityExpression.parse("(".repeat(200) + "1" + ")".repeat(200), FIELDS))
                .isInstanceOf(ExpressionError.class)
                .hasMessageContaining("levels, need fewer");
        assertThat(value("-".repeat(900) + "1")).isEqualTo(1);
    }
}
