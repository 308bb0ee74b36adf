package org.skysieve.selection;

import io.quarkus.qute.i18n.MessageBundle;

/** Why somebody is shown a candidate, in one sentence; the texts are in messages/why.properties. */
@MessageBundle("why")
public interface WhyMessages {
    String variety();

    String uncertain();

    String sample();

    String showcase();

    String teaching();

    String leastConfidence();

    String margin();

    String epistemic();

    String settling();

    String freshness();

    String likely();

    String anomaly();

    String diverse();

    String expression();
}
