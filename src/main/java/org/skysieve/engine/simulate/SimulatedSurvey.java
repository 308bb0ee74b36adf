package org.skysieve.engine.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurve;

/**
 * A survey's alerts that cost nothing and whose truth is known, after a recipe measured on ZTF
 * (docs/methods/simulator.md).
 *
 * <p>Candidate {@code i} is a pure function of the settings and {@code i}: any slice can be made in parallel, streamed
 * or made again. Candidates come in blocks of 16: 11 objects with one alert each, and one or two objects with two to
 * five alerts, whose history grows from alert to alert. Thread-safe.
 */
public final class SimulatedSurvey {
    private static final int BLOCK = 16;
    private static final int ALERTS_OF_SEVERAL = 5;
    private static final double SHARE_OF_SEVERAL = (double) ALERTS_OF_SEVERAL / BLOCK;

    private static final long OBJECT = 1;
    private static final long ALERT = 2;
    private static final long ARRANGEMENT = 3;
    private static final long CANDID = 4;
    private static final long NAME = 5;
    private static final long CATALOGUE = 6;

    private static final int NAME_LETTERS = 7;
    private static final long NAMES = (long) Math.pow(26, NAME_LETTERS);

    private final SurveySettings settings;

    public SimulatedSurvey(SurveySettings settings) {
        this.settings = settings;
    }

    public SurveySettings settings() {
        return settings;
    }

    /**
     * @param index in [0, 8e9)
     * @throws IllegalArgumentException if the index is outside of that
     */
    public SimulatedCandidate candidate(long index) {
        if (index < 0 || index >= NAMES - BLOCK) {
            throw new IllegalArgumentException(
                    "simulated survey: got index " + index + ", need 0 to " + (NAMES - BLOCK - 1));
        }
        Slot slot = slot(index);
        SplittableRandom ofObject = Scramble.random(settings.seed(), OBJECT, slot.object());
        boolean real = ofObject.nextDouble() < settings.realShare();
        Kind kind = Kind.draw(ofObject, real, slot.alerts() > 1, SHARE_OF_SEVERAL);
        double night = Math.floor(settings.startMjd()) + ofObject.nextInt(settings.nights());
        double ra = 360 * ofObject.nextDouble();
        // Uniform on the sphere between the survey's limits.
        double sinSouth = Math.sin(Math.toRadians(-30));
        double dec = Math.toDegrees(Math.asin(sinSouth + (1 - sinSouth) * ofObject.nextDouble()));
        Sightings sightings = Sightings.draw(ofObject, kind, night, slot.alerts(), typicalSnr(ofObject, kind));
        double[] snr = new double[slot.alerts()];
        for (int k = 0; k < snr.length; k++) {
            snr[k] = sightings.alert(k).snr();
        }
        Sky sky = Sky.draw(ofObject, kind, snr, settings.stampSide() / 2, settings.drift());

        SplittableRandom ofAlert = Scramble.random(settings.seed(), ALERT, index);
        Sighting sighting = sightings.alert(slot.alert());
        Exposure.Detection detection =
                new Exposure(ofAlert, kind, sky, settings, sighting.depth()).expose(sighting.snr());
        return new SimulatedCandidate(
                packet(
                        ofAlert,
                        slot,
                        index,
                        ra,
                        dec,
                        real,
                        sighting,
                        sightings,
                        detection,
                        // A stream of its own, so that images do not depend on what catalogues know.
                        SimulatedCatalogue.around(
                                Scramble.random(settings.seed(), CATALOGUE, slot.object()),
                                kind,
                                sky,
                                sighting.point().mag(),
                                slot.alert() + 1)),
                real,
                kind.label,
                detection.snr(),
                settings.seed(),
                index);
    }

