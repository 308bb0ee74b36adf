package org.skysieve.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Callable;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Downloads what people said and what came of it. */
@Command(
        name = "export",
        description = "Download a workflow's raw votes or consensus labels.",
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
    enum What {
        CLASSIFICATIONS,
        CONSENSUS
    }

    enum Format {
        CSV,
        JSONL
    }

    @Mixin
    private ServerAddress server = new ServerAddress();

    @Mixin
    private WorkflowChoice choice = new WorkflowChoice();

    @Parameters(index = "0", paramLabel = "WHAT", description = "consensus or classifications (the raw votes).")
    private What what = What.CONSENSUS;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "csv",
            description = "csv or jsonl (default: ${DEFAULT-VALUE}).")
    private Format format = Format.CSV;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            description = "Where to write; standard output if left out.")
    private @Nullable Path out;

    @Override
    public Integer call() throws Exception {
        String file = (what + "." + format).toLowerCase(java.util.Locale.ROOT);
        ServerApi api = server.api();
        try (InputStream in = api.download("/api/v1/workflows/" + choice.one(api) + "/exports/" + file)) {
            if (out == null) {
                in.transferTo(System.out);
                System.out.flush();
            } else {
                save(in, out);
            }
        }
        return 0;
    }

    private static void save(InputStream in, Path target) throws IOException {
        WholeFile.write(target, fresh -> {
            try (OutputStream out = Files.newOutputStream(fresh);
                    Progress progress = Progress.start("Exporting (kB)", OptionalLong.empty())) {
                byte[] buffer = new byte[1 << 16];
                long written = 0;
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    out.write(buffer, 0, read);
                    written += read;
                    progress.to(written >> 10);
                }
            }
            return fresh;
        });
        System.err.println("Wrote " + target + ".");
    }
}
