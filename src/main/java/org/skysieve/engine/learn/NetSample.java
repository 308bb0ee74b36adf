package org.skysieve.engine.learn;

/**
 * One candidate for a net to learn from: what a forest learns from, and the images.
 *
 * @param images as {@link NetInput} makes them; not to be written afterwards
 */
public record NetSample(TrainingSample sample, short[] images) {

    public NetSample {
        int need = NetInput.IMAGES * NetInput.PIXELS;
        if (images.length != need) {
            throw new IllegalArgumentException("net sample: got " + images.length + " pixels, need " + need);
        }
    }
}
