package org.skysieve.engine.image;

import org.jspecify.annotations.Nullable;

/**
 * How a cutout lies on the sky.
 *
 * @param upAngleDeg position angle of the direction in which rows grow, degrees from north through east, in [0, 360)
 * @param mirrored whether east is to the right where north is up; on the sky as it is seen it is to the left
 */
public record Orientation(double upAngleDeg, boolean mirrored) {
    /** Angles closer than this are the same, degrees: a packed triplet keeps them to 360 / 65536. */
    private static final double SAME_DEG = 0.5;

    public Orientation {
        if (!Double.isFinite(upAngleDeg)) {
            throw new IllegalArgumentException("orientation: got " + upAngleDeg + ", need degrees");
        }
        upAngleDeg = (upAngleDeg % 360 + 360) % 360;
    }

    /**
     * From the linear part of a FITS world coordinate system: east = xx x + xy y, north = yx x + yy y, with x along a row,
     * y along a column (Greisen and Calabretta 2002, CDi_j or CDELTi PCi_j).
     *
     * @return null for a matrix that maps the image onto a line, or that holds no numbers
     */
    static @Nullable Orientation of(double xx, double xy, double yx, double yy) {
        double area = xx * yy - xy * yx;
        double size = Math.max(Math.hypot(xx, yx), Math.hypot(xy, yy));
        if (!Double.isFinite(area) || !(Math.abs(area) > 1e-6 * size * size)) {
            return null;
        }
        return new Orientation(Math.toDegrees(Math.atan2(xy, yy)), area > 0);
    }

    /** Where north is on the screen, degrees clockwise from up, in [0, 360). */
    public double northDeg() {
        return mirrored ? (360 - upAngleDeg) % 360 : upAngleDeg;
    }

    /** Where east is on the screen, degrees clockwise from up, in [0, 360). */
    public double eastDeg() {
        return (northDeg() + (mirrored ? 90 : 270)) % 360;
    }

    /** Whether two cutouts lie alike, as far as an arrow can show. */
    boolean isLike(Orientation other) {
        double apart = Math.abs(upAngleDeg - other.upAngleDeg);
        return mirrored == other.mirrored && Math.min(apart, 360 - apart) < SAME_DEG;
    }
}
