package org.skysieve.engine.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Draws a cutout as an indexed PNG: 255 greys, and one colour of its own for pixels that were not measured. Row 0 of the
 * cutout is at the bottom of the picture.
 */
public final class CutoutPng {
    public static final int MAX_ZOOM = 16;

    /** The largest grey; 127 of it is exactly in the middle. */
    private static final int WHITE = 254;

    private static final int NOT_MEASURED = 255;

    /** A blue that no grey comes near, dark enough not to glare. */
    private static final int NOT_MEASURED_RGB = 0x2b3a67;

    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

    private CutoutPng() {}

    /**
     * @param zoom each pixel becomes a square of so many, 1 to {@value #MAX_ZOOM}
     */
    public static byte[] render(Cutout cutout, Panel panel, int zoom) {
        if (zoom < 1 || zoom > MAX_ZOOM) {
            throw new IllegalArgumentException("zoom: got " + zoom + ", need 1 to " + MAX_ZOOM);
        }
        Stretch stretch = Stretch.of(cutout, panel);
        int width = cutout.width() * zoom;
        int height = cutout.height() * zoom;
        byte[] rows = new byte[height * (width + 1)];
        for (int y = 0; y < cutout.height(); y++) {
            // A PNG begins at the top; the first byte of each row says "no filter".
            int top = (cutout.height() - 1 - y) * zoom * (width + 1);
            int at = top + 1;
            for (int x = 0; x < cutout.width(); x++) {
                byte index = (byte) index(stretch, cutout.at(x, y));
                for (int i = 0; i < zoom; i++) {
                    rows[at++] = index;
                }
            }
            for (int i = 1; i < zoom; i++) {
                System.arraycopy(rows, top, rows, top + i * (width + 1), width + 1);
            }
        }
        ByteArrayOutputStream png = new ByteArrayOutputStream(rows.length / 2 + 1024);
        png.writeBytes(SIGNATURE);
        // 8 bits a pixel, palette, no interlace.
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) 8)
                        .put((byte) 3)
                        .array());
        chunk(png, "PLTE", palette());
        chunk(png, "IDAT", deflated(rows));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static int index(Stretch stretch, float pixel) {
        double brightness = stretch.brightness(pixel);
        return Double.isNaN(brightness) ? NOT_MEASURED : (int) Math.rint(brightness * WHITE);
    }

    private static byte[] palette() {
        byte[] palette = new byte[3 * 256];
        for (int i = 0; i <= WHITE; i++) {
            byte grey = (byte) Math.round(i * 255.0 / WHITE);
            palette[3 * i] = grey;
            palette[3 * i + 1] = grey;
            palette[3 * i + 2] = grey;
        }
        palette[3 * NOT_MEASURED] = (byte) (NOT_MEASURED_RGB >> 16);
        palette[3 * NOT_MEASURED + 1] = (byte) (NOT_MEASURED_RGB >> 8);
        palette[3 * NOT_MEASURED + 2] = (byte) NOT_MEASURED_RGB;
        return palette;
    }

    private static byte[] deflated(byte[] rows) {
        Deflater deflater = new Deflater();
        try {
            deflater.setInput(rows);
            deflater.finish();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(rows.length / 2 + 64);
            byte[] buffer = new byte[8192];
            while (!deflater.finished()) {
                bytes.write(buffer, 0, deflater.deflate(buffer));
            }
            return bytes.toByteArray();
        } finally {
            deflater.end();
        }
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 crc = new CRC32();
        crc.update(name);
        crc.update(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        png.writeBytes(name);
        png.writeBytes(data);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
