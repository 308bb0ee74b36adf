package org.skysieve.project;

import com.fasterxml.jackson.annotation.JsonCreator;
import org.jspecify.annotations.Nullable;

/**
 * Who is served what.
 *
 * @param steering how far places move with the volunteer, in [0, 1): newcomers and those who err often get so much more
 *     variety, which is mostly easy, and less of what is ranked; the reliable get the reverse. 0 serves all alike
 * @param newcomerVotes after so many votes somebody counts as known as much as new, 1..1000
 * @param showcaseShare at most so much of a workflow's last assignments comes by the showcase feed, in [0, 1); 0 closes
 *     the feed
 * @param goldFeedback whether a newcomer who has answered a gold standard is told at once what it is; later ones never are
 */
public record ServingRules(double steering, int newcomerVotes, double showcaseShare, boolean goldFeedback) {
    public static final ServingRules USUAL = new ServingRules(0.2, 20, 0.2, true);

    public ServingRules {
        Rules.check(steering >= 0 && steering < 1, "serving.steering", steering, "[0, 1)");
        Rules.check(newcomerVotes >= 1 && newcomerVotes <= 1000, "serving.newcomerVotes", newcomerVotes, "1..1000");
        Rules.check(showcaseShare >= 0 && showcaseShare < 1, "serving.showcaseShare", showcaseShare, "[0, 1)");
    }

    /** With feedback for newcomers. */
    public ServingRules(double steering, int newcomerVotes, double showcaseShare) {
        this(steering, newcomerVotes, showcaseShare, true);
    }

    @JsonCreator
    static ServingRules of(
            @Nullable Double steering,
            @Nullable Integer newcomerVotes,
            @Nullable Double showcaseShare,
            @Nullable Boolean goldFeedback) {
        return new ServingRules(
                steering == null ? USUAL.steering : steering,
                newcomerVotes == null ? USUAL.newcomerVotes : newcomerVotes,
                showcaseShare == null ? USUAL.showcaseShare : showcaseShare,
                goldFeedback == null ? USUAL.goldFeedback : goldFeedback);
    }
}
