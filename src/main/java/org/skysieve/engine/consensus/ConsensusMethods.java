package org.skysieve.engine.consensus;

import java.util.List;
import java.util.Locale;

/** The batch algorithms by name. */
public final class ConsensusMethods {
    private static final List<ConsensusMethod> ALL = List.of(
            new AutoConsensus(),
            new CalibratedBlend(),
            new GoldAnchored(),
            new MajorityVote(),
            new Wawa(),
            new OneCoin(),
            DawidSkene.maximumLikelihood(),
            new HierarchicalDawidSkene(),
            new IndependentBcc(),
            new EnhancedBcc(),
            new Mace(),
            new Glad(),
            new SpaceWarps());

    private ConsensusMethods() {}

    /** Every name that {@link #byName} knows, {@code auto} first. */
    public static List<String> names() {
        return ALL.stream().map(ConsensusMethod::name).toList();
    }

    /** @throws IllegalArgumentException if no algorithm has this name (in any case) */
    public static ConsensusMethod byName(String name) {
        return ALL.stream()
                .filter(method -> method.name().equals(name.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "consensus method: got \"" + name + "\", need one of " + String.join(", ", names())));
    }
}
