package org.skysieve.engine.learn;

import java.util.Arrays;

import org.skysieve.engine.image.CutoutTriplet;

/**
 * What a cutout net sees of a candidate: the {@link CutoutFeatures}, and six square images about its centre. Science,
 * template and difference come twice, as they are and at half the resolution over twice the field, so that both the
 * shape of the source and a trail across the stamp are there at a quarter of the cost of the whole stamp.
 *
 * <p>Images are taken in units of their own noise, {@code (pixel - median) / (1.4826 MAD)}, as
 * {@code sign(x) ln(1 + |x|)}. Where the seeing is known and far from the usual one, they are resampled to it. Pixels that are
 * masked, or outside of a stamp of whatever size, are 0, and a second set of six images says where there are pixels at all.
 *
 * <p>Owns scratch and is not for several threads; make one a thread.
 */
final class NetInput {
    /** Pixels a side; odd, so that the candidate has one of its own. */
    static final int SIDE = 31;

    static final int PIXELS = SIDE * SIDE;

    /** Images with values. */
    static final int IMAGES = 6;

    /** What the net takes: values and masks. */
    static final int PLANES = 2 * IMAGES;

    /** Values are kept as 16-bit numbers of this unit: exact to 1/4096 of a logarithm. */
    private static final float UNIT = 1f / 2048;

    /** "No pixel". */
    static final short MASKED = Short.MIN_VALUE;

    private static final int HALF = SIDE / 2;
    private static final float LN2 = (float) Math.log(2);

    /** Seeing (FWHM in pixels) within these is taken as it is; the net learned at 2.25. */
    private static final double LEAST_FWHM = 1.6;

    private static final double MOST_FWHM = 3.2;
    private static final double USUAL_FWHM = 2.4;

    private final CutoutFeatures extractor = new CutoutFeatures();

    /**
     * Measures one candidate.
     *
     * @param seeingPixels see {@link CutoutFeatures#seeing}; NaN if unknown
     * @param features written, {@link CutoutFeatures#count} values
     * @param images written, {@link #IMAGES} times {@link #PIXELS} values in units of 1/2048, or {@link #MASKED}
     */
    void measure(CutoutTriplet cutouts, double seeingPixels, float[] features, short[] images) {
        extractor.extract(cutouts, seeingPixels, features, 0);
        double step = seeingPixels < LEAST_FWHM || seeingPixels > MOST_FWHM
                ? Stamp.clamp(seeingPixels, 1.2, 8) / USUAL_FWHM
                : 1;
        Arrays.fill(images, MASKED);
        Stamp[] stamps = stamps();
        for (int i = 0; i < stamps.length; i++) {
            if (stamps[i].present) {
                fine(stamps[i], step, images, i * PIXELS);
                coarse(stamps[i], step, images, (stamps.length + i) * PIXELS);
            }
        }
    }

    /** Science, template and difference of what was measured last, whole. */
    Stamp[] stamps() {
        return new Stamp[] {extractor.science(), extractor.template(), extractor.difference()};
    }

    private static void fine(Stamp stamp, double step, short[] images, int from) {
        int cx = stamp.width / 2;
        int cy = stamp.height / 2;
        boolean inside = cx >= HALF && cy >= HALF && cx + HALF < stamp.width && cy + HALF < stamp.height && step == 1;
        for (int j = 0; j < SIDE; j++) {
            if (inside) {
                int row = (cy + j - HALF) * stamp.width + cx - HALF;
                for (int i = 0; i < SIDE; i++) {
                    images[from + j * SIDE + i] = squeeze(stamp.value[row + i]);
                }
                continue;
            }
            for (int i = 0; i < SIDE; i++) {
                float value = step == 1
                        ? stamp.at(cx + i - HALF, cy + j - HALF)
                        : between(stamp, cx + step * (i - HALF), cy + step * (j - HALF));
                images[from + j * SIDE + i] = squeeze(value);
            }
        }
    }

    private static void coarse(Stamp stamp, double step, short[] images, int from) {
        for (int j = 0; j < SIDE; j++) {
            for (int i = 0; i < SIDE; i++) {
                images[from + j * SIDE + i] = step == 1
                        ? mean(stamp, stamp.width / 2 + 2 * (i - HALF), stamp.height / 2 + 2 * (j - HALF))
                        : mean(stamp, step, 2 * (i - HALF), 2 * (j - HALF));
            }
        }
    }

