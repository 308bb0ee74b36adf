package org.skysieve.web;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** A cutout blob in the SKC1 format, written independently of the code under test: a star on noise, and NaN corners. */
final class SampleBlob {
    private static final int HEADER = 8;
    private static final int PANEL = 24;
    private static final int NOT_MEASURED = 65_535;

    private SampleBlob() {}

    /** @param side pixels along each side of the three panels; the template lacks the star */
    static byte[] of(int side, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int start = HEADER + 3 * PANEL;
        ByteBuffer blob = ByteBuffer.allocate(start + 3 * side * side * 2).order(ByteOrder.LITTLE_ENDIAN);
        // It lies with up at a position angle of 30 degrees: 5461 of 65,536.
        blob.put(new byte[] {'S', 'K', 'C', '1', 3, 1}).putShort((short) 5461);
        double lo = asinh(-6);
        double hi = asinh(120);
        for (int panel = 0; panel < 3; panel++) {
            blob.putShort((short) side).putShort((short) side);
            blob.putFloat(panel == 2 ? 0.3f : 200f)
                    .putFloat(6f)
                    .putFloat((float) lo)
                    .putFloat((float) hi);
            blob.putInt(start + panel * side * side * 2);
        }
        for (int panel = 0; panel < 3; panel++) {
            for (int y = 0; y < side; y++) {
                for (int x = 0; x < side; x++) {
                    double dx = x - side / 2.0;
                    double dy = y - side / 2.0;
                    double host = panel == 2 ? 0 : 40 * Math.exp(-Math.hypot(dx - 5, dy + 4) / 3.5);
                    double star = panel == 1 ? 0 : 45 * Math.exp(-(dx * dx + dy * dy) / 5);
                    double sigmas = gaussian(random) + host + star;
                    double code = (asinh(sigmas) - lo) / (hi - lo) * (NOT_MEASURED - 1);
                    boolean masked = x + y < 6;
                    blob.putShort((short) (masked ? NOT_MEASURED : Math.round(Math.min(65_534, Math.max(0, code)))));
                }
            }
        }
        return blob.array();
    }

    private static double asinh(double x) {
        return Math.signum(x) * Math.log(Math.abs(x) + Math.sqrt(x * x + 1));
    }

    private static double gaussian(SplittableRandom random) {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }
}
