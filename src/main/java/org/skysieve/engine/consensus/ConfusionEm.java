package org.skysieve.engine.consensus;

import java.util.Arrays;
import java.util.SplittableRandom;

import org.skysieve.engine.math.Digamma;

/**
 * Expectation maximisation over confusion matrices: what the algorithms of the Dawid-Skene family share. Not thread-safe.
 *
 * <p>Every class has {@code M >= 1} subtypes, so a candidate has one of {@code T = K M} types; type {@code t} is of class
 * {@code t / M}. A volunteer answers {@code a} on a candidate of type {@code t} with probability {@code x_v[t][a]}.
 *
 * <pre>
 * E  q_c(t)      ~  prior[t] * prod_v x_v[t][answer_v]                 of gold candidates the mass of each class is held
 * M  alpha[t][a] =  own * d[t][a] + crowd * m[t][a]
 *    x_v[t][a]   =  (n_v[t][a] + alpha[t][a]) / (n_v[t] + own + crowd)        n: soft counts
 *    m[t][a]     =  (n[t][a] + 20 d[t][a]) / (n[t] + 20)                      the whole crowd's row
 *    d[t][a]     =  diagonal where a is the class of t, the rest shared equally
 *    prior[t]    =  (sum of q(t) + pull / M) / (candidates + pull K)         gold left out: it is chosen, not drawn
 * </pre>
 *
 * <p>With strata (see {@link ConsensusInput}) a volunteer has a matrix in each; counts of the others count half, and
 * {@code m} of a stratum is shrunk to that of all by 20 votes.
 *
 * <p>The E-step is a product in the linear domain, rescaled every {@value #RESCALE} factors: no logarithm and no
 * exponential, which are most of the time otherwise. E and M share one pass over the votes. O(votes T) a sweep and
 * O(volunteers T K + candidates T) memory.
 */
final class ConfusionEm {
    /** The pull of the crowd's own row to the diagonal, in votes. */
    static final double CROWD_PULL = 20;

    /** Factors are at least {@value #FLOOR}, so that this many stay within the range of a double. */
    private static final int RESCALE = 32;

    private static final double FLOOR = 1e-9;
    private static final int STRENGTH_STEPS = 5;
    private static final double OTHER_STRATA = 0.5;

    /**
     * @param subtypes M
     * @param own pull of every volunteer's rows to the diagonal, in votes
     * @param crowd pull to the crowd's rows, in votes; the start where it is learned
     * @param learned whether {@code crowd} is learned, a strength for each type, by Minka's fixed point
     * @param diagonal P(right) of {@code d}, in (0, 1)
     * @param variational whether rows are expectations of logarithms (mean field) rather than means
     * @param loneTeach whether candidates with a single vote count in the M-step; that vote only confirms itself
     * @param classPull pull of the class prior to equal classes, in candidates a class
     * @param ungolded what a vote on a candidate without gold counts in the M-step, in [0, 1]
     * @param maxSweeps bound of the loop
     * @param tolerance it stops when the candidates' probabilities move by less on average
     */
    record Settings(
            int subtypes,
            double own,
            double crowd,
            boolean learned,
            double diagonal,
            boolean variational,
            boolean loneTeach,
            double classPull,
            double ungolded,
            int maxSweeps,
            double tolerance) {}

    private final ConsensusInput input;
    private final VoteTable votes;
    private final Settings settings;
    private final int classes;
    private final int subtypes;
    private final int types;
    private final int strata;
    private final int rows;

    /** P(type), {@code [candidate * types + type]}. */
    private final double[] q;

    /** {@code [(row * classes + answer) * types + type]}, row = volunteer * strata + stratum. */
    private final double[] table;

    private final double[] counts;

    /** Where the types of each vote's row and answer begin in {@code table} and {@code counts}. */
    private final int[] cells;

    private final double[] prior;
    private final double[] strength;
    private final double[] crowdRows;
    private int sweeps;
    private boolean converged;

