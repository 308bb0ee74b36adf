package org.skysieve.candidate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import org.skysieve.platform.Problem;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.WorkflowView;

/** Sets gold standards by the survey's own ids. It stands here because room project knows no candidates. */
@ApplicationScoped
public class GoldByCandid {
    private static final int MAX_ITEMS = 20_000;
    private static final int MAX_ERRORS = 20;

    /**
     * @param candid the survey's id, a number or a string of digits
     * @param answer the key of one of the workflow's answers
     * @param note what tells the class here, for people who have answered; left out, it stays as it is
     */
    public record Item(
            @Nullable String candid,
            @Nullable String answer,
            @Nullable String note) {}

    /**
     * @param set how many are new or changed
     * @param unchanged how many were so already
     * @param unknown candids that the project does not have; nothing was set for them
     */
    public record GoldStandardsAnswer(int set, int unchanged, List<String> unknown) {}

    private final Candidates candidates;
    private final GoldStandards goldStandards;

    GoldByCandid(Candidates candidates, GoldStandards goldStandards) {
        this.candidates = candidates;
        this.goldStandards = goldStandards;
    }

    /**
     * Sets or changes the classes of candidates; those that the project does not have are told.
     *
     * @param survey whose candids these are, such as {@code ztf}
     * @param source who says so
     * @param items 1..20,000
     * @throws Problem 400 with the items that are wrong, {@code items[3].answer}; nothing was set then
     */
    @Transactional
    public GoldStandardsAnswer set(
            WorkflowView workflow,
            String survey,
            String source,
            @Nullable List<@Nullable Item> items,
            OptionalLong setBy) {
        Map<Long, Integer> answers = answers(workflow, items);
        Map<Long, Long> known = candidates.byCandids(workflow.projectId(), survey, answers.keySet());
        Map<Long, Integer> byCandidate = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        answers.forEach((candid, answer) -> {
            Long candidateId = known.get(candid);
            if (candidateId == null) {
                unknown.add(Long.toString(candid));
            } else {
                byCandidate.put(candidateId, answer);
            }
        });
        int changed = byCandidate.isEmpty() ? 0 : goldStandards.setAll(workflow.id(), byCandidate, source, setBy);
        goldStandards.annotate(workflow.id(), notes(items, known));
        return new GoldStandardsAnswer(changed, byCandidate.size() - changed, unknown);
    }

    /** By candidate; the items have been checked. */
    private static Map<Long, String> notes(@Nullable List<@Nullable Item> items, Map<Long, Long> known) {
        Map<Long, String> notes = new LinkedHashMap<>();
        for (Item item : items == null ? List.<@Nullable Item>of() : items) {
            String note = item == null ? null : item.note();
            Long candidateId = item == null || item.candid() == null ? null : known.get(Long.parseLong(item.candid()));
            if (note != null && candidateId != null) {
                notes.put(candidateId, note);
            }
        }
        return notes;
    }

    private static Map<Long, Integer> answers(WorkflowView workflow, @Nullable List<@Nullable Item> items) {
        int count = items == null ? 0 : items.size();
        if (items == null || count < 1 || count > MAX_ITEMS) {
            throw Problem.badField("items", "got " + count + ", need 1.." + MAX_ITEMS);
        }
        List<Problem.FieldError> errors = new ArrayList<>();
        Map<Long, Integer> answers = new LinkedHashMap<>();
        for (int i = 0; i < count && errors.size() < MAX_ERRORS; i++) {
            Item item = items.get(i);
            String candid = item == null || item.candid() == null ? "" : item.candid();
            String key = item == null || item.answer() == null ? "" : item.answer();
            OptionalInt answer = workflow.answerOf(key);
            if (!candid.matches("-?[0-9]{1,19}")) {
                errors.add(new Problem.FieldError("items[" + i + "].candid", "got \"" + candid + "\", need a number"));
            } else if (answer.isEmpty()) {
                String keys = String.join(
                        ", ",
                        workflow.answers().stream().map(option -> option.key()).toList());
                errors.add(
                        new Problem.FieldError("items[" + i + "].answer", "got \"" + key + "\", need one of " + keys));
            } else if (item != null && item.note() != null && item.note().length() > GoldStandards.MAX_NOTE) {
                errors.add(new Problem.FieldError(
                        "items[" + i + "].note",
                        "got " + item.note().length() + " characters, need 0.." + GoldStandards.MAX_NOTE));
            } else {
                try {
                    answers.put(Long.parseLong(candid), answer.getAsInt());
                } catch (NumberFormatException e) {
                    errors.add(new Problem.FieldError("items[" + i + "].candid", candid + " has more than 64 bits"));
                }
            }
        }
        if (!errors.isEmpty()) {
            throw Problem.badRequest(
                    "items: " + errors.get(0).field() + " " + errors.get(0).message(), errors);
        }
        return answers;
    }
}
