package org.skysieve.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.learn.TrainingSample;
import org.skysieve.engine.simulate.SimulatedCandidate;
import org.skysieve.engine.simulate.SimulatedCrowd;
import org.skysieve.engine.simulate.SimulatedNight;
import org.skysieve.engine.simulate.SimulatedSurvey;
import org.skysieve.engine.simulate.SurveySettings;
import org.skysieve.engine.simulate.TwoAgreeElseSeven;

/**
 * Drives the whole loop of a server through its HTTP API: a project, nights of a simulated survey, gold standards,
 * volunteers who fetch assignments and answer them, trainings; then compares the outcome with the hidden truth.
 *
 * <p>Voting pauses while a model is trained or the consensus is far behind: a simulated crowd votes in seconds what people
 * vote in days, and would else be through before the first training ends. Lives through a restart of the server.
 */
final class Simulation {
    /**
     * @param goldShare of the candidates, whose truth the project is told
     * @param votes at most so many; 0 for as many as it takes
     * @param threads that vote at the same time
     * @param unseen candidates of a further night, which judge the models
     * @param drift how much the survey differs from the one that the server's first model was trained on
     * @param rules of the workflow, by the names of its JSON; what is left out has the server's default
     * @param patience how long a request is tried again while the server does not answer
     */
    record Plan(
            int candidates,
            int volunteers,
            long seed,
            long votes,
            double goldShare,
            int threads,
            int unseen,
            double drift,
            Map<String, Object> rules,
            Duration patience) {

        /** The same volunteers and as many votes, but what they see is drawn at random. */
        Plan atRandom(long asManyVotes) {
            Map<String, Object> random = new TreeMap<>(rules);
            random.put("varietyShare", 0);
            random.put("mix", List.of(Map.of("strategy", "random")));
            return new Plan(
                    candidates,
                    volunteers,
                    seed,
                    asManyVotes,
                    goldShare,
                    threads,
                    unseen,
                    drift,
                    Map.copyOf(random),
                    patience);
        }
    }

    /** Candidates of the further night on whom curves are read, at least: the server need not see them. */
    private static final int JUDGES = 4000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> ANSWERS = List.of("real", "bogus");
    private static final int SLICE = 200;
    private static final int HELD = 5;
    private static final long FAR_BEHIND = 200;
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration SETTLE_PATIENCE = Duration.ofMinutes(10);
    private static final long MAX_REFUSED = 200;

    private final Plan plan;
    private final ServerApi api;
    private final SimulatedSurvey survey;
    private final SimulatedCrowd crowd;
    private final String slug;
    private final Map<String, SimulatedCandidate> byCandidateId = new HashMap<>();
    private final Set<String> goldCandids = new HashSet<>();
    private long workflowId;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Latencies voteTimes = new Latencies();
    private final Latencies consensusLags = new Latencies();
    private final AtomicLong votesLeft = new AtomicLong();
    private final AtomicLong votesOnGold = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicBoolean finished = new AtomicBoolean();
    private final SampleRows rows = new SampleRows();
    private volatile boolean paused;
    private long pausedNanos;

    /** @param api of an administrator */
    Simulation(Plan plan, ServerApi api) {
        this.plan = plan;
        this.api = api.within(plan.patience());
        this.survey = new SimulatedSurvey(SurveySettings.ofSeed(plan.seed()).withDrift(plan.drift()));
        this.crowd = new SimulatedCrowd(plan.seed(), plan.volunteers());
        // Another run with the same seed on the same server gets a project of its own.
        this.slug = "simulated-" + plan.seed() + "-" + Long.toString(System.currentTimeMillis(), 36);
    }

    long workflowId() {
        return workflowId;
    }

    /** Votes that the server has said to be stored. */
    int acknowledgedVotes() {
        return acknowledged.size();
    }

