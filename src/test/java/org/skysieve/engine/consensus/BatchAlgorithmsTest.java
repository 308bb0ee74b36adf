package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/** The algorithms one by one, against closed forms and slow references. */
class BatchAlgorithmsTest {

    @Test
    void wawaWeighsByAgreementAndKeepsOneVoteForDoubt() {
        // On candidates 0 and 1 all agree but volunteer 2, who is never with the majority; volunteers 0 and 1 always
        // are.
        VoteTable votes = ACrowd.table(
                3,
                3,
                2,
                new int[] {0, 0, 1},
                new int[] {0, 1, 1},
                new int[] {0, 2, 0},
                new int[] {1, 0, 0},
                new int[] {1, 1, 0},
                new int[] {1, 2, 1},
                new int[] {2, 0, 1},
                new int[] {2, 2, 0});

        Posteriors posteriors = Wawa.posteriors(ConsensusInput.of(votes));

        // Candidate 2 ties, so each has half an agreement there: weights 5/6... of volunteer 0 and 1/6 of volunteer 2.
        double strong = 2.5 / 3;
        double weak = 0.5 / 3;
        double mean = (strong + weak) / 2;
        assertThat(posteriors.get(2, 1)).isCloseTo((strong + mean / 2) / (strong + weak + mean), within(1e-12));
    }

