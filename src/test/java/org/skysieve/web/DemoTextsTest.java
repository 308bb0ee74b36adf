package org.skysieve.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

import org.skysieve.platform.Language;
import org.skysieve.project.ProjectTranslation;

import static org.assertj.core.api.Assertions.assertThat;

class DemoTextsTest {
    @Test
    void theDemosTaskGuideAndTutorialSpeakEveryLanguage() {
        List<String> originals = new ArrayList<>(List.of(
                DemoProject.HOST.question(),
                DemoProject.HOST.help(),
                DemoProject.HOST.options().get(0).label(),
                DemoProject.HOST.options().get(1).label()));
        Map<String, Long> found = new HashMap<>();
        Map<Long, Integer> known = new HashMap<>();
        for (String kind : DemoGuide.CAPTIONS.keySet()) {
            found.put(kind, (long) found.size());
            known.put(found.get(kind), 0);
        }
        DemoGuide.entries(found, known).forEach(entry -> {
            originals.add(entry.text());
            entry.examples().forEach(example -> originals.add(example.caption()));
        });
        DemoGuide.steps(found).forEach(step -> {
            originals.add(step.title());
            originals.add(step.text());
        });
        assertThat(originals).hasSize(4 + 2 + DemoGuide.CAPTIONS.size() + 2 * 5);

        for (Language language : DemoTexts.LANGUAGES) {
            Map<String, String> words = DemoTexts.of(language, new ObjectMapper())
                    .workflows()
                    .get("real-or-bogus")
                    .texts();
            assertThat(originals)
                    .allSatisfy(original -> assertThat(ProjectTranslation.wordsFor(original, words))
                            .isNotEmpty());
            assertThat(words).as("nothing that is not said any more").hasSameSizeAs(originals);
        }
    }
}