    SimulationReport run() throws InterruptedException {
        long started = System.nanoTime();
        createProject();
        upload("Uploading candidates", 0, plan.candidates());
        List<SimulatedCandidate> judged = learnIds();
        setGold();
        List<CrowdMember> members = inviteVolunteers();
        long firstModel = awaitScores();
        double votingSeconds = vote(members);
        settle();

        Outcome outcome = outcome();
        List<SimulationReport.Estimated> estimates = estimates(judged, outcome);
        Votes stored = storedVotes();
        JsonNode audit = api.post(workflow("/consensus/verify"), null);
        JsonNode trainings = api.get(workflow("/trainings"));
        List<SimulationReport.Version> versions = versions();
        double[] auc = judgeModels(firstModel);
        LabelsOfCrowd.Worth labels = labelsAgainstTruth();
        return new SimulationReport(
                plan.candidates(),
                goldCandids.size(),
                plan.volunteers(),
                outcome.retired(),
                outcome.ambiguous(),
                judged.size() - outcome.retired() - outcome.ambiguous(),
                acknowledged.size(),
                votesOnGold.get(),
                stored.count(),
                stored.lost(),
                stored.doubled(),
                refused.get(),
                outcome.purity(),
                outcome.completeness(),
                TwoAgreeElseSeven.replay(judged, crowd, plan.seed()),
                auc[0],
                auc[1],
                labels,
                estimates,
                versions,
                count(trainings, "promoted") + count(trainings, "rejected"),
                count(trainings, "promoted"),
                acknowledged.size() / votingSeconds,
                voteTimes.quantileMs(0.5),
                voteTimes.quantileMs(0.95),
                voteTimes.quantileMs(0.99),
                consensusLags.quantileMs(0.95),
                audit.path("differences").asLong(),
                (System.nanoTime() - started) / 1e9,
                plan.seed(),
                plan.drift(),
                machine());
    }

    // ---- Before the votes

    private void createProject() {
        api.post(
                "/api/v1/projects",
                Map.of(
                        "slug",
                        slug,
                        "title",
                        "Simulated survey " + plan.seed(),
                        "tagline",
                        "A simulated crowd sorts a simulated sky",
                        "description",
                        "Made by skysieve simulate."));
        JsonNode workflow = api.post(
                "/api/v1/projects/" + slug + "/workflows",
                Map.of(
                        "slug", "real-or-bogus",
                        "title", "Real or bogus?",
                        "question", "Is the source in the middle of the difference image real?",
                        "answers",
                                List.of(
                                        Map.of("key", "real", "label", "Real", "help", "Something in the sky changed"),
                                        Map.of("key", "bogus", "label", "Bogus", "help", "An artefact")),
                        "rules", plan.rules()));
        workflowId = workflow.path("id").asLong();
        if (workflowId == 0) {
            throw new IllegalStateException("the new workflow has no id: " + workflow);
        }
    }

    private void upload(String task, long from, long count) {
        try (Progress progress = Progress.start(task, OptionalLong.of(count))) {
            for (long done = 0; done < count; done += SLICE) {
                long size = Math.min(SLICE, count - done);
                byte[] container = new SimulatedNight(survey, from + done, size).container();
                JsonNode report = api.upload(
                        "/api/v1/projects/" + slug + "/ingests?name=simulated-" + (from + done) + ".avro",
                        BodyPublishers.ofByteArray(container));
                long rejected = report.path("rejected").asLong();
                if (rejected > 0) {
                    throw new IllegalStateException("the server rejected " + rejected + " simulated alerts: " + report);
                }
                progress.to(done + size);
            }
        }
    }

    /** Finds the server's ids of the candidates; returns those that are not to be gold. */
    private List<SimulatedCandidate> learnIds() {
        Map<String, SimulatedCandidate> byCandid = new LinkedHashMap<>();
        for (long i = 0; i < plan.candidates(); i++) {
            SimulatedCandidate candidate = survey.candidate(i);
            byCandid.put(Long.toString(candidate.packet().candid()), candidate);
        }
        eachCandidate(item -> {
            SimulatedCandidate candidate = byCandid.get(item.path("candid").asText());
            if (candidate != null) {
                byCandidateId.put(item.path("id").asText(), candidate);
            }
        });
        if (byCandidateId.size() != plan.candidates()) {
            throw new IllegalStateException(
                    "the server lists " + byCandidateId.size() + " of " + plan.candidates() + " uploaded candidates");
        }
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<SimulatedCandidate> others = new ArrayList<>();
        byCandid.forEach((candid, candidate) -> {
            if (random.nextDouble() < plan.goldShare()) {
                goldCandids.add(candid);
            } else {
                others.add(candidate);
            }
        });
        return others;
    }

