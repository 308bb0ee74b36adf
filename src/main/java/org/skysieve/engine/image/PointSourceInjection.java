package org.skysieve.engine.image;

import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

/**
 * Puts a point source into the stamps of a real candidate, as a transient would be seen at that place: after Killestein
 * et al. (2021, doi:10.1093/mnras/stab633), who set minor planets beside galaxies.
 *
 * <p>The candidate's own source is taken out first. Science image minus difference is the template as sharp as the science
 * image, so that within {@link #ERASED_FWHM} of the centre {@code S' = S - (D - D')}, where {@code D'} is noise of the same
 * difference image from another place. Then a Moffat (1969) profile with beta = 3, {@code A (1 + r^2 / alpha^2)^-3}, is added
 * to both: host, neighbours, masks and noise stay the survey's own.
 *
 * <p>Left out: the photon noise of the source itself and of the host's light within the disc, so that bright injections are a
 * little too clean.
 */
public final class PointSourceInjection {
    /** Radius of the disc that is taken out, in units of the seeing; at least 3 pixels. */
    private static final double ERASED_FWHM = 2.5;

    /** The profile is followed to this many times the seeing, where it has fallen to 1e-4. */
    private static final double REACH_FWHM = 5;

    /** Noise is not taken from a place with a source above this many sigma. */
    private static final double CLEAN_SIGMA = 5;

    private static final int ATTEMPTS = 50;
    private static final double LEAST_FWHM = .5;

    private PointSourceInjection() {}

    /**
     * @param positive whether the candidate is brighter than in the template; else the difference was flipped
     * @param fwhmPixels of the point-spread function, at least 0.5
     * @param snr of the matched filter on the difference image, above 0: {@code A sqrt(sum p^2) / sigma}
     * @param x of the new source from the middle of the stamp, pixels
     * @param y likewise
     * @return stamps whose difference is positive at the new source; empty if science image or difference is missing, they are
     *     of different size, or the difference has no measurable noise
     */
    public static Optional<CutoutTriplet> inject(
            CutoutTriplet stamps,
            boolean positive,
            double fwhmPixels,
            double snr,
            double x,
            double y,
            SplittableRandom random) {
        if (!(fwhmPixels >= LEAST_FWHM) || !(snr > 0)) {
            throw new IllegalArgumentException(
                    "injection: got fwhm " + fwhmPixels + " and S/N " + snr + ", need at least 0.5 and above 0");
        }
        Cutout science = stamps.science();
        // Science minus template again, where the survey flipped it: the new source is brighter than the template.
        Cutout difference = positive ? stamps.difference() : negated(stamps.difference());
        if (science == null
                || difference == null
                || science.width() != difference.width()
                || science.height() != difference.height()) {
            return Optional.empty();
        }
        int width = difference.width();
        int height = difference.height();
        double centreX = (width - 1) / 2.;
        double centreY = (height - 1) / 2.;
        double radius = Math.max(3, ERASED_FWHM * fwhmPixels);
        double[] noise = noise(difference, centreX, centreY, radius);
        double median = noise[0];
        double sigma = noise[1];
        if (!(sigma > 0)) {
            return Optional.empty();
        }
        float[] s = science.pixels();
        float[] d = difference.pixels();
        erase(s, d, difference, centreX, centreY, radius, median, sigma, random);
        if (!add(s, d, width, height, centreX + x, centreY + y, fwhmPixels, snr * sigma)) {
            return Optional.empty();
        }
        return Optional.of(
                new CutoutTriplet(new Cutout(width, height, s), stamps.template(), new Cutout(width, height, d)));
    }

    private static void erase(
            float[] s,
            float[] d,
            Cutout difference,
            double centreX,
            double centreY,
            double radius,
            double median,
            double sigma,
            SplittableRandom random) {
        int width = difference.width();
        int height = difference.height();
        int[] shift = cleanPlace(difference, centreX, centreY, radius, median, sigma, random);
        for (int j = 0; j < height; j++) {
            for (int i = 0; i < width; i++) {
                double dx = i - centreX;
                double dy = j - centreY;
                int at = j * width + i;
                if (dx * dx + dy * dy > radius * radius || Float.isNaN(d[at])) {
                    continue;
                }
                double fresh = shift.length == 0
                        ? median + sigma * random.nextGaussian()
                        : difference.at(i + shift[0], j + shift[1]);
                s[at] += (float) (fresh - d[at]);
                d[at] = (float) fresh;
            }
        }
    }

