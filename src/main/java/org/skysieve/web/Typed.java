package org.skysieve.web;

import java.text.Normalizer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import jakarta.ws.rs.core.MultivaluedMap;

import org.skysieve.platform.Problem;

/** What somebody typed into a form, read field by field; what is wrong is kept beside the name of its field. */
final class Typed {
    private final MultivaluedMap<String, String> sent;
    private final Map<String, String> errors = new LinkedHashMap<>();

    Typed(MultivaluedMap<String, String> sent) {
        this.sent = sent;
    }

    /** Without spaces around; empty where nothing was sent. */
    String text(String name) {
        String value = sent.getFirst(name);
        // Browsers send lines with CR LF, whatever was typed.
        return value == null ? "" : value.strip().replace("\r\n", "\n");
    }

    List<String> all(String name) {
        return sent.getOrDefault(name, List.of());
    }

    boolean has(String name) {
        return sent.containsKey(name);
    }

    /** As {@link #text}; a length out of range is wrong. */
    String text(String name, int min, int max) {
        return sized(name, text(name), min, max);
    }

    String sized(String name, String value, int min, int max) {
        if (value.length() < min || value.length() > max) {
            wrong(
                    name,
                    value.isEmpty()
                            ? "is empty, need up to " + max + " characters"
                            : "got " + value.length() + " characters, need " + min + ".." + max);
        }
        return value;
    }

    /** NaN, and wrong, where no number was typed. */
    double number(String name) {
        String value = text(name);
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException notOne) {
            wrong(name, "got \"" + value + "\", need a number");
            return Double.NaN;
        }
    }

    /** 0, and wrong, where no whole number was typed. */
    int whole(String name) {
        String value = text(name);
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException notOne) {
            wrong(name, "got \"" + value + "\", need a whole number");
            return 0;
        }
    }

    /** The first thing said of a field stays. */
    void wrong(String name, String message) {
        errors.putIfAbsent(name, message);
    }

    /** What the room behind the form says; {@code otherwise} is the field for what it says of none. */
    void wrong(Problem problem, String otherwise) {
        if (problem.errors().isEmpty()) {
            wrong(otherwise, problem.detail());
        }
        problem.errors().forEach(error -> wrong(error.field(), error.message()));
    }

    /** Empty if nothing is wrong. */
    String error(String name) {
        return errors.getOrDefault(name, "");
    }

    Map<String, String> errors() {
        return errors;
    }

    /**
     * A name for addresses and exports made of a title: letters a-z, digits and dashes, at most so many; empty where the
     * title has none.
     */
    static String key(String title, int most) {
        String plain = Normalizer.normalize(title, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-");
        String cut = plain.replaceFirst("^-", "");
        return (cut.length() > most ? cut.substring(0, most) : cut).replaceFirst("-$", "");
    }
}
