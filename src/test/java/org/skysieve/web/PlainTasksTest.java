package org.skysieve.web;

import java.util.List;
import java.util.Map;

import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import org.skysieve.engine.image.Cutout;
import org.skysieve.project.Task;

import static org.assertj.core.api.Assertions.assertThat;

/** Fields of tasks and presses on images as they arrive in a form; no Quarkus. */
class PlainTasksTest {
    /** 63 pixels fit five times into the 320 of the image to press on. */
    private static final Cutout CUTOUT = new Cutout(63, 63, new float[63 * 63]);

    private static Task task(String key, Task.Kind kind, int most) {
        return new Task(key, kind, "What?", "", List.of(), List.of(), most, 0, 10, 1, "");
    }

    private static PlainTasks form(Map<String, List<String>> sent, Task... tasks) {
        MultivaluedMap<String, String> fields = new MultivaluedHashMap<>();
        fields.putAll(sent);
        return new PlainTasks(List.of(tasks), fields, "/science.png", CUTOUT);
    }

    @Test
    void aPressMarksThePixelUnderIt() {
        PlainTasks form = form(
                Map.of("task.where.at.x", List.of("104"), "task.where.at.y", List.of("50")),
                task("where", Task.Kind.POINTS, 3));

        assertThat(form.edited()).isTrue();
        // The left of pixel 20 is 100 pixels from the left; the top of row 52 is 50 below that of row 62.
        assertThat(form.values().get("where")).hasToString("[{\"x\":20.0,\"y\":52.0}]");
    }

    @Test
    void aPressAtTheEdgeStaysWithinTheImage() {
        PlainTasks form = form(
                Map.of("task.where.at.x", List.of("315"), "task.where.at.y", List.of("315")),
                task("where", Task.Kind.POINTS, 3));

        assertThat(form.edited()).isTrue();
        assertThat(form.values().get("where")).hasToString("[{\"x\":62.0,\"y\":0.0}]");
    }

    @Test
    void aPressByTheKeyboardMarksNothing() {
        PlainTasks form = form(
                Map.of("task.where.at.x", List.of("0"), "task.where.at.y", List.of("0")),
                task("where", Task.Kind.POINTS, 3));

        assertThat(form.edited()).isTrue();
        assertThat(form.values()).isEmpty();
    }

    @Test
    void aPressBeyondTheMostIsLeftOut() {
        PlainTasks form = form(
                Map.of(
                        "task.where.x", List.of("5"),
                        "task.where.y", List.of("6"),
                        "task.where.at.x", List.of("104"),
                        "task.where.at.y", List.of("50")),
                task("where", Task.Kind.POINTS, 1));

        assertThat(form.edited()).isTrue();
        assertThat(form.values().get("where")).hasToString("[{\"x\":5.0,\"y\":6.0}]");
    }

    @Test
    void twoPressesAreOppositeCornersOfABox() {
        Task box = task("trail", Task.Kind.BOXES, 3);
        PlainTasks first = form(Map.of("task.trail.at.x", List.of("104"), "task.trail.at.y", List.of("50")), box);
        assertThat(first.edited()).isTrue();
        assertThat(first.values()).isEmpty();
        String corner = first.fields("", MessageFiles.plain()).get(0).corner();
        assertThat(corner).isEqualTo("20,52");

        PlainTasks second = form(
                Map.of(
                        "task.trail.corner", List.of(corner),
                        "task.trail.at.x", List.of("94"),
                        "task.trail.at.y", List.of("70")),
                box);

        assertThat(second.edited()).isTrue();
        // Columns 18 to 20 and rows 48 to 52, both ends within.
        assertThat(second.values().get("trail")).hasToString("[{\"x\":18.0,\"y\":48.0,\"width\":3.0,\"height\":5.0}]");
        assertThat(second.fields("", MessageFiles.plain()).get(0).corner()).isEmpty();
    }

    @Test
    void emptyRowsAreLeftOutAndHalfFilledOnesAreKeptToBeRefused() {
        PlainTasks form = form(
                Map.of("task.where.x", List.of("5", "", "7"), "task.where.y", List.of("6", "", "")),
                task("where", Task.Kind.POINTS, 5));

        JsonNode where = form.values().get("where");
        assertThat(form.edited()).isFalse();
        assertThat(where).hasSize(2);
        assertThat(where.get(1).path("x").asDouble()).isEqualTo(7);
        assertThat(where.get(1).path("y").isNumber()).isFalse();
        List<PlainTasks.Row> rows =
                form.fields("where", MessageFiles.plain()).get(0).rows();
        assertThat(rows).extracting(PlainTasks.Row::x).containsExactly("5", "7", "");
    }

    @Test
    void oneMoreRowIsThereWhenItWasAskedFor() {
        Task where = task("where", Task.Kind.POINTS, 3);
        Map<String, List<String>> empty = Map.of("task.where.x", List.of("", ""), "task.where.y", List.of("", ""));
        assertThat(form(empty, where).fields("", MessageFiles.plain()).get(0).rows())
                .hasSize(2);

        PlainTasks more = form(
                Map.of(
                        "task.where.x", List.of("", ""),
                        "task.where.y", List.of("", ""),
                        "more", List.of("where")),
                where);

        assertThat(more.edited()).isTrue();
        PlainTasks.Field field = more.fields("", MessageFiles.plain()).get(0);
        assertThat(field.rows()).hasSize(3);
        assertThat(field.room()).isFalse();
    }

    @Test
    void aNumberMayHaveACommaAndAWordIsKeptToBeRefused() {
        Task sure = task("sure", Task.Kind.SLIDER, 1);

        assertThat(form(Map.of("task.sure", List.of(" 2,5 ")), sure).values().get("sure"))
                .hasToString("2.5");
        assertThat(form(Map.of("task.sure", List.of("very")), sure)
                        .values()
                        .get("sure")
                        .isTextual())
                .isTrue();
        assertThat(form(Map.of("task.sure", List.of(" ")), sure).values()).isEmpty();
    }

    @Test
    void wordsAreCutApartAsTheScriptDoesIt() {
        assertThat(PlainTasks.tags("Odd #ring, odd; -ghost halo!")).containsExactly("odd", "ring", "ghost", "halo");
        assertThat(PlainTasks.tags("  ")).isEmpty();
    }
}
