package org.skysieve.engine.image;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * One stamp of sky around a candidate.
 *
 * <p>Pixels are row-major in FITS order (row 0 is the bottom row of the sky image, column 0 the left one), in the
 * survey's own unit (DN for ZTF, nJy for LSST). {@code NaN} means "not measured". Immutable.
 */
public final class Cutout {
    private final int width;
    private final int height;
    private final float[] pixels;
    private final @Nullable Orientation orientation;

    /** As {@link #Cutout(int, int, float[], Orientation)}, for an image that does not say how it lies. */
    public Cutout(int width, int height, float[] pixels) {
        this(width, height, pixels, null);
    }

    /**
     * @param orientation how it lies on the sky, or null where that is not known
     * @param pixels row-major, {@code [y * width + x]}; copied; infinities and values beyond 1e30 in size become NaN
     * @throws IllegalArgumentException if a side is below 1 or the number of pixels is not {@code width * height}
     */
    public Cutout(int width, int height, float[] pixels, @Nullable Orientation orientation) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("cutout: got " + width + " x " + height + ", need at least 1 x 1");
        }
        if (pixels.length != (long) width * height) {
            throw new IllegalArgumentException(
                    "cutout: got " + pixels.length + " pixels, need width * height = " + (long) width * height);
        }
        this.width = width;
        this.height = height;
        this.orientation = orientation;
        this.pixels = pixels.clone();
        for (int i = 0; i < this.pixels.length; i++) {
            // Some templates hold -3.4e38 where nothing was measured.
            if (!(Math.abs(this.pixels[i]) < 1e30f)) {
                this.pixels[i] = Float.NaN;
            }
        }
    }

    public int width() {
        return width;
    }

    public int height() {
        return height;
    }

    /** The pixel at column {@code x} and row {@code y}, both from 0; NaN where not measured. */
    public float at(int x, int y) {
        return pixels[y * width + x];
    }

    /** How it lies on the sky, or null where that is not known. It is no part of what makes two cutouts equal. */
    public @Nullable Orientation orientation() {
        return orientation;
    }

    /** A copy of the pixels, row-major. */
    public float[] pixels() {
        return pixels.clone();
    }

    /** Copies the pixels into {@code target[from...]}; for hot loops that keep their own scratch. */
    public void copyTo(float[] target, int from) {
        System.arraycopy(pixels, 0, target, from, pixels.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Cutout that
                && width == that.width
                && height == that.height
                && Arrays.equals(pixels, that.pixels);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * width + height) + Arrays.hashCode(pixels);
    }

    @Override
    public String toString() {
        return "Cutout[" + width + "x" + height + "]";
    }
}
