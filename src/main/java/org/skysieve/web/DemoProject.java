package org.skysieve.web;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

import org.skysieve.candidate.Candidates;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.ingest.Ingest;
import org.skysieve.ingest.IngestProgress;
import org.skysieve.ingest.IngestReport;
import org.skysieve.learning.GuideBook;
import org.skysieve.platform.Language;
import org.skysieve.project.AnswerOption;
import org.skysieve.project.Asks;
import org.skysieve.project.FieldGuides;
import org.skysieve.project.GoldStandards;
import org.skysieve.project.ProjectView;
import org.skysieve.project.Projects;
import org.skysieve.project.Rules;
import org.skysieve.project.Task;
import org.skysieve.project.Translations;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/**
 * The project that {@code skysieve demo} shows: simulated alerts, or a folder of real ones. Everything goes through the
 * doors that a project of one's own would use; running it again changes nothing that is there already.
 */
@ApplicationScoped
public class DemoProject {
    /** One scientist alone must see the loop turn: one vote and a sure model retire, and some dozen labels retrain. */
    private static final Rules RULES = new Rules(0.95, 1, 7, 0.6, 0.2, 0.12, 25, 0.25, 0.8, 10, 0.85, 0.4);

    /** Shows how a task follows an answer: after the rarer one only, since each takes time. */
    static final Task HOST = Task.of(
            "host",
            Task.Kind.CHOICE,
            "Is there a host galaxy?",
            "A fuzzy patch beside the spot or under it, in the template too.",
            List.of("real"),
            List.of(new AnswerOption("yes", "Yes", ""), new AnswerOption("no", "No", "")),
            null,
            null,
            null,
            null,
            null);

    private static final int PIPE_BYTES = 1 << 20;
    private static final int GOLD_OF_SIMULATION = 30;
    /** So many candidates behind the gold standards are looked through for one of each kind. */
    private static final int LOOK_FOR_EXAMPLES = 60;

    private static final int REAL = 0;
    private static final int BOGUS = 1;

    private final DemoConfig config;
    private final Projects projects;
    private final Workflows workflows;
    private final GoldStandards goldStandards;
    private final Candidates candidates;
    private final Ingest ingest;
    private final GuideBook guideBook;
    private final FieldGuides guides;
    private final Translations translations;
    private final ObjectMapper json;

    @SuppressWarnings("TooManyParameters")
    DemoProject(
            DemoConfig config,
            Projects projects,
            Workflows workflows,
            GoldStandards goldStandards,
            Candidates candidates,
            Ingest ingest,
            GuideBook guideBook,
            FieldGuides guides,
            Translations translations,
            ObjectMapper json) {
        this.config = config;
        this.projects = projects;
        this.workflows = workflows;
        this.goldStandards = goldStandards;
        this.candidates = candidates;
        this.ingest = ingest;
        this.guideBook = guideBook;
        this.guides = guides;
        this.translations = translations;
        this.json = json;
    }

    /** How many packets {@link #fill} is going to read; empty where only reading them tells. */
    public OptionalLong size() throws IOException {
        return config.alerts().isPresent()
                ? AlertReader.count(config.alerts().get())
                : OptionalLong.of(config.candidates());
    }

    /** The demo's project and its one workflow, made at the first call. */
    public WorkflowView open() {
        WorkflowView workflow = opened();
        ProjectView project = projects.byId(workflow.projectId());
        if (config.alerts().isEmpty() && translations.of(project.id()).isEmpty()) {
            for (Language language : DemoTexts.LANGUAGES) {
                translations.write(project, language, DemoTexts.of(language, json));
            }
        }
        return workflow;
    }

