package org.skysieve.model;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import org.skysieve.engine.learn.CutoutClassifier;
import org.skysieve.engine.learn.CutoutClassifierTrainer;
import org.skysieve.engine.learn.Evaluation;
import org.skysieve.engine.learn.HistogramForest;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.SimulatedSamples.Simulated;

/**
 * The model that a workflow of the answers real and bogus starts with, trained on the simulated survey alone. Making it
 * takes some seconds, so it is kept in the data folder; the file's name holds all that it depends on.
 */
@ApplicationScoped
class BuiltinModel {
    static final List<String> CLASSES = List.of("real", "bogus");

    private static final Logger LOG = Logger.getLogger(BuiltinModel.class);
    private static final long SEED = 1;

    /** Candidates that the built-in model is judged on, from another part of the simulated sky. */
    private static final int HELD_OUT = 600;

    private static final int HELD_OUT_FROM = 10_000_000;

    /** A fixed date: the same code makes the same bytes. */
    private static final Instant MADE = Instant.EPOCH;

    private final ModelConfig config;
    private final ObjectMapper json;
    private final String codeVersion;
    private final Optional<Path> folder;

    BuiltinModel(
            ModelConfig config,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.application.version") String codeVersion,
            @ConfigProperty(name = "skysieve.data-folder") Optional<String> dataFolder) {
        this.config = config;
        this.json = json;
        this.codeVersion = codeVersion;
        this.folder =
                config.cacheFolder().map(Path::of).or(() -> dataFolder.map(data -> Path.of(data, "builtin-models")));
    }

    record Trained(CutoutClassifier classifier, ModelMetrics metrics, DriftReference reference) {}

    /** What is kept beside the model. */
    record Sidecar(ModelMetrics metrics, DriftReference reference) {}

    /** From the data folder, or made now. */
    synchronized Trained get() {
        Optional<Path> file = folder.map(path -> path.resolve("real-bogus-" + fingerprint() + ".skcc"));
        Optional<Trained> stored = file.flatMap(this::read);
        if (stored.isPresent()) {
            return stored.get();
        }
        Trained trained = train();
        file.ifPresent(path -> write(path, trained));
        return trained;
    }

    /** Of the code's version and the settings, and of a few candidates' features: another simulator is another model. */
    private String fingerprint() {
        // 2: of what is kept beside the model.
        return "2-%s-%d-%d-%s"
                .formatted(codeVersion, config.simulated(), config.trees(), SimulatedSamples.fingerprint());
    }

    private Trained train() {
        LOG.infof("Training the built-in model on the simulated survey: candidates=%d", config.simulated());
        List<TrainingSample> samples =
                SimulatedSamples.make(
                                0, config.simulated(), 1, done -> LOG.infof("Simulated candidates: done=%d", done))
                        .stream()
                        .map(Simulated::sample)
                        .toList();
        HistogramForest.Options options = CutoutClassifierTrainer.defaultOptions(SEED)
                .withTrees(config.trees())
                .withThreads(config.threads());
        CutoutClassifierTrainer trainer = new CutoutClassifierTrainer(CLASSES, options);
        CutoutClassifier classifier = trainer.train(
                samples, "the simulated survey alone: nobody has labelled anything yet", codeVersion, MADE);

        List<Simulated> heldOut = SimulatedSamples.make(HELD_OUT_FROM, HELD_OUT, 1, done -> {});
        List<TrainingSample> judged = heldOut.stream().map(Simulated::sample).toList();
        double[] probabilities = new double[2 * judged.size()];
        List<Double> snr = new ArrayList<>();
        for (int i = 0; i < judged.size(); i++) {
            double[] p = classifier.probabilities(judged.get(i).features());
            System.arraycopy(p, 0, probabilities, 2 * i, 2);
            snr.add(heldOut.get(i).snr());
        }
        Evaluation.Report report = trainer.evaluation(judged).report(probabilities, SEED);
        ModelMetrics metrics = ModelMetrics.of(
                "simulation",
                report,
                Trial.byBrightness(trainer, judged, snr, probabilities),
                null,
                null,
                ModelMetrics.Detail.of(CLASSES, trainer.evaluation(judged), probabilities, List.of(), null, SEED));
        double[] positive = new double[judged.size()];
        Arrays.setAll(positive, i -> probabilities[2 * i]);
        DriftReference reference = DriftReference.of(
                "the simulated survey",
                samples.stream().map(TrainingSample::features).toList(),
                "held-out candidates of the simulated survey",
                positive);
        LOG.infof(
                "Trained the built-in model: auc=%.4f accuracy=%.3f",
                report.auc().value(), report.accuracy().value());
        return new Trained(classifier, metrics, reference);
    }

    private Optional<Trained> read(Path file) {
        Path metricsFile = metrics(file);
        if (!Files.isReadable(file) || !Files.isReadable(metricsFile)) {
            return Optional.empty();
        }
        try {
            Sidecar sidecar = json.readValue(Files.readAllBytes(metricsFile), Sidecar.class);
            return Optional.of(new Trained(
                    CutoutClassifier.load(Files.readAllBytes(file)), sidecar.metrics(), sidecar.reference()));
        } catch (IOException | IllegalArgumentException e) {
            LOG.warnf(e, "Cannot read the kept built-in model, making it anew: file=%s", file);
            return Optional.empty();
        }
    }

    private void write(Path file, Trained trained) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            put(metrics(file), json.writeValueAsBytes(new Sidecar(trained.metrics(), trained.reference())));
            put(file, trained.classifier().save());
        } catch (IOException e) {
            // Only the next start is slower.
            LOG.warnf(e, "Cannot keep the built-in model: file=%s", file);
        }
    }

    private static Path metrics(Path file) {
        return file.resolveSibling(file.getFileName() + ".json");
    }

    /** Whole or not at all, whatever happens meanwhile. */
    private static void put(Path file, byte[] bytes) throws IOException {
        Path part = Files.createTempFile(file.toAbsolutePath().getParent(), "model", ".part");
        try {
            Files.write(part, bytes);
            try {
                Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
