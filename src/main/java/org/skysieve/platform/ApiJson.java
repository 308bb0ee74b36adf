package org.skysieve.platform;

import java.io.IOException;
import java.util.Collection;
import java.util.List;

import jakarta.inject.Singleton;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.quarkus.jackson.ObjectMapperCustomizer;

/**
 * The JSON of the API. Ids are strings, because JavaScript rounds integers beyond 2^53: every long property called
 * {@code id}, {@code candid} or {@code supersedes}, or whose name ends in {@code Id} (or {@code Ids} for a collection).
 * Other longs are numbers. NaN and infinities are null: "not measured". Reading takes ids as strings or numbers.
 */
@Singleton
final class ApiJson implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        SimpleModule module = new SimpleModule("skysieve");
        NumberOrNull numberOrNull = new NumberOrNull();
        module.addSerializer(Double.class, numberOrNull);
        module.addSerializer(double.class, numberOrNull);
        module.addSerializer(Float.class, numberOrNull);
        module.addSerializer(float.class, numberOrNull);
        module.addSerializer(double[].class, new DoublesOrNulls());
        module.addSerializer(float[].class, new FloatsOrNulls());
        module.setSerializerModifier(new IdsAsStrings());
        mapper.registerModule(module);
    }

    private static boolean isId(String name) {
        return name.equals("id") || name.equals("candid") || name.equals("supersedes") || name.endsWith("Id");
    }

    private static boolean isIds(String name) {
        return name.equals("ids") || name.endsWith("Ids");
    }

    private static final class IdsAsStrings extends BeanSerializerModifier {
        @Override
        public List<BeanPropertyWriter> changeProperties(
                SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> properties) {
            for (BeanPropertyWriter property : properties) {
                JavaType type = property.getType();
                if (isId(property.getName()) && isLong(type)) {
                    property.assignSerializer(ToStringSerializer.instance);
                } else if (isIds(property.getName()) && type.isCollectionLikeType() && isLong(type.getContentType())) {
                    property.assignSerializer(new Strings());
                }
            }
            return properties;
        }

        private static boolean isLong(JavaType type) {
            return type.hasRawClass(long.class) || type.hasRawClass(Long.class);
        }
    }

    private static final class Strings extends JsonSerializer<Object> {
        @Override
        public void serialize(Object ids, JsonGenerator json, SerializerProvider unused) throws IOException {
            json.writeStartArray();
            for (Object id : (Collection<?>) ids) {
                json.writeString(String.valueOf(id));
            }
            json.writeEndArray();
        }
    }

    private static final class NumberOrNull extends JsonSerializer<Number> {
        @Override
        public void serialize(Number value, JsonGenerator json, SerializerProvider unused) throws IOException {
            if (value instanceof Float f) {
                write(json, f);
            } else {
                write(json, value.doubleValue());
            }
        }
    }

    private static final class DoublesOrNulls extends JsonSerializer<double[]> {
        @Override
        public void serialize(double[] values, JsonGenerator json, SerializerProvider unused) throws IOException {
            json.writeStartArray();
            for (double value : values) {
                write(json, value);
            }
            json.writeEndArray();
        }
    }

    private static final class FloatsOrNulls extends JsonSerializer<float[]> {
        @Override
        public void serialize(float[] values, JsonGenerator json, SerializerProvider unused) throws IOException {
            json.writeStartArray();
            for (float value : values) {
                write(json, value);
            }
            json.writeEndArray();
        }
    }

    private static void write(JsonGenerator json, double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }

    // As a float, so that 0.1f reads 0.1 and not 0.10000000149011612.
    private static void write(JsonGenerator json, float value) throws IOException {
        if (Float.isFinite(value)) {
            json.writeNumber(value);
        } else {
            json.writeNull();
        }
    }
}
