package org.skysieve.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import org.awaitility.Awaitility;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.skysieve.account.Accounts;
import org.skysieve.account.Role;
import org.skysieve.platform.PostgresResource;
import org.skysieve.project.Projects;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

/** Who may not upload is answered before a byte of the file is kept. */
@QuarkusTest
@WithTestResource(PostgresResource.class)
class UploadsTest {
    /** Less than any form may send, so that nothing but who asks is in the way. */
    private static final int ANNOUNCED = 3_000_000;

    private static final byte[] SENT = new byte[300_000];

    @TestHTTPResource("/")
    URL root;

    @Inject
    Accounts accounts;

    @Inject
    Projects projects;

    @ConfigProperty(name = "quarkus.http.body.uploads-directory")
    String uploads;

    private final String slug = "up-" + UUID.randomUUID().toString().substring(0, 12);

    @BeforeEach
    void aProject() {
        projects.create(slug, "Uploads", "", "", "");
    }

    private String token(Role role) {
        return accounts.issueToken(accounts.create("up-" + UUID.randomUUID(), null, null, role), "test")
                .token();
    }

    /** As a browser has it. */
    private String session(Role role) {
        String name = "up-" + UUID.randomUUID().toString().substring(0, 12);
        accounts.create(name, null, "a sentence works well", role);
        return given().redirects()
                .follow(false)
                .formParam("j_username", name)
                .formParam("j_password", "a sentence works well")
                .post("/j_security_check")
                .getCookie("skysieve-session");
    }

    private String header(String who) {
        String[] words = who.split(" ", -1);
        return switch (words[0]) {
            case "token" -> "Authorization: Bearer " + token(Role.of(words[1])) + "\r\n";
            case "session" ->
                "Cookie: skysieve-session=" + session(Role.of(words[1])) + "\r\nSec-Fetch-Site: same-origin\r\n";
            default -> "";
        };
    }

    /** Sends the head and the beginning of a file, never its end. */
    private Socket begin(String path, String header) throws IOException {
        Socket socket = new Socket(root.getHost(), root.getPort());
        socket.setSoTimeout(20_000);
        OutputStream out = socket.getOutputStream();
        out.write(("POST " + path.replace("SLUG", slug) + " HTTP/1.1\r\nHost: " + root.getAuthority() + "\r\n" + header
                        + "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " + ANNOUNCED
                        + "\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"night.tar\"\r\n"
                        + "Content-Type: application/octet-stream\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        out.write(SENT);
        out.flush();
        return socket;
    }

    private long spooled() throws IOException {
        Path folder = Path.of(uploads);
        if (!Files.exists(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).count();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/projects/SLUG/setup/alerts, nobody, 401",
        "/projects/SLUG/outcomes/tns, nobody, 401",
        "/projects/SLUG/models/upload, nobody, 401",
        "/projects/SLUG/setup/alerts, token volunteer, 403",
        "/projects/SLUG/outcomes/tns, token volunteer, 403",
        "/projects/SLUG/models/upload, token scientist, 403",
        "/projects/SLUG/setup/alerts, session volunteer, 403",
        "/projects/SLUG/outcomes/tns, session volunteer, 403",
        "/projects/SLUG/models/upload, session scientist, 403",
        "/sign-up, nobody, 415",
        "/sign-up, session volunteer, 415"
    })
    void othersAreRefusedBeforeTheFileIsKept(String path, String who, int status) throws IOException {
        String header = header(who);
        long before = spooled();

        try (Socket socket = begin(path, header)) {
            String answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();

            assertThat(answer).startsWith("HTTP/1.1 " + status);
            assertThat(spooled()).isEqualTo(before);
        }
    }

    /** Else the test above would say nothing. */
    @ParameterizedTest
    @CsvSource({
        "/projects/SLUG/setup/alerts, token scientist",
        "/projects/SLUG/setup/alerts, session scientist",
        "/projects/SLUG/models/upload, token moderator",
        "/projects/SLUG/models/upload, session moderator"
    })
    void theFileOfWhoMayIsKept(String path, String who) throws IOException {
        String header = header(who);
        long before = spooled();

        try (Socket socket = begin(path, header)) {
            assertThat(socket.isConnected()).isTrue();
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> spooled() > before);
        }
    }
}
