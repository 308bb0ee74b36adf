package org.skysieve.learning;

import com.fasterxml.jackson.annotation.JsonFormat;

/**
 * A gold standard, to somebody who has answered.
 *
 * @param given the key of what they answered
 * @param agreed whether that is right
 * @param counted whether the answer says something of them: not, where they had been shown the truth before it
 * @param answer the key of what it is
 * @param help the sentence that tells the class from the others; may be empty
 * @param note what tells it here; may be empty
 */
public record Truth(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
        String given,
        boolean agreed,
        boolean counted,
        String answer,
        String label,
        String help,
        String note) {}
