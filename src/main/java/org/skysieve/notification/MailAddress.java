package org.skysieve.notification;

import java.net.IDN;
import java.util.Locale;
import java.util.regex.Pattern;

import org.skysieve.platform.Problem;

/** An address as it goes into a header: no quotes, comments, lists or line breaks; the domain in ASCII. */
record MailAddress(String text) {
    static final int LONGEST = 254;

    private static final Pattern PLAIN =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                    + "@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]");
    private static final int LONGEST_NAME = 64;

    /** @throws Problem 400 for what is none */
    static MailAddress of(String typed) {
        String stripped = typed.strip();
        int at = stripped.lastIndexOf('@');
        if (at > 0 && at <= LONGEST_NAME && stripped.length() <= LONGEST) {
            String ascii = stripped.substring(0, at + 1) + ascii(stripped.substring(at + 1));
            if (ascii.length() <= LONGEST && PLAIN.matcher(ascii).matches()) {
                return new MailAddress(ascii);
            }
        }
        throw Problem.badField("address", "need one mail address such as name@example.org, of at most 254 characters");
    }

    /** The mailbox that this most likely is: small letters, without what follows a plus sign, so that variants of one count as one. */
    String mailbox() {
        int at = text.lastIndexOf('@');
        String name = text.substring(0, at);
        int plus = name.indexOf('+');
        return ((plus > 0 ? name.substring(0, plus) : name) + text.substring(at)).toLowerCase(Locale.ROOT);
    }

    private static String ascii(String domain) {
        try {
            return IDN.toASCII(domain).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException notADomain) {
            return "";
        }
    }
}
