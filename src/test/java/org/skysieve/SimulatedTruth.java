package org.skysieve;

import java.util.HashMap;
import java.util.Map;

import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;

/** What the candidates of the demo's simulated survey really are, by candid. */
final class SimulatedTruth {
    private final Map<Long, Boolean> real = new HashMap<>();

    SimulatedTruth(long seed, int candidates) {
        SimulatedSurvey survey = new SimulatedSurvey(SurveySettings.ofSeed(seed).withSurvey("sim"));
        for (int i = 0; i < candidates; i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            real.put(candidate.packet().candid(), candidate.real());
        }
    }

    boolean isReal(long candid) {
        Boolean known = real.get(candid);
        if (known == null) {
            throw new IllegalArgumentException("no simulated candidate " + candid);
        }
        return known;
    }
}
