package org.skysieve.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.CutoutNetTrainer;
import org.skysieve.engine.learn.NetOptions;
import org.skysieve.engine.learn.NetProcess;
import org.skysieve.engine.learn.NetSample;

/**
 * Fine-tunes nets in a process of their own, which may take the memory and the time that the configuration grants and dies
 * without harm. Every net begins with the one of the simulated survey, so that no version depends on those before it.
 */
@ApplicationScoped
class NetTraining {
    /** How long a training waits while another process of this machine trains. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private final NetProcess process;

    NetTraining(ModelConfig config, @ConfigProperty(name = "skysieve.data-folder") Optional<String> dataFolder) {
        Path folder = config.netFolder()
                .map(Path::of)
                .orElseGet(() -> Path.of(dataFolder.orElse(System.getProperty("java.io.tmpdir", ".")), "nets"));
        this.process = new NetProcess(
                folder, (long) config.netMegabytes() << 20, Duration.ofMinutes(config.netMinutes()), PATIENCE);
    }

    /**
     * @param samples people's labels first, then those of rules
     * @throws org.skysieve.engine.learn.TrainingFailed without a net
     */
    CutoutNetTrainer.Trained fineTune(
            ModelRecipe recipe, List<String> classes, List<NetSample> samples, int folds, String description) {
        return new CutoutNetTrainer(classes, NetOptions.ofFineTuning(recipe.seed()), process)
                .fineTune(
                        CutoutNet.builtin(),
                        samples,
                        folds,
                        description,
                        recipe.codeVersion(),
                        recipe.trainedAt(),
                        share -> {});
    }
}