    /** The candidates {@code from} to {@code from + count - 1}. */
    public List<SimulatedCandidate> candidates(long from, int count) {
        List<SimulatedCandidate> candidates = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            candidates.add(candidate(from + i));
        }
        return candidates;
    }

    private static double typicalSnr(SplittableRandom random, Kind kind) {
        if (!kind.onBrightStar()) {
            return kind.drawSnr(random);
        }
        // The residual's peak over the noise: 21 / 54 / 202 at the 10/50/90 % quantiles.
        double peak = (kind == Kind.DIPOLE ? 54 : 35) * Math.exp(0.88 * random.nextGaussian());
        return Math.max(Kind.DETECTION_SNR * 1.05, Math.min(3000, Sky.SNR_OF_PEAK * peak));
    }

    private AlertPacket packet(
            SplittableRandom random,
            Slot slot,
            long index,
            double ra,
            double dec,
            boolean real,
            Sighting sighting,
            Sightings sightings,
            Exposure.Detection detection,
            Surroundings surroundings) {
        // Half a pixel of astrometric scatter, in degrees (1" pixels).
        double scatter = 0.15 / 3600;
        double dRa = scatter * random.nextGaussian() / Math.max(0.05, Math.cos(Math.toRadians(dec)));
        double newRa = (ra + dRa + 360) % 360;
        double newDec = Math.max(-90, Math.min(90, dec + scatter * random.nextGaussian()));
        double fwhm = detection.fwhmPixels() * (1 + 0.05 * random.nextGaussian());
        double score = surveyScore(random, real, detection.snr());
        return new AlertPacket(
                settings.survey(),
                candid(index),
                objectId(slot.object()),
                sighting.timeMjd(),
                newRa,
                newDec,
                sighting.passband(),
                sighting.point().mag(),
                sighting.point().magError(),
                detection.snr(),
                detection.positive(),
                fwhm,
                1.0,
                score,
                detection.cutouts(),
                LightCurve.of(sightings.history(slot.alert())),
                surroundings,
                remarks(detection.cutouts()));
    }

    /** A weak score such as surveys deliver: its logits are one standard deviation apart, less for faint ones. */
    private static double surveyScore(SplittableRandom random, boolean real, double snr) {
        double apart = snr < 8 ? 0.7 : 1.2;
        double logit = (real ? apart : -apart) / 2 + random.nextGaussian();
        return random.nextDouble() < 0.03 ? Double.NaN : 1 / (1 + Math.exp(-logit));
    }

    private static List<String> remarks(CutoutTriplet cutouts) {
        List<String> remarks = new ArrayList<>();
        if (cutouts.science() == null) {
            remarks.add("cutoutScience: missing");
        }
        if (cutouts.template() == null) {
            remarks.add("cutoutTemplate: missing");
        }
        if (cutouts.difference() == null) {
            remarks.add("cutoutDifference: missing");
        }
        return remarks;
    }

    /** 18 digits, unique, without order. */
    private long candid(long index) {
        return 100_000_000_000_000_000L + Scramble.permute(Scramble.mix(settings.seed(), CANDID, 0), 29, index);
    }

    /** {@code SIM26} and seven letters, unique, without order. */
    private String objectId(long object) {
        long key = Scramble.mix(settings.seed(), NAME, 0);
        long number = object;
        do {
            // Cycle-walking keeps a permutation of 2^34 numbers within the 26^7 names.
            number = Scramble.permute(key, 17, number);
        } while (number >= NAMES);
        char[] letters = new char[NAME_LETTERS];
        for (int i = NAME_LETTERS - 1; i >= 0; i--) {
            letters[i] = (char) ('a' + number % 26);
            number /= 26;
        }
        return "SIM26" + new String(letters);
    }

    /**
     * Which object a candidate belongs to.
     *
     * @param object the index of its first candidate
     * @param alert number of this alert among the object's, from 0
     */
    private record Slot(long object, int alert, int alerts) {}

    private Slot slot(long index) {
        long block = index / BLOCK;
        int place = (int) (index % BLOCK);
        SplittableRandom random = Scramble.random(settings.seed(), ARRANGEMENT, block);
        int[] places = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            int j = random.nextInt(i + 1);
            places[i] = places[j];
            places[j] = i;
        }
        int firstGroup = random.nextDouble() < 0.6 ? 2 : ALERTS_OF_SEVERAL;
        int position = 0;
        while (places[position] != place) {
            position++;
        }
        if (position >= ALERTS_OF_SEVERAL) {
            return new Slot(index, 0, 1);
        }
        int from = position < firstGroup ? 0 : firstGroup;
        int to = position < firstGroup ? firstGroup : ALERTS_OF_SEVERAL;
        int first = BLOCK;
        int before = 0;
        for (int i = from; i < to; i++) {
            first = Math.min(first, places[i]);
            before += places[i] < place ? 1 : 0;
        }
        return new Slot(block * BLOCK + first, before, to - from);
    }
}
