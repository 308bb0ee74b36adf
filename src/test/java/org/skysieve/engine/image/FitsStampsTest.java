package org.skysieve.engine.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;

import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsFactory;
import nom.tam.fits.ImageHDU;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import nom.tam.util.FitsOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class FitsStampsTest {
    @ParameterizedTest
    @CsvSource({"63, 63, true", "63, 63, false", "1, 1, false", "41, 63, true", "512, 2, false"})
    void readsWhatItWrote(int width, int height, boolean gzip) {
        Cutout cutout = aCutout(width, height, 1);

        byte[] bytes = FitsStamps.write(cutout, gzip);

        assertThat(FitsStamps.read(bytes)).isEqualTo(cutout);
        assertThat(gzip || bytes.length % 2880 == 0).isTrue();
    }

    @Test
    void theLibraryReadsWhatItWrote() throws Exception {
        Cutout cutout = aCutout(5, 3, 2);

        try (Fits fits = new Fits(new java.io.ByteArrayInputStream(FitsStamps.write(cutout, false)))) {
            float[][] rows = (float[][]) fits.getHDU(0).getKernel();

            assertThat(rows).hasDimensions(3, 5);
            assertThat(rows[2][4]).isEqualTo(cutout.at(4, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void ownReaderAndLibraryAgree(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Cutout cutout = aCutout(1 + random.nextInt(90), 1 + random.nextInt(90), seed);
        byte[] fits = FitsStamps.write(cutout, false);

        assertThat(FitsStamps.throughLibrary(fits, 0, cutout.width(), cutout.height()))
                .isEqualTo(FitsStamps.read(fits));
    }

    @Test
    void scalesIntegersAndTurnsBlankIntoNaN() throws Exception {
        short[][] stored = {{0, 1, 2}, {-5, -32768, 7}};
        BasicHDU<?> hdu = FitsFactory.hduFactory(stored);
        hdu.getHeader().addValue("BSCALE", 0.5, "");
        hdu.getHeader().addValue("BZERO", 100.0, "");
        hdu.getHeader().addValue("BLANK", -32768, "");

        Cutout cutout = FitsStamps.read(bytesOf(hdu));

        assertThat(cutout).isEqualTo(new Cutout(3, 2, new float[] {100, 100.5f, 101, 97.5f, Float.NaN, 103.5f}));
    }

    @Test
    void bytesAreUnsigned() throws Exception {
        byte[][] stored = {{(byte) 200, 1}};

        Cutout cutout = FitsStamps.read(bytesOf(FitsFactory.hduFactory(stored)));

        assertThat(cutout).isEqualTo(new Cutout(2, 1, new float[] {200, 1}));
    }

    @Test
    void readsDoubles() throws Exception {
        double[][] stored = {{1.5, Double.NaN}, {-2, 1e300}};

        Cutout cutout = FitsStamps.read(bytesOf(FitsFactory.hduFactory(stored)));

        assertThat(cutout).isEqualTo(new Cutout(2, 2, new float[] {1.5f, Float.NaN, -2, Float.NaN}));
    }

    @Test
    void takesTheFirstExtensionThatHoldsPixels() throws Exception {
        BasicHDU<?> empty = BasicHDU.getDummyHDU();
        BasicHDU<?> image = FitsFactory.hduFactory(new float[][] {{1, 2}});
        BasicHDU<?> variance = FitsFactory.hduFactory(new float[][] {{3, 4, 5}});

        assertThat(FitsStamps.read(bytesOf(empty, image, variance))).isEqualTo(new Cutout(2, 1, new float[] {1, 2}));
        assertThat(FitsStamps.read(bytesOf(variance, image))).isEqualTo(new Cutout(3, 1, new float[] {3, 4, 5}));
    }

    @Test
    void readsTileCompressedImages() throws Exception {
        int[][] stored = new int[20][30];
        for (int y = 0; y < 20; y++) {
            for (int x = 0; x < 30; x++) {
                stored[y][x] = 10 * y + x;
            }
        }
        CompressedImageHDU compressed =
                CompressedImageHDU.fromImageHDU((ImageHDU) FitsFactory.hduFactory(stored), 30, 1);
        compressed.setCompressAlgorithm("RICE_1");
        compressed.compress();

        Cutout cutout = FitsStamps.read(bytesOf(compressed));

        assertThat(cutout.width()).isEqualTo(30);
        assertThat(cutout.height()).isEqualTo(20);
        assertThat(cutout.at(7, 11)).isEqualTo(117);
    }

    @Test
    void refusesWhatIsNoFits() {
        assertThatThrownBy(() -> FitsStamps.read(new byte[0]))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessage("not FITS: got no bytes");
        assertThatThrownBy(() -> FitsStamps.read(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 0}))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessageContaining("ff d8 ff 00 (a JPEG)");
        assertThatThrownBy(() -> FitsStamps.read("hello".getBytes(StandardCharsets.US_ASCII)))
                .isInstanceOf(UnreadableStampException.class);
    }

    @Test
    void refusesTruncatedStamps() {
        byte[] gzip = FitsStamps.write(aCutout(63, 63, 3), true);
        byte[] plain = FitsStamps.write(aCutout(63, 63, 3), false);

        assertThatThrownBy(() -> FitsStamps.read(Arrays.copyOf(gzip, gzip.length / 2)))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessageContaining("broken gzip of " + gzip.length / 2 + " bytes");
        assertThatThrownBy(() -> FitsStamps.read(Arrays.copyOf(plain, 10_000)))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessage("truncated FITS: the header declares 15876 bytes of data, got 7120");
        assertThatThrownBy(() -> FitsStamps.read(Arrays.copyOf(plain, 300)))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessageContaining("header without END");
    }

    @Test
    void acceptsDataWithoutTheLastPadding() {
        Cutout cutout = aCutout(63, 63, 4);
        byte[] plain = FitsStamps.write(cutout, false);

        assertThat(FitsStamps.read(Arrays.copyOf(plain, 2880 + 4 * 63 * 63))).isEqualTo(cutout);
    }

    @Test
    void refusesEveryTruncationAndNeverCrashesOnFlippedBytes() {
        byte[] plain = FitsStamps.write(aCutout(4, 4, 5), false);
        SplittableRandom random = new SplittableRandom(6);

        for (int i = 0; i < 3000; i++) {
            byte[] broken = Arrays.copyOf(plain, random.nextInt(plain.length) + 1);
            for (int flips = random.nextInt(4); flips > 0; flips--) {
                broken[random.nextInt(Math.min(broken.length, 500))] ^= (byte) (1 << random.nextInt(8));
            }
            try {
                Cutout read = FitsStamps.read(broken);
                assertThat(read.width()).isBetween(1, FitsStamps.MAX_SIDE);
            } catch (UnreadableStampException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"NAXIS1, 100000", "NAXIS2, 513", "NAXIS1, -3", "NAXIS1, 99999999999"})
    void refusesAbsurdSizes(String keyword, String value) {
        byte[] fits = withCard(FitsStamps.write(aCutout(63, 63, 7), false), keyword, value);

        assertThatThrownBy(() -> FitsStamps.read(fits))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessageContaining(value);
    }

    @Test
    void refusesAnImageWithoutPixels() throws Exception {
        assertThatThrownBy(() -> FitsStamps.read(bytesOf(BasicHDU.getDummyHDU())))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessageContaining("no image with pixels");
    }

    @Test
    void aGzipBombDoesNotEatTheMemory() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            out.write(FitsStamps.write(aCutout(4, 4, 8), false));
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 64; i++) {
                out.write(zeros);
            }
        }

        assertThatThrownBy(() -> FitsStamps.read(bomb.toByteArray()))
                .isInstanceOf(UnreadableStampException.class)
                .hasMessageContaining("hold more than 8388608 bytes");
    }

    /** Noise with some NaN. */
    static Cutout aCutout(int width, int height, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] pixels = new float[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i % 17 == 16 ? Float.NaN : (float) random.nextDouble(-50, 5000);
        }
        return new Cutout(width, height, pixels);
    }

    private static byte[] withCard(byte[] fits, String keyword, String value) {
        byte[] changed = fits.clone();
        for (int at = 0; at < 2880; at += 80) {
            if (new String(changed, at, 8, StandardCharsets.US_ASCII).trim().equals(keyword)) {
                byte[] card = String.format("%-8s= %20s", keyword, value).getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(card, 0, changed, at, card.length);
                return changed;
            }
        }
        throw new IllegalArgumentException(keyword);
    }

    private static byte[] bytesOf(BasicHDU<?>... hdus) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (Fits fits = new Fits();
                FitsOutputStream out = new FitsOutputStream(bytes)) {
            for (BasicHDU<?> hdu : hdus) {
                fits.addHDU(hdu);
            }
            fits.write(out);
        }
        return bytes.toByteArray();
    }
}
