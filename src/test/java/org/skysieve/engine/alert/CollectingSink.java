package org.skysieve.engine.alert;

import java.util.ArrayList;
import java.util.List;

/** Keeps everything it is told, one line each for what was rejected or skipped. */
final class CollectingSink implements AlertSink {
    final List<AlertPacket> packets = new ArrayList<>();
    final List<String> sources = new ArrayList<>();
    final List<String> rejected = new ArrayList<>();
    final List<byte[]> raw = new ArrayList<>();
    final List<String> skipped = new ArrayList<>();

    @Override
    public void accepted(String source, AlertPacket packet) {
        packets.add(packet);
        sources.add(source);
    }

    @Override
    public void rejected(String source, String reason, byte[] bytes) {
        rejected.add(source + ": " + reason);
        raw.add(bytes);
    }

    @Override
    public void skipped(String source, String reason) {
        skipped.add(source);
    }
}