    private static short mean(Stamp stamp, int x, int y) {
        if (x > 0 && y > 0 && x < stamp.width - 1 && y < stamp.height - 1) {
            float[] v = stamp.value;
            int at = y * stamp.width + x;
            int below = at - stamp.width;
            int above = at + stamp.width;
            float sum = v[below - 1]
                    + v[below]
                    + v[below + 1]
                    + (v[at - 1] + v[at] + v[at + 1])
                    + (v[above - 1] + v[above] + v[above + 1]);
            if (!Float.isNaN(sum)) {
                return mean(sum, 9);
            }
        }
        int left = Math.max(0, x - 1);
        int right = Math.min(stamp.width - 1, x + 1);
        int top = Math.min(stamp.height - 1, y + 1);
        float sum = 0;
        int count = 0;
        for (int row = Math.max(0, y - 1); row <= top; row++) {
            for (int at = row * stamp.width + left; at <= row * stamp.width + right; at++) {
                float value = stamp.value[at];
                boolean there = !Float.isNaN(value);
                sum += there ? value : 0;
                count += there ? 1 : 0;
            }
        }
        return mean(sum, count);
    }

    private static short mean(Stamp stamp, double step, int x, int y) {
        float sum = 0;
        int count = 0;
        for (int dy = -1; dy <= 1; dy++) {
            for (int dx = -1; dx <= 1; dx++) {
                float value = between(stamp, stamp.width / 2 + step * (x + dx), stamp.height / 2 + step * (y + dy));
                if (!Float.isNaN(value)) {
                    sum += value;
                    count++;
                }
            }
        }
        return mean(sum, count);
    }

    private static short mean(float sum, int count) {
        // Twice the mean of nine: the noise of a mean is a third, but neighbouring pixels are correlated.
        return count < 3 ? MASKED : squeeze(2 * sum / count);
    }

    /** Between the four pixels around a place, those that are there; NaN where the nearest is not. */
    private static float between(Stamp stamp, double x, double y) {
        if (Float.isNaN(stamp.at((int) Math.round(x), (int) Math.round(y)))) {
            return Float.NaN;
        }
        int left = (int) Math.floor(x);
        int low = (int) Math.floor(y);
        double fx = x - left;
        double fy = y - low;
        double sum = 0;
        double weight = 0;
        for (int j = 0; j <= 1; j++) {
            for (int i = 0; i <= 1; i++) {
                float value = stamp.at(left + i, low + j);
                if (!Float.isNaN(value)) {
                    double w = (i == 0 ? 1 - fx : fx) * (j == 0 ? 1 - fy : fy);
                    sum += w * value;
                    weight += w;
                }
            }
        }
        return (float) (sum / weight);
    }

    /** {@code sign(x) ln(1 + |x|)} in units of 1/2048. */
    static short squeeze(float value) {
        if (Float.isNaN(value)) {
            return MASKED;
        }
        float squeezed = Math.min(ln(1 + Math.abs(value)) / UNIT, Short.MAX_VALUE);
        return (short) Math.round(value < 0 ? -squeezed : squeezed);
    }

    /** The natural logarithm of a number from 1, to 1e-4: three times as fast as the exact one, of which there are 5,766 a candidate. */
    private static float ln(float value) {
        int bits = Float.floatToRawIntBits(value);
        int exponent = (bits >>> 23) - 127;
        float m = Float.intBitsToFloat(bits & 0x7fffff | 0x3f800000);
        // ln m = 2 artanh((m - 1) / (m + 1)), for m in [1, 2).
        float t = (m - 1) / (m + 1);
        float t2 = t * t;
        return exponent * LN2 + 2 * t * (1 + t2 * (1f / 3 + t2 * (1f / 5 + t2 / 7)));
    }

    /** Writes values and masks of a candidate as the net takes them, {@code target[from ...][PLANES][SIDE][SIDE]}. */
    static void planes(short[] images, float[] target, int from) {
        int size = IMAGES * PIXELS;
        for (int i = 0; i < size; i++) {
            boolean there = images[i] != MASKED;
            target[from + i] = there ? images[i] * UNIT : 0;
            target[from + size + i] = there ? 1 : 0;
        }
    }
}
