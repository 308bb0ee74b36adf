package org.skysieve.candidate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** Gzip in memory. */
final class Gzip {
    private Gzip() {}

    static byte[] compress(byte[] plain) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length);
        // Noise hardly compresses: the fastest level is some percent behind the best and takes a third of its time.
        try (GZIPOutputStream out = new GZIPOutputStream(bytes) {
            {
                def.setLevel(Deflater.BEST_SPEED);
            }
        }) {
            out.write(plain);
        } catch (IOException e) {
            throw new IllegalStateException("gzip into memory", e);
        }
        return bytes.toByteArray();
    }

    static byte[] expand(byte[] gzip) {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException("stored cutouts of " + gzip.length + " bytes are no gzip", e);
        }
    }
}