    private ConfusionEm(ConsensusInput input, Settings settings) {
        this.input = input;
        this.votes = input.votes();
        this.settings = settings;
        this.classes = votes.classes();
        this.subtypes = settings.subtypes;
        this.types = classes * subtypes;
        this.strata = input.strata();
        this.rows = votes.volunteers() * strata;
        this.q = new double[votes.candidates() * types];
        this.table = new double[rows * classes * types];
        this.counts = new double[table.length];
        this.cells = new int[votes.votes()];
        this.prior = new double[types];
        this.strength = new double[types];
        this.crowdRows = new double[strata * types * classes];
        Arrays.fill(strength, settings.crowd);
        for (int c = 0; c < votes.candidates(); c++) {
            int stratum = input.stratum(c);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                cells[i] = ((votes.volunteer(i) * strata + stratum) * classes + votes.answer(i)) * types;
            }
        }
    }

    /** Fits to convergence from the class probabilities {@code start}. */
    static ConfusionEm fit(ConsensusInput input, Settings settings, Posteriors start) {
        ConfusionEm em = new ConfusionEm(input, settings);
        em.begin(start);
        double moved = Double.POSITIVE_INFINITY;
        while (em.sweeps < settings.maxSweeps && moved > settings.tolerance) {
            em.maximise();
            moved = em.sweep();
            em.sweeps++;
        }
        em.converged = moved <= settings.tolerance;
        em.maximise();
        return em;
    }

    /** Splits each class at random over its subtypes: equal ones would stay equal for ever. */
    private void begin(Posteriors start) {
        SplittableRandom random = new SplittableRandom(input.seed());
        double[] part = new double[subtypes];
        for (int c = 0; c < votes.candidates(); c++) {
            for (int k = 0; k < classes; k++) {
                double sum = 0;
                for (int j = 0; j < subtypes; j++) {
                    part[j] = subtypes == 1 ? 1 : 0.05 + random.nextDouble();
                    sum += part[j];
                }
                double p = input.isGold(c) ? input.gold(c, k) : start.get(c, k);
                for (int j = 0; j < subtypes; j++) {
                    q[c * types + k * subtypes + j] = p * part[j] / sum;
                }
            }
            if (votes.start(c) < votes.start(c + 1)) {
                count(c);
            }
        }
        setPrior();
    }

    /** Adds the soft counts of one candidate with votes. */
    private void count(int c) {
        int from = votes.start(c);
        int to = votes.start(c + 1);
        boolean gold = input.isGold(c);
        if (!gold) {
            for (int t = 0; t < types; t++) {
                prior[t] += q[c * types + t];
            }
        }
        double weight = gold ? 1 : settings.ungolded;
        if (weight == 0 || (!gold && to - from == 1 && !settings.loneTeach)) {
            return;
        }
        int row = c * types;
        for (int i = from; i < to; i++) {
            int cell = cells[i];
            for (int t = 0; t < types; t++) {
                counts[cell + t] += weight * q[row + t];
            }
        }
    }

    private void setPrior() {
        double sum = 0;
        for (int t = 0; t < types; t++) {
            prior[t] += settings.classPull / subtypes;
            sum += prior[t];
        }
        for (int t = 0; t < types; t++) {
            prior[t] /= sum;
        }
        if (settings.variational) {
            for (int t = 0; t < types; t++) {
                prior[t] = StrictMath.exp(Digamma.of(prior[t] * sum) - Digamma.of(sum));
            }
        }
    }

    /** The E-step and the counts of the next M-step in one pass; returns the mean change of a candidate. */
    private double sweep() {
        double[] before = prior.clone();
        Arrays.fill(prior, 0);
        Arrays.fill(counts, 0);
        double[] p = new double[types];
        boolean pair = types == 2 && settings.ungolded == 1;
        double moved = 0;
        int voted = 0;
        for (int c = 0; c < votes.candidates(); c++) {
            int from = votes.start(c);
            int to = votes.start(c + 1);
            if (from == to) {
                continue;
            }
            voted++;
            if (pair && to - from <= RESCALE && !input.isGold(c)) {
                moved += sweepPair(c, from, to, before);
                continue;
            }
            product(c, before, p);
            double change = 0;
            for (int t = 0; t < types; t++) {
                change += Math.abs(p[t] - q[c * types + t]);
                q[c * types + t] = p[t];
            }
            moved += change / 2;
            count(c);
        }
        setPrior();
        return voted == 0 ? 0 : moved / voted;
    }

    /** The same for one candidate of two types in registers: the common case, in half of the time. */
    private double sweepPair(int c, int from, int to, double[] typePrior) {
        double p0 = typePrior[0];
        double p1 = typePrior[1];
        for (int i = from; i < to; i++) {
            int cell = cells[i];
            p0 *= table[cell];
            p1 *= table[cell + 1];
        }
        double scale = 1 / (p0 + p1);
        p0 *= scale;
        p1 *= scale;
        prior[0] += p0;
        prior[1] += p1;
        if (to - from > 1 || settings.loneTeach) {
            for (int i = from; i < to; i++) {
                int cell = cells[i];
                counts[cell] += p0;
                counts[cell + 1] += p1;
            }
        }
        double moved = Math.abs(p0 - q[2 * c]);
        q[2 * c] = p0;
        q[2 * c + 1] = p1;
        return moved;
    }

    /** Writes P(type) of one candidate. */
    private void product(int c, double[] typePrior, double[] p) {
        System.arraycopy(typePrior, 0, p, 0, types);
        int from = votes.start(c);
        int to = votes.start(c + 1);
        int untilRescale = RESCALE;
        for (int i = from; i < to; i++) {
            int cell = cells[i];
            for (int t = 0; t < types; t++) {
                p[t] *= table[cell + t];
            }
            if (--untilRescale == 0) {
                Confusions.normalise(p, 0, types);
                untilRescale = RESCALE;
            }
        }
        Confusions.normalise(p, 0, types);
        if (input.isGold(c)) {
            hold(c, p);
        }
    }

    /** Gives each class the mass that the gold says, shared over its subtypes as the votes say. */
    private void hold(int c, double[] p) {
        for (int k = 0; k < classes; k++) {
            double mass = 0;
            for (int j = 0; j < subtypes; j++) {
                mass += p[k * subtypes + j];
            }
            for (int j = 0; j < subtypes; j++) {
                int t = k * subtypes + j;
                p[t] = input.gold(c, k) * (mass > 1e-300 ? p[t] / mass : 1.0 / subtypes);
            }
        }
    }

    /** Sets every row from the counts. */
    private void maximise() {
        if (settings.crowd > 0) {
            setCrowdRows();
            if (settings.learned && sweeps > 0) {
                // The fixed point crawls where volunteers are alike: several steps a sweep.
                for (int t = 0; t < types * STRENGTH_STEPS; t++) {
                    learnStrength(t % types);
                }
            }
        }
        double[] pseudo = new double[strata * types * classes];
        for (int i = 0; i < pseudo.length; i++) {
            pseudo[i] = pseudo(i / (types * classes), i / classes % types, i % classes);
        }
        double[] alpha = new double[classes];
        for (int row = 0; row < rows; row++) {
            int prior = row % strata * types * classes;
            for (int t = 0; t < types; t++) {
                double total = 0;
                int cell = row * classes * types + t;
                for (int a = 0; a < classes; a++) {
                    alpha[a] = pseudo[prior + t * classes + a] + counts[cell + a * types];
                    if (strata > 1) {
                        alpha[a] += OTHER_STRATA * otherStrata(row, t, a);
                    }
                    total += alpha[a];
                }
                double scale = settings.variational ? Digamma.of(total) : 1 / total;
                for (int a = 0; a < classes; a++) {
                    double p = settings.variational ? StrictMath.exp(Digamma.of(alpha[a]) - scale) : alpha[a] * scale;
                    table[cell + a * types] = Math.max(FLOOR, p);
                }
            }
        }
    }

    private double pseudo(int stratum, int t, int a) {
        double alpha = settings.own * diagonal(t, a);
        return settings.crowd > 0 ? alpha + strength[t] * crowdRows[(stratum * types + t) * classes + a] : alpha;
    }

    private double diagonal(int t, int a) {
        return a == t / subtypes ? settings.diagonal : (1 - settings.diagonal) / (classes - 1);
    }

    private double otherStrata(int row, int t, int a) {
        int first = row - row % strata;
        double sum = 0;
        for (int other = first; other < first + strata; other++) {
            if (other != row) {
                sum += counts[(other * classes + a) * types + t];
            }
        }
        return sum;
    }

    private void setCrowdRows() {
        Arrays.fill(crowdRows, 0);
        for (int row = 0; row < rows; row++) {
            int stratum = row % strata;
            for (int a = 0; a < classes; a++) {
                for (int t = 0; t < types; t++) {
                    crowdRows[(stratum * types + t) * classes + a] += counts[(row * classes + a) * types + t];
                }
            }
        }
        double[] whole = new double[classes];
        for (int t = 0; t < types; t++) {
            for (int a = 0; a < classes; a++) {
                whole[a] = CROWD_PULL * diagonal(t, a);
                for (int s = 0; s < strata; s++) {
                    whole[a] += crowdRows[(s * types + t) * classes + a];
                }
            }
            Confusions.normalise(whole, 0, classes);
            for (int s = 0; s < strata; s++) {
                for (int a = 0; a < classes; a++) {
                    int cell = (s * types + t) * classes + a;
                    crowdRows[cell] = strata == 1 ? whole[a] : crowdRows[cell] + CROWD_PULL * whole[a];
                }
                Confusions.normalise(crowdRows, (s * types + t) * classes, classes);
            }
        }
    }

    /**
     * One step of the fixed point for the concentration of a Dirichlet-multinomial whose mean is given: Minka (2000),
     * Estimating a Dirichlet distribution, eq. 55 restricted to the strength. Within [0.1, 100] votes.
     */
    private void learnStrength(int t) {
        double numerator = 0;
        double denominator = 0;
        double all = settings.own + strength[t];
        double digammaAll = Digamma.of(all);
        for (int row = 0; row < rows; row++) {
            double total = 0;
            for (int a = 0; a < classes; a++) {
                total += counts[(row * classes + a) * types + t];
            }
            if (total < 1e-6) {
                continue;
            }
            int stratum = row % strata;
            for (int a = 0; a < classes; a++) {
                double n = counts[(row * classes + a) * types + t];
                if (n > 0) {
                    double alpha = pseudo(stratum, t, a);
                    numerator += crowdRows[(stratum * types + t) * classes + a]
                            * (Digamma.of(n + alpha) - Digamma.of(alpha));
                }
            }
            denominator += Digamma.of(total + all) - digammaAll;
        }
        if (denominator > 0) {
            strength[t] = Math.min(100, Math.max(0.1, strength[t] * numerator / denominator));
        }
    }

    /** P(class) of every candidate; the class prior where there is no vote. */
    Posteriors posteriors() {
        double[] flat = new double[votes.candidates() * classes];
        double[] marginal = classPrior();
        for (int c = 0; c < votes.candidates(); c++) {
            for (int k = 0; k < classes; k++) {
                if (input.isGold(c)) {
                    flat[c * classes + k] = input.gold(c, k);
                } else if (votes.start(c) == votes.start(c + 1)) {
                    flat[c * classes + k] = marginal[k];
                } else {
                    for (int t = k * subtypes; t < (k + 1) * subtypes; t++) {
                        flat[c * classes + k] += q[c * types + t];
                    }
                }
            }
        }
        return new Posteriors(classes, flat);
    }

    /** As it is, untempered. */
    ConsensusResult result(String method, String why) {
        return new ConsensusResult(
                method,
                ModelEvidence.joined(input, posteriors()),
                confusions(),
                classPrior(),
                1,
                sweeps,
                converged,
                why);
    }

    double[] classPrior() {
        double[] marginal = new double[classes];
        for (int t = 0; t < types; t++) {
            marginal[t / subtypes] += prior[t];
        }
        Confusions.normalise(marginal, 0, classes);
        return marginal;
    }

    /** P(answer | class) of every volunteer: over subtypes by their prior, over strata by the votes cast in each. */
    Confusions confusions() {
        double[] flat = new double[votes.volunteers() * classes * classes];
        double[] share = new double[strata];
        for (int v = 0; v < votes.volunteers(); v++) {
            for (int k = 0; k < classes; k++) {
                for (int s = 0; s < strata; s++) {
                    share[s] = 1e-6;
                    for (int cell = 0; cell < classes; cell++) {
                        for (int t = k * subtypes; t < (k + 1) * subtypes; t++) {
                            share[s] += counts[((v * strata + s) * classes + cell) * types + t];
                        }
                    }
                }
                for (int a = 0; a < classes; a++) {
                    for (int s = 0; s < strata; s++) {
                        for (int t = k * subtypes; t < (k + 1) * subtypes; t++) {
                            flat[(v * classes + k) * classes + a] +=
                                    share[s] * prior[t] * table[((v * strata + s) * classes + a) * types + t];
                        }
                    }
                }
                Confusions.normalise(flat, (v * classes + k) * classes, classes);
            }
        }
        return new Confusions(classes, flat);
    }

    /**
     * P(the answer of vote {@code i} | type) had its candidate never been seen: the candidate's own contribution is taken
     * out of the volunteer's counts.
     */
    double cavity(int candidate, int vote, int type) {
        int stratum = input.stratum(candidate);
        int row = votes.volunteer(vote) * strata + stratum;
        int lone = votes.start(candidate + 1) - votes.start(candidate);
        double own = lone == 1 && !settings.loneTeach ? 0 : settings.ungolded * q[candidate * types + type];
        double total = -own;
        double said = 0;
        for (int a = 0; a < classes; a++) {
            double n = counts[(row * classes + a) * types + type] + pseudo(stratum, type, a);
            if (strata > 1) {
                n += OTHER_STRATA * otherStrata(row, type, a);
            }
            total += n;
            if (a == votes.answer(vote)) {
                said = n - own;
            }
        }
        return Math.max(FLOOR, said / total);
    }

    double typePrior(int type) {
        return prior[type];
    }

    int types() {
        return types;
    }

    int sweeps() {
        return sweeps;
    }

    boolean converged() {
        return converged;
    }
}
