package org.skysieve.engine.alert;

import java.nio.ByteBuffer;
import java.util.List;

import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.FitsStamps;
import org.skysieve.engine.image.UnreadableStampException;

/**
 * Looks fields up by name, whatever the survey's schema version calls its records and however it types its numbers: the
 * first of several names that is there and not null.
 */
final class Fields {
    private static final int MAX_NAME = 200;

    private Fields() {}

    static @Nullable Object first(GenericRecord record, String... names) {
        for (String name : names) {
            if (record.getSchema().getField(name) != null) {
                Object value = record.get(name);
                if (value != null) {
                    return value;
                }
            }
        }
        return null;
    }

    static @Nullable GenericRecord record(GenericRecord record, String... names) {
        return first(record, names) instanceof GenericRecord found ? found : null;
    }

    static List<?> list(GenericRecord record, String... names) {
        return first(record, names) instanceof List<?> found ? found : List.of();
    }

    /** NaN where missing. ZTF and its relatives write -999 (PGIR -99) for "not measured". */
    static double number(GenericRecord record, String... names) {
        Object value = first(record, names);
        if (value instanceof Number number) {
            double asDouble = number.doubleValue();
            return asDouble == -999 || asDouble == -99 || !Double.isFinite(asDouble) ? Double.NaN : asDouble;
        }
        return Double.NaN;
    }

    /** NaN where missing; every finite number counts, for fields in which -99 can be a measurement. */
    static double rawNumber(GenericRecord record, String... names) {
        Object value = first(record, names);
        return value instanceof Number number && Double.isFinite(number.doubleValue())
                ? number.doubleValue()
                : Double.NaN;
    }

    /** Empty where missing. */
    static String text(GenericRecord record, String... names) {
        Object value = first(record, names);
        return value == null ? "" : value.toString().trim();
    }

    static @Nullable Boolean flag(GenericRecord record, String... names) {
        Object value = first(record, names);
        if (value == null) {
            return null;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        if (value instanceof Number number) {
            return number.doubleValue() > 0;
        }
        return switch (value.toString().trim()) {
            case "t", "T", "true", "True", "1", "1.0", "+", "y" -> Boolean.TRUE;
            case "f", "F", "false", "False", "0", "0.0", "-1", "-", "n" -> Boolean.FALSE;
            default -> null;
        };
    }

    /**
     * The survey's id of a detection.
     *
     * @throws IllegalArgumentException if there is none
     */
    static long id(GenericRecord record, String what, List<String> remarks, @Nullable Object... values) {
        for (Object value : values) {
            if (value instanceof Number number) {
                return number.longValue();
            }
            if (value != null && !value.toString().isBlank()) {
                String text = value.toString().trim();
                try {
                    return Long.parseLong(text);
                } catch (NumberFormatException e) {
                    remarks.add(what + ": " + text + " is not a number, its hash stands for it");
                    return hash(text);
                }
            }
        }
        throw new IllegalArgumentException(what + ": missing in a record of "
                + record.getSchema().getFields().size() + " fields");
    }

    /**
     * The survey's name of a sky source, which becomes a key in tables.
     *
     * @throws IllegalArgumentException if it is too long for that or holds control characters
     */
    static String objectName(String name) {
        if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("objectId: got " + name.length() + " characters, need 1 to " + MAX_NAME
                    + " without control characters");
        }
        return name;
    }

    /** FNV-1a, 64 bit: the same for ever, on every machine. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }

    /** The stamp in {@code field}, as bytes or as a record with stampData; null with a remark if it cannot be shown. */
    static @Nullable Cutout stamp(GenericRecord alert, String field, List<String> remarks) {
        Object value = first(alert, field);
        if (value instanceof GenericRecord wrapped) {
            value = first(wrapped, "stampData");
        }
        if (!(value instanceof ByteBuffer buffer) || !buffer.hasRemaining()) {
            remarks.add(field + ": missing");
            return null;
        }
        try {
            return FitsStamps.read(bytes(buffer));
        } catch (UnreadableStampException e) {
            remarks.add(field + ": " + e.getMessage());
            return null;
        }
    }

    private static byte[] bytes(ByteBuffer buffer) {
        if (buffer.hasArray() && buffer.arrayOffset() == 0 && buffer.remaining() == buffer.array().length) {
            return buffer.array();
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    static double rightAscension(double ra) {
        if (!(ra >= -360 && ra <= 720)) {
            throw new IllegalArgumentException("ra: got " + ra + ", need degrees in [0, 360)");
        }
        double wrapped = ra % 360;
        return wrapped < 0 ? wrapped + 360 : wrapped;
    }

    static double declination(double dec) {
        if (!(dec >= -90 && dec <= 90)) {
            throw new IllegalArgumentException("dec: got " + dec + ", need degrees in [-90, 90]");
        }
        return dec;
    }

    static double timeMjd(double mjd) {
        // 1940 to 2130: a time outside is a mistaken unit.
        if (!(mjd >= 30_000 && mjd <= 100_000)) {
            throw new IllegalArgumentException("time: got MJD " + mjd + ", need 30000 to 100000");
        }
        return mjd;
    }

    /** The first part of the schema's namespace in lower case; empty if there is none that names a survey. */
    static String namespace(IndexedRecord record) {
        String namespace = record.getSchema().getNamespace();
        if (namespace == null) {
            return "";
        }
        String first = namespace.split("\\.", 2)[0].toLowerCase(java.util.Locale.ROOT);
        if (!first.matches("[a-z][a-z0-9_-]{0,30}")) {
            return "";
        }
        // Spark renames every record so.
        return first.equals("toplevelrecord") ? "" : first;
    }
}
