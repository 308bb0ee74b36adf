package org.skysieve.web;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

import io.quarkus.qute.i18n.MessageBundle;

import org.skysieve.platform.Language;

/** The files of messages, read without Quarkus. */
final class MessageFiles {
    private MessageFiles() {}

    /** All texts of a bundle in a language, by key. */
    static Map<String, String> read(String bundle, Language language) {
        String name =
                "/messages/" + bundle + (language == Language.ENGLISH ? "" : "_" + language.tag()) + ".properties";
        Properties properties = new Properties();
        try (Reader file =
                new InputStreamReader(MessageFiles.class.getResourceAsStream(name), StandardCharsets.UTF_8)) {
            properties.load(file);
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
        Map<String, String> texts = new TreeMap<>();
        properties.forEach((key, text) -> texts.put((String) key, (String) text));
        return texts;
    }

    /** The words of a language for tests without Quarkus: placeholders are filled, nothing else. */
    static Words words(Language language) {
        return new Words(
                language,
                bundle(Messages.class, language),
                bundle(ClassifyMessages.class, language),
                bundle(CandidateMessages.class, language),
                bundle(TalkMessages.class, language));
    }

    /** The texts of plain pages in English. */
    static PlainMessages plain() {
        return bundle(PlainMessages.class, Language.ENGLISH);
    }

    private static <T> T bundle(Class<T> type, Language language) {
        Map<String, String> texts = read(type.getAnnotation(MessageBundle.class).value(), language);
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, values) -> fill(texts.get(method.getName()), method, values)));
    }

    private static String fill(String text, Method method, Object[] values) {
        String filled = text;
        for (int i = 0; i < method.getParameterCount(); i++) {
            filled = filled.replace("{" + method.getParameters()[i].getName() + "}", String.valueOf(values[i]));
        }
        return filled;
    }
}
