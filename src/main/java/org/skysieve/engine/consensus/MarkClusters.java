package org.skysieve.engine.consensus;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;

/**
 * What people agree on who marked places, or drew rectangles, on the same image. Again and again the mark with the most
 * weight of people near it is taken; of each of those people the nearest mark joins it; what is near it is done with.
 * Points are near each other within {@value #RADIUS} pixels, rectangles where their intersection is at least half of their
 * union. Quadratic in the marks, which are few.
 */
public final class MarkClusters {
    /** In pixels: what a finger or a hand can be expected to hit. */
    public static final double RADIUS = 3;

    private static final double LEAST_OVERLAP = 0.5;

    private MarkClusters() {}

    /**
     * A place or a rectangle.
     *
     * @param x of a point; of a rectangle its smallest x
     * @param width 0 for a point
     */
    public record Mark(long volunteerId, double x, double y, double width, double height) {
        boolean isNear(Mark other) {
            if (width == 0) {
                return distance(other) <= RADIUS;
            }
            double across = Math.min(x + width, other.x + other.width) - Math.max(x, other.x);
            double down = Math.min(y + height, other.y + other.height) - Math.max(y, other.y);
            double common = Math.max(0, across) * Math.max(0, down);
            return common >= LEAST_OVERLAP * (width * height + other.width * other.height - common);
        }

        double distance(Mark other) {
            return Math.hypot(x + width / 2 - other.x - other.width / 2, y + height / 2 - other.y - other.height / 2);
        }
    }

    /**
     * Marks of several people for the same thing: their weighted means.
     *
     * @param volunteers how many people
     * @param share of the weight of all who were asked
     * @param spread weighted root mean square distance of the centres from theirs, in pixels
     */
    public record Cluster(
            double x, double y, double width, double height, int volunteers, double share, double spread) {}

    /**
     * All clusters, the one with the most weight first.
     *
     * @param weights of volunteers, positive
     * @param total weight of all who were asked, also of those who marked nothing
     */
    public static List<Cluster> of(List<Mark> marks, LongToDoubleFunction weights, double total) {
        List<Mark> left = new ArrayList<>(marks);
        List<Cluster> clusters = new ArrayList<>();
        while (!left.isEmpty()) {
            Mark best = left.get(0);
            double most = -1;
            for (Mark seed : left) {
                double weight = members(seed, left).keySet().stream()
                        .mapToDouble(weights::applyAsDouble)
                        .sum();
                if (weight > most + 1e-12) {
                    most = weight;
                    best = seed;
                }
            }
            clusters.add(cluster(members(best, left).values(), weights, total));
            Mark taken = best;
            left.removeIf(mark -> mark == taken || taken.isNear(mark));
        }
        return clusters;
    }

    private static Map<Long, Mark> members(Mark seed, List<Mark> marks) {
        Map<Long, Mark> members = new HashMap<>();
        for (Mark mark : marks) {
            if (seed.isNear(mark)) {
                members.merge(mark.volunteerId, mark, (a, b) -> seed.distance(b) < seed.distance(a) ? b : a);
            }
        }
        return members;
    }

    private static Cluster cluster(Iterable<Mark> members, LongToDoubleFunction weights, double total) {
        double sum = 0;
        double[] mean = new double[4];
        int people = 0;
        for (Mark mark : members) {
            double weight = weights.applyAsDouble(mark.volunteerId);
            sum += weight;
            people++;
            mean[0] += weight * mark.x;
            mean[1] += weight * mark.y;
            mean[2] += weight * mark.width;
            mean[3] += weight * mark.height;
        }
        for (int i = 0; i < mean.length; i++) {
            mean[i] /= sum;
        }
        Mark centre = new Mark(0, mean[0], mean[1], mean[2], mean[3]);
        double squares = 0;
        for (Mark mark : members) {
            double distance = centre.distance(mark);
            squares += weights.applyAsDouble(mark.volunteerId) * distance * distance;
        }
        return new Cluster(
                mean[0], mean[1], mean[2], mean[3], people, Math.min(1, sum / total), Math.sqrt(squares / sum));
    }
}
