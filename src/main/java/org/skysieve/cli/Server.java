package org.skysieve.cli;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;

/** What the booted server does in its main thread: say where it listens, then wait to be stopped. */
public final class Server implements QuarkusApplication {
    @Override
    public int run(String... args) {
        String host = System.getProperty("quarkus.http.host", "127.0.0.1");
        // Quarkus writes the port that it really got back into this property.
        System.out.println("Listening on http://" + host + ":" + System.getProperty("quarkus.http.port"));
        Quarkus.waitForExit();
        return 0;
    }
}
