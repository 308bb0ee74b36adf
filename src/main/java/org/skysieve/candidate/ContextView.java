package org.skysieve.candidate;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.context.SkyContext;

/**
 * What a candidate's place on the sky tells of it, as the API shows it; null for what was not measured.
 *
 * @param kind such as {@code solar-system}
 * @param rule that decided, in words with its numbers
 * @param arcsec to the catalogue's entry that decided
 * @param host the galaxy that it is likely to lie in
 */
record ContextView(
        String kind,
        String rule,
        @Nullable Double arcsec,
        @Nullable HostView host) {
    /** @param chance probability that a galaxy as bright lies as near by chance */
    record HostView(
            String catalogue, double arcsec, @Nullable Double mag, double chance) {}

    static @Nullable ContextView of(@Nullable SkyContext context) {
        if (context == null) {
            return null;
        }
        SkyContext.Host host = context.host();
        return new ContextView(
                context.kind().key(),
                context.rule(),
                orNull(context.arcsec()),
                host == null ? null : new HostView(host.catalogue(), host.arcsec(), orNull(host.mag()), host.chance()));
    }

    private static @Nullable Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
