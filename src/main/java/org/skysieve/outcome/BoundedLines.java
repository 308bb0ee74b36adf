package org.skysieve.outcome;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.skysieve.platform.Problem;

/**
 * Passes a CSV file on as it is read, and no more of it than can be kept: so many bytes and lines in all, and bytes of one entry. A
 * few kilobytes of an archive may be gigabytes once inflated. A line break between quotes belongs to its entry. Closing leaves the
 * source open, since an archive goes on behind one of its files.
 */
final class BoundedLines extends FilterInputStream {
    private static final int LONGEST_ENTRY = 1 << 16;

    private final long mostBytes;
    private final int mostLines;
    private long bytes;
    private int lines;
    private int entry;
    private boolean quoted;

    /**
     * @param mostBytes of all
     * @param mostLines line breaks of all, those between quotes among them
     */
    BoundedLines(InputStream file, long mostBytes, int mostLines) {
        super(file);
        this.mostBytes = mostBytes;
        this.mostLines = mostLines;
    }

    /** @throws Problem 400 past a bound, which it names */
    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws Problem 400 past a bound, which it names */
    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int read = in.read(into, offset, length);
        for (int i = offset; i < offset + read; i++) {
            count(into[i]);
        }
        return read;
    }

    private void count(byte one) {
        if (++bytes > mostBytes) {
            throw Problem.badField("file", "got more than " + mostBytes + " bytes unpacked, need at most so many");
        }
        quoted ^= one == '"';
        if (++entry > LONGEST_ENTRY) {
            throw Problem.badField(
                    "file",
                    "line " + (lines + 1) + ": got an entry of more than " + LONGEST_ENTRY
                            + " bytes, need shorter ones; perhaps a quote is missing above");
        }
        if (one == '\n') {
            if (++lines > mostLines) {
                throw Problem.badField("file", "got more than " + mostLines + " lines, need at most so many");
            }
            entry = quoted ? entry : 0;
        }
    }

    @Override
    public long skip(long n) throws IOException {
        long left = n;
        while (left > 0 && read() >= 0) {
            left--;
        }
        return n - left;
    }

    @Override
    public boolean markSupported() {
        return false;
    }

    @Override
    public void close() {
        // As said above.
    }
}