    private static @Nullable Cutout negated(@Nullable Cutout cutout) {
        if (cutout == null) {
            return null;
        }
        float[] pixels = cutout.pixels();
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = -pixels[i];
        }
        return new Cutout(cutout.width(), cutout.height(), pixels);
    }

    /** Where to a disc can be moved that holds nothing but noise; empty if there is no such place. */
    private static int[] cleanPlace(
            Cutout difference,
            double centreX,
            double centreY,
            double radius,
            double median,
            double sigma,
            SplittableRandom random) {
        int reachX = (int) Math.floor(centreX - radius);
        int reachY = (int) Math.floor(centreY - radius);
        if (reachX < 1 || reachY < 1) {
            return new int[0];
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int dx = random.nextInt(-reachX, reachX + 1);
            int dy = random.nextInt(-reachY, reachY + 1);
            if (dx * dx + dy * dy >= 4 * radius * radius
                    && isClean(difference, centreX + dx, centreY + dy, radius, median, sigma)) {
                return new int[] {dx, dy};
            }
        }
        return new int[0];
    }

    private static boolean isClean(Cutout image, double x, double y, double radius, double median, double sigma) {
        for (int j = (int) Math.ceil(y - radius); j <= y + radius; j++) {
            for (int i = (int) Math.ceil(x - radius); i <= x + radius; i++) {
                boolean inside = (i - x) * (i - x) + (j - y) * (j - y) <= radius * radius;
                // NaN is not below: masked places are not clean.
                if (inside && !(Math.abs(image.at(i, j) - median) < CLEAN_SIGMA * sigma)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** False if fewer than five pixels of the source were measured. */
    private static boolean add(
            float[] s, float[] d, int width, int height, double x, double y, double fwhm, double snrTimesSigma) {
        double alpha = fwhm / (2 * Math.sqrt(Math.cbrt(2) - 1));
        double reach = REACH_FWHM * fwhm;
        double[] profile = new double[d.length];
        double squares = 0;
        int measured = 0;
        for (int j = 0; j < height; j++) {
            for (int i = 0; i < width; i++) {
                double r2 = (i - x) * (i - x) + (j - y) * (j - y);
                if (r2 <= reach * reach && !Float.isNaN(d[j * width + i])) {
                    double u = 1 + r2 / (alpha * alpha);
                    double p = 1 / (u * u * u);
                    profile[j * width + i] = p;
                    squares += p * p;
                    measured++;
                }
            }
        }
        // A source whose core is masked would be added to its wings alone, with any amplitude.
        if (measured < 5 || squares < .5) {
            return false;
        }
        double amplitude = snrTimesSigma / Math.sqrt(squares);
        for (int k = 0; k < d.length; k++) {
            s[k] += (float) (amplitude * profile[k]);
            d[k] += (float) (amplitude * profile[k]);
        }
        return true;
    }

    /** Median and 1.4826 times the median absolute deviation of the measured pixels beyond the disc; NaN with too few. */
    private static double[] noise(Cutout image, double centreX, double centreY, double radius) {
        double[] values = new double[image.width() * image.height()];
        int count = 0;
        for (int j = 0; j < image.height(); j++) {
            for (int i = 0; i < image.width(); i++) {
                double dx = i - centreX;
                double dy = j - centreY;
                float v = image.at(i, j);
                if (dx * dx + dy * dy > radius * radius && !Float.isNaN(v)) {
                    values[count++] = v;
                }
            }
        }
        if (count < 25) {
            return new double[] {Double.NaN, Double.NaN};
        }
        Arrays.sort(values, 0, count);
        double median = values[count / 2];
        for (int i = 0; i < count; i++) {
            values[i] = Math.abs(values[i] - median);
        }
        Arrays.sort(values, 0, count);
        return new double[] {median, 1.4826 * values[count / 2]};
    }
}
