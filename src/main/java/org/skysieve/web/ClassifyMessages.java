package org.skysieve.web;

import io.quarkus.qute.i18n.MessageBundle;

/**
 * The texts of the classify page; its script has {@link ScriptMessages}, {@code {classify:key}} in templates: English is in messages/classify.properties, the others in
 * messages/classify_TAG.properties. A text that a language lacks is shown in English. At most 300 texts: Qute 3.34 makes no
 * code that runs for more.
 */
@MessageBundle("classify")
public interface ClassifyMessages {
    // The classify page
    String title(String project);

    String showcase();

    String teaching();

    String thisSession();

    String noScript();

    String images();

    String science();

    String scienceWhen();

    String scienceAlt();

    String scienceEnlarge();

    String template();

    String templateWhen();

    String templateAlt();

    String templateEnlarge();

    String difference();

    String differenceWhat();

    String differenceAlt();

    String differenceEnlarge();

    String noImage();

    String nowTemplate();

    String nowScience();

    String nothingLeft();

    String nothingLeftWhy();

    String seeResults();

    String view();

    String blink();

    String blinkWords();

    String invert();

    String invertWords();

    String stretch();

    String stretchWords();

    String colours();

    String coloursWords();

    String zoomIn();

    String zoomOut();

    String tools();

    String questionBack();

    String undo();

    String undoWords();

    String skip();

    String skipWords();

    String help();

    String settings();

    String settingsWords();

    String lastAnswers();

    String allAnswers();

    String why();

    String details();

    String how();

    String howPanels();

    String press(String key);

    String howSkip();

    String howUndo();

    String howBlink();

    String howInvert();

    String howStretch();

    String howColours();

    String howZoom();

    String howArrows();

    String howHelp();

    String howPixels();

    String back();

    String changeKeys();

    String keptHere();

    String imagesLegend();

    String inverted();

    String linear();

    String grey();

    String keysLegend();

    String keysOn();

    String keysReset();

    // Learning, keeping and looking back
    String guide();

    String guideWords();

    String howGuide();

    String star();

    String howStar();

    String favourites();

    String replayTutorial();

    String seeSession();

    String practise();
}
