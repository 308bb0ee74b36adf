package org.skysieve.engine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.math.Robust;

/**
 * The compact form in which cutouts are stored and go to the browser: 16 bits a pixel on an asinh scale of its own for
 * each image, so that stretching it anew needs no server. The layout ("SKC1") is in docs/formats.md.
 *
 * <p>A pixel comes back within half a step: {@code sigma * cosh(s) * (hi - lo) / 65534 / 2} with
 * {@code s = asinh((x - median) / sigma)}, besides float rounding. That is some 1e-4 sigma in the background.
 */
public final class PackedTriplet {
    private static final byte[] MAGIC = "SKC1".getBytes(StandardCharsets.US_ASCII);
    private static final int PANELS = Panel.values().length;
    private static final int PANEL_HEADER = 24;
    private static final int HEADER = 8 + PANELS * PANEL_HEADER;
    private static final int STEPS = 65_534;
    private static final int NOT_MEASURED = 65_535;
    private static final int LIES = 1;
    private static final int MIRRORED = 2;
    private static final double ANGLE_STEP_DEG = 360.0 / 65_536;

    private PackedTriplet() {}

    /**
     * @throws IllegalArgumentException if a side is longer than 65,535 pixels
     */
    public static byte[] encode(CutoutTriplet triplet) {
        int size = HEADER;
        for (Panel panel : Panel.values()) {
            Cutout cutout = panel.of(triplet);
            if (cutout != null) {
                if (cutout.width() > 0xffff || cutout.height() > 0xffff) {
                    throw new IllegalArgumentException("packed cutouts: got " + cutout + ", need sides up to 65535");
                }
                size = Math.addExact(size, Math.multiplyExact(2, cutout.width() * cutout.height()));
            }
        }
        ByteBuffer blob = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        blob.put(MAGIC).put((byte) PANELS);
        encode(triplet.orientation(), blob);
        int data = HEADER;
        for (Panel panel : Panel.values()) {
            Cutout cutout = panel.of(triplet);
            blob.position(8 + panel.ordinal() * PANEL_HEADER);
            if (cutout != null) {
                encode(cutout, blob, data);
                data += 2 * cutout.width() * cutout.height();
            }
        }
        return blob.array();
    }

    private static void encode(@Nullable Orientation orientation, ByteBuffer blob) {
        if (orientation == null) {
            blob.put(new byte[3]);
            return;
        }
        blob.put((byte) (orientation.mirrored() ? LIES | MIRRORED : LIES));
        // 360 degrees are 0 again: the cast leaves the overflow out.
        blob.putShort((short) Math.round(orientation.upAngleDeg() / ANGLE_STEP_DEG));
    }

    private static @Nullable Orientation orientation(ByteBuffer blob) {
        int flags = blob.get(5);
        return (flags & LIES) == 0
                ? null
                : new Orientation((blob.getShort(6) & 0xffff) * ANGLE_STEP_DEG, (flags & MIRRORED) != 0);
    }

    private static void encode(Cutout cutout, ByteBuffer blob, int data) {
        float[] pixels = cutout.pixels();
        Robust sample = Robust.of(pixels);
        Robust.Scale scale = Stretch.scale(sample);
        // What the reader will find in the header is what must be used here.
        float median = (float) scale.median();
        float sigma = (float) scale.sigma();
        boolean empty = sample.size() == 0;
        float lo = empty ? 0 : (float) Stretch.asinh((sample.min() - median) / sigma);
        float hi = empty ? 0 : (float) Stretch.asinh((sample.max() - median) / sigma);
        blob.putShort((short) cutout.width()).putShort((short) cutout.height());
        blob.putFloat(median).putFloat(sigma).putFloat(lo).putFloat(hi).putInt(data);
        double perStep = hi > lo ? STEPS / ((double) hi - lo) : 0;
        for (int i = 0; i < pixels.length; i++) {
            int q = NOT_MEASURED;
            if (!Float.isNaN(pixels[i])) {
                double step = Math.rint((Stretch.asinh((pixels[i] - median) / (double) sigma) - lo) * perStep);
                q = (int) Math.max(0, Math.min(STEPS, step));
            }
            blob.putShort(data + 2 * i, (short) q);
        }
    }

    /**
     * @throws IllegalArgumentException if this is no such blob, saying what came
     */
    public static CutoutTriplet decode(byte[] bytes) {
        if (bytes.length < HEADER) {
            throw new IllegalArgumentException(
                    "packed cutouts: got " + bytes.length + " bytes, need a header of " + HEADER);
        }
        ByteBuffer blob = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < MAGIC.length; i++) {
            if (bytes[i] != MAGIC[i]) {
                throw new IllegalArgumentException(String.format(
                        "packed cutouts: got %02x %02x %02x %02x, need 53 4b 43 31 (SKC1)",
                        bytes[0], bytes[1], bytes[2], bytes[3]));
            }
        }
        if (bytes[4] != PANELS) {
            throw new IllegalArgumentException("packed cutouts: got " + (bytes[4] & 0xff) + " panels, need " + PANELS);
        }
        Orientation lies = orientation(blob);
        return new CutoutTriplet(
                decode(blob, Panel.SCIENCE, lies),
                decode(blob, Panel.TEMPLATE, lies),
                decode(blob, Panel.DIFFERENCE, lies));
    }

    private static @Nullable Cutout decode(ByteBuffer blob, Panel panel, @Nullable Orientation lies) {
        int at = 8 + panel.ordinal() * PANEL_HEADER;
        int width = blob.getShort(at) & 0xffff;
        int height = blob.getShort(at + 2) & 0xffff;
        if (width == 0 || height == 0) {
            return null;
        }
        double median = blob.getFloat(at + 4);
        double sigma = blob.getFloat(at + 8);
        double lo = blob.getFloat(at + 12);
        double hi = blob.getFloat(at + 16);
        long data = blob.getInt(at + 20) & 0xffff_ffffL;
        long end = data + 2L * width * height;
        if (data < HEADER || end > blob.capacity()) {
            throw new IllegalArgumentException("packed cutouts: " + panel.label() + " of " + width + " x " + height
                    + " at byte " + data + " does not fit into " + blob.capacity() + " bytes");
        }
        if (!(sigma > 0) || !(hi >= lo) || Double.isNaN(median)) {
            throw new IllegalArgumentException("packed cutouts: " + panel.label() + " has median " + median + ", sigma "
                    + sigma + ", range " + lo + " to " + hi);
        }
        float[] pixels = new float[width * height];
        for (int i = 0; i < pixels.length; i++) {
            int q = blob.getShort((int) data + 2 * i) & 0xffff;
            pixels[i] =
                    q == NOT_MEASURED ? Float.NaN : (float) (median + sigma * Math.sinh(lo + (hi - lo) * q / STEPS));
        }
        return new Cutout(width, height, pixels, lies);
    }
}
