package org.skysieve.engine.simulate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

import org.skysieve.engine.alert.AlertPacket;
import org.skysieve.engine.alert.ZtfAlertWriter;

/** Writes a slice of a simulated survey in the forms in which surveys hand out a night. Streams: memory is bounded. */
public final class SimulatedNight {
    private final SimulatedSurvey survey;
    private final long from;
    private final long count;

    /**
     * The candidates {@code from} to {@code from + count - 1}.
     *
     * @throws IllegalArgumentException if there are none
     */
    public SimulatedNight(SimulatedSurvey survey, long from, long count) {
        if (from < 0 || count < 1) {
            throw new IllegalArgumentException(
                    "simulated night: got " + count + " candidates from " + from + ", need at least 1 from 0 or later");
        }
        this.survey = survey;
        this.from = from;
        this.count = count;
    }

    /**
     * One Avro container with all packets.
     *
     * @param out closed at the end
     * @param progress told the number of packets written so far, after each
     */
    public void writeContainer(OutputStream out, LongConsumer progress) throws IOException {
        try (ZtfAlertWriter writer = new ZtfAlertWriter(
                new BufferedOutputStream(out), survey.settings().survey())) {
            for (long i = 0; i < count; i++) {
                writer.write(survey.candidate(from + i).packet());
                progress.accept(i + 1);
            }
        }
    }

    /**
     * A {@code .tar.gz} as of a night's archive: one Avro container a packet, named by its candid.
     *
     * @param out closed at the end
     * @param progress told the number of packets written so far, after each
     */
    public void writeTarGz(OutputStream out, LongConsumer progress) throws IOException {
        GzipParameters fast = new GzipParameters();
        // The stamps are gzipped already.
        fast.setCompressionLevel(1);
        try (TarArchiveOutputStream tar =
                new TarArchiveOutputStream(new GzipCompressorOutputStream(new BufferedOutputStream(out), fast))) {
            for (long i = 0; i < count; i++) {
                AlertPacket packet = survey.candidate(from + i).packet();
                byte[] container = ZtfAlertWriter.container(List.of(packet));
                TarArchiveEntry entry = new TarArchiveEntry(packet.candid() + ".avro");
                entry.setSize(container.length);
                tar.putArchiveEntry(entry);
                tar.write(container);
                tar.closeArchiveEntry();
                progress.accept(i + 1);
            }
        }
    }

    /** One Avro container in memory; for slices of some hundreds. */
    public byte[] container() {
        List<AlertPacket> packets = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            packets.add(survey.candidate(from + i).packet());
        }
        return ZtfAlertWriter.container(packets);
    }
}
