package org.skysieve.engine.select;

/**
 * The place of a candidate in the queue: a strategy's usefulness plus a small bonus for candidates that somebody has
 * already voted on. Among candidates of about the same usefulness those are finished first, so that votes do not lie
 * spread over many candidates of which none is settled.
 */
public final class Priority {
    /** Too small to lift a settled candidate over an open question, large enough to break near-ties. */
    public static final double BEGUN_BONUS = 0.02;

    private final QueryStrategy strategy;

    public Priority(QueryStrategy strategy) {
        this.strategy = strategy;
    }

    /** In [0, 1 + {@link #BEGUN_BONUS}]; the highest is served first. */
    public float of(Belief belief) {
        return (float) (strategy.usefulness(belief) + (belief.votes() > 0 ? BEGUN_BONUS : 0));
    }
}
