package org.skysieve.export;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;

import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import org.jspecify.annotations.Nullable;

import org.skysieve.account.CurrentVolunteer;
import org.skysieve.account.Role;
import org.skysieve.classification.Pseudonyms;
import org.skysieve.consensus.ConsensusProgress;
import org.skysieve.platform.Problem;
import org.skysieve.project.WorkflowView;
import org.skysieve.project.Workflows;

/** Downloads for scientists. */
@Path("/api/v1/workflows/{id}/exports")
class ExportResource {
    private static final long CLOSED_WITHIN_SECONDS = 5;
    private static final Duration REFIT_WITHIN = Duration.ofSeconds(30);

    private final Exports exports;
    private final ConsensusProgress consensus;
    private final Workflows workflows;
    private final Pseudonyms pseudonyms;
    private final CurrentVolunteer volunteer;
    private final CurrentVertxRequest request;

    ExportResource(
            Exports exports,
            ConsensusProgress consensus,
            Workflows workflows,
            Pseudonyms pseudonyms,
            CurrentVolunteer volunteer,
            CurrentVertxRequest request) {
        this.exports = exports;
        this.consensus = consensus;
        this.workflows = workflows;
        this.pseudonyms = pseudonyms;
        this.volunteer = volunteer;
        this.request = request;
    }

    @GET
    @Path("{file}")
    public Response download(long id, String file) {
        volunteer.require(Role.SCIENTIST);
        WorkflowView workflow = workflows.byId(id);
        return switch (file) {
            case "classifications.csv" -> answer(workflow, classifications(workflow), RowWriter.Format.CSV, null);
            case "classifications.jsonl" -> answer(workflow, classifications(workflow), RowWriter.Format.JSONL, null);
            case "consensus.csv" -> consensus(workflow, RowWriter.Format.CSV);
            case "consensus.jsonl" -> consensus(workflow, RowWriter.Format.JSONL);
            default ->
                throw Problem.notFound(
                        "no export \"" + file + "\": there are classifications and consensus, as .csv and .jsonl");
        };
    }

    /** A fit of all that is committed now, or, where that takes too long, what the live consensus says. */
    private Response consensus(WorkflowView workflow, RowWriter.Format format) {
        boolean fitted;
        try {
            fitted = consensus.refit(workflow.id(), REFIT_WITHIN);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            fitted = false;
        }
        return answer(workflow, Table.consensus(workflow), format, fitted ? "refitted" : "live");
    }

    private Table classifications(WorkflowView workflow) {
        return Table.classifications(workflow, pseudonyms);
    }

    private Response answer(
            WorkflowView workflow, Table table, RowWriter.Format format, @Nullable String consensusHeader) {
        String fileName = String.join("-", workflow.projectSlug(), workflow.slug(), table.name()) + "."
                + format.name().toLowerCase(Locale.ROOT);
        HttpServerRequest asked = request.getCurrent().request();
        StreamingOutput body = out -> {
            Begun begun = new Begun(out);
            try (Exports.Place place = exports.enter()) {
                place.run(table, workflow.id(), format, begun);
            } catch (RuntimeException half) {
                if (begun.yes) {
                    cutOff(asked);
                }
                throw half;
            }
        };
        return Response.ok(body, format.mediaType)
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + fileName + "\"")
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Skysieve-Consensus", consensusHeader)
                .build();
    }

    /**
     * What has left cannot be taken back, but nobody must take it for the whole. The connection must be gone before the
     * framework learns of the failure, or it ends the answer as if nothing had happened.
     */
    private static void cutOff(HttpServerRequest asked) {
        if (asked.version() == HttpVersion.HTTP_2) {
            asked.response().reset();
            return;
        }
        try {
            asked.connection()
                    .close()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSED_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException gone) {
            asked.response().reset();
        }
    }

    /** Knows whether anything was written. */
    private static final class Begun extends FilterOutputStream {
        private boolean yes;

        Begun(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            yes = true;
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            yes = true;
            out.write(bytes, offset, length);
        }
    }
}
