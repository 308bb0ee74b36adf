package org.skysieve.engine.simulate;

import java.util.SplittableRandom;

/** Keyed hashes: random streams that depend on a number only, and ids that look random but never collide. */
final class Scramble {
    private Scramble() {}

    /** Stafford's variant 13 of the MurmurHash3 finalizer (as in SplitMix64). */
    static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    static long mix(long seed, long tag, long number) {
        return mix(mix(mix(seed + 0x9e3779b97f4a7c15L) ^ tag * 0xd1b54a32d192ed03L) ^ number * 0x8cb92ba72f3d8dd7L);
    }

    static SplittableRandom random(long seed, long tag, long number) {
        return new SplittableRandom(mix(seed, tag, number));
    }

    /**
     * A permutation of [0, 2^(2 halfBits)) that depends on the seed: a Feistel network of four rounds (Luby and Rackoff
     * 1988).
     */
    static long permute(long seed, int halfBits, long number) {
        long mask = (1L << halfBits) - 1;
        long left = number >>> halfBits & mask;
        long right = number & mask;
        for (int round = 0; round < 4; round++) {
            long next = left ^ (mix(seed, 0x0fe15 + round, right) & mask);
            left = right;
            right = next;
        }
        return left << halfBits | right;
    }
}
