package org.skysieve.notification;

import io.quarkus.qute.i18n.MessageBundle;

/**
 * The texts of mails and of the pages about them, {@code {mail:key}} in templates: English is in messages/mail.properties, the
 * others in messages/mail_TAG.properties.
 */
@MessageBundle("mail")
public interface MailMessages {
    // In mails
    String confirmSubject();

    String confirmText(String root, String username);

    String confirmDo(String hours);

    String confirmElse();

    String digestSubject();

    String digestTalk();

    String called(String who, String where);

    String after(String who, String where);

    String digestBecame();

    String of(String candidate, String project);

    String imageOf(String candidate);

    String more();

    String why(String root);

    String stopLink();

    // In the settings
    String title();

    String text();

    String stored();

    String address();

    String talk();

    String outcomes();

    String ask();

    String waiting(String address);

    String another();

    String sentTo(String address);

    String save();

    String end();

    String asked();

    String ended();

    String wrongAddress();

    String wrongChoice();

    String wrongOften();

    String wrongServer();

    String wrongNone();

    String wrongOff();

    // The pages that the links lead to
    String confirmTitle();

    String confirmLead();

    String confirmIt();

    String confirmDone();

    String confirmStale();

    String stopTitle();

    String stopLead();

    String stopIt();

    String stopDone();
}
