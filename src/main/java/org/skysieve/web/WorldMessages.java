package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/** The texts of learning, one's own work, what became of votes, favourites and collections: messages/world.properties. */
@MessageBundle("world")
public interface WorldMessages {
    String guide();

    String guideTitle(String project);

    String guideLead();

    String answers();

    String writeGuide();

    String scienceOf(String label);

    String templateOf(String label);

    String differenceOf(String label);

    String tutorial();

    String tutorialTitle(String project);

    String steps();

    String stepOf(String at, String all);

    String noTutorial();

    String classify();

    String backToClassifying();

    String practice();

    String practiceTitle(String project);

    String practiceLead();

    String practiceNone();

    String scienceAlt();

    String templateAlt();

    String differenceAlt();

    String science();

    String template();

    String yes(String label);

    String expertsSay(String label);

    String next();

    String allAboutIt();

    String me();

    String meTitle(String project);

    String meLead();

    String figureAnswered();

    String figureMonth();

    String figureDays();

    String figureTime();

    String estimated();

    String minutes(String n);

    String hours(String number);

    String became();

    String becameTitle(String project);

    String yourLabels();

    String practise();

    String practiseHard(String label);

    String weighed();

    String weighedText();

    String byClass();

    String classHead();

    String drawn();

    String right();

    String interval();

    String noSkill();

    String byBrightness();

    String byBrightnessText();

    String brightnessOf(String label);

    String brightness();

    String votesHead();

    String faint();

    String medium();

    String bright();

    String notMeasured();

    String of(String some, String all);

    String certificate();

    String certificateGuest();

    String certificateText();

    String certificateMake();

    String certificateMade(String when);

    String certificateSays(String answers, String days, String span, String hours);

    String certificateCandidates(String n);

    String certificateDays(String n);

    String certificateOn(String day);

    String certificateSpan(String first, String last);

    String certificateHow();

    String certificateIssued(String when);

    String certificatePrint();

    String signUp();

    String sessionAnswered(String n);

    String sessionSettled(String settled, String agreed);

    String sessionNothing();

    String becameFresh(String n);

    String becameLead();

    String becameNone();

    String isNew();

    String youSaid();

    String differenceImage(String name);

    String candidateNumber(String id);

    String settledAs(String answer);

    String settledAsYouSaid(String answer);

    String setAside();

    String bySpectroscopy(String what);

    String onTns(String what);

    String byLightCurve(String what);

    String collectionsTitle(String project);

    String collectionsHead();

    String favourites();

    String favouritesSub();

    String favouritesNone();

    String collections();

    String candidates(String n);

    String isPublic();

    String isPrivate();

    String noneYet();

    String newOne();

    String titleField();

    String aboutField();

    String visibleField();

    String makeIt();

    String collectionsGuest();

    String collectedBy(String name);

    String onlyYou();

    String collectionNone();

    String candidatesHead();

    String changeIt();

    String save();

    String takeOneOut();

    String takeItOut();

    String deleteIt();

    String daysHead();

    String daysOfSeven(String n);

    String daysWelcome();

    String daysRun(String n);

    String daysLongest(String n);

    String daysRunLongest(String run);

    String daysPause();

    String daysZone(String zone);

    String daysStrip(String days);

    String daysStripNone();

    String daysHide();

    String daysShow();

    String daysText();

    String daysBox();
}
