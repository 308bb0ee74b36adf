package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/**
 * The texts that the classify page's script needs; they are in messages/script.properties, and {@link ScriptTexts} gives
 * them to the page.
 */
@MessageBundle("script")
public interface ScriptMessages {
    // Numbers
    String percent(String number);

    // What is asked after an answer
    String tasksAfter(String answer);

    String tasksDone();

    String tasksLeave();

    String tagsHow(String most);

    String pointsHow(String most);

    String boxesHow(String most);

    String marksAdd();

    String marksRemove(String number);

    // What became of a vote
    String undone();

    String refused(String reason);

    String lastCandidate();

    String change(String before, String after);

    String byYourVote(String link, String label, String change, String outcome);

    String withFirstVote(String link, String label, String change, String outcome);

    String outcomeOpen();

    String outcomeRetired();

    String outcomeAmbiguous();

    // What is announced
    String recorded(String answer);

    String changed(String answer);

    String skipped();

    String kept();

    String undoneAnnounced();

    String youSkipped();

    String youAnswered(String answer);

    String noMore();

    // Votes under way; the forms of one number each
    String unsent(String n);

    String unsentKept(String unsent);

    String unsentUnsafe(String unsent);

    // The queue
    String noteShowcaseFull();

    String noteShowcaseEmpty();

    String noConnection();

    // The session ended, or another began in another tab; the links are awaySignIn and awayReload
    String away(String signIn, String reload);

    String awaySignIn();

    String awayReload();

    // Keys
    String keyAnswer(String answer);

    String keySkip();

    String keyUndo();

    String keyBlink();

    String keyInvert();

    String keyStretch();

    String keyColours();

    String keyZoomIn();

    String keyZoomOut();

    String keyLeft();

    String keyRight();

    String keyUp();

    String keyDown();

    String keyHelp();

    String keyNone();

    String keyOf(String action, String key);

    String keyHint(String action, String key);

    String pressAKey();

    String pressNewKey(String action);

    String nothingChanged();

    String keyIsNow(String action, String key);

    String keysReset();

    // The last answers
    String pastSkipped();

    String pastLabel(String answer, String name);

    String pastTitle(String answer);

    // How the images are shown
    String inverted();

    String notInverted();

    String stretchIs(String name);

    String coloursAre(String name);

    String zoomIs(String factor);

    String notMeasured();

    String nameAsinh();

    String nameZscale();

    String nameLinear();

    String nameGrey();

    String nameViridis();

    String nameCividis();

    // Learning, keeping and looking back
    String goldYes(String label);

    String goldNo(String label);

    String goldPictures(String name);

    String goldAnnounced(String verdict);

    String goldDetails();

    String goldClose();

    String guideTitle();

    String tutorialTitle();

    String sessionTitle();

    String loading();

    String notLoaded();

    String toSky();

    String asPage();

    String stepNext();

    String stepBack();

    String stepLast();

    String skipTutorial();

    String stepOf(String at, String all);

    String starred();

    String unstarred();

    String starFailed();

    String keyGuide();

    String keyStar();
}
