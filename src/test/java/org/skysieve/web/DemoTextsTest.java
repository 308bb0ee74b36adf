package org.skysieve.web;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.skysieve.project.ProjectTranslation;

import static org.assertj.core.api.Assertions.assertThat;

class DemoTextsTest {
    @Test
    void theDemosTaskSpeaksEveryLanguage() {
        List<String> originals = List.of(
                DemoProject.HOST.question(),
                DemoProject.HOST.help(),
                DemoProject.HOST.options().get(0).label(),
                DemoProject.HOST.options().get(1).label());

        for (ProjectTranslation texts : List.of(DemoTexts.spanish("asked"), DemoTexts.arabic("asked"))) {
            Map<String, String> words = texts.workflows().get("asked").texts();
            assertThat(originals)
                    .allSatisfy(original -> assertThat(ProjectTranslation.wordsFor(original, words))
                            .isNotEmpty());
        }
    }
}