    private void eachCandidate(Consumer<JsonNode> action) {
        eachItem("/api/v1/projects/" + slug + "/candidates?limit=500", action);
    }

    private void eachItem(String path, Consumer<JsonNode> action) {
        String cursor = "";
        while (true) {
            JsonNode page = api.get(path + cursor);
            page.path("items").forEach(action);
            if (page.path("next").isNull() || page.path("next").isMissingNode()) {
                return;
            }
            cursor = "&cursor=" + ServerApi.encode(page.path("next").asText());
        }
    }

    private void setGold() {
        if (goldCandids.isEmpty()) {
            return;
        }
        List<Map<String, String>> items = new ArrayList<>();
        for (SimulatedCandidate candidate : byCandidateId.values()) {
            String candid = Long.toString(candidate.packet().candid());
            if (goldCandids.contains(candid)) {
                items.add(Map.of(
                        "candid",
                        candid,
                        "answer",
                        ANSWERS.get(candidate.real() ? SimulatedCrowd.REAL : SimulatedCrowd.BOGUS)));
            }
        }
        items.sort(Comparator.comparing(item -> item.getOrDefault("candid", "")));
        api.post(
                workflow("/gold-standards"),
                Map.of("survey", survey.settings().survey(), "source", "vetted by a scientist", "items", items));
    }

    private List<CrowdMember> inviteVolunteers() {
        List<CrowdMember> members = new ArrayList<>();
        try (Progress progress = Progress.start("Inviting volunteers", OptionalLong.of(plan.volunteers()))) {
            for (int v = 0; v < plan.volunteers(); v++) {
                String token = null;
                if (!crowd.isGuest(v)) {
                    String username = slug.replaceFirst("^simulated", "sim") + "-" + v;
                    token = tokenOf(username);
                }
                members.add(new CrowdMember(crowd, v, api.as(token)));
                progress.step();
            }
        }
        return members;
    }

    private String tokenOf(String username) {
        JsonNode made = api.post("/api/v1/accounts?token=true", Map.of("username", username, "role", "volunteer"));
        String token = made.path("token").asText("");
        if (token.isEmpty()) {
            throw new IllegalStateException("the new account " + username + " came without a token");
        }
        return token;
    }

    /** Waits until the first model has scored every candidate; returns that model's id. */
    private long awaitScores() {
        Map<String, Score> scores = awaitScores(byCandidateId.keySet(), OptionalLong.empty());
        return scores.values().iterator().next().modelId();
    }

    /** @param real probability */
    private record Score(double real, long modelId) {}

    /** @param model wanted, or empty for any */
    private Map<String, Score> awaitScores(Set<String> candidateIds, OptionalLong model) {
        long giveUpAt = System.nanoTime() + SETTLE_PATIENCE.toNanos();
        while (true) {
            Map<String, Score> scores = scores(candidateIds);
            long ready = scores.values().stream()
                    .filter(score -> model.isEmpty() || score.modelId() == model.getAsLong())
                    .count();
            if (ready == candidateIds.size()) {
                return scores;
            }
            if (System.nanoTime() - giveUpAt > 0) {
                throw new IllegalStateException("only " + ready + " of " + candidateIds.size()
                        + " candidates were scored within " + SETTLE_PATIENCE.toMinutes() + " minutes");
            }
            ServerApi.sleep(LOOK_EVERY);
        }
    }

    private Map<String, Score> scores(Set<String> candidateIds) {
        Map<String, Score> scores = new HashMap<>();
        eachLine(workflow("/scores"), line -> {
            String id = line.path("candidateId").asText();
            if (candidateIds.contains(id)) {
                scores.put(
                        id,
                        new Score(
                                line.path("probabilities")
                                        .path(SimulatedCrowd.REAL)
                                        .asDouble(),
                                line.path("modelVersionId").asLong()));
            }
        });
        return scores;
    }

    // ---- The votes

