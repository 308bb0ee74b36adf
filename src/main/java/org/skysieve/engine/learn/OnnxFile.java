package org.skysieve.engine.learn;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a file in the Open Neural Network Exchange format says beside its graph, read by hand as {@link OnnxGraph} writes
 * it: and a look at the graph before ONNX Runtime may have it, since the file may be anybody's. Weights that lie in other
 * files are refused (they could be any file of this machine), and so are loops, which need not end.
 *
 * @param producer what wrote it, may be empty
 * @param metadata names and values that the file carries
 * @param constants the graph's arrays of floats by name
 */
record OnnxFile(String producer, Map<String, String> metadata, Map<String, Tensor> constants) {
    private static final int MOST_METADATA = 1000;
    private static final int DEEPEST = 20;
    private static final int FLOAT = 1;

    OnnxFile {
        metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        constants = Collections.unmodifiableMap(new LinkedHashMap<>(constants));
    }

    /** An array of 32-bit floats; {@code raw} is little-endian. */
    record Tensor(int[] dimensions, byte[] raw) {

        float[] values() {
            float[] values = new float[raw.length / Float.BYTES];
            ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
            return values;
        }
    }

    /** Whether the bytes may be such a file: it has no mark, but begins with the version of its format. */
    static boolean mayBe(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == 8 && bytes[1] > 0 && bytes[1] < 100;
    }

    /** @throws IllegalArgumentException if the bytes are something else, cut short, or refused */
    static OnnxFile read(byte[] bytes) {
        Reader reader = new Reader();
        try {
            reader.model(new Wire(bytes, 0, bytes.length));
        } catch (IOException e) {
            throw new IllegalArgumentException("onnx: cannot read the file: " + e.getMessage(), e);
        }
        if (!reader.hasGraph) {
            throw new IllegalArgumentException("onnx: cannot read the file: it holds no graph");
        }
        return new OnnxFile(reader.producer, reader.metadata, reader.constants);
    }

    /** Goes through the messages of {@code onnx.proto3} as far as they matter here. */
    private static final class Reader {
        private String producer = "";
        private boolean hasGraph;
        private final Map<String, String> metadata = new LinkedHashMap<>();
        private final Map<String, Tensor> constants = new LinkedHashMap<>();

        void model(Wire in) throws IOException {
            while (in.next()) {
                switch (in.field) {
                    case 2 -> producer = in.text();
                    case 7 -> {
                        hasGraph = true;
                        graph(in.message(), 0);
                    }
                    case 14 -> entry(in.message());
                    // Functions of the model's own: their nodes are at 7.
                    case 25 -> {
                        Wire function = in.message();
                        while (function.next()) {
                            if (function.field == 7) {
                                node(function.message(), 0);
                            }
                        }
                    }
                    default -> {}
                }
            }
        }

        private void entry(Wire in) throws IOException {
            String key = "";
            String value = "";
            while (in.next()) {
                switch (in.field) {
                    case 1 -> key = in.text();
                    case 2 -> value = in.text();
                    default -> {}
                }
            }
            metadata.put(key, value);
            if (metadata.size() > MOST_METADATA) {
                throw new IOException("it carries more than " + MOST_METADATA + " entries of metadata");
            }
        }

        private void graph(Wire in, int depth) throws IOException {
            if (depth > DEEPEST) {
                throw new IOException("graphs lie in graphs more than " + DEEPEST + " deep");
            }
            while (in.next()) {
                switch (in.field) {
                    case 1 -> node(in.message(), depth);
                    case 5 -> tensor(in.message(), depth == 0);
                    // Sparse: values at 1, indices at 2.
                    case 15 -> sparse(in.message());
                    default -> {}
                }
            }
        }

        private void node(Wire in, int depth) throws IOException {
            while (in.next()) {
                switch (in.field) {
                    case 4 -> {
                        String operator = in.text();
                        if (operator.equals("Loop") || operator.equals("Scan")) {
                            throw new IOException("the operator " + operator + " is not taken: it need not end");
                        }
                    }
                    case 5 -> attribute(in.message(), depth);
                    default -> {}
                }
            }
        }

