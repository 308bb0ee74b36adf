package org.skysieve.candidate;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

@ConfigMapping(prefix = "skysieve.candidate")
interface CandidateConfig {
    /**
     * Share of new sky objects that enter the frozen evaluation sample, in [0, 1]. Objects already seen keep what they
     * were given.
     */
    @WithDefault("0.2")
    @DecimalMin("0")
    @DecimalMax("1")
    double evaluationShare();
}