    /** Lets the crowd vote; returns the seconds that were not spent in pauses. */
    private double vote(List<CrowdMember> members) throws InterruptedException {
        long most = plan.votes() > 0 ? plan.votes() : Long.MAX_VALUE;
        votesLeft.set(most);
        CrowdPool pool = new CrowdPool(crowd, members, new SplittableRandom(plan.seed()));
        long started = System.nanoTime();
        ExecutorService threads = Executors.newFixedThreadPool(plan.threads() + 1);
        try (Progress progress =
                Progress.start("Voting", plan.votes() > 0 ? OptionalLong.of(plan.votes()) : OptionalLong.empty())) {
            List<Future<?>> workers = new ArrayList<>();
            for (int i = 0; i < plan.threads(); i++) {
                workers.add(threads.submit(() -> work(pool, progress)));
            }
            Future<?> watch = threads.submit(this::watch);
            try {
                for (Future<?> worker : workers) {
                    worker.get();
                }
            } finally {
                finished.set(true);
            }
            watch.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("voting stopped: " + cause.getMessage(), cause);
        } finally {
            finished.set(true);
            threads.shutdownNow();
            if (!threads.awaitTermination(plan.patience().toSeconds() + 60, TimeUnit.SECONDS)) {
                System.err.println("skysieve: some voters did not stop");
            }
        }
        return (System.nanoTime() - started - pausedNanos) / 1e9;
    }

    private void work(CrowdPool pool, Progress progress) {
        int nothingOpen = 0;
        while (!finished.get() && votesLeft.get() > 0) {
            if (paused) {
                ServerApi.sleep(Duration.ofMillis(20));
                continue;
            }
            CrowdMember member = pool.take().orElse(null);
            if (member == null) {
                if (pool.allFinished()) {
                    return;
                }
                ServerApi.sleep(Duration.ofMillis(20));
                continue;
            }
            try {
                String reason = classify(member, progress);
                switch (reason) {
                    case "nothing-open" -> nothingOpen++;
                    case "all-seen" -> pool.finish(member);
                    default -> nothingOpen = 0;
                }
                if (nothingOpen >= 3) {
                    // Nothing came back for a while, the consensus is up to date and no model is about to change it.
                    finished.set(true);
                } else if (!reason.isEmpty()) {
                    awaitConsensus();
                    ServerApi.sleep(Duration.ofMillis(100));
                }
            } finally {
                pool.giveBack(member);
            }
        }
    }

    /** One visit; returns why there was nothing to do, or "". */
    private String classify(CrowdMember member, Progress progress) {
        JsonNode served = member.api.post(workflow("/assignments"), Map.of("count", HELD));
        JsonNode assignments = served.path("assignments");
        for (JsonNode assignment : assignments) {
            if (finished.get() || votesLeft.getAndDecrement() <= 0) {
                return "";
            }
            String candidateId = assignment.path("candidateId").asText();
            SimulatedCandidate candidate = byCandidateId.get(candidateId);
            if (candidate == null) {
                throw new IllegalStateException(
                        "the server served candidate " + candidateId + ", which nobody uploaded");
            }
            answer(member, assignment, candidate);
            progress.step();
        }
        return assignments.isEmpty() ? served.path("reason").asText("nothing-open") : "";
    }

