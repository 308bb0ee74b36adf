package org.skysieve.engine.select;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.select.PriorityExpression.Type;

/** Reads a {@link PriorityExpression} by recursive descent, one method for each level of precedence. */
final class ExpressionParser {
    static final int MOST_DEPTH = 40;

    /** A field's place among the values, and its type. */
    record Field(int index, Type type) {}

    /** A number, or a truth as 1 and 0; NaN where unknown. */
    @FunctionalInterface
    interface Value {
        double of(@Nullable Object[] row);
    }

    @FunctionalInterface
    private interface Text {
        @Nullable
        String of(@Nullable Object[] row);
    }

    /** A part that has been read: {@code value} for numbers and truths, {@code text} for texts. */
    private record Part(
            int at,
            Type type,
            @Nullable Value value,
            @Nullable Text text) {
        static Part number(int at, Value value) {
            return new Part(at, Type.NUMBER, value, null);
        }

        static Part truth(int at, Value value) {
            return new Part(at, Type.TRUTH, value, null);
        }

        static Part text(int at, Text text) {
            return new Part(at, Type.TEXT, null, text);
        }
    }

    private final String source;
    private final Map<String, Field> fields;
    private int at;
    private int depth;

    ExpressionParser(String source, Map<String, Field> fields) {
        this.source = source;
        this.fields = fields;
    }

    /** The whole text as one number or truth. */
    Value whole() {
        Part part = either();
        skipSpace();
        if (at < source.length()) {
            throw new ExpressionError(at, "got \"" + rest() + "\", need an operator or the end");
        }
        if (part.type == Type.TEXT) {
            throw new ExpressionError(part.at, "got a text, need a number or a truth");
        }
        return Objects.requireNonNull(part.value);
    }

    private Part either() {
        if (++depth > MOST_DEPTH) {
            throw new ExpressionError(at, "got more than " + MOST_DEPTH + " levels, need fewer");
        }
        Part left = both();
        while (word("or")) {
            Value a = truth(left);
            Value b = truth(both());
            left = Part.truth(left.at, row -> or(a.of(row), b.of(row)));
        }
        depth--;
        return left;
    }

    private Part both() {
        Part left = negated();
        while (word("and")) {
            Value a = truth(left);
            Value b = truth(negated());
            left = Part.truth(left.at, row -> 1 - or(1 - a.of(row), 1 - b.of(row)));
        }
        return left;
    }

    private Part negated() {
        int start = skipSpace();
        boolean odd = false;
        boolean any = false;
        while (word("not")) {
            odd = !odd;
            any = true;
        }
        Part part = compared();
        if (!any) {
            return part;
        }
        Value a = truth(part);
        boolean flip = odd;
        return Part.truth(start, row -> flip ? 1 - a.of(row) : a.of(row));
    }

    private Part compared() {
        Part left = sum();
        String operator = comparison();
        if (operator.isEmpty()) {
            return left;
        }
        int operatorAt = at - operator.length();
        Part right = sum();
        if (left.type != right.type) {
            throw new ExpressionError(
                    right.at, "got " + name(right.type) + ", need " + name(left.type) + " to compare with");
        }
        boolean order = !operator.equals("=") && !operator.equals("!=");
        if (order && left.type != Type.NUMBER) {
            throw new ExpressionError(
                    operatorAt, "got " + operator + " between " + plural(left.type) + ", need = or !=");
        }
        boolean wanted = !operator.equals("!=");
        if (left.type == Type.TEXT) {
            Text a = Objects.requireNonNull(left.text);
            Text b = Objects.requireNonNull(right.text);
            return Part.truth(left.at, row -> {
                String x = a.of(row);
                String y = b.of(row);
                return x == null || y == null ? Double.NaN : bit(x.equals(y) == wanted);
            });
        }
        Value a = Objects.requireNonNull(left.value);
        Value b = Objects.requireNonNull(right.value);
        return Part.truth(left.at, row -> {
            double x = a.of(row);
            double y = b.of(row);
            if (Double.isNaN(x) || Double.isNaN(y)) {
                return Double.NaN;
            }
            return bit(
                    switch (operator) {
                        case "<" -> x < y;
                        case "<=" -> x <= y;
                        case ">" -> x > y;
                        case ">=" -> x >= y;
                        default -> (x == y) == wanted;
                    });
        });
    }

    private Part sum() {
        Part left = product();
        while (true) {
            boolean plus = symbol('+');
            if (!plus && !symbol('-')) {
                return left;
            }
            Value a = number(left);
            Value b = number(product());
            left = Part.number(left.at, plus ? row -> a.of(row) + b.of(row) : row -> a.of(row) - b.of(row));
        }
    }

