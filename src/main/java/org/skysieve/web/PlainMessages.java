package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/** The texts of the classify page that works without JavaScript: messages/plain.properties. */
@MessageBundle("plain")
public interface PlainMessages {
    // The page
    String link();

    String withScript();

    String begin();

    String beginHow();

    String noCookie();

    String candidate(String name);

    String chooseAnswer();

    String nothingLeftWhy();

    // What became of the last one
    String saved(String answer, String name);

    String added();

    String again();

    String answered();

    String gone();

    String stands();

    // What is asked after an answer
    String tasksSaved(String answer, String name);

    String wrong();

    String noAnswer();

    String most(String n);

    String range(String low, String high);

    String pointsHow(String x, String y);

    String boxesHow(String x, String y);

    String corner(String x, String y);

    String markImage();

    String place(String n);

    String box(String n);

    String across();

    String up();

    String width();

    String height();

    String more();

    String wrongChoice();

    String wrongMany(String n);

    String wrongNumber(String low, String high);

    String wrongTags(String n);

    String wrongPoints();

    String wrongBoxes();
}