    private void answer(CrowdMember member, JsonNode assignment, SimulatedCandidate candidate) {
        String candidateId = assignment.path("candidateId").asText();
        // The same act sent again is the same vote.
        UUID clientId = UUID.nameUUIDFromBytes(
                (slug + "/" + member.number + "/" + candidateId).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> vote = Map.of(
                "clientId", clientId.toString(),
                "workflowId", Long.toString(workflowId),
                "candidateId", candidateId,
                "assignmentId", assignment.path("id").asText(),
                "answer", ANSWERS.get(member.answer(candidate)),
                "elapsedMs", member.elapsedMs(candidate));
        long sent = System.nanoTime();
        try {
            JsonNode stored = member.api.post("/api/v1/classifications", vote);
            voteTimes.add(System.nanoTime() - sent);
            acknowledged.add(stored.path("id").asText());
            member.voted();
            if (goldCandids.contains(Long.toString(candidate.packet().candid()))) {
                votesOnGold.incrementAndGet();
            }
        } catch (ApiFailure failure) {
            // A lease may run out while the server is down; a few such votes are part of life.
            if (refused.incrementAndGet() > MAX_REFUSED) {
                throw failure;
            }
        }
    }

    /** Pauses the voters while a model trains or the consensus is far behind, and samples how long votes take to count. */
    private void watch() {
        while (!finished.get()) {
            long looked = System.nanoTime();
            boolean pause = isTraining() || consensusStatus().path("lag").asLong() > FAR_BEHIND;
            if (!pause) {
                sampleConsensusLag();
            }
            paused = pause;
            ServerApi.sleep(LOOK_EVERY);
            if (pause) {
                pausedNanos += System.nanoTime() - looked;
            }
        }
        paused = false;
    }

    /** Time until the consensus has applied all that the log holds now. */
    private void sampleConsensusLag() {
        long started = System.nanoTime();
        JsonNode status = consensusStatus();
        long wanted = status.path("entries").asLong();
        long giveUpAt = started + Duration.ofSeconds(5).toNanos();
        while (status.path("applied").asLong() < wanted && System.nanoTime() < giveUpAt) {
            ServerApi.sleep(Duration.ofMillis(2));
            status = consensusStatus();
        }
        consensusLags.add(System.nanoTime() - started);
    }

    private boolean isTraining() {
        for (JsonNode run : api.get(workflow("/trainings"))) {
            String state = run.path("state").asText();
            if (state.equals("queued") || state.equals("running")) {
                return true;
            }
        }
        return false;
    }

    private JsonNode consensusStatus() {
        return api.get(workflow("/consensus/status"));
    }

    private void awaitConsensus() {
        await("the consensus to catch up", () -> consensusStatus().path("lag").asLong() == 0);
    }

    /** Waits until every vote counts and no model is being made. */
    private void settle() {
        awaitConsensus();
        // A training may be about to start: labels reach it some moments after the consensus.
        for (int quiet = 0; quiet < 4; quiet++) {
            await("trainings to end", () -> !isTraining());
            ServerApi.sleep(LOOK_EVERY);
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, Condition condition) {
        long giveUpAt = System.nanoTime() + SETTLE_PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - giveUpAt > 0) {
                throw new IllegalStateException(
                        "waited " + SETTLE_PATIENCE.toMinutes() + " minutes in vain for " + what);
            }
            ServerApi.sleep(Duration.ofMillis(50));
        }
    }

    // ---- After the votes

    private record Outcome(int retired, int ambiguous, double purity, double completeness) {}

    /** Compares the exported consensus with the truth, gold standards left out. */
    private Outcome outcome() {
        int[] count = new int[4];
        eachLine(workflow("/exports/consensus.jsonl"), row -> {
            SimulatedCandidate candidate =
                    byCandidateId.get(row.path("candidate_id").asText());
            if (candidate == null
                    || goldCandids.contains(Long.toString(candidate.packet().candid()))) {
                return;
            }
            String outcome = row.path("outcome").asText();
            count[0] += outcome.equals("retired") ? 1 : 0;
            count[1] += outcome.equals("ambiguous") ? 1 : 0;
            if (outcome.equals("retired") && row.path("answer").asText().equals("real")) {
                count[2]++;
                count[3] += candidate.real() ? 1 : 0;
            }
        });
        long real = byCandidateId.values().stream()
                .filter(candidate -> candidate.real()
                        && !goldCandids.contains(
                                Long.toString(candidate.packet().candid())))
                .count();
        return new Outcome(
                count[0],
                count[1],
                count[2] == 0 ? Double.NaN : (double) count[3] / count[2],
                real == 0 ? Double.NaN : (double) count[3] / real);
    }

    /** What the dashboard says now that all has settled: counted after that, not before. */
    private List<SimulationReport.Estimated> estimates(List<SimulatedCandidate> judged, Outcome outcome) {
        Instant settled = Instant.now();
        JsonNode[] said = {api.get(workflow("/statistics"))};
        await("a new count of the statistics", () -> {
            if (Instant.parse(said[0].path("at").asText()).isAfter(settled)) {
                return true;
            }
            ServerApi.sleep(LOOK_EVERY);
            said[0] = api.get(workflow("/statistics"));
            return false;
        });
        double prevalence = judged.stream().filter(SimulatedCandidate::real).count() / (double) judged.size();
        return List.of(
                estimated("prevalence", said[0], prevalence),
                estimated("purity", said[0], outcome.purity()),
                estimated("completeness", said[0], outcome.completeness()));
    }

