package org.skysieve.engine.simulate;

import java.util.SplittableRandom;

import org.skysieve.engine.lightcurve.Passband;

/**
 * The difference flux of a source over time, in any unit; negative when fainter than in the template.
 *
 * <p>Forms and their sources: Bazin et al. 2009 (supernovae), a plateau of 80-120 days (type II), {@code t^-5/3} (tidal
 * disruptions; Rees 1988), a damped random walk (active nuclei; Kelly, Bechtold and Siemiginowska 2009), a linear
 * decline in magnitude (dwarf novae, kilonovae), sawtooth, dips and sine (RR Lyrae, eclipsing binaries, Miras).
 */
@FunctionalInterface
interface FluxCurve {
    /** @param days since the object's first alert, in [-60, 120] */
    double at(double days, Passband passband);

    static FluxCurve draw(Kind kind, SplittableRandom random) {
        return switch (kind) {
            case SUPERNOVA -> supernova(random);
            case NUCLEAR -> random.nextDouble() < 0.25 ? tidalDisruption(random) : activeNucleus(random);
            case ORPHAN -> random.nextDouble() < 0.5 ? kilonova(random) : dwarfNova(random);
            case VARIABLE -> variable(random);
            default -> (days, passband) -> Math.abs(days) < 0.01 ? 1 : 0;
        };
    }

    private static FluxCurve supernova(SplittableRandom random) {
        double u = random.nextDouble();
        if (u < 0.7) {
            return bazin(random, 3 + 3 * random.nextDouble(), 20 + 15 * random.nextDouble(), 0.75);
        }
        if (u < 0.85) {
            return bazin(random, 2.5 + 3 * random.nextDouble(), 15 + 12 * random.nextDouble(), 0.65);
        }
        return plateau(random);
    }

    /** {@code exp(-(t - t0) / fall) / (1 + exp(-(t - t0) / rise))}; blue light falls faster. */
    private static FluxCurve bazin(SplittableRandom random, double rise, double fall, double blueFall) {
        double first = -2.0 * rise + (2.0 * rise + 35) * random.nextDouble();
        return (days, passband) -> {
            double t = days + first;
            double tau = passband == Passband.G ? fall * blueFall : passband == Passband.I ? fall * 1.2 : fall;
            return Math.exp(-t / tau) / (1 + Math.exp(-t / rise)) * colour(passband, 1, 0.95, 0.8);
        };
    }

    private static FluxCurve plateau(SplittableRandom random) {
        double rise = 1.5 + 2 * random.nextDouble();
        double length = 80 + 40 * random.nextDouble();
        double first = -rise + length * random.nextDouble();
        return (days, passband) -> {
            double t = days + first;
            double decline = passband == Passband.G ? 0.015 : 0.003;
            double level = Math.exp(-decline * Math.max(t, 0)) / (1 + Math.exp(-t / rise));
            return level * (0.08 + 0.92 / (1 + Math.exp((t - length) / 4)));
        };
    }

    private static FluxCurve tidalDisruption(SplittableRandom random) {
        double rise = 8 + 10 * random.nextDouble();
        double scale = 25 + 30 * random.nextDouble();
        double first = -rise + 60 * random.nextDouble();
        return (days, passband) -> {
            double t = days + first;
            double level = t < 0 ? Math.exp(-t * t / (2 * rise * rise)) : Math.pow(1 + t / scale, -5.0 / 3);
            return level * colour(passband, 1, 0.85, 0.75);
        };
    }

    /** An Ornstein-Uhlenbeck process on a daily grid, relative to a template taken long before. */
    private static FluxCurve activeNucleus(SplittableRandom random) {
        double tau = 60 * Math.exp(0.6 * random.nextGaussian());
        double decay = Math.exp(-1 / tau);
        double kick = Math.sqrt(1 - decay * decay);
        double[] level = new double[182];
        level[0] = 0.4 + random.nextGaussian();
        for (int day = 1; day < level.length; day++) {
            level[day] = level[day - 1] * decay + kick * random.nextGaussian();
        }
        return (days, passband) -> {
            double x = Math.max(0, Math.min(level.length - 1.001, days + 60));
            int day = (int) x;
            double flux = level[day] + (x - day) * (level[day + 1] - level[day]);
            return flux * colour(passband, 1, 0.85, 0.75);
        };
    }

    private static FluxCurve kilonova(SplittableRandom random) {
        double first = 0.2 + 1.3 * random.nextDouble();
        return (days, passband) -> {
            double t = days + first;
            double fade = colour(passband, 1.8, 1.0, 0.6);
            return t < 0 ? 0 : Math.pow(10, -0.4 * fade * t);
        };
    }

    private static FluxCurve dwarfNova(SplittableRandom random) {
        double rise = 0.5 + random.nextDouble();
        double top = 2 + 8 * random.nextDouble();
        double decline = 0.3 + 0.5 * random.nextDouble();
        double first = -0.3 * rise + (top + 2 / decline) * random.nextDouble();
        return (days, passband) -> {
            double t = days + first;
            double mag = t < 0 ? -4 * t / rise : t < top ? 0.05 * t : 0.05 * top + decline * (t - top);
            return Math.pow(10, -0.4 * Math.min(mag, 12)) * colour(passband, 1, 0.9, 0.85);
        };
    }

    private static FluxCurve variable(SplittableRandom random) {
        double u = random.nextDouble();
        if (u < 0.15) {
            return dwarfNova(random);
        }
        // Two of five variables are fainter than in the template; about half of these families' phases would be.
        boolean fainter = random.nextDouble() < 0.4 / 0.85;
        FluxCurve curve = u < 0.45
                ? sawtooth(random)
                : u < 0.6 ? eclipses(random) : u < 0.8 ? mira(random) : activeNucleus(random);
        double sign = curve.at(0, Passband.R) < 0 == fainter ? 1 : -1;
        return (days, passband) -> sign * curve.at(days, passband);
    }

    /** RR Lyrae: a fast rise (15 % of the period), a slow fall. */
    private static FluxCurve sawtooth(SplittableRandom random) {
        double period = 0.45 + 0.2 * random.nextDouble();
        double first = random.nextDouble();
        return (days, passband) -> {
            double phase = days / period + first;
            phase -= Math.floor(phase);
            double level = phase < 0.15 ? phase / 0.15 : (1 - phase) / 0.85;
            return (level - 0.45) * colour(passband, 1.2, 1, 0.75);
        };
    }

    private static FluxCurve eclipses(SplittableRandom random) {
        double period = 0.3 + 5 * random.nextDouble();
        double first = random.nextDouble();
        return (days, passband) -> {
            double phase = days / period + first;
            phase -= Math.rint(phase);
            return 0.1 - Math.exp(-phase * phase / (2 * 0.07 * 0.07));
        };
    }

    private static FluxCurve mira(SplittableRandom random) {
        double period = 100 + 400 * random.nextDouble();
        double first = random.nextDouble();
        double offset = 0.5 * random.nextGaussian();
        return (days, passband) ->
                (Math.sin(2 * Math.PI * (days / period + first)) - offset) * colour(passband, 0.4, 1, 1.6);
    }

    private static double colour(Passband passband, double g, double r, double i) {
        return passband == Passband.G ? g : passband == Passband.I ? i : r;
    }
}
