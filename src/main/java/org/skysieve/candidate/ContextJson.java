package org.skysieve.candidate;

import java.util.ArrayList;
import java.util.List;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import org.skysieve.engine.context.KnownObject;
import org.skysieve.engine.context.Neighbour;
import org.skysieve.engine.context.SkyContext;
import org.skysieve.engine.context.Surroundings;

/** Surroundings and context as they stand in jsonb columns; what was not measured is left out. */
final class ContextJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ContextJson() {}

    static ObjectNode write(SkyContext context) {
        ObjectNode node = JSON.createObjectNode();
        node.put("kind", context.kind().key());
        node.put("rule", context.rule());
        put(node, "arcsec", context.arcsec());
        SkyContext.Host host = context.host();
        if (host != null) {
            ObjectNode of = node.putObject("host");
            of.put("catalogue", host.catalogue());
            put(of, "arcsec", host.arcsec());
            put(of, "mag", host.mag());
            put(of, "chance", host.chance());
        }
        return node;
    }

    /** Null for candidates that came before there was a context. */
    static @Nullable SkyContext context(@Nullable String json) {
        if (json == null) {
            return null;
        }
        JsonNode node = parse(json);
        JsonNode host = node.get("host");
        return new SkyContext(
                SkyContext.Kind.ofKey(node.path("kind").asText()),
                node.path("rule").asText(),
                number(node, "arcsec"),
                host == null
                        ? null
                        : new SkyContext.Host(
                                host.path("catalogue").asText(),
                                number(host, "arcsec"),
                                number(host, "mag"),
                                number(host, "chance")));
    }

    static ObjectNode write(Surroundings around) {
        ObjectNode node = JSON.createObjectNode();
        node.put("solarSystemSearched", around.solarSystemSearched());
        node.put("sourcesSearched", around.sourcesSearched());
        KnownObject known = around.solarSystem();
        if (known != null) {
            ObjectNode object = node.putObject("solarSystem");
            // PostgreSQL's text holds no NUL.
            object.put("name", known.name().replace('\0', '?'));
            put(object, "arcsec", known.arcsec());
            put(object, "predictedMag", known.predictedMag());
        }
        ArrayNode neighbours = node.putArray("neighbours");
        for (Neighbour source : around.neighbours()) {
            ObjectNode one = neighbours.addObject();
            one.put("catalogue", source.catalogue());
            put(one, "arcsec", source.arcsec());
            put(one, "mag", source.mag());
            put(one, "starScore", source.starScore());
        }
        if (around.detections() >= 0) {
            node.put("detections", around.detections());
        }
        return node;
    }

    static Surroundings surroundings(@Nullable String json) {
        if (json == null) {
            return Surroundings.UNKNOWN;
        }
        JsonNode node = parse(json);
        JsonNode known = node.get("solarSystem");
        List<Neighbour> neighbours = new ArrayList<>();
        for (JsonNode source : node.path("neighbours")) {
            neighbours.add(new Neighbour(
                    source.path("catalogue").asText(),
                    number(source, "arcsec"),
                    number(source, "mag"),
                    number(source, "starScore")));
        }
        return new Surroundings(
                node.path("solarSystemSearched").asBoolean(),
                known == null
                        ? null
                        : new KnownObject(
                                known.path("name").asText(), number(known, "arcsec"), number(known, "predictedMag")),
                node.path("sourcesSearched").asBoolean(),
                neighbours,
                node.path("detections").asInt(-1));
    }

    private static void put(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    private static double number(JsonNode node, String name) {
        JsonNode value = node.get(name);
        return value == null || !value.isNumber() ? Double.NaN : value.doubleValue();
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored context of " + json.length() + " characters is no JSON", e);
        }
    }
}
