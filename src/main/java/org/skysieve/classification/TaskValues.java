package org.skysieve.classification;

import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.skysieve.platform.Problem;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Task;

/**
 * Values of tasks as JSON:
 *
 * <pre>
 *   choice    "key"
 *   multiple  ["key", ...]                 distinct
 *   points    [{"x": 31, "y": 30}, ...]    pixels of the stamp: 0, 0 is the lower left one, x to the right, y up
 *   boxes     [{"x": 10, "y": 12, "width": 4, "height": 3}, ...]   x and y of the lower left pixel
 *   slider    0.4
 *   tags      ["ghost", ...]               1..30 of letters, digits and dashes each, in lower case
 * </pre>
 */
final class TaskValues {
    private static final double LARGEST_STAMP = 1000;
    private static final Pattern TAG = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}-]{0,29}");

    private TaskValues() {}

    /**
     * Checks what somebody added to an answer, and brings it into one form.
     *
     * @param tasks that are asked after that answer
     * @throws Problem 400 that names the task
     */
    static ObjectNode check(List<Task> tasks, Map<String, JsonNode> values) {
        ObjectNode checked = JsonNodeFactory.instance.objectNode();
        Set<String> unknown = new HashSet<>(values.keySet());
        for (Task task : tasks) {
            JsonNode value = values.get(task.key());
            unknown.remove(task.key());
            if (value != null && !value.isNull()) {
                checked.set(task.key(), check(task, value));
            }
        }
        for (String key : unknown) {
            throw Problem.badField(
                    key,
                    "is not asked after this answer; need some of "
                            + tasks.stream().map(Task::key).toList());
        }
        return checked;
    }

    private static JsonNode check(Task task, JsonNode value) {
        return switch (task.kind()) {
            case CHOICE -> JsonNodeFactory.instance.textNode(option(task, value));
            case MULTIPLE -> distinct(task, list(task, value), item -> option(task, item));
            case TAGS -> distinct(task, list(task, value), item -> tag(task, item));
            case SLIDER -> {
                double number = number(task, value, "");
                need(task, number >= task.min() && number <= task.max(), value, task.min() + " to " + task.max());
                yield JsonNodeFactory.instance.numberNode(number);
            }
            case POINTS, BOXES -> shapes(task, list(task, value));
        };
    }

    private interface Reader {
        String read(JsonNode item);
    }

    private static ArrayNode distinct(Task task, JsonNode list, Reader reader) {
        ArrayNode read = JsonNodeFactory.instance.arrayNode();
        Set<String> seen = new HashSet<>();
        for (JsonNode item : list) {
            String text = reader.read(item);
            need(task, seen.add(text), item, "each once");
            read.add(text);
        }
        return read;
    }

    private static ArrayNode shapes(Task task, JsonNode list) {
        boolean box = task.kind() == Task.Kind.BOXES;
        ArrayNode read = JsonNodeFactory.instance.arrayNode();
        for (JsonNode item : list) {
            ObjectNode shape = read.addObject();
            for (String field : box ? List.of("x", "y", "width", "height") : List.of("x", "y")) {
                double number = number(task, item.path(field), field);
                boolean size = field.length() > 1;
                need(
                        task,
                        number <= LARGEST_STAMP && (size ? number > 0 : number >= -0.5),
                        item,
                        field + (size ? " above 0" : " -0.5 or more") + ", in pixels of the stamp");
                shape.put(field, number);
            }
            for (Iterator<String> fields = item.fieldNames(); fields.hasNext(); ) {
                String field = fields.next();
                need(task, shape.has(field), item, "no field " + field);
            }
        }
        return read;
    }

    private static JsonNode list(Task task, JsonNode value) {
        need(task, value.isArray() && value.size() <= task.most(), value, "a list of at most " + task.most());
        return value;
    }

    private static String option(Task task, JsonNode value) {
        List<String> keys = task.options().stream().map(AnswerOption::key).toList();
        need(task, value.isTextual() && keys.contains(value.textValue()), value, "one of " + keys);
        return value.textValue();
    }

    private static String tag(Task task, JsonNode value) {
        String text = value.asText().strip().toLowerCase(Locale.ROOT);
        need(task, value.isTextual() && TAG.matcher(text).matches(), value, "1..30 letters, digits or dashes");
        return text;
    }

    private static double number(Task task, JsonNode value, String field) {
        need(
                task,
                value.isNumber() && Double.isFinite(value.doubleValue()),
                value,
                field.isEmpty() ? "a number" : "a number for " + field);
        return value.doubleValue();
    }

    private static void need(Task task, boolean holds, JsonNode got, String need) {
        if (!holds) {
            String text = got.isMissingNode() ? "nothing" : got.toString();
            throw Problem.badField(
                    task.key(),
                    "got " + (text.length() > 80 ? text.substring(0, 80) + "..." : text) + ", need " + need);
        }
    }
}
