package org.skysieve.engine.image;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class OrientationTest {
    private static final double PIXEL_DEG = 0.2 / 3600;

    /** A FITS file of 2 x 2 pixels with these cards besides the necessary ones. */
    private static byte[] fits(String... cards) {
        byte[] plain = FitsStamps.write(new Cutout(2, 2, new float[] {1, 2, 3, 4}), false);
        int at = 5 * 80;
        for (String card : cards) {
            byte[] ascii = String.format(Locale.ROOT, "%-80s", card).getBytes(US_ASCII);
            System.arraycopy(ascii, 0, plain, at, 80);
            at += 80;
        }
        byte[] end = String.format(Locale.ROOT, "%-80s", "END").getBytes(US_ASCII);
        System.arraycopy(end, 0, plain, at, 80);
        return plain;
    }

    private static String card(String keyword, Object value) {
        return String.format(Locale.ROOT, "%-8s= %20s / as a test has it", keyword, value);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 270", "30, 30, 300", "90, 90, 0", "200, 200, 110", "359.5, 359.5, 269.5"})
    void aKnownRotationPointsNorthAndEast(double angle, double north, double east) {
        // Up is the position angle, the right is 90 degrees less: the sky as it is seen from below.
        double radians = Math.toRadians(angle);
        Orientation orientation = Orientation.of(
                -PIXEL_DEG * Math.cos(radians),
                PIXEL_DEG * Math.sin(radians),
                PIXEL_DEG * Math.sin(radians),
                PIXEL_DEG * Math.cos(radians));

        assertThat(orientation.mirrored()).isFalse();
        assertThat(orientation.upAngleDeg()).isCloseTo(angle, within(1e-9));
        assertThat(orientation.northDeg()).isCloseTo(north, within(1e-9));
        assertThat(orientation.eastDeg()).isCloseTo(east, within(1e-9));
    }

    @Test
    void arrowsAreTheInverseOfTheMatrixForAnyRotationAndParity() {
        for (double parity : new double[] {-1, 1}) {
            for (int angle = 0; angle < 360; angle += 7) {
                double r = Math.toRadians(angle);
                double xx = parity * Math.cos(r);
                double xy = Math.sin(r);
                double yx = -parity * Math.sin(r);
                double yy = Math.cos(r);
                Orientation orientation = Orientation.of(xx, xy, yx, yy);

                double area = xx * yy - xy * yx;
                // The pixels that one goes along for a step to the north: the matrix solved for (0, 1), then (1, 0).
                assertThat(apart(orientation.northDeg(), -xy / area, xx / area)).isLessThan(1e-9);
                assertThat(apart(orientation.eastDeg(), yy / area, -yx / area)).isLessThan(1e-9);
                assertThat(orientation.mirrored()).isEqualTo(area > 0);
            }
        }
    }

    /** How far a direction on the screen is from a step in pixels, as the length between their unit vectors. */
    private static double apart(double clockwiseDeg, double right, double up) {
        double angle = Math.toRadians(clockwiseDeg);
        double length = Math.hypot(right, up);
        return Math.hypot(Math.sin(angle) - right / length, Math.cos(angle) - up / length);
    }

    @Test
    void whatSpansNoImageLiesNowhere() {
        assertThat(Orientation.of(0, 0, 0, 0)).isNull();
        assertThat(Orientation.of(1, 2, 2, 4)).isNull();
        assertThat(Orientation.of(Double.NaN, 0, 0, 1)).isNull();
    }

    @Test
    void aHeaderSaysItInEachOfTheThreeWays() {
        Orientation pc = FitsStamps.read(fits(
                        card("CDELT1", -PIXEL_DEG),
                        card("CDELT2", PIXEL_DEG),
                        card("PC1_1", "8.6602540378444D-01"),
                        card("PC1_2", 0.5),
                        card("PC2_1", -0.5),
                        card("PC2_2", 0.8660254037844386)))
                .orientation();
        Orientation cd = FitsStamps.read(fits(
                        card("CTYPE1", "'RA---TAN'"),
                        card("CD1_1", PIXEL_DEG),
                        card("CD1_2", 0.0),
                        card("CD2_1", 0.0),
                        card("CD2_2", PIXEL_DEG)))
                .orientation();
        Orientation crota = FitsStamps.read(
                        fits(card("CDELT1", -PIXEL_DEG), card("CDELT2", PIXEL_DEG), card("CROTA2", 20.0)))
                .orientation();

        Orientation quarter = FitsStamps.read(fits(
                        card("CDELT1", 1.0), card("CDELT2", 1.0), card("CD1_2", PIXEL_DEG), card("CD2_1", PIXEL_DEG)))
                .orientation();

        // Up is east, right is north. Keywords that are left out are 0, and CDELT is not read beside CD.
        assertThat(quarter).isEqualTo(Orientation.of(0, PIXEL_DEG, PIXEL_DEG, 0));
        assertThat(quarter).isNotNull();
        assertThat(quarter.upAngleDeg()).isCloseTo(90, within(1e-9));
        // CDELT1 turns the sign: up is 30 degrees the other way round.
        assertThat(pc).isNotNull();
        assertThat(pc.upAngleDeg()).isCloseTo(330, within(1e-9));
        assertThat(pc.mirrored()).isFalse();
        assertThat(cd).isEqualTo(new Orientation(0, true));
        assertThat(crota).isNotNull();
        assertThat(crota.upAngleDeg()).isCloseTo(340, within(1e-9));
        assertThat(crota.mirrored()).isFalse();
    }

    @Test
    void aHeaderThatSaysNothingOrSomethingElseIsNotGuessed() {
        assertThat(FitsStamps.read(fits()).orientation()).isNull();
        assertThat(FitsStamps.read(fits(card("PC1_1", "what"), card("PC2_2", 1.0)))
                        .orientation())
                .isNull();
        // Galactic longitude is not east.
        assertThat(FitsStamps.read(fits(
                                card("CTYPE1", "'GLON-TAN'"),
                                card("CD1_1", -1.0),
                                card("CD1_2", 0.0),
                                card("CD2_1", 0.0),
                                card("CD2_2", 1.0)))
                        .orientation())
                .isNull();
    }

    @Test
    void aPackedTripletKeepsItWhereItsImagesAgree() {
        for (boolean mirrored : new boolean[] {false, true}) {
            Orientation lies = new Orientation(323.628, mirrored);
            Cutout told = new Cutout(2, 1, new float[] {1, 2}, lies);
            Cutout untold = new Cutout(2, 1, new float[] {1, 2});

            Orientation kept = PackedTriplet.decode(PackedTriplet.encode(new CutoutTriplet(told, null, untold)))
                    .orientation();

            assertThat(kept).isNotNull();
            assertThat(kept.mirrored()).isEqualTo(mirrored);
            assertThat(kept.upAngleDeg()).isCloseTo(323.628, within(360.0 / 65536));
        }
        Cutout one = new Cutout(2, 1, new float[] {1, 2}, new Orientation(0, false));
        Cutout other = new Cutout(2, 1, new float[] {1, 2}, new Orientation(90, false));
        assertThat(new CutoutTriplet(one, other, one).orientation()).isNull();
        assertThat(PackedTriplet.decode(PackedTriplet.encode(new CutoutTriplet(one, other, one)))
                        .orientation())
                .isNull();
        byte[] unknown = PackedTriplet.encode(new CutoutTriplet(new Cutout(2, 1, new float[] {1, 2}), null, null));
        assertThat(Arrays.copyOfRange(unknown, 5, 8)).isEqualTo(new byte[3]);
    }

    @Test
    void anglesNearNorthAreTheSameOnBothSidesOfIt() {
        assertThat(new Orientation(359.9, false).isLike(new Orientation(0.1, false)))
                .isTrue();
        assertThat(new Orientation(359.9, false).isLike(new Orientation(0.1, true)))
                .isFalse();
        assertThat(List.of(new Orientation(-90, false).upAngleDeg(), new Orientation(720, false).upAngleDeg()))
                .containsExactly(270.0, 0.0);
    }
}
