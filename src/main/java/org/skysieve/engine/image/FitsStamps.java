package org.skysieve.engine.image;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import nom.tam.fits.BasicHDU;
import nom.tam.fits.Fits;
import nom.tam.fits.FitsFactory;
import nom.tam.fits.ImageHDU;
import nom.tam.image.compression.hdu.CompressedImageHDU;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the small FITS images of alert packets, gzipped or plain.
 *
 * <p>The headers are walked here, so that no length is believed before it was compared with the bytes at hand. Plain
 * float32 images, which is nearly all that surveys send, are then read here as well; everything else (integers with
 * BSCALE and BZERO, float64, tile-compressed images) goes to nom-tam-fits.
 */
public final class FitsStamps {
    /** The longest side we take; surveys send 30 to 130 pixels. */
    public static final int MAX_SIDE = 512;

    /** A stamp of three float64 images of {@link #MAX_SIDE}, with room for headers. */
    private static final int MAX_BYTES = 8 << 20;

    private static final int BLOCK = 2880;
    private static final int CARD = 80;
    private static final int MAX_HDUS = 16;

    static {
        // Headers that bend the standard are read for what they say.
        FitsFactory.setAllowHeaderRepairs(true);
    }

    private FitsStamps() {}

    /**
     * The first image that holds pixels.
     *
     * @param bytes a FITS file, gzipped or not
     * @throws UnreadableStampException if there is none, saying why
     */
    public static Cutout read(byte[] bytes) {
        byte[] fits = isGzip(bytes) ? inflate(bytes) : bytes;
        if (!startsWith(fits, "SIMPLE  =")) {
            throw new UnreadableStampException("not FITS: got " + describe(fits));
        }
        int offset = 0;
        for (int hdu = 0; hdu < MAX_HDUS && offset < fits.length; hdu++) {
            Header header = Header.parse(fits, offset);
            if (header.isImageWithPixels()) {
                int width = header.side("NAXIS1");
                int height = header.side("NAXIS2");
                requireSingleImage(header);
                requireBytes(fits, header);
                Cutout cutout = header.isPlainFloat()
                        ? plainFloat(fits, header.dataOffset, width, height)
                        : throughLibrary(fits, hdu, width, height);
                return header.oriented(cutout);
            }
            if (header.isCompressedImage()) {
                int width = header.side("ZNAXIS1");
                int height = header.side("ZNAXIS2");
                requireBytes(fits, header);
                return header.oriented(throughLibrary(fits, hdu, width, height));
            }
            long next = header.dataOffset + roundUp(header.dataBytes());
            if (next > fits.length) {
                break;
            }
            offset = (int) next;
        }
        throw new UnreadableStampException("no image with pixels in " + fits.length + " bytes of FITS");
    }

    /** A FITS file with one float32 image; NaN stays NaN. */
    public static byte[] write(Cutout cutout, boolean gzip) {
        int width = cutout.width();
        int height = cutout.height();
        int dataBytes = 4 * width * height;
        byte[] fits = new byte[BLOCK + (int) roundUp(dataBytes)];
        Arrays.fill(fits, 0, BLOCK, (byte) ' ');
        int card = 0;
        for (String text : new String[] {
            fixed("SIMPLE", "T"),
            fixed("BITPIX", "-32"),
            fixed("NAXIS", "2"),
            fixed("NAXIS1", Integer.toString(width)),
            fixed("NAXIS2", Integer.toString(height)),
            "END"
        }) {
            byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(ascii, 0, fits, card, ascii.length);
            card += CARD;
        }
        ByteBuffer.wrap(fits, BLOCK, dataBytes).asFloatBuffer().put(cutout.pixels());
        return gzip ? deflate(fits) : fits;
    }

    private static String fixed(String keyword, String value) {
        return String.format(Locale.ROOT, "%-8s= %20s", keyword, value);
    }