    /** The E and M steps of 1979 in logarithms, written as in the paper. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void dawidSkeneEqualsASlowReference(long seed) {
        // 60 votes a candidate, so that the product is rescaled.
        double[] right = new double[60];
        Arrays.setAll(right, v -> 0.4 + 0.5 * v / 60);
        ACrowd crowd = ACrowd.of(seed, 40, 3, 60, right);
        DawidSkene algorithm = new DawidSkene(0.5, 0.7, 7, 1e-300);

        DawidSkene.Fit fit = algorithm.fit(crowd.votes);

        double[][] reference = reference(crowd.votes, 0.5, 0.7, 7);
        for (int c = 0; c < 40; c++) {
            assertThat(fit.posteriors().of(c)).containsExactly(reference[c], within(1e-9));
        }
    }

    private static double[][] reference(VoteTable votes, double strength, double diagonal, int sweeps) {
        int k = votes.classes();
        double[][] p = new double[votes.candidates()][k];
        for (int[] row : ConsensusMethodsTest.rows(votes)) {
            p[row[0]][row[2]] += 1.0 / (votes.start(row[0] + 1) - votes.start(row[0]));
        }
        for (int sweep = 0; sweep < sweeps; sweep++) {
            double[] prior = new double[k];
            Arrays.fill(prior, 1.0 / (votes.candidates() + k));
            double[][] crowd = new double[k][k];
            double[][][] own = new double[votes.volunteers()][k][k];
            for (int t = 0; t < k; t++) {
                for (double[] one : p) {
                    prior[t] += one[t] / (votes.candidates() + k);
                }
                for (int a = 0; a < k; a++) {
                    crowd[t][a] = 20 * (a == t ? diagonal : (1 - diagonal) / (k - 1));
                }
                for (int[] row : ConsensusMethodsTest.rows(votes)) {
                    crowd[t][row[2]] += p[row[0]][t];
                    own[row[1]][t][row[2]] += p[row[0]][t];
                }
                double all = Arrays.stream(crowd[t]).sum();
                for (int a = 0; a < k; a++) {
                    crowd[t][a] /= all;
                }
                for (double[][] matrix : own) {
                    double n = Arrays.stream(matrix[t]).sum();
                    for (int a = 0; a < k; a++) {
                        matrix[t][a] = (matrix[t][a] + strength * crowd[t][a]) / (n + strength);
                    }
                }
            }
            for (int c = 0; c < p.length; c++) {
                double[] log = new double[k];
                for (int t = 0; t < k; t++) {
                    log[t] = Math.log(prior[t]);
                    for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                        log[t] += Math.log(own[votes.volunteer(i)][t][votes.answer(i)]);
                    }
                }
                double all = org.skysieve.engine.math.Softmax.logSumExp(log);
                for (int t = 0; t < k; t++) {
                    p[c][t] = Math.exp(log[t] - all);
                }
            }
        }
        return p;
    }

    @Test
    void oneCoinLearnsWhoIsRight() {
        double[] right = {0.95, 0.9, 0.8, 0.7, 0.6};
        ACrowd crowd = ACrowd.of(5, 3_000, 4, 5, right);

        ConsensusResult result = new OneCoin().fit(ConsensusInput.of(crowd.votes));

        for (int v = 0; v < right.length; v++) {
            // Three standard errors of a proportion on 3,000 votes.
            assertThat(result.confusions().get(v, 2, 2)).isCloseTo(right[v], within(0.027));
        }
    }

    @Test
    void maceTellsASpammerWithAHabitFromThoseWhoKnow() {
        ACrowd crowd = ACrowd.of(6, 500, 3, 4, 0.9, 0.9, 0.85, 0.85);
        List<int[]> rows = ConsensusMethodsTest.rows(crowd.votes);
        for (int c = 0; c < 500; c++) {
            rows.add(new int[] {c, 4, 1});
        }

        ConsensusResult result = new Mace().fit(ConsensusInput.of(ACrowd.table(500, 5, 3, rows)));

        assertThat(crowd.accuracy(result)).isGreaterThan(0.97);
        assertThat(result.confusions().get(4, 0, 1)).isGreaterThan(0.9);
        assertThat(result.confusions().get(0, 0, 0)).isGreaterThan(0.8);
    }

    @Test
    void gladRanksAbilityAndDoubtsWhatDividesTheAble() {
        ACrowd crowd = ACrowd.of(7, 600, 2, 6, 0.98, 0.95, 0.9, 0.8, 0.65, 0.5);

        ConsensusResult result = new Glad().fit(ConsensusInput.of(crowd.votes));

        for (int v = 1; v < 6; v++) {
            assertThat(result.confusions().get(v, 0, 0))
                    .as("volunteer %d", v)
                    .isLessThan(result.confusions().get(v - 1, 0, 0));
        }
    }

    @Test
    void swapIsBayesRuleWithSkillsFromGoldAlone() {
        // Gold: 0 is of class 0, 1 of class 1. Volunteer 0 has both right, volunteer 1 both wrong, volunteer 2 saw
        // none.
        VoteTable votes = ACrowd.table(
                3,
                3,
                2,
                new int[] {0, 0, 0},
                new int[] {0, 1, 1},
                new int[] {1, 0, 1},
                new int[] {1, 1, 0},
                new int[] {2, 0, 0},
                new int[] {2, 1, 1},
                new int[] {2, 2, 1});

        ConsensusResult result = new SpaceWarps().fit(ConsensusInput.of(votes).withGold(new int[] {0, 1, -1}));

        // Both informative votes say class 0 with likelihoods 2/3 against 1/3; the third says nothing.
        assertThat(result.posteriors().get(2, 0)).isCloseTo(4.0 / 5, within(1e-12));
    }

    /** Seen in a peer: a mutable default made all volunteers one. */
    @Test
    void swapVolunteersDoNotShareASkill() {
        VoteTable votes = ACrowd.table(2, 2, 2, new int[] {0, 0, 0}, new int[] {1, 0, 1}, new int[] {0, 1, 1});

        ConsensusResult result = new SpaceWarps().fit(ConsensusInput.of(votes).withGold(new int[] {0, 1}));

        assertThat(result.confusions().of(0))
                .containsExactly(new double[] {2 / 3.0, 1 / 3.0, 1 / 3.0, 2 / 3.0}, within(1e-12));
        assertThat(result.confusions().of(1)).containsExactly(new double[] {1 / 3.0, 2 / 3.0, 0.5, 0.5}, within(1e-12));
    }

    @Test
    void learnedStrengthIsLargeWhereVolunteersAreAlikeAndSmallWhereTheyDiffer() {
        double[] alike = new double[40];
        Arrays.fill(alike, 0.75);
        double[] differing = new double[40];
        Arrays.setAll(differing, v -> v % 2 == 0 ? 0.97 : 0.53);
        HierarchicalDawidSkene algorithm = new HierarchicalDawidSkene();

        double spreadAlike = spread(algorithm.fit(ConsensusInput.of(ACrowd.of(8, 800, 2, 10, alike).votes)));
        double spreadDiffering = spread(algorithm.fit(ConsensusInput.of(ACrowd.of(8, 800, 2, 10, differing).votes)));

        // 100 votes on each class leave .043 by chance alone; shrinkage must take some of it out.
        assertThat(spreadAlike).isLessThan(0.036);
        assertThat(spreadDiffering).isGreaterThan(0.17);
    }

