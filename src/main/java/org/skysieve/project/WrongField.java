package org.skysieve.project;

/** A value that cannot be, with the name of its field: an API says both in a sentence, a form puts the one beside the other. */
public final class WrongField extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final String need;

    /**
     * @param message the whole sentence
     * @param field as the record calls it
     * @param need what came and what is needed, without the field's name
     */
    WrongField(String message, String field, String need) {
        super(message);
        this.field = field;
        this.need = need;
    }

    WrongField(String field, String need) {
        this(field + ": " + need, field, need);
    }

    public String field() {
        return field;
    }

    /** What came and what is needed. */
    public String need() {
        return need;
    }
}
