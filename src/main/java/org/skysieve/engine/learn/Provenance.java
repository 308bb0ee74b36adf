package org.skysieve.engine.learn;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Where a model comes from: enough to make it again and to explain it.
 *
 * @param description what it was trained on, in words
 * @param labelCounts rows by answer class (of the leading class of a soft target)
 * @param sourceCounts rows by source: {@code crowd}, {@code gold}, {@code simulated}
 * @param codeVersion version of the software that trained it
 * @param seed of all its randomness
 * @param trainedAt when
 * @param featureNames in the order of the model's input
 * @param settings of the training, e.g. {@code trees -> 200}
 */
public record Provenance(
        String description,
        Map<String, Integer> labelCounts,
        Map<String, Integer> sourceCounts,
        String codeVersion,
        long seed,
        Instant trainedAt,
        List<String> featureNames,
        Map<String, String> settings) {
    private static final int MOST_ENTRIES = 100_000;

    public Provenance {
        labelCounts = Collections.unmodifiableMap(new LinkedHashMap<>(labelCounts));
        sourceCounts = Collections.unmodifiableMap(new LinkedHashMap<>(sourceCounts));
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        featureNames = List.copyOf(featureNames);
    }

    Provenance withSetting(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value);
        return new Provenance(description, labelCounts, sourceCounts, codeVersion, seed, trainedAt, featureNames, more);
    }

    /** As names and texts, in a fixed order; {@link #of} reads them. */
    Map<String, String> entries() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("description", description);
        labelCounts.forEach((key, count) -> entries.put("labels." + key, Integer.toString(count)));
        sourceCounts.forEach((key, count) -> entries.put("sources." + key, Integer.toString(count)));
        entries.put("code", codeVersion);
        entries.put("seed", Long.toString(seed));
        entries.put("trainedAt", trainedAt.toString());
        entries.put("features", String.join(",", featureNames));
        settings.forEach((key, value) -> entries.put("settings." + key, value));
        return entries;
    }

    /**
     * From what {@link #entries} gave.
     *
     * @param keys all there are, in their order
     * @throws IllegalArgumentException if one is missing or no number
     * @throws java.time.DateTimeException if the time is none
     */
    static Provenance of(Function<String, @Nullable String> entries, List<String> keys) {
        Map<String, Integer> labels = new LinkedHashMap<>();
        Map<String, Integer> sources = new LinkedHashMap<>();
        Map<String, String> settings = new LinkedHashMap<>();
        for (String key : keys) {
            if (key.startsWith("labels.")) {
                labels.put(key.substring("labels.".length()), Integer.parseInt(there(entries, key)));
            } else if (key.startsWith("sources.")) {
                sources.put(key.substring("sources.".length()), Integer.parseInt(there(entries, key)));
            } else if (key.startsWith("settings.")) {
                settings.put(key.substring("settings.".length()), there(entries, key));
            }
        }
        String names = there(entries, "features");
        return new Provenance(
                there(entries, "description"),
                labels,
                sources,
                there(entries, "code"),
                Long.parseLong(there(entries, "seed")),
                Instant.parse(there(entries, "trainedAt")),
                names.isEmpty() ? List.of() : List.of(names.split(",", -1)),
                settings);
    }

    private static String there(Function<String, @Nullable String> entries, String key) {
        String value = entries.apply(key);
        if (value == null) {
            throw new IllegalArgumentException("provenance: there is no entry " + key);
        }
        return value;
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(description);
        writeCounts(out, labelCounts);
        writeCounts(out, sourceCounts);
        out.writeUTF(codeVersion);
        out.writeLong(seed);
        out.writeLong(trainedAt.getEpochSecond());
        out.writeInt(trainedAt.getNano());
        out.writeInt(featureNames.size());
        for (String name : featureNames) {
            out.writeUTF(name);
        }
        out.writeInt(settings.size());
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            out.writeUTF(setting.getKey());
            out.writeUTF(setting.getValue());
        }
    }

    private static void writeCounts(DataOutput out, Map<String, Integer> counts) throws IOException {
        out.writeInt(counts.size());
        for (Map.Entry<String, Integer> count : counts.entrySet()) {
            out.writeUTF(count.getKey());
            out.writeInt(count.getValue());
        }
    }

    static Provenance read(DataInput in) throws IOException {
        String description = in.readUTF();
        Map<String, Integer> labels = readCounts(in);
        Map<String, Integer> sources = readCounts(in);
        String codeVersion = in.readUTF();
        long seed = in.readLong();
        Instant trainedAt = Instant.ofEpochSecond(in.readLong(), in.readInt());
        List<String> names = new ArrayList<>();
        for (int i = entries(in); i > 0; i--) {
            names.add(in.readUTF());
        }
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = entries(in); i > 0; i--) {
            settings.put(in.readUTF(), in.readUTF());
        }
        return new Provenance(description, labels, sources, codeVersion, seed, trainedAt, names, settings);
    }

    private static Map<String, Integer> readCounts(DataInput in) throws IOException {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = entries(in); i > 0; i--) {
            counts.put(in.readUTF(), in.readInt());
        }
        return counts;
    }

    private static int entries(DataInput in) throws IOException {
        int entries = in.readInt();
        if (entries < 0 || entries > MOST_ENTRIES) {
            throw new IOException("provenance: got " + entries + " entries, need 0 to " + MOST_ENTRIES);
        }
        return entries;
    }
}
