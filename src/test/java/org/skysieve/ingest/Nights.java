package org.skysieve.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

import org.skysieve.engine.alert.ZtfAlertWriter;

import static org.skysieve.engine.alert.AlertPackets.anAlert;

/** Archives as a survey publishes them after a night. */
final class Nights {
    private Nights() {}

    static byte[] packet(long candid) {
        return ZtfAlertWriter.container(List.of(anAlert()
                .withCandid(candid)
                .withObjectId("SIM" + candid % 5)
                .withTimeMjd(60_000 + candid % 1000)
                .build()));
    }

    static byte[] archive(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
                entry.setSize(each.getValue().length);
                tar.putArchiveEntry(entry);
                tar.write(each.getValue());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }
}
