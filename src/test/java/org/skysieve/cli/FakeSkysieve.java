package org.skysieve.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.AlertReader;
import org.skysieve.engine.alert.AlertSink;

/**
 * The REST API in memory, by the simplest rules: the queue in order, a candidate retires with its third vote by majority,
 * the model knows nothing. It can lose answers on the way, as a network or a dying server does.
 */
final class FakeSkysieve implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ENOUGH = 3;

    static {
        // Else every answer waits 40 ms for the client's delayed acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private record Vote(String id, String person, String candidateId, String answer) {}

    private final HttpServer server;
    private final int loseEvery;
    private int requests;

    private final List<AlertPacket> candidates = new ArrayList<>();
    private final Map<String, Vote> byClientId = new LinkedHashMap<>();
    private final Map<String, List<Vote>> byCandidate = new HashMap<>();
    private final Set<String> gold = new HashSet<>();
    final Set<String> usernames = new HashSet<>();
    int guests;
    /** Between log and consensus, in workflow 6. */
    volatile int differences;

    int answersLost;
    int repeats;
    int uploads;
    /** What was last sent of outcomes. */
    volatile String outcomes = "";

    /** @param loseEvery so many requests are handled without their answer getting through; 0 for none */
    FakeSkysieve(int loseEvery) throws IOException {
        this.loseEvery = loseEvery;
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    synchronized int votes() {
        return byClientId.size();
    }

    /** By majority over everything that was voted on: the label of each candid. */
    synchronized Map<Long, String> labels() {
        Map<Long, String> labels = new HashMap<>();
        byCandidate.forEach((id, votes) ->
                labels.put(candidates.get(Integer.parseInt(id) - 1).candid(), majority(votes)));
        return labels;
    }

    synchronized int candidateCount() {
        return candidates.size();
    }

    synchronized Set<String> goldCandids() {
        return Set.copyOf(gold);
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String answer;
        int status = 200;
        boolean lose;
        synchronized (this) {
            lose = loseEvery > 0 && ++requests % loseEvery == 0;
            answersLost += lose ? 1 : 0;
            try {
                answer = answer(exchange, body);
            } catch (IllegalArgumentException unknown) {
                answer = "{\"title\":\"Not found\",\"detail\":\"" + unknown.getMessage() + "\"}";
                status = 404;
            }
        }
        if (lose) {
            // The connection closes without a response.
            exchange.close();
            return;
        }
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private String answer(HttpExchange exchange, byte[] body) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String request = exchange.getRequestMethod() + " "
                + path.replaceFirst("/projects/[^/]+", "/projects/P").replaceFirst("/workflows/7", "/workflows/W");
        return switch (request) {
            case "GET /api/v1/projects" -> "{\"items\":[{\"slug\":\"p\"}],\"next\":null}";
            case "GET /api/v1/projects/P" ->
                "{\"workflows\":[{\"id\":\"6\",\"active\":false},{\"id\":\"7\",\"active\":true}]}";
            case "POST /api/v1/workflows/6/consensus/verify" ->
                "{\"entries\":9,\"candidates\":4,\"differences\":" + differences + ",\"maxDifference\":0.25}";
            case "POST /api/v1/tokens" -> "{\"token\":\"skv_new\"}";
            case "POST /api/v1/projects" -> "{}";
            case "POST /api/v1/projects/P/workflows" -> "{\"id\":\"7\"}";
            case "POST /api/v1/projects/P/ingests" -> ingest(body);
            case "POST /api/v1/projects/P/outcomes/tns" -> outcomes(body);
            case "GET /api/v1/projects/P/candidates" ->
                list(exchange.getRequestURI().getQuery());
            case "POST /api/v1/workflows/W/gold-standards" -> setGold(JSON.readTree(body));
            case "POST /api/v1/accounts" -> account(JSON.readTree(body));
            case "POST /api/v1/workflows/W/assignments" -> assign(person(exchange));
            case "POST /api/v1/classifications" -> classify(person(exchange), JSON.readTree(body));
            case "GET /api/v1/workflows/W/scores" -> scores();
            case "GET /api/v1/workflows/W/trainings" -> "[{\"state\":\"rejected\"}]";
            case "GET /api/v1/workflows/W/models" -> "[{\"id\":\"1\",\"version\":1,\"state\":\"champion\"}]";
            case "GET /api/v1/workflows/W/consensus/status" ->
                "{\"entries\":%d,\"applied\":%d,\"lag\":0}".formatted(byClientId.size(), byClientId.size());
            case "POST /api/v1/workflows/W/consensus/verify" -> "{\"differences\":0}";
            case "GET /api/v1/workflows/W/statistics" -> statistics();
            case "GET /api/v1/workflows/W/exports/consensus.jsonl" -> consensus();
            case "GET /api/v1/workflows/W/external-models/labels" -> trainingLabels();
            case "GET /api/v1/workflows/W/exports/classifications.jsonl" -> classifications();
            default -> throw new IllegalArgumentException("no " + request);
        };
    }

    /** Never from before it was asked for. */
    private static String statistics() {
        return "{\"at\":\"" + Instant.now().plusMillis(1)
                + "\",\"prevalence\":{\"value\":0.4,\"low\":0.3,\"high\":0.5,\"n\":40},"
                + "\"purity\":{\"value\":null,\"low\":null,\"high\":null,\"n\":12},"
                + "\"completeness\":{\"value\":0.9,\"low\":0.8,\"high\":0.95,\"n\":40}}";
    }

    private String person(HttpExchange exchange) {
        String bearer = exchange.getRequestHeaders().getFirst("Authorization");
        if (bearer != null) {
            return bearer;
        }
        String cookie = exchange.getRequestHeaders().getFirst("Cookie");
        if (cookie == null) {
            cookie = "skysieve-guest=" + ++guests;
            exchange.getResponseHeaders().add("Set-Cookie", cookie + "; Path=/; HttpOnly");
        }
        return cookie;
    }

    private String outcomes(byte[] body) {
        outcomes = new String(body, StandardCharsets.UTF_8);
        return "{\"rows\":41,\"objects\":2,\"changed\":1}";
    }

    private String ingest(byte[] body) {
        int[] accepted = new int[1];
        AlertReader.read("upload", new ByteArrayInputStream(body), new AlertSink() {
            @Override
            public void accepted(String source, AlertPacket packet) {
                if (candidates.stream().noneMatch(known -> known.candid() == packet.candid())) {
                    candidates.add(packet);
                    accepted[0]++;
                }
            }

            @Override
            public void rejected(String source, String reason, byte[] raw) {
                throw new AssertionError(reason);
            }
        });
        uploads++;
        return "{\"accepted\":" + accepted[0] + ",\"rejected\":0}";
    }

    /** Pages of seven, so that the cursor is used. */
    private String list(String query) {
        int from = query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=", "")) : 0;
        List<String> items = new ArrayList<>();
        for (int i = from; i < Math.min(from + 7, candidates.size()); i++) {
            items.add("{\"id\":\"" + (i + 1) + "\",\"candid\":\""
                    + candidates.get(i).candid() + "\"}");
        }
        String next = from + 7 < candidates.size() ? "\"" + (from + 7) + "\"" : "null";
        return "{\"items\":[" + String.join(",", items) + "],\"next\":" + next + "}";
    }

    private String setGold(JsonNode body) {
        body.path("items").forEach(item -> gold.add(item.path("candid").asText()));
        return "{}";
    }

    private String account(JsonNode body) {
        String username = body.path("username").asText();
        usernames.add(username);
        return "{\"token\":\"" + username + "\"}";
    }

    private String assign(String person) {
        List<String> items = new ArrayList<>();
        boolean open = false;
        for (int i = 1; i <= candidates.size() && items.size() < 5; i++) {
            String id = Integer.toString(i);
            List<Vote> votes = byCandidate.getOrDefault(id, List.of());
            if (votes.size() < ENOUGH) {
                open = true;
                if (votes.stream().noneMatch(vote -> vote.person().equals(person))) {
                    items.add("{\"id\":\"" + i + "\",\"candidateId\":\"" + i + "\"}");
                }
            }
        }
        String reason = items.isEmpty() ? (open ? "\"all-seen\"" : "\"nothing-open\"") : "null";
        return "{\"assignments\":[" + String.join(",", items) + "],\"reason\":" + reason + "}";
    }

    private String classify(String person, JsonNode body) {
        String clientId = body.path("clientId").asText();
        Vote known = byClientId.get(clientId);
        if (known == null) {
            String candidateId = body.path("candidateId").asText();
            known = new Vote(
                    Integer.toString(byClientId.size() + 1),
                    person,
                    candidateId,
                    body.path("answer").asText());
            byClientId.put(clientId, known);
            byCandidate.computeIfAbsent(candidateId, id -> new ArrayList<>()).add(known);
        } else {
            repeats++;
        }
        return "{\"id\":\"" + known.id() + "\"}";
    }

    private String scores() {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= candidates.size(); i++) {
            lines.append("{\"candidateId\":\"")
                    .append(i)
                    .append("\",\"probabilities\":[0.5,0.5],\"modelVersionId\":\"1\"}\n");
        }
        return lines.toString();
    }

    private String consensus() {
        StringBuilder lines = new StringBuilder();
        byCandidate.forEach((id, votes) -> lines.append("{\"candidate_id\":\"")
                .append(id)
                .append("\",\"outcome\":\"")
                .append(votes.size() >= ENOUGH ? "retired" : "open")
                .append("\",\"answer\":\"")
                .append(majority(votes))
                .append("\"}\n"));
        return lines.toString();
    }

    private String trainingLabels() {
        List<String> items = new ArrayList<>();
        byCandidate.forEach((id, votes) -> items.add("{\"candidateId\":\"" + id + "\",\"source\":\"crowd\",\"target\":"
                + (majority(votes).equals("real") ? "[1,0]" : "[0,1]") + "}"));
        return "{\"items\":[" + String.join(",", items) + "],\"next\":null}";
    }

    private String classifications() {
        StringBuilder lines = new StringBuilder();
        byClientId
                .values()
                .forEach(vote -> lines.append("{\"classification_id\":\"")
                        .append(vote.id())
                        .append("\",\"volunteer\":\"")
                        .append(vote.person())
                        .append("\",\"candidate_id\":\"")
                        .append(vote.candidateId())
                        .append("\"}\n"));
        return lines.toString();
    }

    private static String majority(List<Vote> votes) {
        long real = votes.stream().filter(vote -> vote.answer().equals("real")).count();
        return real > votes.size() - real ? "real" : "bogus";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
