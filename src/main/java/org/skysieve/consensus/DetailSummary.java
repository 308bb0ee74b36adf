package org.skysieve.consensus;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.skysieve.engine.consensus.MarkClusters;
import org.skysieve.project.Task;

/**
 * What people added to their answers about a candidate, each counting as much as they are reliable; see
 * docs/methods/consensus.md.
 *
 * @param tasks those that somebody has done, in the order of the workflow
 */
public record DetailSummary(List<OfTask> tasks) {
    /**
     * One task. Only what its kind has is filled in.
     *
     * @param volunteers how many have done it
     * @param shares of options or tags, the largest first
     * @param marks places or rectangles, those of most people first
     */
    public record OfTask(
            String key,
            Task.Kind kind,
            String question,
            int volunteers,
            List<Share> shares,
            @Nullable Middle number,
            List<MarkClusters.Cluster> marks) {}

    /**
     * @param volunteers how many chose it
     * @param share of the weight of all who did the task
     * @param low lower end of the 95 % interval (Wilson, at the effective number of people)
     */
    public record Share(String key, String label, int volunteers, double share, double low, double high) {}

    /** Weighted median, and the quantiles at .16 and .84. */
    public record Middle(double median, double low, double high, String unit) {}
}
