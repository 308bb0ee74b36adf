package org.skysieve.engine.consensus;

import java.util.Locale;

/**
 * The default without gold: a tempered model of the volunteers, averaged with votes weighted by agreement ({@link Wawa}).
 *
 * <ol>
 *   <li>Two models are fitted: plain confusion matrices (each row pulled by 5 votes, half to the diagonal, half to the
 *       crowd's row), and matrices over three subtypes of each class (pulled by 7 votes to the diagonal), which lets
 *       volunteers err on the same candidates. The second is taken if it predicts left-out votes better by more than
 *       {@value #WARRANT} standard errors and {@value #WORTH} nats a vote: plain matrices read shared errors as another
 *       class.
 *   <li>Its posterior is tempered, {@code P(t)^(1/T)}, with the T at which left-out votes are predicted best
 *       ({@link LeaveOneOut}).
 *   <li>The consensus is {@value #MODEL_SHARE} of it and the rest of Wawa. The model decides where it is sure; Wawa, which
 *       claims little, keeps errors that everybody shares, and that no unlabelled vote can reveal, from being claimed with
 *       certainty. Above T = {@value #MISFIT} the model does not describe the votes, and Wawa stands alone.
 * </ol>
 *
 * <p>O(votes * classes) a sweep, three times as much again where subtypes are warranted; above {@value #TRIAL_VOTES} votes
 * that is decided on a part of the candidates.
 *
 * <p>Limits: a crowd that is misled together stays misled. One vote a candidate teaches nothing of volunteers: the answer
 * is then that vote, as sure as the crowd's pull to the diagonal.
 *
 * <p>Sources: {@link ConfusionEm} for the models; the linear opinion pool of Stone (1961), Ann. Math. Stat. 32, 1339;
 * temperatures as in Guo et al. (2017), ICML.
 */
final class CalibratedBlend implements ConsensusMethod {
    static final double WARRANT = 3;
    static final double WORTH = 0.005;
    static final double MODEL_SHARE = 0.6;
    private static final double MISFIT = 10;
    private static final int TRIAL_VOTES = 100_000;

    static final ConfusionEm.Settings MATRICES =
            new ConfusionEm.Settings(1, 2.5, 2.5, false, 0.8, false, false, 20, 1, 100, 1e-4);
    /** As {@link #SUBTYPES} without subtypes, so that these are not credited for a pull that fits better. */
    private static final ConfusionEm.Settings ONE_TYPE =
            new ConfusionEm.Settings(1, 7, 0, false, 0.8, false, false, 20, 1, 100, 1e-4);

    static final ConfusionEm.Settings SUBTYPES =
            new ConfusionEm.Settings(3, 7, 0, false, 0.8, false, false, 20, 1, 100, 1e-4);

    @Override
    public String name() {
        return "blend";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        Model model = model(input);
        boolean misfit = model.temperature > MISFIT;
        Posteriors wawa = Wawa.posteriors(input);
        Posteriors posteriors = misfit ? wawa : pooled(input, model.em.posteriors(), model.temperature, wawa);
        String why = model.why
                + (misfit
                        ? " Above " + MISFIT
                                + " it describes the votes too badly: votes are weighted by agreement alone."
                        : " Averaged with votes weighted by agreement.");
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, posteriors),
                misfit ? Confusions.counted(input.votes(), posteriors, 5) : model.em.confusions(),
                model.em.classPrior(),
                model.temperature,
                model.em.sweeps(),
                model.em.converged(),
                why);
    }

    private record Model(ConfusionEm em, double temperature, String why) {}

    private static Model model(ConsensusInput input) {
        Posteriors start = MajorityVote.fit(input.votes());
        ConfusionEm matrices = ConfusionEm.fit(input, MATRICES, start);
        LeaveOneOut evidence = LeaveOneOut.of(input, matrices);
        if (evidence.isEmpty()) {
            return new Model(
                    matrices, 1, "Confusion matrices; no candidate has two votes, so nothing is learned of them.");
        }
        int step = (input.votes().votes() + TRIAL_VOTES - 1) / TRIAL_VOTES;
        ConsensusInput part = step == 1 ? input : input.every(step);
        Posteriors partStart = step == 1 ? start : MajorityVote.fit(part.votes());
        ConfusionEm subtypes = ConfusionEm.fit(part, SUBTYPES, partStart);
        LeaveOneOut trial = LeaveOneOut.of(part, subtypes);
        Gain overMatrices =
                Gain.of(trial, step == 1 ? evidence : LeaveOneOut.of(part, ConfusionEm.fit(part, MATRICES, partStart)));
        Gain overOneType = Gain.of(trial, LeaveOneOut.of(part, ConfusionEm.fit(part, ONE_TYPE, partStart)));
        Gain gain = overMatrices.perVote < overOneType.perVote ? overMatrices : overOneType;
        boolean warranted = gain.errors > WARRANT && gain.perVote > WORTH;
        ConfusionEm chosen = matrices;
        if (warranted) {
            chosen = step == 1 ? subtypes : ConfusionEm.fit(input, SUBTYPES, start);
            evidence = step == 1 ? trial : LeaveOneOut.of(input, chosen);
        }
        double temperature = evidence.temperature();
        return new Model(
                chosen,
                temperature,
                String.format(
                        Locale.ROOT,
                        "%s: subtypes predict left-out votes %.4f nats a vote (%.1f standard errors) %s, where %.3f (%.0f)"
                                + " are needed; temperature %.2f.",
                        warranted ? "Confusion matrices with item subtypes" : "Plain confusion matrices",
                        Math.abs(gain.perVote),
                        Math.abs(gain.errors),
                        gain.perVote > 0 ? "better" : "worse",
                        WORTH,
                        WARRANT,
                        temperature));
    }

    /**
     * @param perVote how much better left-out votes are predicted, in nats a vote
     * @param errors the same in standard errors
     */
    private record Gain(double perVote, double errors) {
        static Gain of(LeaveOneOut one, LeaveOneOut other) {
            double[] mine = one.byCandidate(one.temperature());
            double[] theirs = other.byCandidate(other.temperature());
            double sum = 0;
            for (int s = 0; s < mine.length; s++) {
                sum += mine[s] - theirs[s];
            }
            return new Gain(sum / one.votes(), LeaveOneOut.advantage(mine, theirs));
        }
    }

    private static Posteriors pooled(ConsensusInput input, Posteriors model, double temperature, Posteriors wawa) {
        int classes = model.classes();
        double[] flat = new double[model.candidates() * classes];
        for (int c = 0; c < model.candidates(); c++) {
            int row = c * classes;
            for (int k = 0; k < classes; k++) {
                flat[row + k] = model.get(c, k);
            }
            if (input.isGold(c) || input.votes().start(c) == input.votes().start(c + 1)) {
                continue;
            }
            temper(flat, row, classes, temperature);
            for (int k = 0; k < classes; k++) {
                flat[row + k] = MODEL_SHARE * flat[row + k] + (1 - MODEL_SHARE) * wawa.get(c, k);
            }
        }
        return new Posteriors(classes, flat);
    }

    /** Replaces probabilities by their {@code 1 / temperature}-th powers, normalised. */
    static void temper(double[] p, int offset, int length, double temperature) {
        if (temperature == 1) {
            return;
        }
        double top = 0;
        for (int i = offset; i < offset + length; i++) {
            top = Math.max(top, p[i]);
        }
        for (int i = offset; i < offset + length; i++) {
            p[i] = p[i] == top ? 1 : StrictMath.pow(p[i] / top, 1 / temperature);
        }
        Confusions.normalise(p, offset, length);
    }
}
