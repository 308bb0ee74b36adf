package org.skysieve.web;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.quarkus.qute.i18n.MessageBundle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.skysieve.notification.MailMessages;
import org.skysieve.platform.Language;

import static org.assertj.core.api.Assertions.assertThat;

/** The files of messages against each other, the interfaces and the scripts: plain files, no Quarkus. */
class MessagesTest {
    private static final List<String> BUNDLES =
            List.of("msg", "classify", "candidate", "talk", "script", "why", "world", "plain", "mail");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+)}");
    /** Calls of texts.ts in the scripts: text('key', named('prefix', counted('key', pieces(... */
    private static final Pattern KEY_IN_SCRIPT = Pattern.compile("\\b(?:text|counted|pieces)\\(\\s*'(\\w+)'");

    private static Set<String> placeholders(String text) {
        return PLACEHOLDER.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void everyTextIsThereInEveryLanguageWithTheSamePlaceholders(Language language) {
        for (String bundle : BUNDLES) {
            Map<String, String> english = MessageFiles.read(bundle, Language.ENGLISH);
            Map<String, String> texts = MessageFiles.read(bundle, language);

            assertThat(texts.keySet()).as(bundle).isEqualTo(english.keySet());
            english.forEach((key, text) -> assertThat(placeholders(texts.get(key)))
                    .as("%s: %s", bundle, key)
                    .isEqualTo(placeholders(text)));
        }
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void whereATextHasFormsItHasAllOfTheLanguage(Language language) {
        for (String bundle : BUNDLES) {
            Map<String, String> english = MessageFiles.read(bundle, Language.ENGLISH);
            MessageFiles.read(bundle, language)
                    .forEach((key, text) -> assertThat(text.split("\\|", -1))
                            .as("%s: %s", bundle, key)
                            .hasSize(
                                    english.get(key).contains("|")
                                            ? language.plurals().size()
                                            : 1));
        }
    }

    /** Besides names and notations a translation that equals the English is a text that was forgotten. */
    @ParameterizedTest
    @EnumSource(value = Language.class, names = "ENGLISH", mode = EnumSource.Mode.EXCLUDE)
    void nothingIsLeftInEnglish(Language language) {
        Set<String> same = new TreeSet<>();
        for (String bundle : BUNDLES) {
            Map<String, String> texts = MessageFiles.read(bundle, language);
            MessageFiles.read(bundle, Language.ENGLISH).forEach((key, text) -> {
                String letters = PLACEHOLDER.matcher(text).replaceAll("").replaceAll("[^\\p{L}]", "");
                if (letters.length() > 3 && texts.get(key).equals(text)) {
                    same.add(bundle + "." + key);
                }
            });
        }

        same.removeAll(Set.of("script.nameAsinh", "script.nameZscale", "script.nameViridis", "script.nameCividis"));
        if (language == Language.SPANISH) {
            // The same word.
            same.removeAll(Set.of("msg.error", "candidate.error"));
        }
        assertThat(same).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Messages.class,
                ClassifyMessages.class,
                CandidateMessages.class,
                TalkMessages.class,
                WorldMessages.class,
                ScriptMessages.class,
                PlainMessages.class,
                MailMessages.class
            })
    void theInterfaceHasTheTextsOfItsFileAndTheirPlaceholders(Class<?> bundle) {
        Map<String, String> english =
                MessageFiles.read(bundle.getAnnotation(MessageBundle.class).value(), Language.ENGLISH);
        Map<String, Method> methods =
                Arrays.stream(bundle.getMethods()).collect(Collectors.toMap(Method::getName, Function.identity()));

        assertThat(methods.keySet()).isEqualTo(english.keySet());
        methods.forEach((name, method) -> assertThat(Arrays.stream(method.getParameters())
                        .map(Parameter::getName)
                        .collect(Collectors.toSet()))
                .as(name)
                .isEqualTo(placeholders(english.get(name))));
    }

    @Test
    void everyTextThatTheScriptAsksForIsThere() throws IOException {
        Set<String> known = MessageFiles.read("script", Language.ENGLISH).keySet();
        Set<String> asked = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("web/classify"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".ts")).toList()) {
                Matcher call = KEY_IN_SCRIPT.matcher(Files.readString(file));
                while (call.find()) {
                    asked.add(call.group(1));
                }
            }
        }

        assertThat(asked).hasSizeGreaterThan(20);
        assertThat(known).containsAll(asked);
    }

    @Test
    void arabicSpeaksInArabicLetters() {
        for (String bundle : BUNDLES) {
            MessageFiles.read(bundle, Language.ARABIC).forEach((key, text) -> {
                String letters = PLACEHOLDER.matcher(text).replaceAll("").replaceAll("[^\\p{L}]", "");
                if (letters.length() > 3 && !letters.matches("asinh|zscale|viridis|cividis")) {
                    assertThat(text).as(key).containsPattern("\\p{IsArabic}");
                }
            });
        }
    }
}
