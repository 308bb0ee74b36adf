package org.skysieve.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import jakarta.enterprise.context.Dependent;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.vertx.http.HttpServer;
import org.eclipse.microprofile.config.inject.ConfigProperty;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.cli.SignIns.SignIn;
import org.skysieve.ingest.IngestReport;
import org.skysieve.project.WorkflowView;
import org.skysieve.web.DemoConfig;
import org.skysieve.web.DemoProject;

/** What the booted server does in its main thread: first-start chores, say where it listens, wait to be stopped. */
@Dependent
@Unremovable
final class Server implements QuarkusApplication {
    private static final List<SignIn> OPERATOR = List.of(new SignIn(Role.ADMINISTRATOR, "admin", ""));
    private static final List<SignIn> DEMO = List.of(
            new SignIn(Role.ADMINISTRATOR, "admin", ""),
            new SignIn(Role.MODERATOR, "moderator", ""),
            new SignIn(Role.SCIENTIST, "scientist", ""),
            new SignIn(Role.VOLUNTEER, "volunteer", ""));

    private final Accounts accounts;
    private final DemoConfig demo;
    private final DemoProject demoProject;
    private final HttpServer http;
    private final Path dataFolder;

    Server(
            Accounts accounts,
            DemoConfig demo,
            DemoProject demoProject,
            HttpServer http,
            @ConfigProperty(name = "skysieve.data-folder") Path dataFolder) {
        this.accounts = accounts;
        this.demo = demo;
        this.demoProject = demoProject;
        this.http = http;
        this.dataFolder = dataFolder;
    }

    @Override
    public int run(String... args) throws IOException {
        List<SignIn> signIns = SignIns.ensure(accounts, dataFolder, demo.enabled() ? DEMO : OPERATOR);
        // Asked of the server itself: with --port 0 only it knows.
        String address = "http://" + System.getProperty("quarkus.http.host", "127.0.0.1") + ":" + http.getPort();
        if (demo.enabled()) {
            WorkflowView workflow = demoProject.open();
            fill(workflow);
            System.out.println();
            System.out.println("  Classify   " + address + "/projects/" + workflow.projectSlug() + "/classify");
            System.out.println("  Watch      " + address + "/projects/" + workflow.projectSlug() + "/dashboard");
        }
        System.out.println();
        System.out.println("  Sign in    " + address + "/sign-in    (or classify as a guest)");
        for (SignIn one : signIns) {
            System.out.printf("    %-14s %-12s %s%n", one.role().key(), one.username(), one.password());
        }
        System.out.println("  Kept in    " + dataFolder.resolve("sign-ins"));
        System.out.println();
        System.out.println("Listening on " + address);
        Quarkus.waitForExit();
        return 0;
    }

    private void fill(WorkflowView workflow) throws IOException {
        Optional<IngestReport> report;
        try (Progress progress = Progress.start("Ingesting alerts", demoProject.size())) {
            report = demoProject.fill(workflow, soFar -> progress.to(soFar.total()));
        }
        report.ifPresent(done -> System.out.println("Ingested " + done.accepted() + " candidates; " + done.duplicates()
                + " were there already, " + done.rejected() + " could not be read."));
    }
}
