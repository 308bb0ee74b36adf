package org.skysieve.web;

/**
 * A field of a form as it stands there, with what is wrong with it; {@code form-field.html} shows it.
 *
 * @param kind "text", "tall" (over lines), "code" (over lines, taken as typed), "number", or "fixed" (shown, and sent, but
 *     not to be changed)
 * @param most characters; 0 without a limit
 * @param error empty if nothing is wrong
 * @param focus whether it is where the reader goes on
 */
public record FormField(
        String name, String label, String value, String hint, String error, String kind, int most, boolean focus) {
    /** For the ids of elements, which have no dots. */
    public String id() {
        return name.replace('.', '-');
    }

    static FormField text(String name, String label, String value, int most, String hint) {
        return new FormField(name, label, value, hint, "", "text", most, false);
    }

    static FormField tall(String name, String label, String value, int most, String hint) {
        return new FormField(name, label, value, hint, "", "tall", most, false);
    }

    static FormField code(String name, String label, String value, int most, String hint) {
        return new FormField(name, label, value, hint, "", "code", most, false);
    }

    static FormField number(String name, String label, String value, String hint) {
        return new FormField(name, label, value, hint, "", "number", 30, false);
    }

    FormField wrong(String what) {
        return new FormField(name, label, value, hint, what, kind, most, focus);
    }

    /** The same, not to be changed. */
    FormField fixed(boolean is) {
        return is ? new FormField(name, label, value, hint, error, "fixed", most, focus) : this;
    }

    /** The same with what is wrong with it, and the place where the reader goes on. */
    FormField in(Typed typed, String focused) {
        return new FormField(name, label, value, hint, typed.error(name), kind, most, name.equals(focused));
    }
}
