package org.skysieve.candidate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;

import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;

/** A light curve as it stands in a jsonb column: {@code [[timeMjd, "g", mag, magError, limitMag, positive], ...]}. */
final class LightCurveJson {
    private static final ObjectMapper JSON = new ObjectMapper();

    private LightCurveJson() {}

    static String write(LightCurve curve) {
        ArrayNode points = JSON.createArrayNode();
        for (LightCurvePoint point : curve.points()) {
            ArrayNode row = points.addArray();
            row.add(point.timeMjd()).add(point.passband().label());
            add(row, point.mag());
            add(row, point.magError());
            add(row, point.limitMag());
            row.add(point.positive());
        }
        return points.toString();
    }

    static LightCurve read(String json) {
        try {
            List<LightCurvePoint> points = new ArrayList<>();
            for (JsonNode row : JSON.readTree(json)) {
                points.add(new LightCurvePoint(
                        row.get(0).doubleValue(),
                        Passband.valueOf(row.get(1).textValue().toUpperCase(Locale.ROOT)),
                        number(row.get(2)),
                        number(row.get(3)),
                        number(row.get(4)),
                        row.get(5).booleanValue()));
            }
            return LightCurve.of(points);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored light curve of " + json.length() + " characters is no JSON", e);
        }
    }

    private static void add(ArrayNode row, double value) {
        if (Double.isFinite(value)) {
            row.add(value);
        } else {
            row.addNull();
        }
    }

    private static double number(JsonNode value) {
        return value.isNumber() ? value.doubleValue() : Double.NaN;
    }
}
