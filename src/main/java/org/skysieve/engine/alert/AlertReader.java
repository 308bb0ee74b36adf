package org.skysieve.engine.alert;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds alerts in files, directories and archives: Avro containers with one or many records, tar archives of them, any
 * of these gzipped. What a thing is shows in its first bytes, not in its name.
 *
 * <p>Something broken goes to {@link AlertSink#rejected} and the reading goes on with the next record, block, entry or
 * file, whichever can still be found. Archives are streamed: memory holds one Avro block at a time.
 */
public final class AlertReader {
    /** How much of a rejected packet is handed on. */
    public static final int MAX_RAW = 64 << 10;

    /** Counting an archive means inflating it; beyond this size that takes longer than it is worth. */
    private static final long MAX_COUNTED_ARCHIVE = 256L << 20;

    private static final int MAX_DEPTH = 32;
    private static final int PEEK = 512;
    private static final int BUFFER = 64 << 10;

    /** Names that promise an alert: what is not one there was meant to be one. */
    private static final Set<String> ALERT_EXTENSIONS = Set.of("avro", "tar", "tgz", "gz");

    private final AlertSink sink;
    private final boolean countOnly;
    private long counted;
    private boolean countable = true;

    private AlertReader(AlertSink sink, boolean countOnly) {
        this.sink = sink;
        this.countOnly = countOnly;
    }

    /**
     * Reads a file, an archive, or a directory with all below it in the order of names.
     *
     * @throws IOException if {@code path} itself does not exist or cannot be listed
     */
    public static void read(Path path, AlertSink sink) throws IOException {
        new AlertReader(sink, false).path(path, String.valueOf(path.getFileName()), true, 0);
    }

    /**
     * Reads a stream to its end; it is left open.
     *
     * @param name what to call it in the sources handed to the sink, such as the file's name
     */
    public static void read(String name, InputStream in, AlertSink sink) {
        new AlertReader(sink, false).stream(name, in, true, 0);
    }

    /**
     * How many records there are, for a progress bar: read from the headers of the blocks, so that broken records count
     * too. Empty if it would take too long to know (large archives).
     */
    public static java.util.OptionalLong count(Path path) throws IOException {
        AlertReader counter = new AlertReader(NOWHERE, true);
        counter.path(path, String.valueOf(path.getFileName()), true, 0);
        return counter.countable ? java.util.OptionalLong.of(counter.counted) : java.util.OptionalLong.empty();
    }

    private void path(Path path, String source, boolean explicit, int depth) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (Files.isDirectory(path)) {
            directory(path, source, explicit, depth);
            return;
        }
        try (InputStream in = Files.newInputStream(path)) {
            if (countOnly && Files.size(path) > MAX_COUNTED_ARCHIVE && !isPlainContainer(path)) {
                countable = false;
                return;
            }
            stream(source, in, explicit, 0);
        }
    }

    private static boolean isPlainContainer(Path path) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return AvroContainer.isContainer(in.readNBytes(4));
        }
    }

    private void directory(Path directory, String source, boolean explicit, int depth) throws IOException {
        if (depth >= MAX_DEPTH) {
            sink.rejected(source, "directory: more than " + MAX_DEPTH + " levels deep", new byte[0]);
            return;
        }
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(directory)) {
            listing.forEach(children::add);
        } catch (IOException e) {
            if (explicit) {
                throw e;
            }
            sink.rejected(source, "directory cannot be listed: " + e, new byte[0]);
            return;
        }
        Collections.sort(children);
        for (Path child : children) {
            String childSource = source + "/" + child.getFileName();
            // A link to a directory may lead back to where we came from.
            if (Files.isDirectory(child) && Files.isSymbolicLink(child)) {
                sink.skipped(childSource, "a link to a directory");
            } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                directory(child, childSource, false, depth + 1);
            } else if (Files.isRegularFile(child)) {
                file(child, childSource);
            } else {
                sink.skipped(childSource, "not a file");
            }
        }
    }

    private void file(Path file, String source) {
        InputStream in;
        try {
            in = Files.newInputStream(file);
        } catch (IOException e) {
            sink.rejected(source, "cannot be opened: " + e, new byte[0]);
            return;
        }
        try (in) {
            if (countOnly && Files.size(file) > MAX_COUNTED_ARCHIVE && !isPlainContainer(file)) {
                countable = false;
                return;
            }
            stream(source, in, false, 0);
        } catch (IOException e) {
            sink.rejected(source, "cannot be read: " + e, new byte[0]);
        }
    }

    /**
     * @param explicit whether somebody named this very thing: then whatever it is, it was meant to be an alert
     * @param wrappings how many layers of gzip and tar are around it
     */
    private void stream(String source, InputStream raw, boolean explicit, int wrappings) {
        Recorder in = new Recorder(raw);
        byte[] head;
        try {
            head = in.peek();
        } catch (IOException e) {
            sink.rejected(source, "cannot be read: " + e.getMessage(), in.recorded());
            return;
        }
        if (AvroContainer.isContainer(head)) {
            container(source, in);
        } else if (isGzip(head) && wrappings < 3) {
            gzip(source, in, explicit, wrappings);
        } else if (isTar(head) && wrappings < 3) {
            archive(source, in, wrappings);
        } else if (!explicit && !ALERT_EXTENSIONS.contains(extension(source))) {
            sink.skipped(source, "not an alert file");
        } else {
            sink.rejected(source, "not an Avro container or an archive: got " + describe(head), rest(in));
        }
    }

    private void gzip(String source, Recorder in, boolean explicit, int wrappings) {
        InputStream plain;
        try {
            plain = new GZIPInputStream(in, BUFFER);
        } catch (IOException e) {
            sink.rejected(source, "broken gzip: " + e.getMessage(), in.recorded());
            return;
        }
        String inner =
                source.toLowerCase(Locale.ROOT).endsWith(".gz") ? source.substring(0, source.length() - 3) : source;
        // labels.csv.gz is no alert; night.tar.gz and 123.avro.gz are meant to be.
        boolean meant = explicit || ALERT_EXTENSIONS.contains(extension(inner));
        stream(meant ? source : inner, plain, meant, wrappings + 1);
    }

    private void archive(String source, InputStream in, int wrappings) {
        TarArchiveInputStream tar = new TarArchiveInputStream(in);
        for (long entries = 0; ; entries++) {
            TarArchiveEntry entry;
            try {
                entry = tar.getNextEntry();
            } catch (IOException | RuntimeException e) {
                sink.rejected(
                        source, "archive breaks off after " + entries + " entries: " + e.getMessage(), new byte[0]);
                return;
            }
            if (entry == null) {
                return;
            }
            if (entry.isFile()) {
                String name = source + "!" + entry.getName();
                if (baseName(entry.getName()).startsWith(".")) {
                    sink.skipped(name, "a hidden file");
                } else {
                    stream(name, tar, false, wrappings + 1);
                }
            }
        }
    }

    private void container(String source, Recorder in) {
        AvroContainer container;
        try {
            container = new AvroContainer(in);
        } catch (IOException e) {
            sink.rejected(source, String.valueOf(e.getMessage()), rest(in));
            return;
        }
        if (countOnly) {
            try {
                counted += container.countRecords();
            } catch (IOException e) {
                counted++;
            }
            return;
        }
        AlertSchemas schema = container.schema();
        Function<GenericRecord, AlertPacket> shape = schema.shape();
        if (shape == null) {
            sink.rejected(source, "not an alert: " + schema.describe(), rest(in));
            return;
        }
        long before = 0;
        while (true) {
            AvroContainer.Block block;
            try {
                block = container.next();
            } catch (IOException e) {
                sink.rejected(
                        source,
                        (before == 0 ? "" : "after " + before + " records: ") + e.getMessage(),
                        before == 0 ? rest(in) : new byte[0]);
                return;
            }
            if (block == null) {
                break;
            }
            block(source, before, block, schema.reader(), shape, in);
            before += block.records();
        }
        if (before == 0) {
            sink.rejected(source, "Avro container without records", in.recorded());
        }
    }

    private void block(
            String source,
            long before,
            AvroContainer.Block block,
            GenericDatumReader<GenericRecord> reader,
            Function<GenericRecord, AlertPacket> shape,
            Recorder in) {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(block.bytes(), null);
        BinaryDecoder scout = DecoderFactory.get().binaryDecoder(block.bytes(), null);
        for (long i = 0; i < block.records(); i++) {
            String name = before + block.records() == 1 ? source : source + "#" + (before + i + 1);
            GenericRecord record;
            try {
                // Stepping over the record first proves that every length in it fits, and allocates nothing.
                GenericDatumReader.skip(reader.getSchema(), scout);
                record = reader.read(null, decoder);
            } catch (IOException | RuntimeException | StackOverflowError e) {
                long lost = block.records() - i - 1;
                sink.rejected(
                        name,
                        "broken Avro record: " + e + (lost == 0 ? "" : "; " + lost + " more in this block are lost"),
                        before == 0 && i == 0 ? in.recorded() : head(block.bytes()));
                return;
            }
            AlertPacket packet;
            try {
                packet = shape.apply(record);
            } catch (RuntimeException e) {
                sink.rejected(
                        name,
                        e instanceof IllegalArgumentException ? String.valueOf(e.getMessage()) : "not understood: " + e,
                        block.records() == 1 && before == 0 ? in.recorded() : head(block.bytes()));
                continue;
            }
            sink.accepted(name, packet);
        }
    }

    private static byte[] head(byte[] bytes) {
        return bytes.length > MAX_RAW ? Arrays.copyOf(bytes, MAX_RAW) : bytes;
    }

    /** Reads on as far as a dead letter goes. */
    private static byte[] rest(Recorder in) {
        try {
            in.readNBytes(MAX_RAW);
        } catch (IOException e) {
            // What was recorded until here is what there is.
        }
        return in.recorded();
    }

    private static boolean isGzip(byte[] head) {
        return head.length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
    }

    private static boolean isTar(byte[] head) {
        return head.length >= 262 && new String(head, 257, 5, StandardCharsets.US_ASCII).equals("ustar");
    }

    private static String describe(byte[] head) {
        return head.length == 0
                ? "no bytes"
                : "bytes that start with "
                        + HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(8, head.length))
                        + (looksLikeConfluent(head) ? " (a message with a schema id, whose schema is not in it)" : "");
    }

    private static boolean looksLikeConfluent(byte[] head) {
        return head.length > 5 && head[0] == 0 && head[1] == 0;
    }

    private static String baseName(String source) {
        return source.substring(Math.max(source.lastIndexOf('/'), source.lastIndexOf('!')) + 1);
    }

    private static String extension(String source) {
        String name = baseName(source);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static final AlertSink NOWHERE = new AlertSink() {
        @Override
        public void accepted(String source, AlertPacket packet) {}

        @Override
        public void rejected(String source, String reason, byte[] raw) {}
    };

    /** Buffers, and keeps the first {@link #MAX_RAW} bytes that were read through it. */
    private static final class Recorder extends FilterInputStream {
        private final ByteArrayOutputStream record = new ByteArrayOutputStream();
        private byte @Nullable [] peeked;

        Recorder(InputStream in) {
            super(in instanceof BufferedInputStream ? in : new BufferedInputStream(in, BUFFER));
        }

        /** The first bytes, which will be read again. */
        byte[] peek() throws IOException {
            in.mark(PEEK);
            byte[] head = in.readNBytes(PEEK);
            in.reset();
            peeked = head;
            return head;
        }

        @Override
        public int read() throws IOException {
            int value = in.read();
            if (value >= 0 && record.size() < MAX_RAW) {
                record.write(value);
            }
            return value;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = in.read(target, from, length);
            if (count > 0 && record.size() < MAX_RAW) {
                record.write(target, from, Math.min(count, MAX_RAW - record.size()));
            }
            return count;
        }

        @Override
        public long skip(long bytes) throws IOException {
            return in.skip(bytes);
        }

        byte[] recorded() {
            return record.size() == 0 && peeked != null ? peeked : record.toByteArray();
        }

        /** The stream around belongs to the caller. */
        @Override
        public void close() {}
    }
}
