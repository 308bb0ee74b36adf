package org.skysieve.notification;

import java.util.Map;
import java.util.Optional;

import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** When mails are sent at all: plain Java, no Quarkus. */
class MailLettersTest {
    private static MailConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withMapping(MailConfig.class)
                .withDefaultValues(values)
                // Quarkus reads 20S as well.
                .withDefaultValue("skysieve.mail.patience", "PT20S")
                .build()
                .getConfigMapping(MailConfig.class);
    }

    @Test
    void withoutASenderNobodyIsOfferedMails() {
        MailLetters none = new MailLetters(config(Map.of()), Optional.of("https://sky.example"));
        MailLetters some = new MailLetters(
                config(Map.of("skysieve.mail.from", "no-reply@sky.example")), Optional.of("https://sky.example/base/"));

        assertThat(none.enabled()).isFalse();
        assertThat(some.enabled()).isTrue();
        assertThat(some.link("/notices")).isEqualTo("https://sky.example/base/notices");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sky.example", "ftp://sky.example", "https://", "not an address"})
    void aSenderNeedsThePublicAddress(String address) {
        MailConfig sends = config(Map.of("skysieve.mail.from", "no-reply@sky.example"));

        assertThatThrownBy(() -> new MailLetters(sends, Optional.of(address)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("skysieve.address");
    }
}
