package org.skysieve.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/** Tells of rows that cannot be used, each with its file and line; the first ones in full, of the others how many. */
final class BadRows {
    private static final int SHOWN = 20;

    private final PrintWriter out;
    private long count;

    BadRows(PrintWriter out) {
        this.out = out;
    }

    void add(Path file, long line, String what) {
        if (count++ < SHOWN) {
            out.println(file + ":" + line + ": " + what + "; row left out");
        }
    }

    /** How many so far, of all files. */
    long count() {
        return count;
    }

    /** Says how many rows were left out that were not shown. */
    void close() {
        if (count > SHOWN) {
            out.println("... and " + (count - SHOWN) + " more rows left out");
        }
        out.flush();
    }
}
