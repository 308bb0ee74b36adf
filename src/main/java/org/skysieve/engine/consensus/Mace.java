package org.skysieve.engine.consensus;

import java.util.SplittableRandom;

import org.skysieve.engine.math.Digamma;

/**
 * MACE: on each vote a volunteer either knows, and says the truth, or spams, and draws from an own habit.
 *
 * <pre>
 * P(a | t)  =  k_v [a = t] + s_v h_v[a]                       k_v: knows, s_v: spams, h_v: habit
 * E  P(t)   ~  prod_v P(answer_v | t);   P(knew | answer_v)  =  P(answer_v) k_v / (k_v + s_v h_v[answer_v])
 * M  k, s   ~  exp(digamma(count + 0.5));  h_v[a]  ~  exp(digamma(count + 10 / K))       variational, as in the paper
 * </pre>
 *
 * <p>{@value #RESTARTS} starts from random matrices; the one whose votes are most probable is kept. Classes have no prior, as
 * in the paper. O(votes * classes) a sweep.
 *
 * <p>Limits: knows only spam, not which classes are confused; the starts are random (by the input's seed).
 *
 * <p>Source: Hovy, Berg-Kirkpatrick, Vaswani and Hovy (2013), Learning whom to trust with MACE, NAACL.
 */
final class Mace implements ConsensusMethod {
    private static final int RESTARTS = 5;
    private static final int SWEEPS = 50;

    @Override
    public String name() {
        return "mace";
    }

    @Override
    public ConsensusResult fit(ConsensusInput input) {
        Run best = new Run(input, new SplittableRandom(input.seed()));
        SplittableRandom random = new SplittableRandom(input.seed() + 1);
        for (int restart = 1; restart < RESTARTS; restart++) {
            Run run = new Run(input, random.split());
            if (run.evidence > best.evidence) {
                best = run;
            }
        }
        Posteriors posteriors = new Posteriors(input.votes().classes(), best.posterior);
        return new ConsensusResult(
                name(),
                ModelEvidence.joined(input, posteriors),
                best.confusions(),
                MajorityVote.mean(input, posteriors),
                1,
                RESTARTS * SWEEPS,
                true,
                "Volunteers either know or spam; the most probable of " + RESTARTS + " random starts.");
    }

    private static final class Run {
        final ConsensusInput input;
        final VoteTable votes;
        final int classes;
        final double[] posterior;
        final double[] knows;
        final double[] spams;
        final double[] habit;
        double evidence;

        Run(ConsensusInput input, SplittableRandom random) {
            this.input = input;
            this.votes = input.votes();
            this.classes = votes.classes();
            this.posterior = new double[votes.candidates() * classes];
            this.knows = new double[votes.volunteers()];
            this.spams = new double[votes.volunteers()];
            this.habit = new double[votes.volunteers() * classes];
            for (int v = 0; v < knows.length; v++) {
                knows[v] = 0.5 + 0.5 * random.nextDouble();
                spams[v] = 1 - knows[v];
                for (int a = 0; a < classes; a++) {
                    habit[v * classes + a] = 0.5 + random.nextDouble();
                }
                Confusions.normalise(habit, v * classes, classes);
            }
            for (int sweep = 0; sweep < SWEEPS; sweep++) {
                sweep(sweep + 1 < SWEEPS);
            }
        }

        void sweep(boolean learn) {
            double[] knew = new double[knows.length];
            double[] spammed = new double[knows.length];
            double[] habits = new double[habit.length];
            double[] log = new double[classes];
            evidence = 0;
            for (int c = 0; c < votes.candidates(); c++) {
                expect(c, log);
                for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                    int v = votes.volunteer(i);
                    int a = votes.answer(i);
                    double known = posterior[c * classes + a] * knows[v] / said(v, a, true);
                    knew[v] += known;
                    spammed[v] += 1 - known;
                    habits[v * classes + a] += 1 - known;
                }
            }
            if (!learn) {
                return;
            }
            for (int v = 0; v < knows.length; v++) {
                double all = Digamma.of(knew[v] + spammed[v] + 1);
                knows[v] = StrictMath.exp(Digamma.of(knew[v] + 0.5) - all);
                spams[v] = StrictMath.exp(Digamma.of(spammed[v] + 0.5) - all);
                double rate = Digamma.of(spammed[v] + 10);
                for (int a = 0; a < classes; a++) {
                    habit[v * classes + a] =
                            StrictMath.exp(Digamma.of(habits[v * classes + a] + 10.0 / classes) - rate);
                }
            }
        }

        private void expect(int c, double[] log) {
            java.util.Arrays.fill(log, 0);
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                int v = votes.volunteer(i);
                int a = votes.answer(i);
                double wrong = StrictMath.log(said(v, a, false));
                for (int t = 0; t < classes; t++) {
                    log[t] += t == a ? StrictMath.log(said(v, a, true)) : wrong;
                }
            }
            evidence += org.skysieve.engine.math.Softmax.logSumExp(log);
            org.skysieve.engine.math.Softmax.inPlace(log);
            for (int t = 0; t < classes; t++) {
                posterior[c * classes + t] = input.isGold(c) ? input.gold(c, t) : log[t];
            }
        }

        private double said(int v, int a, boolean isTruth) {
            return Math.max(1e-12, spams[v] * habit[v * classes + a] + (isTruth ? knows[v] : 0));
        }

        Confusions confusions() {
            double[] flat = new double[knows.length * classes * classes];
            for (int v = 0; v < knows.length; v++) {
                for (int t = 0; t < classes; t++) {
                    for (int a = 0; a < classes; a++) {
                        flat[(v * classes + t) * classes + a] = said(v, a, a == t);
                    }
                    Confusions.normalise(flat, (v * classes + t) * classes, classes);
                }
            }
            return new Confusions(classes, flat);
        }
    }
}
