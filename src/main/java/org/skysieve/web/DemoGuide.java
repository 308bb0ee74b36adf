package org.skysieve.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.skysieve.project.GuideEntry;
import org.skysieve.project.GuideExample;
import org.skysieve.project.TutorialStep;

/** What the demo's field guide and tutorial say; the kinds are those of the simulated survey. */
final class DemoGuide {
    /** What to look at, by kind. */
    static final Map<String, String> CAPTIONS = Map.ofEntries(
            Map.entry(
                    "supernova",
                    "A new point of light beside a galaxy: round in the difference, absent in the template."),
            Map.entry("variable", "A star that changed: there in both images, and a round spot is left of it."),
            Map.entry("nuclear", "The change sits on the galaxy’s middle, and is as round as a star."),
            Map.entry("asteroid", "Nothing in the template, a clean star-like spot tonight: something passed by."),
            Map.entry("orphan", "A star-like spot with nothing under it in the template."),
            Map.entry("dipole", "Light beside dark: the star is the same, the two images were not quite in line."),
            Map.entry("hotPixel", "One or two sharp pixels, sharper than any star could be: the camera, not the sky."),
            Map.entry("ringing", "Rings around a star: the images were matched badly, nothing changed."),
            Map.entry("cosmicRay", "A short hard track through single pixels: a particle hit the chip."),
            Map.entry("saturated", "Streaks from a star that is too bright to be measured."),
            Map.entry("trail", "A long straight line: a satellite or an aeroplane."),
            Map.entry("ghost", "A large soft disc or ring: light reflected inside the telescope."),
            Map.entry("edge", "A strip along the border without data: the edge of the chip."),
            Map.entry("column", "A whole column of pixels is off: a fault of the chip."));

    private static final List<String> REAL = List.of("supernova", "variable", "nuclear", "asteroid", "orphan");
    private static final List<String> BOGUS =
            List.of("dipole", "hotPixel", "ringing", "cosmicRay", "saturated", "trail", "ghost", "edge", "column");

    private DemoGuide() {}

    /**
     * @param bySubclass a candidate of each kind that was found
     * @param known those of them that may be shown
     */
    static List<GuideEntry> entries(Map<String, Long> bySubclass, Map<Long, Integer> known) {
        return List.of(
                new GuideEntry("real", """
                        Something changed between the template and tonight, and it looks like a **point of light**:

                        - *round*, and as sharp as the stars around it;
                        - in one colour: all light, or all dark where something faded;
                        - at the centre, in the difference as well as in the science image.

                        Faint ones are hard. Compare with the noise around: a real source is a few pixels wide, noise is not.
                        """, examples(REAL, bySubclass, known)),
                new GuideEntry("bogus", """
                        The difference shows something, but the sky did not change. Most are one of these:

                        - **dipole**: light beside dark, from images that are not quite in line;
                        - **hot pixel** or **cosmic ray**: sharper than any star;
                        - **rings, streaks, ghosts**: near bright stars;
                        - **lines and borders**: satellites, and the edge of the chip.
                        """, examples(BOGUS, bySubclass, known)));
    }

    private static List<GuideExample> examples(
            List<String> kinds, Map<String, Long> bySubclass, Map<Long, Integer> known) {
        List<GuideExample> examples = new ArrayList<>();
        for (String kind : kinds) {
            Long id = bySubclass.get(kind);
            if (id != null && known.containsKey(id)) {
                examples.add(new GuideExample(id, CAPTIONS.getOrDefault(kind, "")));
            }
        }
        return examples;
    }

    static List<TutorialStep> steps(Map<String, Long> bySubclass) {
        return List.of(
                new TutorialStep("Three images of one place", """
                        **Science** is tonight, the **template** is the same place earlier, and the **difference** is what is \
                        left when one is taken from the other. The candidate is always at the centre.
                        """, first(bySubclass, REAL)),
                new TutorialStep("Real: a point of light", """
                        Something that really changed is *round* in the difference and as sharp as the stars beside it: a \
                        supernova, a variable star, an asteroid. Press **1**.
                        """, first(bySubclass, REAL)),
                new TutorialStep("Bogus: anything else", """
                        Light beside dark, a single hot pixel, a streak, rings around a star: the camera or the arithmetic, not \
                        the sky. Press **2**.
                        """, first(bySubclass, BOGUS)),
                new TutorialStep("Not sure is an answer too", """
                        Press **0** to pass one on. **U** takes the last answer back, **B** blinks science and template, and **G** \
                        opens the field guide with an example of every kind.
                        """, null),
                new TutorialStep("Nobody has to be right alone", """
                        Several people look at each candidate, and your answers are weighed by what you are good at. Among your \
                        first ones are some whose class is known: after those you are told, so that you learn it fast.
                        """, null));
    }

    private static @Nullable Long first(Map<String, Long> bySubclass, List<String> kinds) {
        for (String kind : kinds) {
            Long id = bySubclass.get(kind);
            if (id != null) {
                return id;
            }
        }
        return null;
    }
}
