package org.skysieve.selection;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Gold standards that somebody has not seen, uniformly. They are drawn from the pool when the first is wanted. */
final class GoldOffer implements Offers.Offer {
    private final Supplier<List<Long>> pool;
    private int left;
    private int drawn;
    private @Nullable List<Long> found;

    /** @param left how many this person has not seen, as far as is known */
    GoldOffer(int left, Supplier<List<Long>> pool) {
        this.left = left;
        this.pool = pool;
    }

    @Override
    public boolean available() {
        return left - drawn > 0;
    }

    @Override
    public double probability(OpenWork.Entry entry) {
        // No gold standard is open: no other arm has it.
        return 0;
    }

    @Override
    public Optional<Offers.Draw> next(SplittableRandom random) {
        List<Long> ids = found;
        if (ids == null) {
            ids = pool.get();
            found = ids;
        }
        if (drawn >= ids.size()) {
            left = drawn;
            return Optional.empty();
        }
        double probability = 1.0 / (left - drawn);
        return Optional.of(new Offers.Draw(new OpenWork.Entry(ids.get(drawn++), 0, false, 0), probability));
    }

    @Override
    public void remove(long candidateId) {
        // Each is drawn once.
    }
}
