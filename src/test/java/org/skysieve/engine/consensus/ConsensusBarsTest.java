package org.skysieve.engine.consensus;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the default reaches on real crowds, and what it must. Measured figures: docs/methods/consensus-batch.md. */
class ConsensusBarsTest {
    /** Those that take a fraction of a second a fit. */
    private static final List<String> SMALL = CrowdData.GOLD_SETS.stream()
            .filter(name -> !List.of("trec", "relevance", "product").contains(name))
            .toList();

    private static final ConsensusMethod AUTO = ConsensusMethods.byName("auto");

    @Test
    void withoutGoldItBeatsTheBestPeerInAccuracyAndTheCalibratedOneInCalibration() {
        double accuracy = 0;
        double logLoss = 0;
        double ece = 0;
        for (String name : CrowdData.GOLD_SETS) {
            CrowdData data = CrowdData.read(name);
            CrowdData.Score score =
                    data.score(AUTO.fit(ConsensusInput.of(data.votes())).posteriors());
            double majority = data.score(MajorityVote.fit(data.votes())).accuracy();

            assertThat(score.accuracy()).as(name).isGreaterThan(majority - 0.01);
            if (name.equals("zc_us")) {
                assertThat(score.accuracy()).as(name).isGreaterThanOrEqualTo(0.90);
            }
            if (name.equals("zc_all")) {
                assertThat(score.accuracy()).as(name).isGreaterThanOrEqualTo(0.85);
            }
            accuracy += score.accuracy() / CrowdData.GOLD_SETS.size();
            logLoss += score.logLoss() / CrowdData.GOLD_SETS.size();
            ece += score.ece() / CrowdData.GOLD_SETS.size();
        }

        // EBCC is at .8327, the prototype at .530 and .066.
        assertThat(accuracy).isGreaterThan(0.8327);
        assertThat(logLoss).isLessThan(0.53);
        assertThat(ece).isLessThanOrEqualTo(0.07);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adult3_silver", "cifar10n_null"})
    void controlsAreNotHarmed(String name) {
        CrowdData data = CrowdData.read(name);

        double accuracy = data.score(AUTO.fit(ConsensusInput.of(data.votes())).posteriors())
                .accuracy();

        double least = data.score(MajorityVote.fit(data.votes())).accuracy() - (name.startsWith("cifar") ? 0 : 0.01);
        assertThat(accuracy).isGreaterThanOrEqualTo(least);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void withFewLabelsACandidateItIsNotWorseThanMajority(int labels) {
        for (String name : SMALL) {
            CrowdData data = CrowdData.read(name);
            double ours = 0;
            double majority = 0;
            for (int seed = 1; seed <= 3; seed++) {
                CrowdData thin = new CrowdData(name, thinned(data.votes(), labels, seed), data.truth());
                ours += thin.score(AUTO.fit(ConsensusInput.of(thin.votes())).posteriors())
                                .accuracy()
                        / 3;
                majority += thin.score(MajorityVote.fit(thin.votes())).accuracy() / 3;
            }

            // Three draws of 108 candidates have a standard error of two points between them.
            double slack = name.equals("bluebird") ? 0.02 : 0;
            assertThat(ours).as("%s, %d labels", name, labels).isGreaterThan(majority - 0.01 - slack);
        }
    }

    @Test
    void withATenthOfTheGoldItBeatsClampedEmAndSwap() {
        List<String> methods = List.of("auto", "dawid-skene", "swap", "blend");
        double[] accuracy = new double[methods.size()];
        double[] logLoss = new double[methods.size()];
        for (String name : SMALL) {
            CrowdData data = CrowdData.read(name);
            for (int seed = 1; seed <= 5; seed++) {
                int[] gold = drawn(data.truth(), seed, 0.1);
                CrowdData rest = new CrowdData(name, data.votes(), others(data.truth(), gold));
                ConsensusInput input = ConsensusInput.of(data.votes()).withGold(gold);
                for (int m = 0; m < methods.size(); m++) {
                    CrowdData.Score score = rest.score(
                            ConsensusMethods.byName(methods.get(m)).fit(input).posteriors());
                    accuracy[m] += score.accuracy() / SMALL.size() / 5;
                    logLoss[m] += score.logLoss() / SMALL.size() / 5;
                }
            }
        }

        for (int peer = 1; peer < methods.size(); peer++) {
            assertThat(accuracy[0]).as(methods.get(peer)).isGreaterThan(accuracy[peer]);
            assertThat(logLoss[0]).as(methods.get(peer)).isLessThan(logLoss[peer]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 15})
    void aLittleGoldDoesNoHarm(int count) {
        double with = 0;
        double without = 0;
        double variance = 0;
        int n = 0;
        for (String name : List.of("bluebird", "valence2", "cf_amt", "dog", "rte", "zc_us", "zc_in")) {
            CrowdData data = CrowdData.read(name);
            Posteriors alone = AUTO.fit(ConsensusInput.of(data.votes())).posteriors();
            for (int seed = 1; seed <= 3; seed++) {
                int[] gold = drawn(data.truth(), seed, (double) count / data.truth().length);
                CrowdData rest = new CrowdData(name, data.votes(), others(data.truth(), gold));
                double one = rest.score(AUTO.fit(ConsensusInput.of(data.votes()).withGold(gold))
                                .posteriors())
                        .accuracy();
                double other = rest.score(alone).accuracy();
                with += one;
                without += other;
                variance += one * (1 - one) / data.truth().length;
                n++;
            }
        }

        // The standard error of a mean accuracy over 7 sets: the draws of gold within a set are no new candidates.
        double standardError = Math.sqrt(variance / 3) / 7;
        assertThat(with / n).isGreaterThanOrEqualTo(without / n - standardError);
    }

    private static VoteTable thinned(VoteTable votes, int labels, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<int[]> kept = new java.util.ArrayList<>();
        for (int c = 0; c < votes.candidates(); c++) {
            List<int[]> own = new java.util.ArrayList<>();
            for (int i = votes.start(c); i < votes.start(c + 1); i++) {
                own.add(random.nextInt(own.size() + 1), new int[] {c, votes.volunteer(i), votes.answer(i)});
            }
            kept.addAll(own.subList(0, Math.min(labels, own.size())));
        }
        return ACrowd.table(votes.candidates(), votes.volunteers(), votes.classes(), kept);
    }

    private static int[] drawn(int[] truth, long seed, double share) {
        SplittableRandom random = new SplittableRandom(seed);
        int known = (int) Arrays.stream(truth).filter(t -> t >= 0).count();
        int left = (int) Math.round(share * (share < 0.1 ? truth.length : known));
        int[] gold = new int[truth.length];
        for (int c = 0; c < truth.length; c++) {
            gold[c] = -1;
            if (truth[c] >= 0) {
                if (random.nextInt(known--) < left) {
                    gold[c] = truth[c];
                    left--;
                }
            }
        }
        return gold;
    }

    private static int[] others(int[] truth, int[] gold) {
        int[] rest = truth.clone();
        for (int c = 0; c < rest.length; c++) {
            rest[c] = gold[c] >= 0 ? -1 : rest[c];
        }
        return rest;
    }
}
