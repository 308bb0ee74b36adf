package org.skysieve.notification;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import io.quarkus.mailer.Mail;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.qute.Variant;
import io.quarkus.qute.i18n.Localized;
import io.quarkus.qute.i18n.MessageBundles;
import io.quarkus.runtime.StartupEvent;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.skysieve.platform.Language;

/** Writes the mails: text and HTML, in the reader's language, without anything that is fetched from anywhere. */
@ApplicationScoped
class MailLetters {
    private static final Variant TEXT = Variant.forContentType(Variant.TEXT_PLAIN);
    private static final Variant HTML = Variant.forContentType(Variant.TEXT_HTML);

    /** An image in a mail. */
    record Image(String contentId, byte[] png) {}

    private final Optional<String> from;
    private final String root;

    /** @throws IllegalStateException for a sender without a public address, or one that is no address of the web */
    MailLetters(MailConfig config, @ConfigProperty(name = "skysieve.address") Optional<String> address) {
        this.from = config.from().map(String::strip).filter(text -> !text.isEmpty());
        this.root = address.map(text -> text.strip().replaceAll("/+$", "")).orElse("");
        if (from.isPresent() && !isOfTheWeb(root)) {
            throw new IllegalStateException(
                    "skysieve.address: got \"" + root
                            + "\", need the address of the front page, such as https://sky.example.org, for the links in mails");
        }
    }

    /** Makes this at the start, so that what is set wrongly is said then. */
    void start(@Observes StartupEvent event) {}

    private static boolean isOfTheWeb(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getHost() != null && List.of("https", "http").contains(String.valueOf(uri.getScheme()));
        } catch (IllegalArgumentException notAnAddress) {
            return false;
        }
    }

    /** Whether there is somebody from whom mails come. */
    boolean enabled() {
        return from.isPresent();
    }

    /** The public address of a path. */
    String link(String path) {
        return root + path;
    }

    /** Asks whether an address is the reader's. */
    Mail confirmation(String to, Language language, String username, String token, String stop) {
        return letter(
                to,
                messages(language).confirmSubject(),
                Templates.mailConfirm(
                        language, username, root, link("/mail/confirm?token=" + token), stopLink(stop), LINK_HOURS),
                language,
                stop);
    }

    private static final String LINK_HOURS = Long.toString(MailTable.LINK_LIVES.toHours());

    /**
     * News.
     *
     * @param name the same for each try of one mail and no other, so that a receiver can tell that it has it
     */
    Mail digest(String to, Language language, Digest digest, List<Image> images, String stop, String name) {
        Mail mail = letter(
                to,
                messages(language).digestSubject(),
                Templates.mailDigest(language, digest, root, stopLink(stop)),
                language,
                stop);
        for (Image image : images) {
            mail.addInlineAttachment(image.contentId + ".png", image.png, "image/png", "<" + image.contentId + ">");
        }
        UUID id = UUID.nameUUIDFromBytes((name + " " + to).getBytes(StandardCharsets.UTF_8));
        return mail.addHeader("Message-ID", "<" + id + "@" + URI.create(root).getHost() + ">");
    }

    private String stopLink(String stop) {
        return link("/mail/stop?token=" + stop);
    }

    private Mail letter(String to, String subject, TemplateInstance letter, Language language, String stop) {
        letter.setLocale(language.tag());
        return new Mail()
                .addTo(to)
                .setFrom(from.orElseThrow(() -> new IllegalStateException("skysieve.mail.from is not set")))
                .setSubject(subject)
                .setText(letter.setAttribute(TemplateInstance.SELECTED_VARIANT, TEXT)
                        .render())
                .setHtml(letter.setAttribute(TemplateInstance.SELECTED_VARIANT, HTML)
                        .render())
                .addHeader("List-Unsubscribe", "<" + stopLink(stop) + ">")
                .addHeader("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
                .addHeader("Auto-Submitted", "auto-generated")
                .addHeader("Content-Language", language.tag());
    }

    private static MailMessages messages(Language language) {
        return language == Language.ENGLISH
                ? MessageBundles.get(MailMessages.class)
                : MessageBundles.get(MailMessages.class, Localized.Literal.of(language.tag()));
    }

    @CheckedTemplate(basePath = "", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
    static final class Templates {
        static native TemplateInstance mailConfirm(
                Language language, String username, String root, String link, String stop, String hours);

        static native TemplateInstance mailDigest(Language language, Digest digest, String root, String stop);

        private Templates() {}
    }
}