    private Part product() {
        Part left = signed();
        while (true) {
            boolean times = symbol('*');
            if (!times && !symbol('/')) {
                return left;
            }
            Value a = number(left);
            Value b = number(signed());
            left = Part.number(left.at, times ? row -> a.of(row) * b.of(row) : row -> a.of(row) / b.of(row));
        }
    }

    private Part signed() {
        int start = skipSpace();
        boolean minus = false;
        boolean any = false;
        while (symbol('-')) {
            minus = !minus;
            any = true;
        }
        Part part = primary();
        if (!any) {
            return part;
        }
        Value a = number(part);
        boolean negative = minus;
        return Part.number(start, row -> negative ? -a.of(row) : a.of(row));
    }

    private Part primary() {
        int start = skipSpace();
        if (start == source.length()) {
            throw new ExpressionError(start, "got the end, need a number, a field or a function");
        }
        char first = source.charAt(start);
        if (symbol('(')) {
            Part inner = either();
            need(')');
            return inner;
        }
        if (first == '\'' || first == '"') {
            int end = source.indexOf(first, start + 1);
            if (end < 0) {
                throw new ExpressionError(start, "got a text without its closing " + first);
            }
            String literal = source.substring(start + 1, end);
            at = end + 1;
            return Part.text(start, row -> literal);
        }
        if (first >= '0' && first <= '9' || first == '.') {
            return literal(start);
        }
        String name = identifier();
        if (name.isEmpty()) {
            throw new ExpressionError(start, "got \"" + rest() + "\", need a number, a field or a function");
        }
        if (symbol('(')) {
            return function(name, start);
        }
        return switch (name) {
            case "true" -> Part.truth(start, row -> 1);
            case "false" -> Part.truth(start, row -> 0);
            default -> field(name, start);
        };
    }

    private Part literal(int start) {
        int end = start;
        while (end < source.length() && isNumberPart(end)) {
            end++;
        }
        String digits = source.substring(start, end);
        double value;
        try {
            value = Double.parseDouble(digits);
        } catch (NumberFormatException e) {
            throw new ExpressionError(start, "got \"" + digits + "\", need a number such as 12.5 or 1e-3");
        }
        at = end;
        return Part.number(start, row -> value);
    }

    private boolean isNumberPart(int index) {
        char c = source.charAt(index);
        boolean exponent = index > 0 && (c == '+' || c == '-') && "eE".indexOf(source.charAt(index - 1)) >= 0;
        return c >= '0' && c <= '9' || c == '.' || c == 'e' || c == 'E' || exponent;
    }

    private Part field(String name, int start) {
        Field field = fields.get(name);
        if (field == null) {
            throw new ExpressionError(start, "got \"" + name + "\", need one of " + String.join(", ", fields.keySet()));
        }
        int index = field.index;
        return switch (field.type) {
            case NUMBER -> Part.number(start, row -> row[index] instanceof Number n ? n.doubleValue() : Double.NaN);
            case TRUTH -> Part.truth(start, row -> row[index] instanceof Boolean b ? bit(b) : Double.NaN);
            case TEXT -> Part.text(start, row -> row[index] instanceof String s ? s : null);
        };
    }

    private Part function(String name, int start) {
        List<Part> arguments = new ArrayList<>();
        do {
            arguments.add(either());
        } while (symbol(','));
        need(')');
        return switch (name) {
            case "abs" -> unary(name, start, arguments, Math::abs);
            case "sqrt" -> unary(name, start, arguments, Math::sqrt);
            case "ln" -> unary(name, start, arguments, Math::log);
            case "log10" -> unary(name, start, arguments, Math::log10);
            case "exp" -> unary(name, start, arguments, Math::exp);
            case "min" -> folded(name, start, arguments, Math::min);
            case "max" -> folded(name, start, arguments, Math::max);
            case "pow" -> {
                count(name, start, arguments, 2);
                yield folded(name, start, arguments, Math::pow);
            }
            case "clamp" -> {
                count(name, start, arguments, 3);
                Value x = number(arguments.get(0));
                Value low = number(arguments.get(1));
                Value high = number(arguments.get(2));
                yield Part.number(start, row -> Math.max(low.of(row), Math.min(high.of(row), x.of(row))));
            }
            case "if" -> conditional(start, arguments);
            case "else" -> {
                count(name, start, arguments, 2);
                Value x = number(arguments.get(0));
                Value y = number(arguments.get(1));
                yield Part.number(start, row -> {
                    double value = x.of(row);
                    return Double.isNaN(value) ? y.of(row) : value;
                });
            }
            case "known" -> {
                count(name, start, arguments, 1);
                Text text = arguments.get(0).text;
                Value value = arguments.get(0).value;
                yield Part.truth(start, row -> {
                    boolean known = text != null ? text.of(row) != null : value != null && !Double.isNaN(value.of(row));
                    return bit(known);
                });
            }
            default ->
                throw new ExpressionError(
                        start,
                        "got the function \"" + name
                                + "\", need one of abs, sqrt, ln, log10, exp, min, max, pow, clamp, if, else, known");
        };
    }

