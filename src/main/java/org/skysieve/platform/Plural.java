package org.skysieve.platform;

/** The forms of a noun beside a whole number, after the Unicode CLDR's plural rules for cardinals. */
public enum Plural {
    ZERO,
    ONE,
    TWO,
    FEW,
    MANY,
    OTHER;

    /** @param number 0 or more */
    public static Plural of(Language language, long number) {
        return switch (language) {
            case ENGLISH -> number == 1 ? ONE : OTHER;
            case SPANISH -> number == 1 ? ONE : number != 0 && number % 1_000_000 == 0 ? MANY : OTHER;
            case ARABIC -> arabic(number);
        };
    }

    private static Plural arabic(long number) {
        if (number <= 2) {
            return number == 0 ? ZERO : number == 1 ? ONE : TWO;
        }
        long rest = number % 100;
        return rest < 3 ? OTHER : rest <= 10 ? FEW : MANY;
    }

    /**
     * The form of a message that goes with a number.
     *
     * @param message one form for all numbers, or the forms of {@link Language#plurals} in their order with | between
     */
    public static String choose(String message, Language language, long number) {
        String[] forms = message.split("\\|", -1);
        if (forms.length == 1) {
            return message;
        }
        if (forms.length != language.plurals().size()) {
            throw new IllegalArgumentException("message \"" + message + "\": got " + forms.length + " forms, need "
                    + language.plurals() + " in " + language.ownName());
        }
        return forms[language.plurals().indexOf(of(language, number))].strip();
    }
}
