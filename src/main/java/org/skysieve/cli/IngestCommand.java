package org.skysieve.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends alerts to a running server. */
@Command(
        name = "ingest",
        description = "Send alert packets to a running server: Avro files, folders of them, .tar or .tar.gz archives."
                + " Sending the same again adds nothing.",
        mixinStandardHelpOptions = true)
final class IngestCommand implements Callable<Integer> {
    /** Small files travel together: one request each would be slow. */
    private static final long BATCH_BYTES = 16 << 20;

    @Mixin
    private ServerAddress server = new ServerAddress();

    @Option(names = "--project", paramLabel = "SLUG", required = true, description = "The project to add to.")
    private String project = "";

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "Files, archives or folders.")
    private List<Path> paths = List.of();

    private long accepted;
    private long duplicates;
    private long rejected;

    @Override
    public Integer call() throws Exception {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            try (Stream<Path> found = Files.walk(path)) {
                found.filter(Files::isRegularFile).sorted().forEach(files::add);
            }
        }
        if (files.isEmpty()) {
            throw new IllegalArgumentException("nothing to ingest in " + paths);
        }
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        ServerApi api = server.api();
        try (Progress progress = Progress.start("Ingesting (kB)", OptionalLong.of(total >> 10))) {
            long done = 0;
            List<Path> batch = new ArrayList<>();
            long inBatch = 0;
            for (Path file : files) {
                long size = Files.size(file);
                if (size > BATCH_BYTES / 4) {
                    String name = ServerApi.encode(nameOf(file));
                    add(api.upload(path(name), BodyPublishers.ofFile(file)));
                    done += size;
                } else {
                    if (inBatch + size > BATCH_BYTES) {
                        send(api, batch);
                        done += inBatch;
                        inBatch = 0;
                    }
                    batch.add(file);
                    inBatch += size;
                }
                progress.to(done >> 10);
            }
            send(api, batch);
            progress.to(total >> 10);
        }
        System.out.println("Added " + accepted + " candidates; " + duplicates + " were there already, " + rejected
                + " rejected" + (rejected > 0 ? " (see the project's dead letters)." : "."));
        return 0;
    }

    /** Sends the batch as one tar archive and empties it. */
    private void send(ServerApi api, List<Path> batch) throws IOException {
        if (batch.isEmpty()) {
            return;
        }
        byte[] body;
        if (batch.size() == 1) {
            body = Files.readAllBytes(batch.get(0));
        } else {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                for (Path file : batch) {
                    byte[] content = Files.readAllBytes(file);
                    TarArchiveEntry entry = new TarArchiveEntry(file.toString());
                    entry.setSize(content.length);
                    tar.putArchiveEntry(entry);
                    tar.write(content);
                    tar.closeArchiveEntry();
                }
            }
            body = bytes.toByteArray();
        }
        String name = nameOf(batch.get(0)) + (batch.size() > 1 ? " and " + (batch.size() - 1) + " more" : "");
        add(api.upload(path(ServerApi.encode(name)), BodyPublishers.ofByteArray(body)));
        batch.clear();
    }

    private void add(JsonNode report) {
        accepted += report.path("accepted").asLong();
        duplicates += report.path("duplicates").asLong();
        rejected += report.path("rejected").asLong();
    }

    private String path(String name) {
        return "/api/v1/projects/" + ServerApi.encode(project) + "/ingests?name=" + name;
    }

    private static String nameOf(Path file) {
        Path name = file.getFileName();
        return name == null ? file.toString() : name.toString();
    }
}
