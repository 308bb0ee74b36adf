package org.skysieve.project;

import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class AsksTest {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new ParameterNamesModule());
    private static final List<String> ANSWERS = List.of("real", "bogus");
    private static final String TREE = """
            {"tree": {"question": "Is anything at the centre of the difference?", "branches": [
                {"label": "No", "answer": "bogus"},
                {"label": "Yes", "next": {"question": "Is it as round as the stars?", "branches": [
                    {"label": "Round", "answer": "real"}, {"label": "Sharp or a stripe", "answer": "bogus"}]}}]}}
            """;

    private static Asks read(String json) throws JsonProcessingException {
        return JSON.readValue(json, Asks.class);
    }

    @Test
    void aTreeIsReadWithItsQuestionsInOrder() throws Exception {
        Asks asks = read(TREE);
        asks.check(ANSWERS);

        List<DecisionTree.Node> nodes = asks.tree().nodes();

        assertThat(nodes).extracting(DecisionTree.Node::parent).containsExactly(-1, 0);
        assertThat(nodes).extracting(DecisionTree.Node::next).containsExactly(List.of(-1, 1), List.of(-1, -1));
        assertThat(read(JSON.writeValueAsString(asks))).isEqualTo(asks);
    }

    @Test
    void aTreeHasToLeadToEachAnswerAndToNoOther() throws Exception {
        Asks asks = read(TREE);

        assertThatThrownBy(() -> asks.check(List.of("real", "bogus", "moving")))
                .hasMessage("tree: no branch leads to [moving]");
        assertThatThrownBy(() -> asks.check(List.of("real", "spike")))
                .hasMessage("tree: branch \"No\" leads to \"bogus\", need one of [real, spike]");
        assertThatThrownBy(() -> read(TREE.replace("\"answer\": \"real\"", "\"answer\": null")))
                .hasMessageContaining("branch \"Round\" needs an answer or a next question");
        assertThatThrownBy(() -> read("{\"tree\": {\"question\": \"?\", \"branches\": []}}"))
                .hasMessageContaining("has 0 branches, need 2..9");
    }

    @Test
    void tasksAreReadWithWhatIsLeftOut() throws Exception {
        Asks asks = read("""
                {"tasks": [
                    {"key": "host", "kind": "slider", "question": "How far from the host?", "max": 30, "unit": "px"},
                    {"key": "shape", "kind": "multiple", "question": "What shape?", "after": ["bogus"],
                     "options": [{"key": "dipole"}, {"key": "ghost", "label": "A ghost"}]},
                    {"key": "where", "kind": "points", "question": "Where else?", "most": 3}]}
                """);
        asks.check(ANSWERS);

        assertThat(asks.tasks()).extracting(Task::most).containsExactly(1, 10, 3);
        assertThat(asks.tasks().get(0).step()).isEqualTo(0.3);
        assertThat(asks.after("real")).extracting(Task::key).containsExactly("host", "where");
        assertThat(asks.after("bogus")).extracting(Task::key).containsExactly("host", "shape", "where");
        assertThat(read(JSON.writeValueAsString(asks))).isEqualTo(asks);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"kind": "rating", "question": "?"}                        | need one of choice, multiple, points
                    {"question": "?"}                                          | kind of "k" is missing
                    {"kind": "choice", "question": "?"}                        | options of "k": got 0, need 2..12
                    {"kind": "tags", "question": "?", "options": [{"key":"a"}]} | options of "k": got 1, need none
                    {"kind": "slider", "question": "?", "min": 2}              | need min < max
                    {"kind": "points", "question": "?", "most": 21}            | most of "k": got 21, need 1..20
                    {"kind": "tags", "question": " "}                          | question of "k": need 1..300 characters
                    """)
    void whatDoesNotFitIsNamed(String task, String complaint) {
        String json = "{\"tasks\": [" + task.replaceFirst("\\{", "{\"key\": \"k\", ") + "]}";

        assertThatThrownBy(() -> read(json)).hasMessageContaining(complaint);
    }

    @Test
    void keysAreDistinctAndAnswersKnown() throws Exception {
        String task = "{\"key\": \"k\", \"kind\": \"tags\", \"question\": \"?\", \"after\": [\"real\"]}";

        assertThatThrownBy(
                        () -> read("{\"tasks\": [" + task + "," + task + "]}").check(ANSWERS))
                .hasMessage("tasks: key of \"k\": is there twice");
        assertThatThrownBy(() -> read("{\"tasks\": [" + task + "]}").check(List.of("a", "b")))
                .hasMessage("tasks: after of \"k\": got \"real\", need some of [a, b]");
    }
}
