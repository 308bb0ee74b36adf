package org.skysieve.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.NetProcess;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples;
import org.skysieve.model.SimulatedSamples.Simulated;

/**
 * What commands without a server make once and keep: the simulated candidates and the classifier trained on them. The
 * names of the files hold what they depend on; a folder that cannot be written costs some seconds at each start and
 * nothing else.
 */
final class UserCache {
    static final List<String> CLASSES = List.of("real", "bogus");

    private static final long SEED = 1;

    private final @Nullable Path folder;
    private final PrintWriter err;

    /** @param folder null to keep nothing */
    UserCache(@Nullable Path folder, PrintWriter err) {
        this.folder = folder;
        this.err = err;
    }

    /**
     * The system property {@code skysieve.cache}, else {@code $SKYSIEVE_CACHE}, else {@code skysieve} in
     * {@code $XDG_CACHE_HOME} or {@code ~/.cache}.
     */
    static UserCache ofUser(PrintWriter err) {
        Map<String, String> environment = System.getenv();
        String own = System.getProperty("skysieve.cache", environment.getOrDefault("SKYSIEVE_CACHE", ""));
        if (!own.isEmpty()) {
            return new UserCache(Path.of(own), err);
        }
        String shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        if (!shared.isEmpty()) {
            return new UserCache(Path.of(shared, "skysieve"), err);
        }
        String home = System.getProperty("user.home", "");
        return new UserCache(home.isEmpty() ? null : Path.of(home, ".cache", "skysieve"), err);
    }

    /** The simulated candidates that stand beside labels, each with weight 1. */
    List<Simulated> simulated(int count, int threads) {
        if (count == 0) {
            return List.of();
        }
        String name = "simulated-" + count + "-" + SimulatedSamples.fingerprint() + ".skss";
        byte[] kept = read(name);
        if (kept != null) {
            try {
                return SimulatedSamples.read(new ByteArrayInputStream(kept));
            } catch (IOException broken) {
                err.println("Making the simulated candidates anew: " + broken.getMessage());
            }
        }
        List<Simulated> made;
        try (Progress progress = Progress.start("Simulating candidates, once", OptionalLong.of(count))) {
            made = SimulatedSamples.make(count, threads, done -> {
                if (done % 250 == 0) {
                    progress.to(done);
                }
            });
            progress.to(made.size());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            SimulatedSamples.write(made, bytes);
        } catch (IOException impossible) {
            throw new IllegalStateException("writing to memory failed", impossible);
        }
        keep(name, bytes.toByteArray());
        return made;
    }

    /** The classifier that has seen the simulated survey alone. */
    CutoutClassifier builtin(int threads) {
        String name = "builtin-" + Version.ofCode() + "-" + SimulatedSamples.USUAL + "-"
                + SimulatedSamples.fingerprint() + ".skcc";
        byte[] kept = read(name);
        if (kept != null) {
            try {
                return CutoutClassifier.load(kept);
            } catch (IllegalArgumentException broken) {
                err.println("Making the built-in classifier anew: " + broken.getMessage());
            }
        }
        List<TrainingSample> samples = simulated(SimulatedSamples.USUAL, threads).stream()
                .map(Simulated::sample)
                .toList();
        CutoutClassifier made;
        try (Progress progress = Progress.start("Training the built-in classifier, once", OptionalLong.of(1))) {
            made = new CutoutClassifierTrainer(
                            CLASSES,
                            CutoutClassifierTrainer.defaultOptions(SEED).withThreads(threads))
                    .train(
                            samples,
                            "the simulated survey alone: nobody has labelled anything yet",
                            Version.ofCode(),
                            Instant.EPOCH);
            progress.step();
        }
        keep(name, made.save());
        return made;
    }

    /** Where nets are trained: libtorch is unpacked there once. */
    NetProcess netProcess() {
        return NetProcess.in(folder == null ? Path.of(System.getProperty("java.io.tmpdir"), "skysieve") : folder);
    }

    private byte @Nullable [] read(String name) {
        if (folder == null) {
            return null;
        }
        try {
            Path file = folder.resolve(name);
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        } catch (IOException unreadable) {
            err.println(folder.resolve(name) + ": cannot be read, made anew: " + unreadable);
            return null;
        }
    }

    /** Whole or not at all, though two commands may run at once. */
    private void keep(String name, byte[] bytes) {
        if (folder == null) {
            return;
        }
        try {
            Files.createDirectories(folder);
            Path part = Files.createTempFile(folder, name, ".part");
            try {
                Files.write(part, bytes);
                Files.move(part, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(part);
            }
        } catch (IOException unwritable) {
            err.println(folder + ": cannot be written, so the next command makes " + name + " again: " + unwritable);
        }
    }
}
