package org.skysieve.web;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.skysieve.platform.Language;
import org.skysieve.project.ProjectTranslation;

/**
 * The demo project's own texts in the other languages: {@code demo/es.json} and {@code demo/ar.json} in the resources, each
 * as {@code PUT /api/v1/projects/{slug}/translations/{language}} takes it.
 */
final class DemoTexts {
    static final List<Language> LANGUAGES = List.of(Language.SPANISH, Language.ARABIC);

    private DemoTexts() {}

    static ProjectTranslation of(Language language, ObjectMapper json) {
        String name = "/demo/" + language.tag() + ".json";
        try (InputStream in = DemoTexts.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return json.readValue(in, ProjectTranslation.class);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
