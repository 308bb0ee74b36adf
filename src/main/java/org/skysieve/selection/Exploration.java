package org.skysieve.selection;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What exploration has to offer: first what it has begun of the evaluation sample, then what nobody has looked at. No
 * other arm serves the sample, so this arm has to finish it; finishing before beginning keeps few of them half done.
 * Both are drawn uniformly, so neither what is begun nor when it is finished depends on what anybody thinks of it.
 */
final class Exploration implements Offers.Offer {
    /** Of the begun ones the first so many on the shuffled line: those are finished first. */
    static final int MOST = 24;

    private final Supplier<List<OpenWork.Entry>> read;
    private final Offers.Offer unbegun;
    private @Nullable UniformOffer begun;

    /** @param begun read once, when needed */
    Exploration(Supplier<List<OpenWork.Entry>> begun, Offers.Offer unbegun) {
        this.read = begun;
        this.unbegun = unbegun;
    }

    private UniformOffer begun() {
        UniformOffer known = begun;
        if (known == null) {
            known = new UniformOffer(read.get());
            begun = known;
        }
        return known;
    }

    private Offers.Offer first() {
        return begun().available() ? begun() : unbegun;
    }

    @Override
    public boolean available() {
        return unbegun.available() || begun().available();
    }

    @Override
    public double probability(OpenWork.Entry entry) {
        return entry.evaluation() ? first().probability(entry) : 0;
    }

    @Override
    public Optional<Offers.Draw> next(SplittableRandom random) {
        return first().next(random);
    }

    @Override
    public void remove(long candidateId) {
        if (begun != null) {
            begun.remove(candidateId);
        }
        unbegun.remove(candidateId);
    }
}
