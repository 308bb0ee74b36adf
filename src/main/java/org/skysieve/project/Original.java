package org.skysieve.project;

import java.util.ArrayList;
import java.util.List;

/**
 * A text of a workflow that has no key of its own, to be translated by what it says: the texts of tasks, decision tree,
 * field guide and tutorial. Once it says something else, its translation is one no more.
 *
 * @param place where it stands, for people
 * @param most characters that its translation may have
 * @param tall whether it may run over lines
 */
public record Original(String place, String text, int most, boolean tall) {
    static List<Original> of(Asks asks) {
        List<Original> all = new ArrayList<>();
        for (Task task : asks.tasks()) {
            String place = "Task " + task.key();
            all.add(new Original(place, task.question(), Task.LONGEST_QUESTION, false));
            all.add(new Original(place + ": help", task.help(), Task.LONGEST_HELP, true));
            all.add(new Original(place + ": unit", task.unit(), Task.LONGEST_UNIT, false));
            for (AnswerOption option : task.options()) {
                all.add(new Original(place + ": " + option.key(), option.label(), 120, false));
                all.add(new Original(place + ": help of " + option.key(), option.help(), 1_000, true));
            }
        }
        DecisionTree tree = asks.tree();
        if (tree != null) {
            for (DecisionTree.Node node : tree.nodes()) {
                all.add(new Original("Tree: question", node.asks().question(), DecisionTree.LONGEST_QUESTION, false));
                for (DecisionTree.Branch branch : node.asks().branches()) {
                    all.add(new Original("Tree: branch", branch.label(), DecisionTree.LONGEST_LABEL, false));
                }
            }
        }
        return all;
    }

    static List<Original> of(List<GuideEntry> guide, List<TutorialStep> tutorial) {
        List<Original> all = new ArrayList<>();
        for (GuideEntry entry : guide) {
            all.add(new Original("Field guide: " + entry.answer(), entry.text(), FieldGuides.MAX_TEXT, true));
            entry.examples()
                    .forEach(one -> all.add(new Original(
                            "Field guide: example of " + entry.answer(),
                            one.caption(),
                            FieldGuides.MAX_CAPTION,
                            false)));
        }
        for (int i = 0; i < tutorial.size(); i++) {
            String place = "Tutorial, step " + (i + 1);
            all.add(new Original(place, tutorial.get(i).title(), FieldGuides.MAX_TITLE, false));
            all.add(new Original(place + ": text", tutorial.get(i).text(), FieldGuides.MAX_STEP, true));
        }
        return all;
    }
}