    private Part conditional(int start, List<Part> arguments) {
        count("if", start, arguments, 3);
        Value condition = truth(arguments.get(0));
        Part yes = arguments.get(1);
        Part no = arguments.get(2);
        if (yes.type != no.type || yes.type == Type.TEXT) {
            throw new ExpressionError(
                    no.at,
                    "got " + name(no.type) + " beside " + name(yes.type)
                            + ", need two numbers or two truths in if(...)");
        }
        Value a = Objects.requireNonNull(yes.value);
        Value b = Objects.requireNonNull(no.value);
        return new Part(start, yes.type, row -> condition.of(row) == 1 ? a.of(row) : b.of(row), null);
    }

    @FunctionalInterface
    private interface Unary {
        double of(double x);
    }

    @FunctionalInterface
    private interface Binary {
        double of(double x, double y);
    }

    private static Part unary(String name, int start, List<Part> arguments, Unary function) {
        count(name, start, arguments, 1);
        Value x = number(arguments.get(0));
        return Part.number(start, row -> function.of(x.of(row)));
    }

    private static Part folded(String name, int start, List<Part> arguments, Binary function) {
        if (arguments.size() < 2) {
            throw new ExpressionError(start, "got 1 argument, need two or more in " + name + "(...)");
        }
        Value folded = number(arguments.get(0));
        for (Part argument : arguments.subList(1, arguments.size())) {
            Value before = folded;
            Value next = number(argument);
            folded = row -> function.of(before.of(row), next.of(row));
        }
        return Part.number(start, folded);
    }

    private static void count(String name, int start, List<Part> arguments, int need) {
        if (arguments.size() != need) {
            throw new ExpressionError(
                    start, "got " + arguments.size() + " arguments, need " + need + " in " + name + "(...)");
        }
    }

    private static Value number(Part part) {
        return typed(part, Type.NUMBER);
    }

    private static Value truth(Part part) {
        return typed(part, Type.TRUTH);
    }

    private static Value typed(Part part, Type need) {
        if (part.type != need) {
            throw new ExpressionError(part.at, "got " + name(part.type) + ", need " + name(need));
        }
        return Objects.requireNonNull(part.value);
    }

    /** Kleene's: true if either is, unknown if it hangs on what is unknown. */
    private static double or(double a, double b) {
        if (a == 1 || b == 1) {
            return 1;
        }
        return Double.isNaN(a) || Double.isNaN(b) ? Double.NaN : 0;
    }

    private static double bit(boolean truth) {
        return truth ? 1 : 0;
    }

    private static String name(Type type) {
        return "a " + type.name().toLowerCase(Locale.ROOT);
    }

    private static String plural(Type type) {
        return type.name().toLowerCase(Locale.ROOT) + "s";
    }

    private int skipSpace() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        return at;
    }

    private boolean symbol(char symbol) {
        skipSpace();
        if (at < source.length() && source.charAt(at) == symbol) {
            at++;
            return true;
        }
        return false;
    }

    private void need(char symbol) {
        if (!symbol(symbol)) {
            throw new ExpressionError(
                    at, (at == source.length() ? "got the end" : "got \"" + rest() + "\"") + ", need " + symbol);
        }
    }

    private boolean word(String word) {
        int before = skipSpace();
        if (identifier().equals(word)) {
            return true;
        }
        at = before;
        return false;
    }

    private String identifier() {
        int start = skipSpace();
        while (at < source.length() && isNamePart(source.charAt(at), at > start)) {
            at++;
        }
        return source.substring(start, at);
    }

    private static boolean isNamePart(char c, boolean later) {
        return c >= 'a' && c <= 'z' || c == '_' || later && c >= '0' && c <= '9';
    }

    private String comparison() {
        skipSpace();
        for (String operator : List.of("<=", ">=", "!=", "<", ">", "=")) {
            if (source.startsWith(operator, at)) {
                at += operator.length();
                return operator;
            }
        }
        return "";
    }

    private String rest() {
        String rest = source.substring(at);
        return rest.length() <= 12 ? rest : rest.substring(0, 12) + "...";
    }
}
