package org.skysieve.export;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import org.jspecify.annotations.Nullable;

/** JSON Lines: one flat object a line, all columns in each, null for "not there". */
final class JsonRows implements RowWriter {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;
    private final List<String> names;

    JsonRows(OutputStream out, List<String> names) throws IOException {
        this.json = FACTORY.createGenerator(out, JsonEncoding.UTF8).setRootValueSeparator(null);
        this.names = names;
    }

    @Override
    public void write(@Nullable Object[] values) throws IOException {
        json.writeStartObject();
        for (int i = 0; i < values.length; i++) {
            json.writeFieldName(names.get(i));
            write(values[i]);
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    private void write(@Nullable Object value) throws IOException {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Boolean bool) {
            json.writeBoolean(bool);
        } else if (value instanceof Integer integer) {
            json.writeNumber(integer);
        } else if (value instanceof Column.Id id) {
            json.writeString(Long.toString(id.value()));
        } else if (value instanceof Float real && Float.isFinite(real)) {
            json.writeNumber(real);
        } else if (value instanceof Double number && Double.isFinite(number)) {
            json.writeNumber(number);
        } else if (value == null || value instanceof Number) {
            json.writeNull();
        } else {
            throw new IllegalArgumentException("export: got a " + value.getClass() + ", need a type of Column.Reader");
        }
    }

    @Override
    public void finish() throws IOException {
        json.flush();
    }
}
