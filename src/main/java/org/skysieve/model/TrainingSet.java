package org.skysieve.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.skysieve.candidate.CandidateView;
import org.skysieve.candidate.Candidates;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.learn.CutoutFeatures;
import org.skysieve.engine.learn.CutoutNet;
import org.skysieve.engine.learn.NetSample;
import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.model.TrainingLabels.Labelled;

/** Turns labelled candidates into samples: reads their cutouts and measures them. */
@ApplicationScoped
class TrainingSet {
    private static final int BATCH = 200;

    private final Candidates candidates;

    TrainingSet(Candidates candidates) {
        this.candidates = candidates;
    }

    /**
     * @param candidateIds of the samples
     * @param samples of labelled candidates
     * @param snr of each, NaN if not measured
     */
    record Samples(List<Long> candidateIds, List<TrainingSample> samples, List<Double> snr) {
        static final Samples NONE = new Samples(List.of(), List.of(), List.of());

        /** These, and then the others. */
        Samples and(Samples others) {
            return new Samples(
                    joined(candidateIds, others.candidateIds),
                    joined(samples, others.samples),
                    joined(snr, others.snr));
        }

        private static <T> List<T> joined(List<T> first, List<T> second) {
            List<T> all = new ArrayList<>(first);
            all.addAll(second);
            return all;
        }

        int size() {
            return samples.size();
        }

        /** With the weights of a policy; those that it leaves out are not there. */
        Samples weighted(LabelPolicy policy) {
            List<Long> ids = new ArrayList<>();
            List<TrainingSample> kept = new ArrayList<>();
            List<Double> keptSnr = new ArrayList<>();
            for (int i = 0; i < size(); i++) {
                double weight = samples.get(i).source() == TrainingSample.Source.GOLD ? policy.gold() : policy.crowd();
                if (weight > 0) {
                    ids.add(candidateIds.get(i));
                    kept.add(samples.get(i).withWeight(weight));
                    keptSnr.add(snr.get(i));
                }
            }
            return new Samples(ids, kept, keptSnr);
        }

        /** Expected labels by class. */
        double[] byClass(int classes) {
            double[] sums = new double[classes];
            for (TrainingSample sample : samples) {
                for (int k = 0; k < classes; k++) {
                    sums[k] += sample.target()[k];
                }
            }
            return sums;
        }
    }

    /** The same samples with the images that a net learns from. */
    List<NetSample> withImages(Samples samples) {
        List<NetSample> all = new ArrayList<>(samples.size());
        for (int from = 0; from < samples.size(); from += BATCH) {
            int to = Math.min(samples.size(), from + BATCH);
            List<Long> ids = samples.candidateIds().subList(from, to);
            Map<Long, CandidateView> views = candidates.byIds(ids);
            Map<Long, CutoutTriplet> cutouts = candidates.cutouts(ids);
            for (int i = from; i < to; i++) {
                CandidateView view = views.get(samples.candidateIds().get(i));
                CutoutTriplet triplet = cutouts.get(samples.candidateIds().get(i));
                if (view == null || triplet == null) {
                    throw new IllegalStateException(
                            "candidate " + samples.candidateIds().get(i) + " lost its cutouts");
                }
                TrainingSample sample = samples.samples().get(i);
                all.add(CutoutNet.sample(
                        sample.group(),
                        triplet,
                        view.survey(),
                        view.fwhmPixels(),
                        sample.target(),
                        sample.weight(),
                        sample.source()));
            }
        }
        return all;
    }

    /** The samples of labelled candidates, in their order; those without any image are left out. */
    Samples of(List<Labelled> labelled) {
        CutoutFeatures extractor = new CutoutFeatures();
        List<Long> kept = new ArrayList<>(labelled.size());
        List<TrainingSample> samples = new ArrayList<>(labelled.size());
        List<Double> snr = new ArrayList<>(labelled.size());
        for (int from = 0; from < labelled.size(); from += BATCH) {
            List<Labelled> batch = labelled.subList(from, Math.min(labelled.size(), from + BATCH));
            List<Long> ids = batch.stream().map(Labelled::candidateId).toList();
            Map<Long, CandidateView> views = candidates.byIds(ids);
            Map<Long, CutoutTriplet> cutouts = candidates.cutouts(ids);
            for (Labelled label : batch) {
                CandidateView view = views.get(label.candidateId());
                CutoutTriplet triplet = cutouts.get(label.candidateId());
                if (view == null || triplet == null || triplet.isEmpty()) {
                    continue;
                }
                double seeing = CutoutFeatures.seeing(view.survey(), view.fwhmPixels());
                kept.add(label.candidateId());
                samples.add(new TrainingSample(
                        label.skyObjectId(),
                        extractor.extract(triplet, seeing > 0 ? seeing : Double.NaN),
                        label.target(),
                        1,
                        label.source().equals(ConsensusLabel.GOLD)
                                ? TrainingSample.Source.GOLD
                                : TrainingSample.Source.CROWD));
                snr.add((double) view.snr());
            }
        }
        return new Samples(kept, samples, snr);
    }
}
