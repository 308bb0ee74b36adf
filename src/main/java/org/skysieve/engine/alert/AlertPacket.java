package org.skysieve.engine.alert;

import java.util.List;

import org.skysieve.engine.context.Surroundings;
import org.skysieve.engine.image.CutoutTriplet;
import org.skysieve.engine.lightcurve.LightCurve;
import org.skysieve.engine.lightcurve.Passband;

/**
 * What Skysieve keeps of a survey's alert, in one form for all surveys.
 *
 * @param survey short name in lower case: {@code ztf}, {@code lsst}
 * @param candid the survey's id of this detection; unique within the survey
 * @param objectId the survey's id of the sky source, as text
 * @param timeMjd Modified Julian Date of the exposure, days, in the survey's time scale (ZTF: UTC, LSST: TAI)
 * @param ra right ascension, degrees in [0, 360)
 * @param dec declination, degrees in [-90, 90]
 * @param mag AB magnitude of the difference flux; NaN if not measured
 * @param magError one sigma; NaN if not measured
 * @param snr signal-to-noise of the difference detection, as the survey gives it; NaN if not measured
 * @param positive whether the source is brighter than in the template
 * @param fwhmPixels seeing of the science image, full width at half maximum; NaN if not given
 * @param pixelScaleArcsec size of a cutout's pixel; NaN if not given
 * @param surveyScore the survey's own real-bogus score in [0, 1], the newest it gives; NaN if missing
 * @param cutouts the difference signed so that the candidate's centre is positive
 * @param history earlier measurements and upper limits in the packet, and this detection
 * @param surroundings what the packet says of catalogued sources nearby
 * @param remarks what was odd in the packet but did not stop it, e.g. "cutoutTemplate: missing"
 */
public record AlertPacket(
        String survey,
        long candid,
        String objectId,
        double timeMjd,
        double ra,
        double dec,
        Passband passband,
        double mag,
        double magError,
        double snr,
        boolean positive,
        double fwhmPixels,
        double pixelScaleArcsec,
        double surveyScore,
        CutoutTriplet cutouts,
        LightCurve history,
        Surroundings surroundings,
        List<String> remarks) {

    public AlertPacket {
        remarks = List.copyOf(remarks);
    }
}