    private static double spread(ConsensusResult result) {
        int n = result.confusions().volunteers();
        double mean = 0;
        double squares = 0;
        for (int v = 0; v < n; v++) {
            double right = result.confusions().get(v, 0, 0);
            mean += right / n;
            squares += right * right / n;
        }
        return Math.sqrt(squares - mean * mean);
    }

    @Test
    void leftOutVotesFindTheTemperatureOfACrowdThatCopies() {
        ACrowd crowd = ACrowd.of(9, 1_500, 2, 5, 0.8, 0.75, 0.7, 0.8, 0.75, 0.7, 0.8, 0.75);
        List<int[]> copied = new ArrayList<>(ConsensusMethodsTest.rows(crowd.votes));
        SplittableRandom random = new SplittableRandom(1);
        for (int[] row : ConsensusMethodsTest.rows(crowd.votes)) {
            // Another reads over the shoulder, and errs a little on the way.
            copied.add(new int[] {row[0], row[1] + 8, random.nextDouble() < 0.9 ? row[2] : 1 - row[2]});
        }

        double independent = temperature(crowd.votes);
        double dependent = temperature(ACrowd.table(1_500, 16, 2, copied));

        assertThat(independent).isLessThan(1.2);
        assertThat(dependent).isGreaterThan(1.3);
    }

    private static double temperature(VoteTable votes) {
        ConsensusInput input = ConsensusInput.of(votes);
        return LeaveOneOut.of(input, ConfusionEm.fit(input, CalibratedBlend.MATRICES, MajorityVote.fit(votes)))
                .temperature();
    }

    /** Half of the candidates are faint: there volunteers 0-3 guess and 4-7 do not, elsewhere the other way round. */
    @Test
    void reliabilityMayDependOnTheStratum() {
        SplittableRandom random = new SplittableRandom(10);
        int[] stratum = new int[600];
        int[] truth = new int[600];
        List<int[]> rows = new ArrayList<>();
        for (int c = 0; c < 600; c++) {
            stratum[c] = c % 2;
            truth[c] = random.nextInt(2);
            for (int v = 0; v < 8; v++) {
                double right = v / 4 == stratum[c] ? 0.9 : 0.55;
                rows.add(new int[] {c, v, random.nextDouble() < right ? truth[c] : 1 - truth[c]});
            }
        }
        ConsensusInput input = ConsensusInput.of(ACrowd.table(600, 8, 2, rows));

        double without = accuracy(new HierarchicalDawidSkene().fit(input), truth);
        double with = accuracy(new HierarchicalDawidSkene().fit(input.withStrata(2, stratum)), truth);

        // Counts of the other stratum count half, so .97 rather than the .985 of those who know.
        assertThat(with).isGreaterThan(without + 0.02);
    }

    private static double accuracy(ConsensusResult result, int[] truth) {
        double right = 0;
        for (int c = 0; c < truth.length; c++) {
            right += result.posteriors().leading(c) == truth[c] ? 1.0 / truth.length : 0;
        }
        return right;
    }

    @Test
    void autoSaysWhatItPickedAndWhy() {
        ACrowd crowd = ACrowd.of(11, 300, 2, 4, 0.9, 0.8, 0.7, 0.6, 0.8);
        int[] gold = crowd.truth.clone();
        Arrays.fill(gold, 19, 300, -1);
        int[] enough = crowd.truth.clone();
        Arrays.fill(enough, 25, 300, -1);
        ConsensusInput input = ConsensusInput.of(crowd.votes);

        ConsensusResult few = new AutoConsensus().fit(input.withGold(gold));
        ConsensusResult many = new AutoConsensus().fit(input.withGold(enough));

        assertThat(few.method()).isEqualTo("blend");
        assertThat(few.why()).contains("19 gold standards with votes, 20 needed");
        assertThat(many.method()).isEqualTo("anchored");
        assertThat(many.why()).contains("25 gold standards");
    }
}
