package org.skysieve.export;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class CsvRowsTest {
    private static String write(List<String> names, @Nullable Object[] values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CsvRows rows = new CsvRows(out, names);
        rows.write(values);
        rows.finish();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void fieldsAreQuotedByRfc4180OnlyWhereTheyMustBe() throws IOException {
        String csv = write(
                List.of("a", "b", "c", "d"),
                new @Nullable Object[] {"plain", "with, comma", "say \"no\"", "two\nlines"});

        assertThat(csv).isEqualTo("a,b,c,d\r\nplain,\"with, comma\",\"say \"\"no\"\"\",\"two\nlines\"\r\n");
    }

    @Test
    void numbersKeepTheirSignAndWhatIsNotThereIsEmpty() throws IOException {
        String csv = write(
                List.of("id", "dec", "mag", "gold", "snr"),
                new @Nullable Object[] {new Column.Id(Long.MAX_VALUE), -3.25, Float.NaN, null, -0.5f});

        assertThat(csv).endsWith("\r\n9223372036854775807,-3.25,,,-0.5\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"=1+1", "+1", "-1", "@sum(a1)", "\t=1", "\r=1", "\n=1"})
    void aTextThatASpreadsheetWouldRunIsDisarmed(String text) throws IOException {
        assertThat(CsvRows.harmless(text)).isEqualTo("'" + text);
        assertThat(CsvRows.harmless("a" + text)).isEqualTo("a" + text);
        assertThat(write(List.of("a"), new Object[] {text})).contains("'" + text);
    }
}
