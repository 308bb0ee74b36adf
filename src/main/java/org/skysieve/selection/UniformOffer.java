package org.skysieve.selection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** A list that is drawn from uniformly. */
final class UniformOffer implements Offers.Offer {
    private final List<OpenWork.Entry> left;

    UniformOffer(List<OpenWork.Entry> all) {
        left = new ArrayList<>(all);
    }

    @Override
    public boolean available() {
        return !left.isEmpty();
    }

    @Override
    public double probability(OpenWork.Entry entry) {
        boolean there = left.stream().anyMatch(each -> each.candidateId() == entry.candidateId());
        return there ? 1.0 / left.size() : 0;
    }

    @Override
    public Optional<Offers.Draw> next(SplittableRandom random) {
        if (left.isEmpty()) {
            return Optional.empty();
        }
        double probability = 1.0 / left.size();
        return Optional.of(new Offers.Draw(left.remove(random.nextInt(left.size())), probability));
    }

    @Override
    public void remove(long candidateId) {
        left.removeIf(each -> each.candidateId() == candidateId);
    }
}