        private void attribute(Wire in, int depth) throws IOException {
            while (in.next()) {
                switch (in.field) {
                    case 5, 10 -> tensor(in.message(), false);
                    case 6, 11 -> graph(in.message(), depth + 1);
                    case 22, 23 -> sparse(in.message());
                    default -> {}
                }
            }
        }

        private void sparse(Wire in) throws IOException {
            while (in.next()) {
                if (in.field == 1 || in.field == 2) {
                    tensor(in.message(), false);
                }
            }
        }

        private void tensor(Wire in, boolean keep) throws IOException {
            List<Integer> dimensions = new ArrayList<>();
            String name = "";
            long type = 0;
            Wire raw = null;
            while (in.next()) {
                switch (in.field) {
                    case 1 -> {
                        if (in.isBytes()) {
                            for (Wire packed = in.message(); packed.left() > 0; ) {
                                dimensions.add((int) packed.varint());
                            }
                        } else {
                            dimensions.add((int) in.number());
                        }
                    }
                    case 2 -> type = in.number();
                    case 8 -> name = in.text();
                    case 9 -> raw = in.message();
                    case 13 -> throw new IOException("weights that lie in another file are not taken (" + name + ")");
                    case 14 -> {
                        if (in.number() != 0) {
                            throw new IOException("weights that lie in another file are not taken (" + name + ")");
                        }
                    }
                    default -> {}
                }
            }
            if (keep && type == FLOAT && raw != null) {
                constants.put(
                        name,
                        new Tensor(
                                dimensions.stream().mapToInt(Integer::intValue).toArray(), raw.rest()));
            }
        }
    }

    /** A protobuf message that is read field by field. */
    private static final class Wire {
        private final byte[] bytes;
        private int at;
        private final int end;
        private int field;
        private int type;
        /** Of the present field: a number, or where its bytes begin. */
        private long value;

        private int length;

        Wire(byte[] bytes, int from, int end) {
            this.bytes = bytes;
            this.at = from;
            this.end = end;
        }

        int left() {
            return end - at;
        }

        byte[] rest() {
            return java.util.Arrays.copyOfRange(bytes, at, end);
        }

        /** Goes to the next field; false at the end. */
        boolean next() throws IOException {
            if (at == end) {
                return false;
            }
            long tag = varint();
            if (tag >>> 3 < 1 || tag >>> 3 > Integer.MAX_VALUE) {
                throw new IOException("at byte " + at + " stands no field");
            }
            field = (int) (tag >>> 3);
            type = (int) (tag & 7);
            switch (type) {
                case 0 -> value = varint();
                case 1 -> skip(8);
                case 2 -> {
                    long size = varint();
                    if (size < 0 || size > end - at) {
                        throw new IOException("at byte " + at + " it needs " + Long.toUnsignedString(size)
                                + " bytes more, got " + (end - at));
                    }
                    value = at;
                    length = (int) size;
                    at += length;
                }
                case 5 -> skip(4);
                default -> throw new IOException("at byte " + at + " stands no field");
            }
            return true;
        }

        private void skip(int size) throws IOException {
            if (size > end - at) {
                throw new IOException("at byte " + at + " it is cut short");
            }
            at += size;
        }

        boolean isBytes() {
            return type == 2;
        }

        long number() throws IOException {
            if (type != 0) {
                throw new IOException("before byte " + at + " a number is missing");
            }
            return value;
        }

        Wire message() throws IOException {
            if (type != 2) {
                throw new IOException("before byte " + at + " a message is missing");
            }
            return new Wire(bytes, (int) value, (int) value + length);
        }

        String text() throws IOException {
            Wire text = message();
            return new String(bytes, text.at, text.left(), StandardCharsets.UTF_8);
        }

        long varint() throws IOException {
            long result = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (at == end) {
                    throw new IOException("it ends within a number");
                }
                byte next = bytes[at++];
                result |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return result;
                }
            }
            throw new IOException("at byte " + at + " a number is too long");
        }
    }

    /** The constant of that name. */
    @Nullable
    Tensor constant(String name) {
        return constants.get(name);
    }
}
