package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes a file whole or not at all: what fails half-way leaves an older one as it was. */
final class WholeFile {
    private WholeFile() {}

    /** Fills a new file; whatever it throws leaves the older one in its place. */
    interface Filler<T> {
        T fill(Path fresh) throws IOException;
    }

    /**
     * @return what the filler says
     * @throws IOException that names the file, when it cannot be written
     */
    static <T> T write(Path target, Filler<T> filler) throws IOException {
        Path fresh = target.resolveSibling(target.getFileName() + ".part");
        try {
            T said = filler.fill(fresh);
            Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING);
            return said;
        } catch (IOException failure) {
            throw new IOException(target + ": cannot be written: " + failure, failure);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
