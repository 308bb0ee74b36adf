package org.skysieve.engine.alert;

import java.util.Locale;

import org.skysieve.engine.lightcurve.Passband;

/** Maps the surveys' own names of filters. */
final class Passbands {
    private Passbands() {}

    /** From a name such as {@code g}, {@code ztfg}, {@code i_01}, {@code o}. */
    static Passband named(String name) {
        String lower = name.trim().toLowerCase(Locale.ROOT);
        if (lower.startsWith("ztf") && lower.length() == 4) {
            lower = lower.substring(3);
        }
        int separator = lower.indexOf('_');
        if (separator == 1) {
            lower = lower.substring(0, 1);
        }
        return switch (lower) {
            case "u" -> Passband.U;
            case "g" -> Passband.G;
            case "r" -> Passband.R;
            case "i" -> Passband.I;
            case "z" -> Passband.Z;
            case "y" -> Passband.Y;
            case "c", "cyan" -> Passband.CYAN;
            case "o", "orange" -> Passband.ORANGE;
            case "j" -> Passband.J;
            default -> Passband.OTHER;
        };
    }

    /** ZTF's filter ids. */
    static Passband ofZtf(int fid) {
        return switch (fid) {
            case 1 -> Passband.G;
            case 2 -> Passband.R;
            case 3 -> Passband.I;
            default -> Passband.OTHER;
        };
    }
}
