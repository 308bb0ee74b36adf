package org.skysieve.score;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Base64;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import org.skysieve.candidate.CandidateView;
import org.skysieve.engine.image.Cutout;
import org.skysieve.engine.image.CutoutTriplet;

/**
 * A candidate as external models get it, over REST or Kafka; null for what was not measured. Whether it belongs to the
 * evaluation sample is not told.
 *
 * @param timeMjd of the exposure, days
 * @param ra degrees
 * @param dec degrees
 * @param mag AB magnitude of the difference flux
 * @param cutouts absent unless asked for
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ExternalCandidate(
        @JsonFormat(shape = JsonFormat.Shape.STRING) long candidateId,
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
        Instant ingestedAt,
        @Nullable Stamps cutouts) {

    /** Null for what the survey did not send. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Stamps(
            @Nullable Stamp science,
            @Nullable Stamp template,
            @Nullable Stamp difference) {}

    /**
     * @param pixels base64 of 32-bit floats, little-endian, row by row from the bottom of the image, {@code width *
     *     height} of them, in the survey's unit; NaN where not measured
     */
    public record Stamp(int width, int height, String pixels) {}

    static ExternalCandidate of(CandidateView view, @Nullable CutoutTriplet cutouts) {
        return new ExternalCandidate(
                view.id(),
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
                view.ingestedAt(),
                cutouts == null
                        ? null
                        : new Stamps(stamp(cutouts.science()), stamp(cutouts.template()), stamp(cutouts.difference())));
    }

    private static @Nullable Stamp stamp(@Nullable Cutout cutout) {
        if (cutout == null) {
            return null;
        }
        float[] pixels = cutout.pixels();
        ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * pixels.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(pixels);
        return new Stamp(cutout.width(), cutout.height(), Base64.getEncoder().encodeToString(bytes.array()));
    }

    private static @Nullable Float orNull(float value) {
        return Float.isNaN(value) ? null : value;
    }
}
