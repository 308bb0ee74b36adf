package org.skysieve.model;

import java.util.Optional;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Settings of the room model. */
@ConfigMapping(prefix = "skysieve.model")
interface ModelConfig {
    /** Whether new workflows of the answers real and bogus start with a model trained on the simulated survey. */
    @WithDefault("true")
    boolean builtin();

    /** Simulated candidates behind the built-in model, and the most that join a training. */
    @WithDefault("2500")
    int simulated();

    /** Trees of a forest. */
    @WithDefault("200")
    int trees();

    /** Threads that train; more than the cores do not help. */
    @WithDefault("1")
    int threads();

    /** With at least so many labels in the frozen evaluation sample, of each class a tenth of it, it judges alone. */
    @WithDefault("60")
    int enoughEvaluation();

    /** With at least so many labels in the unbiased exploration sample, a challenger must win there, too. */
    @WithDefault("30")
    int enoughExploration();

    /** Bytes of an uploaded model at most. */
    @WithDefault("50000000")
    int mostUploaded();

    /** Hours between two looks for drift; there is one only if something was scored since. 0: only on demand. */
    @WithDefault("1")
    int driftHours();

    /** The newest scored candidates that drift is measured on, at most. */
    @WithDefault("500")
    int driftWindow();

    /** Drift is not measured on fewer candidates. */
    @WithDefault("200")
    int driftFewest();

    /** The fewest labels that a training starts with. */
    @WithDefault("20")
    int fewestLabels();

    /** The most labels of one training: the newest. */
    @WithDefault("50000")
    int mostLabels();

    /** The most labels that a net learns from: the newest. Images of each take 12 kB here and in the process that trains. */
    @WithDefault("5000")
    int mostNetLabels();

    /** Resident megabytes of the process that trains nets, beyond which it is killed. */
    @WithDefault("1536")
    int netMegabytes();

    /** Minutes after which the process that trains nets is killed. */
    @WithDefault("20")
    int netMinutes();

    /** Where libtorch is unpacked at the first training of a net (432 MB): in {@code nets} of the data folder. */
    Optional<String> netFolder();

    /** Where the built-in model is kept between starts: in {@code builtin-models} of the data folder. */
    Optional<String> cacheFolder();
}
