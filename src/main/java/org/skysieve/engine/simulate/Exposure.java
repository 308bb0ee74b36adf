package org.skysieve.engine.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

/**
 * Paints the three cutouts of one alert, conditioned on its detection: the source (or artefact) is scaled to the wanted
 * signal-to-noise, noise is drawn until the matched filter finds it, the stamps are centred on the peak and the
 * difference is turned so that the peak is positive.
 */
final class Exposure {
    /** The search for the peak reaches so many pixels from the nominal place. */
    static final int REACH = 4;
    /** Noise of the difference relative to the science image's, and how alike the two are. */
    private static final double DIFFERENCE_NOISE = 0.97;

    private static final double SHARED_NOISE = 0.93;
    private static final double NEIGHBOUR_CORRELATION = 0.25;
    private static final int TRIES = 12;

    /**
     * @param snr of the matched filter at the peak, at least {@link Kind#DETECTION_SNR}
     * @param positive sign of the source before the difference was turned
     * @param fwhmPixels of the science image
     */
    record Detection(CutoutTriplet cutouts, double snr, boolean positive, double fwhmPixels) {}

    private final SplittableRandom random;
    private final Kind kind;
    private final Sky sky;
    private final int stampSide;
    private final double drift;
    private final Frame frame;
    private final Psf psf;
    private final double sigma;

    /** @param depth how deep the exposure is, in standard deviations */
    Exposure(SplittableRandom random, Kind kind, Sky sky, SurveySettings settings, double depth) {
        this.random = random;
        this.kind = kind;
        this.sky = sky;
        this.stampSide = settings.stampSide();
        this.drift = settings.drift();
        frame = new Frame(stampSide + 2 * REACH);
        double fwhm = Math.max(1.25, Math.min(6, 2.25 * (1 + 0.45 * drift) * Math.exp(0.3 * random.nextGaussian())));
        psf = new Psf(
                fwhm,
                2.4 + 1.6 * random.nextDouble(),
                1 - Math.min(0.5, Math.abs(0.15 * random.nextGaussian())),
                random.nextDouble() < 0.5 ? 0.2 * random.nextGaussian() : Math.PI * random.nextDouble());
        sigma = Sky.SIGMA * Math.exp(0.42 * (-0.7 * depth + 0.7 * random.nextGaussian()));
    }

    /** @param snr wanted signal-to-noise, signed */
    Detection expose(double snr) {
        float[] scienceSky = frame.sky(sky, psf, sigma);
        float[] templateSky = frame.sky(sky, sky.referencePsf(), sky.referenceSigma());
        float[] residual = residuals(scienceSky);
        Shape source = kind.real ? source(scienceSky, snr) : artefact(snr);
        float[] noiseless = scienceSky.clone();
        if (source.inScience()) {
            for (int i = 0; i < noiseless.length; i++) {
                noiseless[i] += source.image()[i];
            }
        }
        float[] uniform = new float[noiseless.length];
        Arrays.fill(uniform, (float) (DIFFERENCE_NOISE * DIFFERENCE_NOISE * sigma * sigma));
        MatchedFilter filter = new MatchedFilter(psf);
        // Resampling correlates the difference's noise with itself, no longer with the science image's.
        double shared = SHARED_NOISE * (1 - drift);

        for (int attempt = 0; attempt < TRIES; attempt++) {
            float[] own = frame.white(random);
            float[] other = frame.white(random);
            float[] resampled = drift > 0 ? frame.correlated(random, 0.4 * drift) : other;
            float[] science = new float[own.length];
            float[] difference = new float[own.length];
            double rest = Math.sqrt(1 - shared * shared);
            double boost = 1 + 0.1 * attempt * attempt;
            for (int i = 0; i < own.length; i++) {
                double scatter = Math.sqrt(sigma * sigma + Math.max(0, noiseless[i]) / Frame.GAIN);
                double extra = (boost - 1) * source.image()[i];
                science[i] = (float) (noiseless[i] + (source.inScience() ? extra : 0) + scatter * own[i]);
                difference[i] = (float) (residual[i]
                        + boost * source.image()[i]
                        + DIFFERENCE_NOISE * scatter * (shared * own[i] + rest * resampled[i]));
            }
            MatchedFilter.Peak peak = filter.peak(difference, uniform, frame.side, REACH, snr > 0 ? 1 : -1);
            if (Math.abs(peak.snr()) >= Kind.DETECTION_SNR) {
                return new Detection(
                        stamps(science, template(templateSky), difference, peak),
                        Math.abs(peak.snr()),
                        peak.snr() > 0,
                        psf.fwhmPixels);
            }
        }
        throw new IllegalStateException("simulated " + kind.label + ": not detected in " + TRIES
                + " tries at a wanted signal-to-noise of " + snr);
    }

    private record Shape(float[] image, boolean inScience) {}

