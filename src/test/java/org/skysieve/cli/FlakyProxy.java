package org.skysieve.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A bad network: an HTTP/1.1 proxy on loopback in front of one server. A share of the requests fails: half of those before
 * they reach the server, a quarter after it has answered, without a word of that, and a quarter in the middle of the answer.
 * A server that is away fails them all. Every answer ends its connection, so that a browser does not quietly repeat what failed.
 */
final class FlakyProxy implements AutoCloseable {
    static {
        // Pages and their checks of the origin are those of the proxy.
        System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,connection");
    }

    private static final Set<String> OWN =
            Set.of("connection", "content-length", "transfer-encoding", "keep-alive", "upgrade", "http2-settings");

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int THREADS = 48;

    private final URI server;
    private final double dropped;
    private final Predicate<String> subject;
    private final SplittableRandom dice;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final HttpServer listener;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();

    /**
     * @param dropped share of requests that fail, 0 to 1
     * @param subject of which paths
     */
    FlakyProxy(String server, double dropped, Predicate<String> subject, long seed) throws IOException {
        this.server = URI.create(server);
        this.dropped = dropped;
        this.subject = subject;
        this.dice = new SplittableRandom(seed);
        this.listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        listener.createContext("/", this::carry);
        listener.setExecutor(threads);
        listener.start();
    }

    String address() {
        return "http://127.0.0.1:" + listener.getAddress().getPort();
    }

    /** Requests that could fail. */
    int requests() {
        return requests.get();
    }

    /** Of them, how many were made to. */
    int failed() {
        return failed.get();
    }

    private void carry(HttpExchange exchange) throws IOException {
        boolean may = subject.test(exchange.getRequestURI().getPath());
        double fate = may ? roll() : 1;
        if (may) {
            requests.incrementAndGet();
        }
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (fate < dropped) {
                failed.incrementAndGet();
            }
            if (fate < dropped / 2) {
                return;
            }
            HttpResponse<byte[]> answer = client.send(request(exchange, body), BodyHandlers.ofByteArray());
            if (fate < dropped * 3 / 4) {
                return;
            }
            answer.headers().map().forEach((name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                    exchange.getResponseHeaders().put(name, List.copyOf(values));
                }
            });
            exchange.getResponseHeaders().set("Connection", "close");
            boolean empty = answer.body().length == 0;
            exchange.sendResponseHeaders(answer.statusCode(), empty ? -1 : answer.body().length);
            if (!empty) {
                try (OutputStream out = exchange.getResponseBody()) {
                    out.write(answer.body(), 0, fate < dropped ? answer.body().length / 2 : answer.body().length);
                }
            }
        } catch (IOException away) {
            // The server is not there, or the browser has given up: nobody gets an answer.
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest request(HttpExchange exchange, byte[] body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(exchange.getRequestURI()))
                .timeout(TIMEOUT)
                .method(
                        exchange.getRequestMethod(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                header.getValue().forEach(value -> request.header(header.getKey(), value));
            }
        }
        return request.build();
    }

    private synchronized double roll() {
        return dice.nextDouble();
    }

    @Override
    public void close() {
        listener.stop(0);
        threads.shutdownNow();
    }
}
