package org.skysieve.web;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.skysieve.platform.Language;

/**
 * The texts of {@link ScriptMessages} as one JSON object, for the page to hand to its script. A parameter stays a
 * placeholder, {@code {name}}, that the script fills.
 */
@ApplicationScoped
class ScriptTexts {
    private final ObjectMapper json;
    private final Map<Language, String> made = new EnumMap<>(Language.class);

    ScriptTexts(ObjectMapper json) {
        this.json = json;
    }

    /** JSON that may stand in a script element: it holds no {@code <}. */
    synchronized String of(Language language) {
        return made.computeIfAbsent(language, this::make);
    }

    private String make(Language language) {
        ScriptMessages messages = Words.bundle(ScriptMessages.class, language);
        Map<String, String> texts = new TreeMap<>();
        for (Method method : ScriptMessages.class.getMethods()) {
            Object[] placeholders = Arrays.stream(method.getParameters())
                    .map(Parameter::getName)
                    .map(name -> "{" + name + "}")
                    .toArray();
            texts.put(method.getName(), text(messages, method, placeholders));
        }
        try {
            return json.writeValueAsString(texts).replace("<", "\\u003c");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts of the classify page in " + language, e);
        }
    }

    private static String text(ScriptMessages messages, Method method, Object[] placeholders) {
        try {
            return (String) method.invoke(messages, placeholders);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("text " + method.getName() + " of the classify page", e);
        }
    }
}
