package org.skysieve.export;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.skysieve.classification.Pseudonyms;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.WorkflowView;

/**
 * What can be exported of a workflow: the columns and the statement that reads them.
 *
 * @param name of the file, before its extension
 * @param statement has the workflow's id as its only parameter
 */
record Table(String name, List<Column> columns, String statement) {

    /** Every entry of the log in the log's order: answers, edits and withdrawals. */
    static Table classifications(WorkflowView workflow, Pseudonyms pseudonyms) {
        List<String> keys = keys(workflow);
        List<Column> columns = concat(
                Stream.of(
                        Column.id("classification_id"),
                        Column.id("workflow_id"),
                        Column.integer("workflow_version"),
                        Column.id("candidate_id"),
                        Column.text("survey"),
                        Column.id("candid"),
                        Column.text("object_id"),
                        new Column("volunteer", row -> pseudonyms.of(row.getLong("volunteer_id"))),
                        Column.bool("guest"),
                        Column.answer("answer", keys),
                        Column.bool("standing"),
                        Column.id("supersedes"),
                        Column.text("strategy"),
                        Column.number("probability"),
                        Column.real("priority"),
                        Column.integer("model_version")),
                probabilities("model", "model_probabilities", keys),
                Stream.of(
                        Column.integer("elapsed_ms"),
                        Column.time("served_at"),
                        Column.time("created_at"),
                        Column.bool("informed"),
                        Column.text("details")));
        return new Table("classifications", columns, """
                SELECT l.id AS classification_id, l.workflow_id, l.workflow_version, l.candidate_id, c.survey, c.candid,
                       o.object_id, l.volunteer_id, l.guest, l.answer,
                       l.answer IS NOT NULL AND n.id IS NULL AS standing, l.supersedes,
                       a.strategy, a.probability, a.priority, m.version AS model_version, l.model_probabilities,
                       l.elapsed_ms, a.served_at, l.created_at, l.informed, d.details::text AS details
                FROM classification l
                     JOIN candidate c ON c.id = l.candidate_id
                     JOIN sky_object o ON o.id = c.sky_object_id
                     LEFT JOIN classification n ON n.supersedes = l.id
                     LEFT JOIN classification_detail d ON d.classification_id = l.id
                     LEFT JOIN assignment a ON a.id = l.assignment_id
                     LEFT JOIN model_version m ON m.id = l.model_version_id
                WHERE l.workflow_id = ?
                ORDER BY l.written_by, l.id
                """);
    }

    /** The consensus of every candidate that has a vote or a verdict, in the order of their ids. */
    static Table consensus(WorkflowView workflow) {
        List<String> keys = keys(workflow);
        List<Column> columns = concat(
                Stream.of(
                        Column.id("candidate_id"),
                        Column.text("survey"),
                        Column.id("candid"),
                        Column.text("object_id"),
                        Column.number("time_mjd"),
                        Column.number("ra"),
                        Column.number("dec"),
                        Column.text("passband"),
                        Column.real("mag"),
                        Column.real("snr"),
                        Column.bool("evaluation"),
                        Column.text("context"),
                        Column.number("host_arcsec"),
                        Column.integer("votes"),
                        Column.text("outcome"),
                        Column.answer("answer", keys)),
                probabilities("combined", "combined", keys),
                probabilities("crowd", "crowd", keys),
                Stream.of(Column.integer("model_version")),
                probabilities("model", "model_probabilities", keys),
                Stream.of(
                        Column.real("epistemic"),
                        Column.real("aleatoric"),
                        Column.real("anomaly"),
                        Column.answer("gold", keys),
                        Column.text("retire_reason"),
                        Column.time("retired_at"),
                        Column.time("updated_at")));
        return new Table("consensus", columns, """
                SELECT k.candidate_id, c.survey, c.candid, o.object_id, c.time_mjd, c.ra, c.dec, c.passband, c.mag, c.snr,
                       c.evaluation, c.context ->> 'kind' AS context,
                       (c.context -> 'host' ->> 'arcsec')::float8 AS host_arcsec, k.votes, k.outcome, k.answer, k.combined, k.crowd, m.version AS model_version,
                       s.probabilities AS model_probabilities, s.epistemic, s.aleatoric, s.anomaly, g.answer AS gold,
                       k.retire_reason, k.retired_at, k.updated_at
                FROM consensus k
                     JOIN candidate c ON c.id = k.candidate_id
                     JOIN sky_object o ON o.id = c.sky_object_id
                     LEFT JOIN score s ON s.workflow_id = k.workflow_id AND s.candidate_id = k.candidate_id
                     LEFT JOIN model_version m ON m.id = s.model_version_id
                     LEFT JOIN gold_standard g ON g.workflow_id = k.workflow_id AND g.candidate_id = k.candidate_id
                WHERE k.workflow_id = ?
                ORDER BY k.candidate_id
                """);
    }

    private static List<String> keys(WorkflowView workflow) {
        return workflow.answers().stream().map(AnswerOption::key).toList();
    }

    /** One column for each class, such as {@code model_real}, out of one array. */
    private static Stream<Column> probabilities(String prefix, String source, List<String> keys) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            int answer = i;
            columns.add(new Column(prefix + "_" + keys.get(i), row -> {
                var array = row.getArray(source);
                return array == null ? null : ((Object[]) array.getArray())[answer];
            }));
        }
        return columns.stream();
    }

    @SafeVarargs
    private static List<Column> concat(Stream<Column>... parts) {
        return Stream.of(parts).flatMap(part -> part).toList();
    }
}
