package org.skysieve.candidate;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonFormat;
import org.jspecify.annotations.Nullable;

/**
 * A candidate as the API shows it; null for what was not measured. Whether it belongs to the evaluation sample or is a
 * gold standard is nobody's business.
 *
 * @param surveyScore for scientists only: it would tell a volunteer what to answer
 * @param context what its place on the sky tells of it, from catalogues alone
 */
record CandidateJson(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long id,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long projectId,
        String survey,
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candid,
        String objectId,
        double timeMjd,
        double ra,
        double dec,
        String passband,
        @Nullable Float mag,
        @Nullable Float magError,
        @Nullable Float snr,
        boolean positive,
        @Nullable Float fwhmPixels,
        @Nullable Float pixelScaleArcsec,
        @Nullable Float surveyScore,
        List<String> remarks,
        @Nullable ContextView context,
        Instant ingestedAt) {
    static CandidateJson of(CandidateView view, boolean forScientist) {
        return new CandidateJson(
                view.id(),
                view.projectId(),
                view.survey(),
                view.candid(),
                view.objectId(),
                view.timeMjd(),
                view.ra(),
                view.dec(),
                view.passband().label(),
                orNull(view.mag()),
                orNull(view.magError()),
                orNull(view.snr()),
                view.positive(),
                orNull(view.fwhmPixels()),
                orNull(view.pixelScaleArcsec()),
                forScientist ? orNull(view.surveyScore()) : null,
                view.remarks(),
                ContextView.of(view.context()),
                view.ingestedAt());
    }

    private static @Nullable Float orNull(float value) {
        return Float.isNaN(value) ? null : value;
    }
}