    private static SimulationReport.Estimated estimated(String of, JsonNode statistics, double truth) {
        JsonNode estimate = statistics.path(of);
        return new SimulationReport.Estimated(
                of,
                estimate.path("value").asDouble(Double.NaN),
                estimate.path("low").asDouble(Double.NaN),
                estimate.path("high").asDouble(Double.NaN),
                truth,
                estimate.path("n").asLong());
    }

    private record Votes(long count, long lost, long doubled) {}

    private Votes storedVotes() {
        Set<String> ids = new HashSet<>();
        Set<String> peopleAndCandidates = new HashSet<>();
        long[] doubled = new long[1];
        eachLine(workflow("/exports/classifications.jsonl"), row -> {
            ids.add(row.path("classification_id").asText());
            String once = row.path("volunteer").asText() + "/"
                    + row.path("candidate_id").asText();
            doubled[0] += peopleAndCandidates.add(once) ? 0 : 1;
        });
        long lost = acknowledged.stream().filter(id -> !ids.contains(id)).count();
        return new Votes(ids.size(), lost, doubled[0]);
    }

    private List<SimulationReport.Version> versions() {
        List<SimulationReport.Version> versions = new ArrayList<>();
        for (JsonNode model : api.get(workflow("/models"))) {
            JsonNode metrics = model.path("metrics");
            versions.add(new SimulationReport.Version(
                    model.path("version").asInt(),
                    model.path("state").asText(),
                    metrics.path("basis").asText("?"),
                    metrics.path("auc").path("value").asDouble(Double.NaN),
                    metrics.path("logLoss").path("value").asDouble(Double.NaN),
                    model.path("reason").asText()));
        }
        versions.sort(Comparator.comparingInt(SimulationReport.Version::version));
        return versions;
    }

    /**
     * The area under the ROC curve of the first and the last champion on a night that no model has trained on and nobody
     * has labelled. The first one is made the champion for as long as it takes.
     */
    private double[] judgeModels(long firstModel) {
        long lastModel = champion();
        if (plan.unseen() == 0) {
            return new double[] {Double.NaN, Double.NaN};
        }
        upload("Uploading an unseen night", plan.candidates() + SLICE, plan.unseen());
        Map<String, Boolean> truth = new HashMap<>();
        for (int i = 0; i < plan.unseen(); i++) {
            SimulatedCandidate candidate = survey.candidate(plan.candidates() + SLICE + i);
            truth.put(Long.toString(candidate.packet().candid()), candidate.real());
        }
        Map<String, Boolean> truthById = new HashMap<>();
        eachCandidate(item -> {
            Boolean real = truth.get(item.path("candid").asText());
            if (real != null) {
                truthById.put(item.path("id").asText(), real);
            }
        });
        double after = auc(truthById, awaitScores(truthById.keySet(), OptionalLong.of(lastModel)));
        if (firstModel == lastModel) {
            return new double[] {after, after};
        }
        api.post(workflow("/models/" + firstModel + "/rollback"), null);
        double before = auc(truthById, awaitScores(truthById.keySet(), OptionalLong.of(firstModel)));
        api.post(workflow("/models/" + lastModel + "/rollback"), null);
        return new double[] {before, after};
    }

    private LabelsOfCrowd.Worth labelsAgainstTruth() {
        if (plan.unseen() == 0) {
            return LabelsOfCrowd.Worth.NOT_MEASURED;
        }
        LabelsOfCrowd labels = new LabelsOfCrowd(rows);
        crowdLabels().forEach((id, target) -> labels.add(candidate(id), target));
        return labels.worth(unseenNight(), plan.seed());
    }

