package org.skysieve.engine.learn;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes a graph in the Open Neural Network Exchange format: the few messages of {@code onnx.proto3} that a
 * feed-forward net needs, by hand (IR version 8, operator set 13). All tensors are 32-bit floats; the first dimension
 * of inputs and outputs, the number of rows, stays open.
 */
final class OnnxGraph {
    private static final int IR_VERSION = 8;
    private static final int OPERATORS = 13;

    private static final int FLOAT = 1;
    private static final int ATTRIBUTE_FLOAT = 1;
    private static final int ATTRIBUTE_INT = 2;
    private static final int ATTRIBUTE_INTS = 7;

    // Wire types of protobuf.
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final String name;
    private final Message nodes = new Message();
    private final Message constants = new Message();
    private final Message inputs = new Message();
    private final Message outputs = new Message();
    private final Message metadata = new Message();

    OnnxGraph(String name) {
        this.name = name;
    }

    /**
     * @param rows name of the open dimension; of the same name means of the same size
     * @param dimensions of one row
     */
    void input(String tensor, String rows, int... dimensions) {
        inputs.message(11, value(tensor, rows, dimensions));
    }

    /** As {@link #input}. */
    void output(String tensor, String rows, int... dimensions) {
        outputs.message(12, value(tensor, rows, dimensions));
    }

    /** An array of the graph's own; {@code dimensions} are all of it. */
    void constant(String tensor, float[] values, int... dimensions) {
        if (values.length != NetWeights.size(dimensions)) {
            throw new IllegalArgumentException(
                    "onnx: got " + values.length + " values for " + tensor + ", need " + NetWeights.size(dimensions));
        }
        Message message = new Message();
        for (int dimension : dimensions) {
            message.number(1, dimension);
        }
        message.number(2, FLOAT);
        message.text(8, tensor);
        ByteBuffer raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        message.bytes(9, raw.array());
        constants.message(5, message);
    }

    /** An entry of the file's metadata: readers that do not know the name leave it alone. */
    void metadata(String key, String value) {
        Message entry = new Message();
        entry.text(1, key);
        entry.text(2, value);
        metadata.message(14, entry);
    }

    /** A step of the graph: {@code output = operator(inputs...)}, with attributes. */
    Node node(String operator, String output, String... from) {
        return new Node(operator, output, from);
    }

    /** A step under construction; {@link #add} puts it into the graph. */
    final class Node {
        private final Message message = new Message();

        private Node(String operator, String output, String... from) {
            for (String tensor : from) {
                message.text(1, tensor);
            }
            message.text(2, output);
            message.text(3, output);
            message.text(4, operator);
        }

        Node ints(String attribute, int... values) {
            Message inner = new Message();
            inner.text(1, attribute);
            for (int value : values) {
                inner.number(8, value);
            }
            inner.number(20, ATTRIBUTE_INTS);
            message.message(5, inner);
            return this;
        }

        Node number(String attribute, int value) {
            Message inner = new Message();
            inner.text(1, attribute);
            inner.number(3, value);
            inner.number(20, ATTRIBUTE_INT);
            message.message(5, inner);
            return this;
        }

        Node real(String attribute, float value) {
            Message inner = new Message();
            inner.text(1, attribute);
            inner.real(2, value);
            inner.number(20, ATTRIBUTE_FLOAT);
            message.message(5, inner);
            return this;
        }

        void add() {
            nodes.message(1, message);
        }
    }

    /** The whole file. */
    byte[] bytes() {
        Message graph = new Message();
        graph.append(nodes);
        graph.text(2, name);
        graph.append(constants);
        graph.append(inputs);
        graph.append(outputs);
        Message operators = new Message();
        operators.text(1, "");
        operators.number(2, OPERATORS);
        Message model = new Message();
        model.number(1, IR_VERSION);
        model.text(2, "skysieve");
        model.message(7, graph);
        model.message(8, operators);
        model.append(metadata);
        return model.out.toByteArray();
    }

    private static Message value(String tensor, String rows, int... dimensions) {
        Message shape = new Message();
        Message open = new Message();
        open.text(2, rows);
        shape.message(1, open);
        for (int dimension : dimensions) {
            Message one = new Message();
            one.number(1, dimension);
            shape.message(1, one);
        }
        Message tensorType = new Message();
        tensorType.number(1, FLOAT);
        tensorType.message(2, shape);
        Message type = new Message();
        type.message(1, tensorType);
        Message value = new Message();
        value.text(1, tensor);
        value.message(2, type);
        return value;
    }

    /** A protobuf message under construction: fields one after the other. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        void number(int field, long value) {
            varint((long) field << 3 | VARINT);
            varint(value);
        }

        void real(int field, float value) {
            varint((long) field << 3 | FIXED32);
            out.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putFloat(value)
                    .array());
        }

        void text(int field, String value) {
            bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        void message(int field, Message value) {
            bytes(field, value.out.toByteArray());
        }

        void bytes(int field, byte[] value) {
            varint((long) field << 3 | BYTES);
            varint(value.length);
            out.writeBytes(value);
        }

        void append(Message other) {
            out.writeBytes(other.out.toByteArray());
        }

        private void varint(long value) {
            long rest = value;
            while ((rest & ~0x7fL) != 0) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }
}