    private WorkflowView opened() {
        boolean simulated = config.alerts().isEmpty();
        String slug = simulated ? "demo" : "demo-alerts";
        ProjectView project = projects.find(slug)
                .orElseGet(() -> simulated
                        ? projects.create(
                                slug,
                                "Simulated sky",
                                "Sort what really changed in the sky from what only looks like it.",
                                "A simulated survey with the faults of a real one: dipoles, hot pixels, cosmic rays,"
                                        + " trails and ghosts among supernovae, variable stars and asteroids. Nothing"
                                        + " here was observed, so nothing can go wrong: try everything.",
                                "Simulated by Skysieve")
                        : projects.create(
                                slug,
                                "Alerts from " + fileName(config.alerts().get()),
                                "Sort what really changed in the sky from what only looks like it.",
                                "Alert packets of a transient survey, read from this machine.",
                                "Credit the survey whose alerts these are"));
        return workflows
                .firstActive(project.id())
                .orElseGet(() -> workflows.create(
                        project.id(),
                        "real-or-bogus",
                        "Real or bogus",
                        "Did something really change here?",
                        List.of(
                                new AnswerOption(
                                        "real",
                                        "Real",
                                        "A round, star-like spot in the difference, as sharp as the stars beside it:"
                                                + " a supernova, a variable star, an asteroid."),
                                new AnswerOption(
                                        "bogus",
                                        "Bogus",
                                        "Anything else: a pair of light and dark, a single hot pixel, a streak, rings,"
                                                + " the edge of the chip.")),
                        RULES,
                        new Asks(null, simulated ? List.of(HOST) : List.of())));
    }

    /**
     * Ingests the candidates and sets the gold standards.
     *
     * @param progress told after every committed batch
     * @return empty if the simulated candidates are there already
     */
    public Optional<IngestReport> fill(WorkflowView workflow, IngestProgress progress) throws IOException {
        if (config.alerts().isPresent()) {
            IngestReport report =
                    ingest.run(workflow.projectId(), config.alerts().get(), OptionalLong.empty(), progress);
            if (config.gold().isPresent()) {
                goldFrom(config.gold().get(), workflow);
            }
            return Optional.of(report);
        }
        if (candidates.count(workflow.projectId()) >= config.candidates()) {
            return Optional.empty();
        }
        SimulatedSurvey survey =
                new SimulatedSurvey(SurveySettings.ofSeed(config.seed()).withSurvey("sim"));
        IngestReport report = ingestSimulated(survey, workflow, progress);
        goldFromTruth(survey, workflow);
        guideFromTruth(survey, workflow);
        return Optional.of(report);
    }

    private IngestReport ingestSimulated(SimulatedSurvey survey, WorkflowView workflow, IngestProgress progress)
            throws IOException {
        SimulatedNight night = new SimulatedNight(survey, 0, config.candidates());
        try (PipedInputStream read = new PipedInputStream(PIPE_BYTES);
                PipedOutputStream written = new PipedOutputStream(read)) {
            AtomicReference<IOException> failure = new AtomicReference<>();
            Thread simulator = new Thread(
                    () -> {
                        try (written) {
                            night.writeContainer(written, made -> {});
                        } catch (IOException broken) {
                            failure.set(broken);
                        }
                    },
                    "demo-simulator");
            simulator.start();
            IngestReport report =
                    ingest.run(workflow.projectId(), "simulated.avro", read, OptionalLong.empty(), progress);
            simulator.join();
            if (failure.get() != null) {
                throw failure.get();
            }
            return report;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while simulating the survey", stopped);
        }
    }

    private void goldFromTruth(SimulatedSurvey survey, WorkflowView workflow) {
        Map<Long, Integer> gold = new HashMap<>();
        Map<Long, String> notes = new HashMap<>();
        for (int i = 0; i < Math.min(GOLD_OF_SIMULATION, config.candidates()); i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            candidates
                    .byCandid(workflow.projectId(), "sim", candidate.packet().candid())
                    .ifPresent(id -> {
                        gold.put(id, candidate.real() ? REAL : BOGUS);
                        notes.put(id, DemoGuide.CAPTIONS.getOrDefault(candidate.subclass(), ""));
                    });
        }
        goldStandards.setAll(workflow.id(), gold, "truth of the simulation", OptionalLong.empty());
        goldStandards.annotate(workflow.id(), notes);
    }

