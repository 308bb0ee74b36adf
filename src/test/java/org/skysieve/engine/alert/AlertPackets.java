package org.skysieve.engine.alert;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/** Packets for tests: {@code anAlert().withCandid(7).build()}. */
public final class AlertPackets {
    private long candid = 1;
    private String survey = "sim";
    private String objectId = "SIM1";
    private double timeMjd = 60_000.25;
    private CutoutTriplet cutouts = new CutoutTriplet(cutout(1), cutout(2), cutout(3));
    private Surroundings surroundings = Surroundings.UNKNOWN;
    private final List<LightCurvePoint> earlier = new ArrayList<>();

    private AlertPackets() {}

    public static AlertPackets anAlert() {
        return new AlertPackets();
    }

    public AlertPackets withCandid(long value) {
        candid = value;
        return this;
    }

    public AlertPackets withSurvey(String value) {
        survey = value;
        return this;
    }

    public AlertPackets withObjectId(String value) {
        objectId = value;
        return this;
    }

    public AlertPackets withTimeMjd(double value) {
        timeMjd = value;
        return this;
    }

    public AlertPackets withCutouts(CutoutTriplet value) {
        cutouts = value;
        return this;
    }

    public AlertPackets withSurroundings(Surroundings value) {
        surroundings = value;
        return this;
    }

    public AlertPackets withEarlier(LightCurvePoint point) {
        earlier.add(point);
        return this;
    }

    public AlertPacket build() {
        List<LightCurvePoint> history = new ArrayList<>(earlier);
        history.add(LightCurvePoint.detection(timeMjd, Passband.R, 18.5, 0.07, 20.3, true));
        return new AlertPacket(
                survey,
                candid,
                objectId,
                timeMjd,
                210.5,
                -12.25,
                Passband.R,
                18.5,
                0.07,
                15.5,
                true,
                2.1,
                1.01,
                0.875,
                cutouts,
                LightCurve.of(history),
                surroundings,
                List.of());
    }

    /** Noise around 200 with a source at the centre and a NaN corner. */
    public static Cutout cutout(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[63 * 63];
        for (int i = 0; i < pixels.length; i++) {
            int x = i % 63 - 31;
            int y = i / 63 - 31;
            pixels[i] = (float) (200 + 6 * random.nextDouble(-1, 1) + 500 * Math.exp(-(x * x + y * y) / 4.0));
        }
        pixels[0] = Float.NaN;
        return new Cutout(63, 63, pixels);
    }
}
