package org.skysieve.engine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PackedTripletTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void pixelsComeBackWithinHalfAStep(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[(1 + random.nextInt(63)) * 40];
        double scale = Math.pow(10, random.nextDouble(-8, 8));
        for (int i = 0; i < pixels.length; i++) {
            double spike = random.nextInt(50) == 0 ? Math.pow(10, random.nextDouble(6)) : 1;
            pixels[i] = i % 19 == 18 ? Float.NaN : (float) (scale * (random.nextDouble(-1, 1) * spike + seed));
        }
        Cutout cutout = new Cutout(pixels.length / 40, 40, pixels);

        byte[] blob = PackedTriplet.encode(new CutoutTriplet(cutout, null, cutout));
        Cutout decoded = PackedTriplet.decode(blob).science();

        ByteBuffer header = ByteBuffer.wrap(blob).order(ByteOrder.LITTLE_ENDIAN);
        double median = header.getFloat(12);
        double sigma = header.getFloat(16);
        double step = ((double) header.getFloat(24) - header.getFloat(20)) / 65_534;
        for (int i = 0; i < pixels.length; i++) {
            float back = decoded.pixels()[i];
            if (Float.isNaN(pixels[i])) {
                assertThat(back).isNaN();
            } else {
                double u = (pixels[i] - median) / sigma;
                // Half a step of asinh, plus the float rounding of the range's ends and of the pixel itself.
                double bound = sigma * Math.sqrt(1 + u * u) * (step / 2 * 1.01 + 2e-6) + 2e-7 * Math.abs(pixels[i]);
                assertThat(Math.abs(back - pixels[i])).as("pixel %s", i).isLessThanOrEqualTo((float) bound);
            }
        }
    }

    @Test
    void hasTheDocumentedLayout() {
        Cutout science = new Cutout(2, 1, new float[] {0, Float.NaN});
        Cutout difference = new Cutout(1, 3, new float[] {-1, 0, 1});

        ByteBuffer blob = ByteBuffer.wrap(PackedTriplet.encode(new CutoutTriplet(science, null, difference)))
                .order(ByteOrder.LITTLE_ENDIAN);

        assertThat(new String(blob.array(), 0, 4, StandardCharsets.US_ASCII)).isEqualTo("SKC1");
        assertThat(blob.getInt(4)).isEqualTo(3);
        assertThat(blob.capacity()).isEqualTo(80 + 2 * 2 + 3 * 2);
        assertThat(blob.getShort(8)).isEqualTo((short) 2);
        assertThat(blob.getShort(10)).isEqualTo((short) 1);
        assertThat(blob.getInt(28)).isEqualTo(80);
        assertThat(Arrays.copyOfRange(blob.array(), 32, 56)).containsOnly(0);
        assertThat(blob.getShort(56)).isEqualTo((short) 1);
        assertThat(blob.getInt(76)).isEqualTo(84);
        assertThat(blob.getShort(82) & 0xffff).isEqualTo(65_535);
        assertThat(blob.getShort(84) & 0xffff).isEqualTo(0);
        assertThat(blob.getShort(88) & 0xffff).isEqualTo(65_534);
    }

    @Test
    void constantsAndNothingSurvive() {
        CutoutTriplet triplet = new CutoutTriplet(
                new Cutout(2, 2, new float[] {7, 7, 7, 7}),
                new Cutout(1, 2, new float[] {Float.NaN, Float.NaN}),
                new Cutout(3, 1, new float[] {0, 0, 5}));

        CutoutTriplet decoded = PackedTriplet.decode(PackedTriplet.encode(triplet));

        assertThat(decoded.science()).isEqualTo(triplet.science());
        assertThat(decoded.template()).isEqualTo(triplet.template());
        assertThat(decoded.difference().at(0, 0)).isEqualTo(0);
        assertThat(decoded.difference().at(2, 0)).isBetween(4.9999f, 5.0001f);
        assertThat(PackedTriplet.decode(PackedTriplet.encode(new CutoutTriplet(null, null, null)))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void saysWhatCameInsteadOfABlob() {
        byte[] blob = PackedTriplet.encode(new CutoutTriplet(new Cutout(2, 1, new float[] {1, 2}), null, null));
        byte[] png = blob.clone();
        png[0] = (byte) 0x89;
        byte[] five = blob.clone();
        five[4] = 5;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedTriplet.decode(new byte[10]))
                .withMessageContaining("got 10 bytes");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedTriplet.decode(png))
                .withMessageContaining("got 89 4b 43 31");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedTriplet.decode(five))
                .withMessageContaining("got 5 panels");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PackedTriplet.decode(Arrays.copyOf(blob, blob.length - 1)))
                .withMessageContaining("science of 2 x 1 at byte 80 does not fit into 83 bytes");
    }
}
