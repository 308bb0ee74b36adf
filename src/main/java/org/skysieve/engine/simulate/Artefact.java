package org.skysieve.engine.simulate;

import java.util.SplittableRandom;

/**
 * The shape of a bogus detection, in any unit (the painter scales it to the wanted signal-to-noise).
 *
 * @param difference added to the difference image
 * @param inScience whether the science image shows it too; a bad subtraction exists in the difference only
 */
record Artefact(float[] difference, boolean inScience) {

    static Artefact draw(SplittableRandom random, Kind kind, Frame frame, Sky sky, Psf psf, double drift) {
        float[] shape = new float[frame.side * frame.side];
        switch (kind) {
            case DIPOLE -> addDipole(random, shape, frame, host(sky), psf, drift, 1);
            case RINGING -> addRinging(random, shape, frame, host(sky), psf, drift);
            case HOT_PIXEL -> addHotPixels(random, shape, frame, drift);
            case COSMIC_RAY -> addTrack(random, shape, frame);
            case SATURATED -> addStreaks(random, shape, frame, psf);
            case TRAIL -> addTrail(random, shape, frame, psf);
            case GHOST -> addGhost(random, shape, frame);
            case EDGE ->
                addStrip(random, shape, frame, sky.masks().get(sky.masks().size() - 1));
            case COLUMN -> addColumn(random, shape, frame);
            default -> throw new IllegalArgumentException("artefact: got " + kind.label + ", need a bogus kind");
        }
        boolean inScience = !(kind == Kind.DIPOLE || kind == Kind.RINGING || kind == Kind.SATURATED);
        return new Artefact(shape, inScience);
    }

    private static Sky.Star host(Sky sky) {
        for (Sky.Star star : sky.stars()) {
            if (star.host()) {
                return star;
            }
        }
        throw new IllegalStateException("artefact: the sky has no host star");
    }