    /** A point source (some asteroids move during the exposure), as bright as its noise wants it. */
    private Shape source(float[] scienceSky, double snr) {
        float[] profile = new float[scienceSky.length];
        double x = frame.middle + random.nextDouble() - 0.5;
        double y = frame.middle + random.nextDouble() - 0.5;
        Sky.@Nullable Star host = host();
        if (host != null) {
            x = frame.middle + host.x();
            y = frame.middle + host.y();
        }
        boolean moves = kind == Kind.ASTEROID && random.nextDouble() < 0.12;
        double length = moves ? 1 + 4 * random.nextDouble() : 0;
        double angle = Math.PI * random.nextDouble();
        int parts = moves ? 5 : 1;
        for (int part = 0; part < parts; part++) {
            double t = moves ? length * (part / 4.0 - 0.5) : 0;
            psf.add(profile, frame.side, x + t * Math.cos(angle), y + t * Math.sin(angle), 1.0 / parts, 2e-6);
        }
        double information = 0;
        for (int i = 0; i < profile.length; i++) {
            double variance = sq(DIFFERENCE_NOISE) * (sigma * sigma + Math.max(0, scienceSky[i]) / Frame.GAIN);
            information += profile[i] * profile[i] / variance;
        }
        double flux = snr / Math.sqrt(information);
        if (host != null) {
            // A star cannot lose more light than it has, unless nothing would be left to detect.
            flux = Math.max(flux, -Math.max(host.flux(), 6 / Math.sqrt(information)));
        }
        for (int i = 0; i < profile.length; i++) {
            profile[i] *= (float) flux;
        }
        return new Shape(profile, true);
    }

    private Sky.@Nullable Star host() {
        for (Sky.Star star : sky.stars()) {
            if (star.host()) {
                return star;
            }
        }
        return null;
    }

    private Shape artefact(double snr) {
        Artefact artefact = Artefact.draw(random, kind, frame, sky, psf, drift);
        float[] image = artefact.difference();
        float[] uniform = new float[image.length];
        Arrays.fill(uniform, (float) sq(DIFFERENCE_NOISE * sigma));
        double unit = new MatchedFilter(psf)
                .peak(image, uniform, frame.side, REACH, 0)
                .snr();
        if (unit == 0) {
            throw new IllegalStateException("simulated " + kind.label + ": its shape is empty around the middle");
        }
        for (int i = 0; i < image.length; i++) {
            image[i] *= (float) (snr / unit);
        }
        return new Shape(image, artefact.inScience());
    }

    /** What bright stars of the field leave behind in the difference, whatever the candidate is. */
    private float[] residuals(float[] scienceSky) {
        float[] residual = new float[scienceSky.length];
        for (Sky.Star star : sky.stars()) {
            double peak = star.flux() * psf.at(0, 0);
            boolean badOne = kind.onBrightStar() && star.host();
            if (peak > 40 * sigma && !badOne) {
                double share = star.host() ? 0.006 + 0.014 * drift : 0.015 + 0.015 * drift;
                Artefact.addDipole(
                        random, residual, frame, star, psf, drift, share * Math.abs(random.nextGaussian()) * peak);
            }
        }
        return residual;
    }

    private float[] template(float[] templateSky) {
        float[] noise = frame.correlated(new SplittableRandom(sky.referenceNoise()), NEIGHBOUR_CORRELATION);
        float[] template = new float[noise.length];
        for (int i = 0; i < template.length; i++) {
            double depth = sq(sky.referenceSigma() / Sky.SIGMA);
            double variance = depth * (sq(Sky.SIGMA) + Math.max(0, templateSky[i]) / Frame.GAIN);
            template[i] = (float) (templateSky[i] + Math.sqrt(variance) * noise[i]);
        }
        return template;
    }

    private CutoutTriplet stamps(float[] science, float[] template, float[] difference, MatchedFilter.Peak peak) {
        for (float[] image : new float[][] {science, template, difference}) {
            mask(image);
        }
        float sign = peak.snr() > 0 ? 1 : -1;
        // The template was scaled and matched to the science image: both have one background.
        float background = (float) sky.background();
        int[] crop = crop();
        return new CutoutTriplet(
                random.nextDouble() < 0.002 ? null : cut(science, peak, 1, background, crop),
                random.nextDouble() < 0.004 ? null : cut(template, peak, 1, background, crop),
                random.nextDouble() < 0.001 ? null : cut(difference, peak, sign, 0, crop));
    }

    private void mask(float[] image) {
        for (Sky.Mask mask : sky.masks()) {
            for (int y = Math.max(0, frame.middle + mask.y0());
                    y <= Math.min(frame.side - 1, frame.middle + mask.y1());
                    y++) {
                for (int x = Math.max(0, frame.middle + mask.x0());
                        x <= Math.min(frame.side - 1, frame.middle + mask.x1());
                        x++) {
                    image[y * frame.side + x] = Float.NaN;
                }
            }
        }
    }

    /** Rows or columns lost at {left, right, bottom, top}: one stamp in fifty is smaller. */
    private int[] crop() {
        int[] lost = new int[4];
        if (random.nextDouble() < 0.02) {
            lost[random.nextInt(4)] = 1 + random.nextInt(stampSide / 3);
        }
        return lost;
    }

    private Cutout cut(float[] image, MatchedFilter.Peak peak, float sign, float background, int[] lost) {
        int half = stampSide / 2;
        int width = stampSide - lost[0] - lost[1];
        int height = stampSide - lost[2] - lost[3];
        float[] pixels = new float[width * height];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int from = (peak.y() - half + lost[2] + y) * frame.side + peak.x() - half + lost[0] + x;
                pixels[y * width + x] = background + sign * image[from];
            }
        }
        return new Cutout(width, height, pixels);
    }

    private static double sq(double x) {
        return x * x;
    }
}
