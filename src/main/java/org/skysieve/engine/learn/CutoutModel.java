package org.skysieve.engine.learn;

import java.util.List;
import java.util.Optional;

import org.skysieve.engine.image.CutoutTriplet;

/** What classifies candidates by their cutouts, whatever it is made of. Immutable and safe for several threads. */
public sealed interface CutoutModel permits CutoutClassifier, CutoutNet, OutsideNet {

    /** The answer keys, in the order of the probabilities. */
    List<String> classes();

    Provenance provenance();

    /**
     * Probabilities and their uncertainty.
     *
     * @param survey short name in lower case: it decides what {@code fwhmPixels} is worth
     * @param fwhmPixels as the alert gives it; NaN if unknown
     */
    Scored score(CutoutTriplet cutouts, String survey, double fwhmPixels);

    /** Writes the model; {@link #load} gives one back that says exactly the same. */
    byte[] save();

    /**
     * A forest, a net or, as an ONNX file that keeps the contract of docs/formats.md, somebody else's net.
     *
     * @throws IllegalArgumentException if the bytes are no model, or one that this code cannot serve
     */
    static CutoutModel load(byte[] saved) {
        if (!OnnxFile.mayBe(saved)) {
            return CutoutClassifier.load(saved);
        }
        OnnxFile contents = OnnxFile.read(saved);
        Optional<CutoutNet> own = CutoutNet.load(saved, contents);
        return own.isPresent() ? own.get() : OutsideNet.load(saved, contents);
    }
}