    private static Cutout plainFloat(byte[] fits, int dataOffset, int width, int height) {
        float[] pixels = new float[width * height];
        ByteBuffer.wrap(fits, dataOffset, 4 * pixels.length).asFloatBuffer().get(pixels);
        return new Cutout(width, height, pixels);
    }

    /** Every kind of image, scaled by BSCALE and BZERO, BLANK as NaN. */
    static Cutout throughLibrary(byte[] fits, int hduIndex, int width, int height) {
        // Some writers leave out the last padding, which the library warns about.
        byte[] padded = Arrays.copyOf(fits, (int) roundUp(fits.length));
        try (Fits file = new Fits(new ByteArrayInputStream(padded))) {
            BasicHDU<?> hdu = file.getHDU(hduIndex);
            if (hdu instanceof CompressedImageHDU compressed) {
                hdu = compressed.asImageHDU();
            }
            if (!(hdu instanceof ImageHDU image)) {
                throw new UnreadableStampException("FITS extension " + hduIndex + " is not an image");
            }
            // The stored values: the scale below is ours, so that BLANK is seen before it is scaled away.
            Object kernel = image.getKernel();
            double scale = image.getBScale();
            double zero = image.getBZero();
            boolean integers = image.getHeader().getIntValue("BITPIX", 0) > 0;
            boolean hasBlank = integers && image.getHeader().containsKey("BLANK");
            double blank = hasBlank ? image.getHeader().getLongValue("BLANK") : Double.NaN;
            float[] pixels = new float[width * height];
            int copied = copy(kernel, pixels, 0, scale, zero, blank);
            if (copied != pixels.length) {
                throw new UnreadableStampException(
                        "FITS image: got " + copied + " pixels, need " + width + " * " + height);
            }
            return new Cutout(width, height, pixels);
        } catch (IOException | RuntimeException e) {
            if (e instanceof UnreadableStampException known) {
                throw known;
            }
            throw new UnreadableStampException("broken FITS: " + e, e);
        }
    }

    private static int copy(@Nullable Object array, float[] target, int from, double scale, double zero, double blank) {
        if (array == null) {
            throw new UnreadableStampException("FITS image without data");
        }
        int at = from;
        int length = Array.getLength(array);
        boolean nested = array.getClass().getComponentType().isArray();
        boolean unsignedBytes = array instanceof byte[];
        for (int i = 0; i < length; i++) {
            if (nested) {
                at = copy(Array.get(array, i), target, at, scale, zero, blank);
            } else if (at >= target.length) {
                throw new UnreadableStampException("FITS image holds more than " + target.length + " pixels");
            } else {
                double stored = unsignedBytes ? Array.getByte(array, i) & 0xff : Array.getDouble(array, i);
                target[at++] = stored == blank ? Float.NaN : (float) (zero + scale * stored);
            }
        }
        return at;
    }

    private static void requireSingleImage(Header header) {
        for (int axis = 3; axis <= header.axes(); axis++) {
            if (header.integer("NAXIS" + axis, -1) != 1) {
                throw new UnreadableStampException("FITS image: got NAXIS" + axis + " = "
                        + header.integer("NAXIS" + axis, -1) + ", need one plane");
            }
        }
    }

    private static void requireBytes(byte[] fits, Header header) {
        long dataBytes = header.dataBytes();
        long present = fits.length - (long) header.dataOffset;
        if (dataBytes > present) {
            throw new UnreadableStampException(
                    "truncated FITS: the header declares " + dataBytes + " bytes of data, got " + present);
        }
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length >= 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    }