    /**
     * The residual of a star that was shifted and blurred between the images: a gradient of the profile, the difference
     * of two widths, and roughness from registration errors within pixels, and some of the star itself. Its largest value is {@code peak}.
     */
    static void addDipole(
            SplittableRandom random, float[] shape, Frame frame, Sky.Star star, Psf psf, double drift, double peak) {
        double angle = 2 * Math.PI * random.nextDouble();
        double step = 0.5 + 0.35 * random.nextDouble();
        double sx = step * Math.cos(angle);
        double sy = step * Math.sin(angle);
        double shift = 0.3 + 0.7 * random.nextDouble();
        double width = 1.4 * random.nextDouble() - 0.7;
        double rough = 0.05 + 0.3 * random.nextDouble();
        // Counts that are not proportional to light leave some of the star itself.
        double rest = (0.25 + 0.35 * drift) * random.nextGaussian();
        Psf sharp = psf.scaledTo(Math.max(1.2, psf.fwhmPixels * (0.65 + 0.35 * random.nextDouble())));
        Psf wide = psf.scaledTo(Math.max(1.6, psf.fwhmPixels * (0.95 + 0.3 * random.nextDouble())));
        double top = sharp.at(0, 0);
        int reach = (int) Math.ceil(3.5 * psf.fwhmPixels);
        int cx = (int) Math.round(frame.middle + star.x());
        int cy = (int) Math.round(frame.middle + star.y());
        int n = 2 * reach + 1;
        double[] values = new double[n * n];
        double largest = 1e-12;
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                double x = cx + i - reach - frame.middle - star.x();
                double y = cy + j - reach - frame.middle - star.y();
                double gradient = (sharp.overPixel(x - sx, y - sy) - sharp.overPixel(x + sx, y + sy)) / top;
                double ring = 1.6 * (sharp.overPixel(x, y) - wide.overPixel(x, y)) / top;
                double speckle = Math.sqrt(sharp.at(x, y) / top) * random.nextGaussian();
                double blob = wide.overPixel(x, y) / wide.at(0, 0);
                double value = shift * gradient + width * ring + rest * blob + rough * 0.5 * speckle;
                values[j * n + i] = value;
                largest = Math.max(largest, Math.abs(value));
            }
        }
        for (int j = 0; j < n; j++) {
            for (int i = 0; i < n; i++) {
                int x = cx + i - reach;
                int y = cy + j - reach;
                if (x >= 0 && y >= 0 && x < frame.side && y < frame.side) {
                    shape[y * frame.side + x] += (float) (peak / largest * values[j * n + i]);
                }
            }
        }
    }

    /** Waves around a bright star that the convolution kernel could not fit: bands along rows, columns, or rings. */
    private static void addRinging(
            SplittableRandom random, float[] shape, Frame frame, Sky.Star star, Psf psf, double drift) {
        double form = random.nextDouble();
        double period = 2 + 1.6 * random.nextDouble();
        double phase = 2 * Math.PI * random.nextDouble();
        double alongScale = 1.5 + 2.5 * random.nextDouble();
        double acrossScale = 0.6 * psf.fwhmPixels + random.nextDouble();
        double offset = random.nextBoolean() ? 0 : 3 * random.nextGaussian();
        forEach(frame, shape, (dx, dy) -> {
            double x = dx - star.x();
            double y = dy - star.y();
            if (form < 0.35) {
                double r = Math.hypot(x, y);
                return Math.cos(2 * Math.PI * r / (period + 1)) * Math.exp(-r / alongScale);
            }
            double along = form < 0.8 ? y : x;
            double across = form < 0.8 ? x : y;
            return Math.cos(2 * Math.PI * along / period + phase)
                    * Math.exp(-sq((along - offset) / alongScale) / 2 - sq(across / acrossScale) / 2);
        });
        addDipole(random, shape, frame, star, psf, drift, 0.5 * random.nextDouble());
    }

    /** One to four neighbouring pixels, sharper than any star; sometimes with a weak trail along the column. */
    private static void addHotPixels(SplittableRandom random, float[] shape, Frame frame, double drift) {
        int x = frame.middle;
        int y = frame.middle;
        int count = 1 + (random.nextDouble() < 0.6 ? random.nextInt(1, 5) : 0);
        for (int i = 0; i < count; i++) {
            shape[y * frame.side + x] += (float) (i == 0 ? 1 : 0.25 + 0.75 * random.nextDouble());
            if (random.nextDouble() < 0.65) {
                y += random.nextBoolean() ? 1 : -1;
            } else {
                x += random.nextBoolean() ? 1 : -1;
            }
        }
        if (random.nextDouble() < 0.5 + 0.4 * drift) {
            // The difference's convolution softens the pixel somewhat.
            frame.blur(shape, (0.4 + 0.35 * random.nextDouble()) * (1 + 0.5 * drift));
        }
        if (random.nextDouble() < 0.2) {
            float trail = (float) ((random.nextBoolean() ? 1 : -1) * (0.02 + 0.05 * random.nextDouble()));
            for (int row = 0; row < frame.side; row++) {
                shape[row * frame.side + frame.middle] += trail;
            }
        }
    }

    /** A cosmic ray: a straight track narrower than a pixel, its charge uneven. */
    private static void addTrack(SplittableRandom random, float[] shape, Frame frame) {
        double length = 1 + Math.min(18, -4.0 * Math.log1p(-random.nextDouble()));
        double angle = Math.PI * random.nextDouble();
        double start = -length * random.nextDouble();
        double level = 1;
        for (double t = 0; t <= length; t += 0.2) {
            level = Math.max(0.15, Math.min(2, level * Math.exp(0.15 * random.nextGaussian())));
            double x = frame.middle + (start + t) * Math.cos(angle);
            double y = frame.middle + (start + t) * Math.sin(angle);
            int x0 = (int) Math.floor(x);
            int y0 = (int) Math.floor(y);
            double fx = x - x0;
            double fy = y - y0;
            for (int k = 0; k < 4; k++) {
                int i = x0 + (k & 1);
                int j = y0 + (k >> 1);
                double share = ((k & 1) == 1 ? fx : 1 - fx) * (k > 1 ? fy : 1 - fy);
                if (i >= 0 && j >= 0 && i < frame.side && j < frame.side) {
                    shape[j * frame.side + i] += (float) (level * share);
                }
            }
        }
    }

    /** Rows and columns near a saturated star that subtract badly. */
    private static void addStreaks(SplittableRandom random, float[] shape, Frame frame, Psf psf) {
        boolean alongRow = random.nextDouble() < 0.7;
        double length = 3 + 9 * random.nextDouble();
        double width = 0.6 + 0.8 * random.nextDouble();
        double opposite = random.nextDouble() * 0.9;
        double apart = 2 + 2 * random.nextDouble();
        double rough = 0.4 * random.nextDouble();
        forEach(frame, shape, (dx, dy) -> {
            double along = alongRow ? dx : dy;
            double across = alongRow ? dy : dx;
            double line = Math.exp(-sq(across / width) / 2) - opposite * Math.exp(-sq((across - apart) / width) / 2);
            return Math.exp(-Math.abs(along) / length) * line * (1 + rough * random.nextGaussian());
        });
        if (random.nextDouble() < 0.4) {
            psf.add(shape, frame.side, frame.middle, frame.middle, 3 * random.nextDouble(), 1e-3);
        }
    }

    /** A satellite or an aeroplane: equally spaced flashes, or an unbroken line. */
    private static void addTrail(SplittableRandom random, float[] shape, Frame frame, Psf psf) {
        double angle = 2 * Math.PI * random.nextDouble();
        double c = Math.cos(angle);
        double s = Math.sin(angle);
        if (random.nextDouble() < 0.7) {
            double spacing = 8 + 17 * random.nextDouble();
            double smear = 3 * random.nextDouble();
            int reach = (int) Math.ceil(frame.side / spacing) + 1;
            for (int k = -reach; k <= reach; k++) {
                double flux = k == 0 ? 1 : 0.6 + 0.6 * random.nextDouble();
                for (int part = -2; part <= 2; part++) {
                    double t = k * spacing + smear * part / 4;
                    psf.add(shape, frame.side, frame.middle + t * c, frame.middle + t * s, flux / 5, 1e-3);
                }
            }
        } else {
            double width = psf.fwhmPixels / 2.355 * (1 + random.nextDouble());
            double end = random.nextDouble() < 0.3 ? 6 * random.nextDouble() : frame.side;
            forEach(frame, shape, (dx, dy) -> {
                double along = dx * c + dy * s;
                double across = dy * c - dx * s;
                return along > end ? 0 : Math.exp(-sq(across / width) / 2);
            });
        }
    }

    /** A reflection: a wide disc or ring, with a knot that the detection finds. */
    private static void addGhost(SplittableRandom random, float[] shape, Frame frame) {
        double radius = 5 + 12 * random.nextDouble();
        double width = 2 + 2 * random.nextDouble();
        boolean ring = random.nextBoolean();
        double angle = 2 * Math.PI * random.nextDouble();
        double knot = 0.3 * random.nextDouble();
        double cx = ring ? radius * Math.cos(angle) : 2 * random.nextGaussian();
        double cy = ring ? radius * Math.sin(angle) : 2 * random.nextGaussian();
        forEach(frame, shape, (dx, dy) -> {
            double r = Math.hypot(dx - cx, dy - cy);
            double wide = ring ? Math.exp(-sq((r - radius) / width) / 2) : 1 / (1 + Math.exp((r - radius) / width));
            return wide + knot * Math.exp(-(dx * dx + dy * dy) / (2 * width * width));
        });
    }

    /** The bright or dark rows beside the chip's edge. */
    private static void addStrip(SplittableRandom random, float[] shape, Frame frame, Sky.Mask edge) {
        double length = 4 + 20 * random.nextDouble();
        double width = 0.5 + random.nextDouble();
        double rough = 0.3 + 0.5 * random.nextDouble();
        double depth = 1 + 2 * random.nextDouble();
        boolean alongColumn = edge.x1() - edge.x0() < edge.y1() - edge.y0();
        double line = alongColumn
                ? (edge.x0() > 0 ? edge.x0() - depth : edge.x1() + depth)
                : (edge.y0() > 0 ? edge.y0() - depth : edge.y1() + depth);
        forEach(frame, shape, (dx, dy) -> {
            double across = (alongColumn ? dx : dy) - line;
            double along = alongColumn ? dy : dx;
            return Math.exp(-Math.abs(across) / width - Math.abs(along) / length) * (1 + rough * random.nextGaussian());
        });
    }

    /** A bad column (or row): one or two lines through the whole stamp, brightest at the middle. */
    private static void addColumn(SplittableRandom random, float[] shape, Frame frame) {
        boolean column = random.nextDouble() < 0.8;
        boolean twin = random.nextDouble() < 0.4;
        double second = random.nextBoolean() ? -0.8 : 0.7;
        double length = 6 + 60 * random.nextDouble();
        double rough = 0.2 + 0.4 * random.nextDouble();
        forEach(frame, shape, (dx, dy) -> {
            double across = column ? dx : dy;
            double along = column ? dy : dx;
            double level = across == 0 ? 1 : twin && across == 1 ? second : 0;
            return level == 0 ? 0 : level * Math.exp(-Math.abs(along) / length) * (1 + rough * random.nextGaussian());
        });
    }

    private interface Field {
        double at(double dx, double dy);
    }

    /** Adds a field given by offsets from the middle. */
    private static void forEach(Frame frame, float[] shape, Field field) {
        for (int y = 0; y < frame.side; y++) {
            for (int x = 0; x < frame.side; x++) {
                shape[y * frame.side + x] += (float) field.at(x - frame.middle, y - frame.middle);
            }
        }
    }

    private static double sq(double x) {
        return x * x;
    }
}
