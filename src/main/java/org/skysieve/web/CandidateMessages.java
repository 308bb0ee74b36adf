package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/**
 * The texts about a candidate and its light curve, {@code {candidate:key}} in templates: English is in messages/candidate.properties, the others in
 * messages/candidate_TAG.properties. A text that a language lacks is shown in English. At most 300 texts: Qute 3.34 makes no
 * code that runs for more.
 */
@MessageBundle("candidate")
public interface CandidateMessages {
    // The classify page: what stands below the images
    String magUnit();

    String signalToNoise();

    String spokenMagnitude(String magnitude, String band);

    String spokenSignal(String ratio);

    // A candidate's page
    String images();

    String science();

    String scienceAlt();

    String scienceAltSignal(String ratio);

    String template();

    String templateAlt();

    String difference();

    String differenceAlt();

    String noImage();

    String compass(String north, String east);

    String hidden();

    String classify();

    String votes(String n);

    String added();

    String addedBy(String n);

    String open();

    String ambiguous();

    String settled(String answer);

    String consensus();

    String model();

    String doubts();

    String doubtPeople();

    String doubtEpistemic();

    String doubtAleatoric();

    String routeExpert();

    String routeBoth();

    String routeTraining();

    String trace();

    String stepVote(String answer);

    String stepEdit(String answer);

    String stepUndo();

    String stepGold();

    String stepRefit();

    String sum();

    String sumText();

    String sumCalibrated(String votes, String model);

    String sumGold();

    String sumTable();

    String sumTerm();

    String sumPrior();

    String sumVote(String name, String answer);

    String sumModel();

    String curve();

    String curveLimit();

    String curveNegative();

    String asTable();

    String measurements();

    String when();

    String band();

    String magnitude();

    String error();

    String fainter(String magnitude);

    String facts();

    String survey();

    String alert(String survey, String id);

    String observed();

    String position();

    String brightness();

    String brightnessIn(String magnitude, String band);

    String brightnessLess(String magnitude, String band);

    String signal();

    String surveyScore();

    String context();

    String host();

    String remark();

    String skyAtlas();

    String leaves();

    String siblings();

    String say();

    String answerFirst();

    String known();

    String amongFirst(String names);

    String favourite();

    String notFavourite();

    String collection();

    String putIn();

    String copyLink();

    // The light curve
    String curveNone();

    String curveEmpty();

    String curveDays();

    String curveSpan(String n, String days);

    String curveLimits(String n);

    String curveWords(String span, String magnitude, String band);

    String curveWordsLimits(String span, String magnitude, String band, String limits);

    String curvePoint(String time, String band, String magnitude);

    String curvePointLess(String time, String band, String magnitude);

    String curvePointLimit(String time, String band, String magnitude);

    String ruler(String arcsec);
}
