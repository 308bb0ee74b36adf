package org.skysieve.selection;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

import org.skysieve.engine.select.Arm;
import org.skysieve.engine.select.ArmMix;

/**
 * What the arms of one request have to offer. Fills places: draws an arm, then a candidate within it, and says how likely
 * that candidate was to get the place by any arm.
 */
final class Offers {
    /** The candidates of one arm. */
    interface Offer {
        /** Whether anything can be drawn, as far as is known. */
        boolean available();

        /** With which probability the next draw of this arm takes that candidate; 0 where it has no such one. */
        double probability(OpenWork.Entry entry);

        /** One draw; empty where nothing is left after all. */
        Optional<Draw> next(SplittableRandom random);

        /** The candidate is not to be drawn any more. */
        void remove(long candidateId);
    }

    /** @param probability within the arm */
    record Draw(OpenWork.Entry entry, double probability) {}

    /**
     * A candidate drawn for a place.
     *
     * @param priority the key by which the arm ranked it
     * @param probability that this place got it, by whatever arm: sum of P(arm) P(candidate | arm)
     */
    record Choice(long candidateId, float priority, Arm arm, double probability) {}

    private final Map<Arm, Offer> offers = new LinkedHashMap<>();
    private final IntFunction<ArmMix> mixByGold;

    /** @param mixByGold the mix for somebody who has been served so many gold standards more by this request */
    Offers(IntFunction<ArmMix> mixByGold) {
        this.mixByGold = mixByGold;
    }

    void add(Arm arm, Offer offer) {
        offers.put(arm, offer);
    }

    /** Fills up to {@code need} places. */
    List<Choice> draw(int need, SplittableRandom random) {
        List<Choice> choices = new ArrayList<>();
        int gold = 0;
        while (choices.size() < need) {
            Set<Arm> available = available();
            if (available.isEmpty()) {
                break;
            }
            ArmMix mix = mixByGold.apply(gold);
            Arm arm = mix.draw(available, random);
            Optional<Draw> drawn = offer(arm).next(random);
            if (drawn.isEmpty()) {
                continue;
            }
            OpenWork.Entry entry = drawn.get().entry();
            double probability = mix.probability(arm, available) * drawn.get().probability();
            for (Arm other : available) {
                if (!other.equals(arm)) {
                    probability +=
                            mix.probability(other, available) * offer(other).probability(entry);
                }
            }
            choices.add(new Choice(entry.candidateId(), entry.key(), arm, Math.min(1, probability)));
            offers.values().forEach(offer -> offer.remove(entry.candidateId()));
            gold += arm.equals(Arm.GOLD) ? 1 : 0;
        }
        return choices;
    }

    private Set<Arm> available() {
        Set<Arm> available = new LinkedHashSet<>();
        offers.forEach((arm, offer) -> {
            if (!arm.equals(Arm.GOLD) && offer.available()) {
                available.add(arm);
            }
        });
        // Gold comes between real work, never instead of it: it would cost votes and settle nothing.
        Offer gold = offers.get(Arm.GOLD);
        if (!available.isEmpty() && gold != null && gold.available()) {
            available.add(Arm.GOLD);
        }
        return available;
    }

    private Offer offer(Arm arm) {
        Offer offer = offers.get(arm);
        if (offer == null) {
            throw new IllegalStateException("arm " + arm.key() + " was drawn, but offers nothing");
        }
        return offer;
    }
}