    /** A field guide and a tutorial; their examples are made gold standards of their own, which test nobody. */
    private void guideFromTruth(SimulatedSurvey survey, WorkflowView workflow) {
        if (guides.hasTutorial(workflow.id())) {
            return;
        }
        Map<String, Long> bySubclass = new LinkedHashMap<>();
        Map<Long, Integer> gold = new HashMap<>();
        int last = Math.min(config.candidates(), GOLD_OF_SIMULATION + LOOK_FOR_EXAMPLES);
        for (int i = GOLD_OF_SIMULATION; i < last; i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            if (DemoGuide.CAPTIONS.containsKey(candidate.subclass()) && !bySubclass.containsKey(candidate.subclass())) {
                candidates
                        .byCandid(
                                workflow.projectId(), "sim", candidate.packet().candid())
                        .ifPresent(id -> {
                            bySubclass.put(candidate.subclass(), id);
                            gold.put(id, candidate.real() ? REAL : BOGUS);
                        });
            }
        }
        if (!gold.isEmpty()) {
            goldStandards.setAll(workflow.id(), gold, "truth of the simulation", OptionalLong.empty());
        }
        guideBook.write(workflow, DemoGuide.entries(bySubclass, gold));
        guideBook.writeTutorial(workflow, DemoGuide.steps(bySubclass));
    }

    /** @throws IllegalArgumentException naming file and line, if a row is not a candid and an answer of the workflow */
    private void goldFrom(Path file, WorkflowView workflow) throws IOException {
        Map<Long, Integer> gold = new HashMap<>();
        try (Reader reader = Files.newBufferedReader(file);
                CSVParser rows = CSVFormat.RFC4180
                        .builder()
                        .setHeader()
                        .setSkipHeaderRecord(true)
                        .setTrim(true)
                        .get()
                        .parse(reader)) {
            for (String column : List.of("candid", "label")) {
                if (!rows.getHeaderMap().containsKey(column)) {
                    throw new IllegalArgumentException(
                            file + ": no column " + column + " in its first line, need candid and label");
                }
            }
            for (CSVRecord row : rows) {
                String where = file + " line " + rows.getCurrentLineNumber() + ": ";
                OptionalInt answer = workflow.answerOf(row.get("label").toLowerCase(Locale.ROOT));
                if (answer.isEmpty()) {
                    throw new IllegalArgumentException(where + "label: got \"" + row.get("label") + "\", need one of "
                            + workflow.answers().stream().map(AnswerOption::key).toList());
                }
                long candid;
                try {
                    candid = Long.parseLong(row.get("candid"));
                } catch (NumberFormatException notANumber) {
                    throw new IllegalArgumentException(
                            where + "candid: got \"" + row.get("candid") + "\", need a whole number", notANumber);
                }
                for (String survey : List.of("ztf", "lsst")) {
                    candidates
                            .byCandid(workflow.projectId(), survey, candid)
                            .ifPresent(id -> gold.put(id, answer.getAsInt()));
                }
            }
        }
        if (2L * gold.size() > candidates.count(workflow.projectId())) {
            // Candidates whose class is known are not up for classifying: some must be left.
            List<Long> shuffled = new ArrayList<>(new TreeSet<>(gold.keySet()));
            Collections.shuffle(shuffled, new Random(config.seed()));
            gold.keySet().retainAll(shuffled.subList(0, Math.max(1, shuffled.size() / 5)));
        }
        goldStandards.setAll(workflow.id(), gold, "file " + fileName(file), OptionalLong.empty());
    }

    private static String fileName(Path path) {
        Path name = path.toAbsolutePath().normalize().getFileName();
        return name == null ? path.toString() : name.toString();
    }
}
