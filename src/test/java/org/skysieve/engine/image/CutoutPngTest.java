package org.skysieve.engine.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;

import javax.imageio.ImageIO;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

class CutoutPngTest {
    @Test
    void rowZeroIsAtTheBottom() throws IOException {
        Cutout cutout = noise(20, 10, 0, 100);
        float[] pixels = cutout.pixels();
        pixels[0] = 100_000;

        BufferedImage image = image(new Cutout(20, 10, pixels), Panel.SCIENCE, 3);

        assertThat(image.getWidth()).isEqualTo(60);
        assertThat(image.getHeight()).isEqualTo(30);
        assertThat(image.getRGB(0, 29)).isEqualTo(0xffffffff);
        assertThat(image.getRGB(2, 27)).isEqualTo(0xffffffff);
        assertThat(image.getRGB(3, 29)).isNotEqualTo(0xffffffff);
        assertThat(image.getRGB(0, 0)).isNotEqualTo(0xffffffff);
    }

    @ParameterizedTest
    @EnumSource(Panel.class)
    void whatWasNotMeasuredHasAColourOfItsOwn(Panel panel) throws IOException {
        float[] pixels = noise(30, 30, 5, 50).pixels();
        pixels[31] = Float.NaN;

        BufferedImage image = image(new Cutout(30, 30, pixels), panel, 1);

        int nan = image.getRGB(1, 28);
        assertThat(isGrey(nan)).isFalse();
        for (int y = 0; y < 30; y++) {
            for (int x = 0; x < 30; x++) {
                if (x != 1 || y != 28) {
                    assertThat(isGrey(image.getRGB(x, y))).isTrue();
                }
            }
        }
    }

    @Test
    void anImageOfNothingIsFlat() throws IOException {
        BufferedImage image = image(new Cutout(2, 1, new float[] {Float.NaN, Float.NaN}), Panel.DIFFERENCE, 1);

        assertThat(image.getRGB(0, 0)).isEqualTo(image.getRGB(1, 0));
        assertThat(isGrey(image.getRGB(0, 0))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0", "17", "-1"})
    void refusesAnAbsurdZoom(int zoom) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CutoutPng.render(noise(2, 2, 0, 1), Panel.SCIENCE, zoom))
                .withMessageContaining("got " + zoom);
    }

    @Test
    void scienceGoesFromTwoSigmaBelowToAtLeastEightAbove() {
        Stretch stretch = Stretch.of(noise(200, 200, 1000, 10), Panel.SCIENCE);

        double black = Stretch.asinh(-1);
        double white = Stretch.asinh(4);
        assertThat(stretch.brightness(970)).isEqualTo(0);
        assertThat(stretch.brightness(1000)).isCloseTo(-black / (white - black), within(0.02));
        assertThat(stretch.brightness(1078)).isCloseTo(1, within(0.02));
        assertThat(stretch.brightness(1e6f)).isEqualTo(1);
        assertThat(stretch.brightness(Float.NaN)).isNaN();
    }

    @Test
    void theWhiteOfAScienceImageIsThe998thPerMille() {
        float[] pixels = noise(100, 100, 0, 1).pixels();
        for (int i = 0; i < 100; i++) {
            pixels[i * 100] = 500;
        }
        Stretch stretch = Stretch.of(new Cutout(100, 100, pixels), Panel.TEMPLATE);

        assertThat(stretch.brightness(499)).isLessThan(1).isGreaterThan(0.99);
        assertThat(stretch.brightness(500)).isEqualTo(1);
    }

    @Test
    void theDifferenceIsSymmetricAboutMidGrey() {
        Stretch quiet = Stretch.of(noise(200, 200, 0, 10), Panel.DIFFERENCE);
        assertThat(quiet.brightness(0)).isEqualTo(0.5);
        assertThat(quiet.brightness(37) + quiet.brightness(-37)).isCloseTo(1, within(1e-12));
        assertThat(quiet.brightness(98)).isLessThan(1);
        assertThat(quiet.brightness(103)).isEqualTo(1);

        float[] pixels = noise(200, 200, 0, 10).pixels();
        for (int i = 0; i < 400; i++) {
            pixels[i * 100] = -1e6f;
        }
        Stretch loud = Stretch.of(new Cutout(200, 200, pixels), Panel.DIFFERENCE);
        assertThat(loud.brightness(0)).isEqualTo(0.5);
        assertThat(loud.brightness(-580)).isGreaterThan(0);
        assertThat(loud.brightness(-620)).isEqualTo(0);
    }

    @Test
    void theHyperbolicSineIsUndone() {
        for (double x : new double[] {0, 1e-12, -1e-12, 0.3, -0.3, 5, -20, 300}) {
            assertThat(Stretch.asinh(Math.sinh(x))).isCloseTo(x, within(1e-15 + 1e-14 * Math.abs(x)));
        }
    }

    private static boolean isGrey(int argb) {
        return (argb >> 16 & 0xff) == (argb >> 8 & 0xff) && (argb >> 8 & 0xff) == (argb & 0xff);
    }

    private static Cutout noise(int width, int height, double mean, double sigma) {
        Random random = new Random(7);
        float[] pixels = new float[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) (mean + sigma * random.nextGaussian());
        }
        return new Cutout(width, height, pixels);
    }

    private static BufferedImage image(Cutout cutout, Panel panel, int zoom) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(CutoutPng.render(cutout, panel, zoom)));
    }
}
