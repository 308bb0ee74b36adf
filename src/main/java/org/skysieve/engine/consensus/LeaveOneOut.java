package org.skysieve.engine.consensus;

import org.skysieve.engine.math.Softmax;

/**
 * How well the other votes on a candidate predict each vote: the evidence for a model, and for a temperature, that needs
 * no gold.
 *
 * <pre>
 * P(answer_i | the others) = sum_t  P_T(t | the others) * x_i[t][answer_i]
 * P_T(t | the others)      ~ (prior[t] * prod_{j != i} x_j[t][answer_j]) ^ (1 / T)
 * </pre>
 *
 * with {@code x} from the volunteer's other candidates only, so that nothing predicts itself. It reads at most about
 * {@value #MAX_VOTES} votes, of candidates spread evenly: two or three numbers need no more. Gold candidates and those
 * with a single vote are left out. O(votes read * types) a temperature.
 *
 * <p>Limits: votes cannot tell what the truth is from what everybody errs on alike; a crowd that is misled together looks
 * reliable here.
 */
final class LeaveOneOut {
    private static final int MAX_VOTES = 20_000;
    private static final int STEPS = 12;
    private static final double MAX_TEMPERATURE = 100;

    private final int types;
    private final double[] logPrior;

    /** First vote of each sampled candidate, one past the last at the end. */
    private final int[] start;

    /** {@code [vote * types + type]}, natural logarithms. */
    private final double[] terms;

    private final double temperature;

    private LeaveOneOut(int types, double[] logPrior, int[] start, double[] terms) {
        this.types = types;
        this.logPrior = logPrior;
        this.start = start;
        this.terms = terms;
        this.temperature = start.length == 1 ? 1 : search();
    }

    /** The same candidates for every model of one input. */
    static LeaveOneOut of(ConsensusInput input, ConfusionEm em) {
        VoteTable votes = input.votes();
        int[] sample = sample(input);
        int[] start = new int[sample.length + 1];
        for (int s = 0; s < sample.length; s++) {
            start[s + 1] = start[s] + votes.start(sample[s] + 1) - votes.start(sample[s]);
        }
        int types = em.types();
        double[] terms = new double[start[sample.length] * types];
        for (int s = 0; s < sample.length; s++) {
            int first = votes.start(sample[s]);
            for (int i = start[s]; i < start[s + 1]; i++) {
                for (int t = 0; t < types; t++) {
                    terms[i * types + t] = StrictMath.log(em.cavity(sample[s], first + i - start[s], t));
                }
            }
        }
        double[] logPrior = new double[types];
        for (int t = 0; t < types; t++) {
            logPrior[t] = StrictMath.log(Math.max(em.typePrior(t), 1e-300));
        }
        return new LeaveOneOut(types, logPrior, start, terms);
    }

    private static int[] sample(ConsensusInput input) {
        VoteTable votes = input.votes();
        int usable = 0;
        long usableVotes = 0;
        for (int c = 0; c < votes.candidates(); c++) {
            int n = votes.start(c + 1) - votes.start(c);
            if (n >= 2 && !input.isGold(c)) {
                usable++;
                usableVotes += n;
            }
        }
        int step = (int) Math.max(1, (usableVotes + MAX_VOTES - 1) / MAX_VOTES);
        int[] sample = new int[(usable + step - 1) / step];
        int seen = 0;
        for (int c = 0; c < votes.candidates(); c++) {
            if (votes.start(c + 1) - votes.start(c) >= 2 && !input.isGold(c) && seen++ % step == 0) {
                sample[(seen - 1) / step] = c;
            }
        }
        return sample;
    }

    boolean isEmpty() {
        return start.length == 1;
    }

    int votes() {
        return start[start.length - 1];
    }

    /** The natural logarithm of the probability of each sampled candidate's votes, each given its others. */
    double[] byCandidate(double temperature) {
        double[] result = new double[start.length - 1];
        double[] sum = new double[types];
        double[] p = new double[types];
        for (int s = 0; s < result.length; s++) {
            System.arraycopy(logPrior, 0, sum, 0, types);
            for (int i = start[s]; i < start[s + 1]; i++) {
                for (int t = 0; t < types; t++) {
                    sum[t] += terms[i * types + t];
                }
            }
            for (int i = start[s]; i < start[s + 1]; i++) {
                for (int t = 0; t < types; t++) {
                    p[t] = (sum[t] - terms[i * types + t]) / temperature;
                }
                Softmax.inPlace(p);
                double predicted = 0;
                for (int t = 0; t < types; t++) {
                    predicted += p[t] * StrictMath.exp(terms[i * types + t]);
                }
                result[s] += StrictMath.log(predicted);
            }
        }
        return result;
    }

    double total(double temperature) {
        double total = 0;
        for (double one : byCandidate(temperature)) {
            total += one;
        }
        return total;
    }

    /** The temperature in [1, 100] that predicts best, by golden-section search: never sharper than the product. */
    double temperature() {
        return temperature;
    }

    private double search() {
        double ratio = (StrictMath.sqrt(5) - 1) / 2;
        double low = 0;
        double high = StrictMath.log(MAX_TEMPERATURE);
        double left = high - ratio * (high - low);
        double right = low + ratio * (high - low);
        double atLeft = total(StrictMath.exp(left));
        double atRight = total(StrictMath.exp(right));
        for (int i = 0; i < STEPS; i++) {
            if (atLeft >= atRight) {
                high = right;
                right = left;
                atRight = atLeft;
                left = high - ratio * (high - low);
                atLeft = total(StrictMath.exp(left));
            } else {
                low = left;
                left = right;
                atLeft = atRight;
                right = low + ratio * (high - low);
                atRight = total(StrictMath.exp(right));
            }
        }
        return StrictMath.exp((low + high) / 2);
    }

    /**
     * By how many standard errors {@code one} predicts the votes better than {@code other}, paired by candidate; 0 for
     * fewer than two candidates.
     */
    static double advantage(double[] one, double[] other) {
        double sum = 0;
        double squares = 0;
        int n = one.length;
        for (int s = 0; s < n; s++) {
            double gain = one[s] - other[s];
            sum += gain;
            squares += gain * gain;
        }
        return n < 2 ? 0 : sum / StrictMath.sqrt(Math.max(1e-12, squares - sum * sum / n));
    }
}
