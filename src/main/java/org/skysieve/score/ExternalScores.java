package org.skysieve.score;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * What an external model sends, over REST or Kafka: the whole of it is taken, or nothing.
 *
 * @param version as the model calls itself, such as "1.4.2"; at most 100 characters
 * @param scores 1 to 1,000, each candidate once
 */
public record ExternalScores(String version, List<Score> scores) {
    static final int MOST = 1000;

    public ExternalScores {
        scores = List.copyOf(scores);
    }

    /** From JSON, where anything may be missing. */
    @JsonCreator
    static ExternalScores of(@Nullable String version, @Nullable List<Score> scores) {
        return new ExternalScores(version == null ? "" : version, scores == null ? List.of() : scores);
    }

    /**
     * @param probabilities by answer key, all of the workflow's; they sum to 1 within 0.001
     * @param uncertainty how much of their doubt is the model's own (epistemic), in nats, from 0 to the entropy of the
     *     probabilities; 0 if the model does not know
     */
    public record Score(
            @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
            Map<String, Double> probabilities,
            double uncertainty) {
        public Score {
            probabilities = Map.copyOf(probabilities);
        }

        @JsonCreator
        static Score of(
                @Nullable Long candidateId, @Nullable Map<String, Double> probabilities, @Nullable Double uncertainty) {
            return new Score(
                    candidateId == null ? 0 : candidateId,
                    probabilities == null ? Map.of() : probabilities,
                    uncertainty == null ? 0 : uncertainty);
        }
    }
}