    /**
     * How good a classifier became with the votes, after {@link #run}.
     *
     * @param every so many votes
     * @param simulated candidates of the simulated survey that a server sets beside labels
     */
    List<ClassifierCurve.Point> curve(long every, List<TrainingSample> simulated) {
        List<Instant> votes = new ArrayList<>();
        eachLine(
                workflow("/exports/classifications.jsonl"),
                row -> votes.add(Instant.parse(row.path("created_at").asText())));
        votes.sort(Comparator.naturalOrder());
        Map<String, double[]> targets = crowdLabels();
        ClassifierCurve curve = new ClassifierCurve(
                rows, simulated, i -> survey.candidate(plan.candidates() + SLICE + i), Math.max(JUDGES, plan.unseen()));
        eachLine(workflow("/exports/consensus.jsonl"), row -> {
            String id = row.path("candidate_id").asText();
            double[] target = targets.get(id);
            if (target != null && row.path("outcome").asText().equals("retired")) {
                Instant retired = Instant.parse(row.path("retired_at").asText());
                int place = Collections.binarySearch(votes, retired);
                curve.add(candidate(id), target, place >= 0 ? place + 1 : -place - 1);
            }
        });
        return curve.points(every, votes.size(), plan.seed());
    }

    /** P(class), real first, of what the crowd has labelled and models may learn from, by candidate. */
    private Map<String, double[]> crowdLabels() {
        Map<String, double[]> targets = new LinkedHashMap<>();
        eachItem(workflow("/external-models/labels?limit=500"), label -> {
            String id = label.path("candidateId").asText();
            if (byCandidateId.containsKey(id) && label.path("source").asText().equals("crowd")) {
                JsonNode target = label.path("target");
                targets.put(
                        id,
                        new double[] {target.path(0).asDouble(), target.path(1).asDouble()});
            }
        });
        return targets;
    }

    private SimulatedCandidate candidate(String id) {
        return Objects.requireNonNull(byCandidateId.get(id), id);
    }

    private List<SimulatedCandidate> unseenNight() {
        List<SimulatedCandidate> unseen = new ArrayList<>();
        for (int i = 0; i < plan.unseen(); i++) {
            unseen.add(survey.candidate(plan.candidates() + SLICE + i));
        }
        return unseen;
    }

    private long champion() {
        for (JsonNode model : api.get(workflow("/models"))) {
            if (model.path("state").asText().equals("champion")) {
                return model.path("id").asLong();
            }
        }
        throw new IllegalStateException("workflow " + workflowId + " has no model in charge");
    }

    private static double auc(Map<String, Boolean> truth, Map<String, Score> scores) {
        List<Double> real = new ArrayList<>();
        List<Double> bogus = new ArrayList<>();
        truth.forEach((id, isReal) -> {
            Score score = scores.get(id);
            if (score != null) {
                (isReal ? real : bogus).add(score.real());
            }
        });
        return areaUnderRoc(
                real.stream().mapToDouble(Double::doubleValue).toArray(),
                bogus.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /** The chance that a positive scores above a negative, ties counting half; NaN without one of either. */
    static double areaUnderRoc(double[] positives, double[] negatives) {
        if (positives.length == 0 || negatives.length == 0) {
            return Double.NaN;
        }
        double[] sorted = negatives.clone();
        Arrays.sort(sorted);
        double wins = 0;
        for (double positive : positives) {
            int below = firstNotBelow(sorted, positive, false);
            int notAbove = firstNotBelow(sorted, positive, true);
            wins += below + 0.5 * (notAbove - below);
        }
        return wins / ((double) positives.length * negatives.length);
    }

    /** How many of the sorted values are below {@code value}, or not above it. */
    private static int firstNotBelow(double[] sorted, double value, boolean orEqual) {
        int from = 0;
        int to = sorted.length;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value)) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static int count(JsonNode runs, String state) {
        int count = 0;
        for (JsonNode run : runs) {
            count += run.path("state").asText().equals(state) ? 1 : 0;
        }
        return count;
    }

    private void eachLine(String path, Consumer<JsonNode> action) {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(api.download(path), StandardCharsets.UTF_8))) {
            for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.isBlank()) {
                    action.accept(JSON.readTree(line));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + path + ": " + e.getMessage(), e);
        }
    }

    private String workflow(String rest) {
        return "/api/v1/workflows/" + workflowId + rest;
    }

    private static String machine() {
        return Runtime.getRuntime().availableProcessors() + " cores, " + System.getProperty("os.arch") + ", Java "
                + System.getProperty("java.specification.version");
    }
}
