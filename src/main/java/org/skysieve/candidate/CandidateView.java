package org.skysieve.candidate;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.context.SkyContext;
import org.skysieve.engine.lightcurve.Passband;

/**
 * One detection offered for labelling. NaN means "not measured".
 *
 * @param candid the survey's id of this detection
 * @param objectId the survey's id of the sky source
 * @param timeMjd Modified Julian Date of the exposure, days
 * @param ra degrees in [0, 360)
 * @param dec degrees in [-90, 90]
 * @param mag AB magnitude of the difference flux
 * @param surveyScore the survey's own real-bogus score in [0, 1]
 * @param evaluation belongs to the frozen sample that is never trained on
 * @param remarks what was odd in the packet
 * @param context what its place on the sky tells of it; null for candidates that came before there was one
 */
public record CandidateView(
        long id,
        long projectId,
        long skyObjectId,
        String survey,
        long candid,
        String objectId,
        double timeMjd,
        double ra,
        double dec,
        Passband passband,
        float mag,
        float magError,
        float snr,
        boolean positive,
        float fwhmPixels,
        float pixelScaleArcsec,
        float surveyScore,
        boolean evaluation,
        List<String> remarks,
        @Nullable SkyContext context,
        Instant ingestedAt) {
    public CandidateView {
        remarks = List.copyOf(remarks);
    }
}
