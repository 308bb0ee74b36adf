package org.skysieve.web;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.model.ModelMetrics.Control;
import org.skysieve.model.ModelMetrics.Detail;
import org.skysieve.model.ModelVersionView;

/** What random selection would have needed, in words. */
final class RandomSelection {
    private RandomSelection() {}

    /**
     * @param votesPerLabel to say it in votes, too; null to leave that out
     */
    static String words(Control control, @Nullable Double votesPerLabel) {
        String basis = Wording.count(control.controlLabels()) + " of the " + Wording.count(control.labels())
                + " labels are a random control";
        Double needed = control.needed().value();
        Double low = control.needed().low();
        Double high = control.needed().high();
        if (needed == null) {
            return "cannot be told yet: " + control.reason() + " ("
                    + (low == null ? "" : "more than " + count(low) + " labels; ") + basis + ")";
        }
        String interval = low == null
                ? ""
                : high == null
                        ? " (95 %: at least " + count(low) + ")"
                        : " (95 %: " + count(low) + " to " + count(high) + ")";
        return "would have needed about " + count(needed) + " labels" + interval + " for what "
                + Wording.count(control.labels()) + " gave"
                + (votesPerLabel == null
                        ? ""
                        : ": about " + count(needed * votesPerLabel) + " votes instead of "
                                + count(control.labels() * votesPerLabel))
                + "; " + basis;
    }

    /** Of the newest version that has a control. */
    static String newest(List<ModelVersionView> versions, @Nullable Double votesPerLabel) {
        for (ModelVersionView version : versions) {
            Detail detail = version.metrics().detail();
            Control control = detail == null ? null : detail.control();
            if (control != null) {
                return "Random selection " + words(control, votesPerLabel) + ".";
            }
        }
        return "What random selection would have needed is told once a model has learned from people's labels.";
    }

    private static String count(double labels) {
        return Wording.count(Math.round(labels));
    }
}