    private static byte[] inflate(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip), 4096)) {
            byte[] buffer = new byte[Math.min(MAX_BYTES, Math.max(8 * BLOCK, 2 * gzip.length))];
            int size = 0;
            while (true) {
                int read = in.read(buffer, size, buffer.length - size);
                if (read < 0) {
                    return Arrays.copyOf(buffer, size);
                }
                size += read;
                if (size == buffer.length) {
                    if (size >= MAX_BYTES) {
                        throw new UnreadableStampException(
                                "gzip: " + gzip.length + " bytes hold more than " + MAX_BYTES + " bytes");
                    }
                    buffer = Arrays.copyOf(buffer, Math.min(MAX_BYTES, 2 * size));
                }
            }
        } catch (IOException e) {
            throw new UnreadableStampException(
                    "broken gzip of " + gzip.length + " bytes: " + (e.getMessage() == null ? e : e.getMessage()), e);
        }
    }

    private static byte[] deflate(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length);
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("gzip into memory", e);
        }
        return bytes.toByteArray();
    }

    private static boolean startsWith(byte[] bytes, String ascii) {
        return bytes.length >= ascii.length()
                && new String(bytes, 0, ascii.length(), StandardCharsets.US_ASCII).equals(ascii);
    }

    private static String describe(byte[] bytes) {
        if (bytes.length == 0) {
            return "no bytes";
        }
        String head = HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(8, bytes.length));
        String kind = startsWith(bytes, "\u0089PNG") || (bytes[0] == (byte) 0x89 && bytes.length > 3 && bytes[1] == 'P')
                ? " (a PNG)"
                : bytes[0] == (byte) 0xff && bytes.length > 1 && bytes[1] == (byte) 0xd8 ? " (a JPEG)" : "";
        return bytes.length + " bytes that start with " + head + kind;
    }

    private static long roundUp(long bytes) {
        return (bytes + BLOCK - 1) / BLOCK * BLOCK;
    }

    /** The cards of one header that decide where its data lies and what it is. */
    private static final class Header {
        private final Map<String, String> values = new HashMap<>();
        private int dataOffset;

        static Header parse(byte[] fits, int offset) {
            Header header = new Header();
            for (int at = offset; at + CARD <= fits.length; at += CARD) {
                String keyword = new String(fits, at, 8, StandardCharsets.ISO_8859_1).trim();
                if (keyword.equals("END")) {
                    header.dataOffset = (int) Math.min(fits.length, offset + roundUp(at + CARD - offset));
                    return header;
                }
                if (fits[at + 8] == '=' && wanted(keyword)) {
                    String value = new String(fits, at + 10, CARD - 10, StandardCharsets.ISO_8859_1);
                    int comment = value.indexOf('/');
                    header.values.putIfAbsent(keyword, (comment < 0 ? value : value.substring(0, comment)).trim());
                }
            }
            throw new UnreadableStampException(
                    "truncated FITS: header without END in " + (fits.length - offset) + " bytes");
        }

        private static boolean wanted(String keyword) {
            return keyword.startsWith("NAXIS")
                    || keyword.startsWith("ZNAXIS")
                    || switch (keyword) {
                        case "SIMPLE", "XTENSION", "BITPIX", "PCOUNT", "GCOUNT", "BSCALE", "BZERO", "ZIMAGE" -> true;
                        case "CTYPE1", "CDELT1", "CDELT2", "CROTA2" -> true;
                        case "CD1_1", "CD1_2", "CD2_1", "CD2_2", "PC1_1", "PC1_2", "PC2_1", "PC2_2" -> true;
                        default -> false;
                    };
        }

        long integer(String keyword, long otherwise) {
            String value = values.get(keyword);
            if (value == null) {
                return otherwise;
            }
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                throw new UnreadableStampException("broken FITS header: " + keyword + " = " + value, e);
            }
        }

        int axes() {
            long axes = integer("NAXIS", -1);
            if (axes < 0 || axes > 999) {
                throw new UnreadableStampException("broken FITS header: got NAXIS = " + axes + ", need 0 to 999");
            }
            return (int) axes;
        }

        int side(String keyword) {
            long side = integer(keyword, -1);
            if (side < 1 || side > MAX_SIDE) {
                throw new UnreadableStampException(
                        "FITS image: got " + keyword + " = " + side + ", need 1 to " + MAX_SIDE);
            }
            return (int) side;
        }

        boolean isImageWithPixels() {
            boolean image = values.containsKey("SIMPLE")
                    || values.getOrDefault("XTENSION", "").startsWith("'IMAGE");
            if (!image || axes() < 2) {
                return false;
            }
            for (int axis = 1; axis <= axes(); axis++) {
                if (integer("NAXIS" + axis, -1) == 0) {
                    return false;
                }
            }
            return true;
        }

        boolean isCompressedImage() {
            return values.getOrDefault("XTENSION", "").startsWith("'BINTABLE")
                    && values.getOrDefault("ZIMAGE", "").equals("T");
        }

        boolean isPlainFloat() {
            return integer("BITPIX", 0) == -32 && isNumber("BSCALE", 1) && isNumber("BZERO", 0);
        }

        /**
         * How the image lies by its world coordinate system, or null where the header has none in right ascension and
         * declination. Rubin's stamps name no type: what they have there is just that.
         */
        @Nullable
        Orientation orientation() {
            if (!values.getOrDefault("CTYPE1", "'RA").startsWith("'RA")) {
                return null;
            }
            if (Stream.of("CD1_1", "CD1_2", "CD2_1", "CD2_2").anyMatch(values::containsKey)) {
                return Orientation.of(number("CD1_1", 0), number("CD1_2", 0), number("CD2_1", 0), number("CD2_2", 0));
            }
            double stepX = number("CDELT1", 1);
            double stepY = number("CDELT2", 1);
            if (values.containsKey("PC1_1") || values.containsKey("PC1_2")) {
                return Orientation.of(
                        stepX * number("PC1_1", 1),
                        stepX * number("PC1_2", 0),
                        stepY * number("PC2_1", 0),
                        stepY * number("PC2_2", 1));
            }
            if (!values.containsKey("CDELT1") || !values.containsKey("CDELT2")) {
                return null;
            }
            double rotation = Math.toRadians(number("CROTA2", 0));
            return Orientation.of(
                    stepX * Math.cos(rotation),
                    -stepY * Math.sin(rotation),
                    stepX * Math.sin(rotation),
                    stepY * Math.cos(rotation));
        }

        Cutout oriented(Cutout cutout) {
            Orientation lies = orientation();
            return lies == null ? cutout : new Cutout(cutout.width(), cutout.height(), cutout.pixels(), lies);
        }

        /** NaN for what is no number. */
        private double number(String keyword, double otherwise) {
            String value = values.get(keyword);
            try {
                // Fortran writes its exponents with D.
                return value == null ? otherwise : Double.parseDouble(value.replace('D', 'E'));
            } catch (NumberFormatException e) {
                return Double.NaN;
            }
        }

        private boolean isNumber(String keyword, double wanted) {
            String value = values.get(keyword);
            try {
                return value == null || Double.parseDouble(value) == wanted;
            } catch (NumberFormatException e) {
                return false;
            }
        }

        long dataBytes() {
            int axes = axes();
            if (axes == 0) {
                return 0;
            }
            try {
                long elements = 1;
                for (int axis = 1; axis <= axes; axis++) {
                    elements = Math.multiplyExact(elements, integer("NAXIS" + axis, -1));
                }
                elements = Math.addExact(elements, integer("PCOUNT", 0));
                long bytes = Math.multiplyExact(elements, Math.abs(integer("BITPIX", 0)) / 8);
                bytes = Math.multiplyExact(bytes, integer("GCOUNT", 1));
                if (bytes < 0 || bytes > 1L << 40) {
                    throw new UnreadableStampException("FITS header declares " + bytes + " bytes of data");
                }
                return bytes;
            } catch (ArithmeticException e) {
                throw new UnreadableStampException("FITS header declares more data than a long can count", e);
            }
        }
    }
}
