package org.skysieve.engine.alert;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.snappy.SnappyCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of an Avro object container file, after the Avro 1.12 specification. Unlike Avro's own reader it believes
 * no length before the bytes are there, and bounds what a block may inflate to.
 */
final class AvroContainer {
    /** Surveys write blocks of one packet, brokers of some megabytes. */
    static final int MAX_BLOCK = 64 << 20;

    private static final byte[] MAGIC = {'O', 'b', 'j', 1};
    private static final int MAX_META = 4 << 20;
    private static final int MAX_META_ENTRIES = 1000;
    private static final int SYNC = 16;

    private final InputStream in;
    private final AlertSchemas schema;
    private final String codec;
    private final byte[] sync;

    /**
     * Reads the header.
     *
     * @throws IOException if this is not a container or its header is broken
     */
    AvroContainer(InputStream in) throws IOException {
        this.in = in;
        byte[] magic = in.readNBytes(MAGIC.length);
        if (!Arrays.equals(magic, MAGIC)) {
            throw new IOException("not an Avro container");
        }
        Map<String, byte[]> meta = new HashMap<>();
        for (long count = readLong(); count != 0; count = readLong()) {
            if (count < 0) {
                count = -count;
                readLong();
            }
            if (count < 0 || count + meta.size() > MAX_META_ENTRIES) {
                throw new IOException("broken Avro header: " + count + " entries of metadata");
            }
            for (long i = 0; i < count; i++) {
                String key = new String(readBytes(MAX_META, "metadata key"), StandardCharsets.UTF_8);
                meta.put(key, readBytes(MAX_META, "metadata"));
            }
        }
        byte[] json = meta.get("avro.schema");
        if (json == null) {
            throw new IOException("broken Avro header: no avro.schema");
        }
        this.codec = new String(meta.getOrDefault("avro.codec", new byte[0]), StandardCharsets.UTF_8);
        this.sync = readFully(SYNC, "sync marker");
        try {
            this.schema = AlertSchemas.of(json);
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static boolean isContainer(byte[] head) {
        return head.length >= MAGIC.length && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    AlertSchemas schema() {
        return schema;
    }

    /**
     * @param records how many records the bytes hold
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    record Block(long records, byte[] bytes) {}

    /**
     * The next block, inflated; null at the end of the file.
     *
     * @throws IOException if the block is broken or truncated; what follows cannot be read then
     */
    @Nullable
    Block next() throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        long records = readLong(first);
        byte[] stored = readBytes(MAX_BLOCK, "block");
        checkSync();
        byte[] bytes = inflate(stored);
        // A record of an alert takes more than a byte: a count beyond that is a broken one.
        if (records < 0 || records > bytes.length) {
            throw new IOException("broken Avro block: " + records + " records in " + bytes.length + " bytes");
        }
        return new Block(records, bytes);
    }

    /** How many records follow, without inflating them. */
    long countRecords() throws IOException {
        long total = 0;
        for (int first = in.read(); first >= 0; first = in.read()) {
            long records = readLong(first);
            long size = readLong();
            if (records < 0 || size < 0 || size > MAX_BLOCK) {
                throw new IOException("broken Avro block: " + records + " records in " + size + " bytes");
            }
            in.skipNBytes(size);
            checkSync();
            total += records;
        }
        return total;
    }

    private void checkSync() throws IOException {
        if (!Arrays.equals(readFully(SYNC, "sync marker"), sync)) {
            throw new IOException("broken Avro block: wrong sync marker");
        }
    }

    private byte[] inflate(byte[] stored) throws IOException {
        switch (codec) {
            case "", "null" -> {
                return stored;
            }
            case "deflate" -> {
                Inflater inflater = new Inflater(true);
                try (InputStream plain = new InflaterInputStream(new ByteArrayInputStream(stored), inflater, 8192)) {
                    return bounded(plain);
                } finally {
                    inflater.end();
                }
            }
            case "snappy" -> {
                return snappy(stored);
            }
            case "bzip2" -> {
                try (InputStream plain = new BZip2CompressorInputStream(new ByteArrayInputStream(stored))) {
                    return bounded(plain);
                }
            }
            case "xz" -> {
                try (InputStream plain = new XZCompressorInputStream(new ByteArrayInputStream(stored))) {
                    return bounded(plain);
                }
            }
            case "zstandard" -> {
                try (InputStream plain = new ZstdCompressorInputStream(new ByteArrayInputStream(stored))) {
                    return bounded(plain);
                }
            }
            default ->
                throw new IOException(
                        "Avro codec " + codec + ": not known, need null, deflate, snappy, zstandard, bzip2 or xz");
        }
    }

    /** Avro's snappy blocks end with the big-endian CRC-32 of the plain bytes. */
    private static byte[] snappy(byte[] stored) throws IOException {
        int size = stored.length - 4;
        if (size < 1) {
            throw new IOException("broken snappy block of " + stored.length + " bytes");
        }
        byte[] plain;
        try (InputStream in = new SnappyCompressorInputStream(new ByteArrayInputStream(stored, 0, size))) {
            plain = bounded(in);
        } catch (RuntimeException e) {
            throw new IOException("broken snappy block of " + stored.length + " bytes: " + e.getMessage(), e);
        }
        CRC32 crc = new CRC32();
        crc.update(plain);
        int expected = java.nio.ByteBuffer.wrap(stored, size, 4).getInt();
        if ((int) crc.getValue() != expected) {
            throw new IOException("broken snappy block: wrong checksum");
        }
        return plain;
    }

    private static byte[] bounded(InputStream plain) throws IOException {
        byte[] bytes = plain.readNBytes(MAX_BLOCK + 1);
        if (bytes.length > MAX_BLOCK) {
            throw new IOException("Avro block inflates to more than " + MAX_BLOCK + " bytes");
        }
        return bytes;
    }

    private long readLong() throws IOException {
        return readLong(in.read());
    }

    /** Zig-zag, seven bits a byte, lowest first. */
    private long readLong(int first) throws IOException {
        long value = 0;
        int next = first;
        for (int shift = 0; shift < 70; shift += 7) {
            if (next < 0) {
                throw new EOFException("truncated Avro container");
            }
            value |= (next & 0x7fL) << shift;
            if ((next & 0x80) == 0) {
                return value >>> 1 ^ -(value & 1);
            }
            next = in.read();
        }
        throw new IOException("broken Avro container: a number of more than ten bytes");
    }

    private byte[] readBytes(int limit, String what) throws IOException {
        long size = readLong();
        if (size < 0 || size > limit) {
            throw new IOException("broken Avro container: " + what + " of " + size + " bytes, need 0 to " + limit);
        }
        return readFully((int) size, what);
    }

    private byte[] readFully(int size, String what) throws IOException {
        // Grows with what is there: a declared size alone allocates nothing.
        byte[] bytes = in.readNBytes(size);
        if (bytes.length < size) {
            throw new EOFException(
                    "truncated Avro container: " + what + " declares " + size + " bytes, got " + bytes.length);
        }
        return bytes;
    }
}
