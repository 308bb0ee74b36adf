package org.skysieve.engine.alert;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * Prepares a writer's schema for reading: which survey's shape it has, and which of its fields are worth decoding.
 *
 * <p>Every packet of a survey repeats the same 20 kB of schema, so that the last few are kept.
 */
final class AlertSchemas {
    private static final int KEPT = 64;

    private static final Map<ByteBuffer, AlertSchemas> CACHE = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, AlertSchemas> eldest) {
            return size() > KEPT;
        }
    };

    private final Schema writer;
    private final @Nullable Function<GenericRecord, AlertPacket> shape;
    private final GenericDatumReader<GenericRecord> reader;

    private AlertSchemas(Schema writer) {
        this.writer = writer;
        Schema wanted = writer;
        if (writer.getType() != Schema.Type.RECORD) {
            this.shape = null;
        } else if (LsstAlerts.hasShape(writer)) {
            this.shape = LsstAlerts::packet;
            wanted = projection(writer, LsstAlerts.FIELDS);
        } else if (ZtfAlerts.hasShape(writer)) {
            this.shape = ZtfAlerts::packet;
            wanted = projection(writer, ZtfAlerts.FIELDS);
        } else {
            this.shape = null;
        }
        this.reader = new GenericDatumReader<>(writer, wanted);
    }

    /**
     * @param json the schema as it stands in the container
     * @throws IllegalArgumentException if it is not a schema
     */
    static AlertSchemas of(byte[] json) {
        ByteBuffer key = ByteBuffer.wrap(json);
        synchronized (CACHE) {
            AlertSchemas known = CACHE.get(key);
            if (known != null) {
                return known;
            }
        }
        AlertSchemas parsed;
        try {
            // Writers rename records in ways the standard forbids.
            parsed = new AlertSchemas(new Schema.Parser(NameValidator.NO_VALIDATION)
                    .setValidateDefaults(false)
                    .parse(new String(json, StandardCharsets.UTF_8)));
        } catch (RuntimeException | StackOverflowError e) {
            throw new IllegalArgumentException("Avro schema of " + json.length + " bytes not understood: " + e, e);
        }
        synchronized (CACHE) {
            CACHE.put(key, parsed);
        }
        return parsed;
    }

    Schema writer() {
        return writer;
    }

    /** Null if this is no alert of a shape that we know. */
    @Nullable
    Function<GenericRecord, AlertPacket> shape() {
        return shape;
    }

    /** Decodes what {@link #shape} asks for and steps over the rest. */
    GenericDatumReader<GenericRecord> reader() {
        return reader;
    }

    String describe() {
        if (writer.getType() != Schema.Type.RECORD) {
            return "a " + writer.getType().getName();
        }
        List<String> names = new ArrayList<>();
        for (Schema.Field field : writer.getFields()) {
            if (names.size() == 8) {
                names.add("...");
                break;
            }
            names.add(field.name());
        }
        return "record " + writer.getFullName() + " with fields " + String.join(", ", names);
    }

    /** The schema without all fields, at any depth, that nobody asks for. */
    static Schema projection(Schema schema, Set<String> fields) {
        return projection(schema, fields, new HashMap<>());
    }

    private static Schema projection(Schema schema, Set<String> fields, Map<String, Schema> done) {
        switch (schema.getType()) {
            case RECORD -> {
                Schema known = done.get(schema.getFullName());
                if (known != null) {
                    return known;
                }
                Schema pruned = Schema.createRecord(schema.getName(), null, schema.getNamespace(), schema.isError());
                done.put(schema.getFullName(), pruned);
                List<Schema.Field> kept = new ArrayList<>();
                for (Schema.Field field : schema.getFields()) {
                    if (fields.contains(field.name())) {
                        kept.add(new Schema.Field(field.name(), projection(field.schema(), fields, done)));
                    }
                }
                pruned.setFields(kept);
                return pruned;
            }
            case UNION -> {
                List<Schema> branches = new ArrayList<>();
                for (Schema branch : schema.getTypes()) {
                    branches.add(projection(branch, fields, done));
                }
                return Schema.createUnion(branches);
            }
            case ARRAY -> {
                return Schema.createArray(projection(schema.getElementType(), fields, done));
            }
            case MAP -> {
                return Schema.createMap(projection(schema.getValueType(), fields, done));
            }
            default -> {
                return schema;
            }
        }
    }
}
