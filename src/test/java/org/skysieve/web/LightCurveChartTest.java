package org.skysieve.web;

import java.io.StringReader;
import java.util.List;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.LightCurvePoint;
import org.skysieve.engine.lightcurve.Passband;
import org.skysieve.platform.Language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class LightCurveChartTest {
    private static final Words ENGLISH = MessageFiles.words(Language.ENGLISH);
    private static final double NOW = 60_000;

    private static final LightCurve CURVE = LightCurve.of(List.of(
            LightCurvePoint.upperLimit(NOW - 10, Passband.G, 20.5),
            LightCurvePoint.detection(NOW - 3, Passband.R, 19.5, 0.2, 20.4, true),
            LightCurvePoint.detection(NOW, Passband.G, 18.0, 0.1, 20.6, true),
            LightCurvePoint.detection(NOW + 2, Passband.I, 18.4, 0.1, 20.6, false)));

    @Test
    void brighterIsHigherAndLaterIsFurtherRight() {
        LightCurveChart chart = new LightCurveChart(CURVE, NOW, 560, 190, ENGLISH);

        assertThat(chart.magnitude().at(18)).isLessThan(chart.magnitude().at(19.5));
        assertThat(chart.time().at(-10)).isLessThan(chart.time().at(0));
        assertThat(chart.time().low()).isLessThan(-10);
        assertThat(chart.time().high()).isGreaterThan(2);
    }

    @Test
    void drawsAMarkAtItsMagnitudeWithAWhiskerOfOneSigma() throws Exception {
        LightCurveChart chart = new LightCurveChart(CURVE, NOW, 560, 190, ENGLISH);

        Element band = group(parse(chart.render()), "band-r");
        Element whisker = (Element) band.getElementsByTagName("line").item(0);
        Element mark = (Element) band.getElementsByTagName("rect").item(0);

        assertThat(number(whisker, "y1")).isCloseTo(chart.magnitude().at(19.3), within(0.06));
        assertThat(number(whisker, "y2")).isCloseTo(chart.magnitude().at(19.7), within(0.06));
        assertThat(number(mark, "y") + 4).isCloseTo(chart.magnitude().at(19.5), within(0.06));
        assertThat(number(mark, "x") + 4).isCloseTo(chart.time().at(-3), within(0.06));
    }

    @Test
    void upperLimitsAreTrianglesThatPointDownAtTheLimit() throws Exception {
        LightCurveChart chart = new LightCurveChart(CURVE, NOW, 560, 190, ENGLISH);

        Element limit = (Element) group(parse(chart.render()), "band-g")
                .getElementsByTagName("polygon")
                .item(0);
        String[] corners = limit.getAttribute("points").split(" ");
        double tip = Double.parseDouble(corners[2].split(",")[1]);

        assertThat(limit.getAttribute("class")).isEqualTo("limit");
        assertThat(tip).isCloseTo(chart.magnitude().at(20.5) + 4, within(0.06));
        assertThat(Double.parseDouble(corners[0].split(",")[1])).isLessThan(tip);
    }

    @Test
    void fadingSourcesAreHollow() throws Exception {
        Document drawing = parse(new LightCurveChart(CURVE, NOW, 560, 190, ENGLISH).render());

        assertThat(((Element) group(drawing, "band-i")
                                .getElementsByTagName("polygon")
                                .item(0))
                        .getAttribute("class"))
                .isEqualTo("mark negative");
    }

    @Test
    void saysInWordsWhatItShows() {
        LightCurveChart chart = new LightCurveChart(CURVE, NOW, 560, 190, ENGLISH);

        assertThat(LightCurveChart.describe(CURVE.points(), ENGLISH))
                .isEqualTo("Light curve: 3 detections over 5.0 days, brightest 18.0 in g, 1 upper limit.");
        assertThat(chart.keys())
                .extracting(CandidateFigures.Key::label)
                .containsExactly("g", "r", "i", "fainter than in the template", "fainter than this");
    }

    @Test
    void anEmptyLightCurveSaysSo() throws Exception {
        String drawing = new LightCurveChart(LightCurve.EMPTY, NOW, 560, 190, ENGLISH).render();

        assertThat(parse(drawing).getDocumentElement().getAttribute("aria-label"))
                .contains("without detections");
        assertThat(drawing).contains("no measurements yet");
    }

    @Test
    void neverUsesStyleAttributesThatTheSecurityPolicyForbids() {
        assertThat(new LightCurveChart(CURVE, NOW, 560, 190, ENGLISH).render()).doesNotContain("style=");
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static Element group(Document document, String classes) {
        var groups = document.getElementsByTagName("g");
        for (int i = 0; i < groups.getLength(); i++) {
            Element group = (Element) groups.item(i);
            if (group.getAttribute("class").equals(classes)) {
                return group;
            }
        }
        throw new AssertionError("no group " + classes);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
