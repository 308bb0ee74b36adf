package org.skysieve.engine.select;

/**
 * What a query strategy sees of a pool when the next labels are to be bought. The arrays are not copied: a pool of
 * thousands of rows is looked at hundreds of times. Strategies read them only.
 *
 * @param classes at least 2
 * @param labelled the rows whose label is known, in the order of their labelling
 * @param open the rows that may be asked for
 * @param probabilities what the model says of the open rows, {@code [position in open * classes + class]}; each block
 *     sums to 1
 * @param epistemic mutual information in nats between model and class, {@code [position in open]}, >= 0
 * @param places where every row lies in a space in which near means alike, {@code [row * dimensions + dimension]}
 * @param dimensions at least 1
 * @param anomalies how much every row stands out, {@code [row]}, in (0, 1]; empty where nobody has looked
 */
public record Pool(
        int classes,
        int[] labelled,
        int[] open,
        double[] probabilities,
        double[] epistemic,
        float[] places,
        int dimensions,
        float[] anomalies) {
    public Pool {
        if (classes < 2 || dimensions < 1 || places.length % dimensions != 0) {
            throw new IllegalArgumentException("pool: got " + classes + " classes and " + places.length
                    + " coordinates in " + dimensions + " dimensions, need at least 2, and rows * dimensions");
        }
        if (probabilities.length != (long) open.length * classes || epistemic.length != open.length) {
            throw new IllegalArgumentException("pool: got " + probabilities.length + " probabilities and "
                    + epistemic.length + " epistemic uncertainties, need " + open.length + " open rows * " + classes
                    + " classes and " + open.length);
        }
    }

    /** Where nobody has looked for what stands out. */
    public Pool(
            int classes,
            int[] labelled,
            int[] open,
            double[] probabilities,
            double[] epistemic,
            float[] places,
            int dimensions) {
        this(classes, labelled, open, probabilities, epistemic, places, dimensions, new float[0]);
    }

    /** How much a row stands out, one half where nobody has looked. */
    double anomaly(int row) {
        return row < anomalies.length ? anomalies[row] : 0.5;
    }

    /** What is known about one open row. */
    Belief belief(int position) {
        double[] posterior = new double[classes];
        System.arraycopy(probabilities, position * classes, posterior, 0, classes);
        double entropy = Entropy.nats(posterior, 0, classes);
        return new Belief(posterior, epistemic[position], Math.max(0, entropy - epistemic[position]), 0);
    }
}
